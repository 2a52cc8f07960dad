"""What `phonenumbers` knows about a number, as advice to editors.

It never refuses: it does not know every Belgian short number. And it never overrules a tariff that has a
source: it takes every 070 number for premium rate, and the poison centre's is free.
"""

from dataclasses import dataclass

import phonenumbers
from django.utils.translation import gettext
from phonenumbers import PhoneNumberType, ShortNumberCost, shortnumberinfo

from emergency_numbers.spelling import e164, is_address

REGION = "BE"
FREE, NORMAL, CHARGED = "free", "normal", "charged"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: `code` is "unknown" or "tariff", `message` a sentence in the active language."""

    code: str
    message: str


def _parsed(number: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(number, REGION)
    except phonenumbers.NumberParseException:
        return None


def is_known(number: str) -> bool:
    """True when `phonenumbers` holds `number` for valid from Belgium, short numbers included."""
    parsed = _parsed(number)
    if parsed is None:
        return False
    if e164(number) is None:
        return shortnumberinfo.is_valid_short_number_for_region(parsed, REGION)
    return phonenumbers.is_valid_number(parsed)


def expected_cost(number: str) -> str | None:
    """The tariff `phonenumbers` expects: "free", "normal", "charged", or None when it cannot tell."""
    parsed = _parsed(number)
    if parsed is None:
        return None
    if e164(number) is None:
        short = shortnumberinfo.expected_cost_for_region(parsed, REGION)
        return {
            ShortNumberCost.TOLL_FREE: FREE,
            ShortNumberCost.STANDARD_RATE: NORMAL,
            ShortNumberCost.PREMIUM_RATE: CHARGED,
        }.get(short)
    return {
        PhoneNumberType.TOLL_FREE: FREE,
        PhoneNumberType.FIXED_LINE: NORMAL,
        PhoneNumberType.FIXED_LINE_OR_MOBILE: NORMAL,
        PhoneNumberType.MOBILE: NORMAL,
        PhoneNumberType.PREMIUM_RATE: CHARGED,
    }.get(phonenumbers.number_type(parsed))


def findings(number: str, cost: str = "", source: str = "") -> list[Finding]:
    """What to look at again. A tariff is questioned only where `source` is empty."""
    if is_address(number):
        return []
    found = []
    if not is_known(number):
        message = gettext("%(number)s is not known as a Belgian number. Check it with its source.")
        found.append(Finding("unknown", message % {"number": number}))
    expected = expected_cost(number)
    if cost and expected and expected != cost and not source.strip():
        message = gettext("%(number)s is usually charged otherwise. Check the cost, or name its source.")
        found.append(Finding("tariff", message % {"number": number}))
    return found
