"""How a number is written and dialled.

Short numbers (112, 1733, 116 000) are dialled bare: `tel:+32112` reaches nobody.
Ordinary Belgian numbers get their international spelling, which works from any SIM (E.123, E.164, RFC 3966).
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

COUNTRY = "32"
_SEPARATORS = re.compile(r"[\s./()\u00a0\u202f-]+")
_DIALLABLE = re.compile(r"\+?\d+\Z")


def is_address(number: str) -> bool:
    """True for an e-mail address."""
    return "@" in number


def dialled(number: str) -> str:
    """The digits to dial: "070 245 245" -> "070245245". Raises ValueError for anything else."""
    digits = _SEPARATORS.sub("", number)
    if not _DIALLABLE.match(digits):
        message = f"{number!r} is no telephone number. Write digits, with spaces as people read them."
        raise ValueError(message)
    return digits


def e164(number: str) -> str | None:
    """The international spelling to dial ("+3270245245"), or None for a short number, which has none."""
    digits = dialled(number)
    if digits.startswith("+"):
        return digits
    if digits.startswith("00"):
        return "+" + digits[2:]
    return f"+{COUNTRY}{digits[1:]}" if digits.startswith("0") else None


def international(number: str) -> str | None:
    """The international spelling for people ("+32 70 245 245"), or None for a short number."""
    if e164(number) is None:
        return None
    number = number.strip()
    if number.startswith("+"):
        return number
    return "+" + number[2:].lstrip() if number.startswith("00") else f"+{COUNTRY} {number[1:].lstrip()}"


def uri(number: str) -> str:
    """What a link calls or writes to: "tel:112", "tel:+3270245245", "mailto:x@example.org"."""
    return f"mailto:{number.strip()}" if is_address(number) else f"tel:{e164(number) or dialled(number)}"


def key(number: str) -> str:
    """The same for all spellings of one number or address: "070 344 344" and "+32 70 344 344" are one."""
    if is_address(number):
        return number.strip().lower()
    return e164(number) or dialled(number)


def validate_number(value: str) -> None:
    """Refuse what can be neither dialled nor written to."""
    if is_address(value):
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value.strip()):
            raise ValidationError(_("“%(value)s” is no e-mail address."), params={"value": value})
        return
    try:
        dialled(value)
    except ValueError as error:
        raise ValidationError(
            _("“%(value)s” is neither a telephone number nor an e-mail address."), params={"value": value}
        ) from error
