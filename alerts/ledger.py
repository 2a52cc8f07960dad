"""Whether the ledger is what was sent: each row's seal covers the row and the seal of the row before it."""

import hashlib

from alerts.models import AlertMessage


def verify(noted: str = "") -> list[str]:
    """What is wrong with the ledger, a sentence each; empty when every hash and every link holds.

    That the newest rows are gone shows only where the seal of one of them is given, which was `noted` earlier.
    """
    problems, previous, seals = [], "", {""}
    known: dict[int, set[str]] = {}
    for message in AlertMessage.objects.select_related("authorisation").iterator():
        if hashlib.sha256(message.xml.encode()).hexdigest() != message.sha256:
            problems.append(f"{message.identifier}: its XML is not what was hashed when it was sent.")
        if message.previous_seal != previous:
            problems.append(
                f"{message.identifier}: does not follow the one before; a row is missing or changed."
            )
        if message.make_seal() != message.seal:
            problems.append(f"{message.identifier}: its record is not what was sealed when it was sent.")
        earlier = known.setdefault(message.alert_id, set())
        problems += [
            f"{message.identifier}: refers to {reference}, which is no earlier message of its alert."
            for reference in message.references.split()
            if reference not in earlier
        ]
        earlier.add(message.reference())
        previous = message.seal
        seals.add(previous)
    if noted.strip() not in seals:
        problems.append(
            f"No message has the seal {noted.strip()}: its message, and what followed it, is gone."
        )
    return problems


def head() -> str:
    """The seal of the newest message; "" for an empty ledger."""
    return AlertMessage.objects.order_by("-pk").values_list("seal", flat=True).first() or ""
