"""How numbers are written and dialled."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from emergency_numbers import spelling

pytestmark = pytest.mark.once

digits = st.text("0123456789", min_size=2, max_size=9)


@pytest.mark.parametrize(
    ("number", "uri"),
    [
        ("112", "tel:112"),
        ("116 000", "tel:116000"),
        ("070 245 245", "tel:+3270245245"),
        ("02 535 45 42", "tel:+3225354542"),
        ("00800 2123 2123", "tel:+80021232123"),
        ("+32 2 524 98 89", "tel:+3225249889"),
        ("verdacht@safeonweb.be", "mailto:verdacht@safeonweb.be"),
    ],
)
def test_a_link_dials_what_is_written(number: str, uri: str):
    assert spelling.uri(number) == uri


@pytest.mark.parametrize(
    ("number", "international"),
    [
        ("112", None),
        ("1733", None),
        ("0800 32 123", "+32 800 32 123"),
        ("00800 2123 2123", "+800 2123 2123"),
        ("+32 2 524 98 89", "+32 2 524 98 89"),
    ],
)
def test_short_numbers_have_no_international_spelling(number: str, international: str | None):
    assert spelling.international(number) == international


@given(st.text("123456789", min_size=1, max_size=1), digits)
def test_a_short_number_never_gets_a_country(first: str, rest: str):
    assert spelling.uri(first + rest) == f"tel:{first}{rest}"


@given(st.text("123456789", min_size=1, max_size=1), digits, st.integers(1, 5))
def test_all_spellings_of_a_number_have_one_key(first: str, rest: str, gap: int):
    national = f"0{first}{rest}"
    spaced = f"{national[:gap]} {national[gap:]}"
    assert spelling.key(spaced) == spelling.key(f"+32 {national[1:]}") == spelling.key(f"0032{national[1:]}")


@given(st.sampled_from(["070 245 245", "02/535.45.42", "0800-32 123", "00800 2123 2123"]))
def test_the_international_spelling_dials_the_same(number: str):
    assert spelling.uri(spelling.international(number)) == spelling.uri(number)


@pytest.mark.parametrize("text", ["", "call me", "112 or 101", "x@y", "1 2 3 @be"])
def test_what_cannot_be_dialled_is_refused(text: str):
    with pytest.raises(ValidationError):
        spelling.validate_number(text)
