"""JSON, vCard and schema.org."""

import datetime
import json

import jsonschema
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from emergency_numbers import exports, spelling
from emergency_numbers.directory import Directory
from emergency_numbers.models import EmergencyNumber, ForbiddenNumber
from emergency_numbers.publishing import documents
from generator.registry import BuildContext

BASE_URL = "https://vigie.example"
SCHEMA = json.loads(exports.SCHEMA_FILE.read_text(encoding="utf-8"))


def cards(text: str) -> list[dict[str, list[tuple[str, str]]]]:
    """The cards by hand: property name -> (parameters, value), unfolded and unescaped."""
    found: list[dict[str, list[tuple[str, str]]]] = []
    for line in text.replace("\r\n ", "").split("\r\n")[:-1]:
        name, _, value = line.partition(":") if '"' not in line else line.partition('":')
        name, _, parameters = name.partition(";")
        if name == "BEGIN":
            found.append({})
        value = value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
        found[-1].setdefault(name, []).append((parameters, value))
    return found


@pytest.fixture
def data(directory: Directory) -> dict:
    return json.loads(exports.as_json(directory, BASE_URL))


@pytest.fixture
def vcards(directory: Directory) -> str:
    return exports.as_vcards(directory, BASE_URL)


def number(data: dict, key: str) -> dict:
    return next(item for item in data["numbers"] if item["id"] == key)


def test_the_json_follows_its_schema(data: dict):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(data, SCHEMA, format_checker=jsonschema.FormatChecker())


def test_the_schema_describes_every_activation(now: datetime.datetime, db: None):
    EmergencyNumber.objects.filter(only_while_activated=True).update(
        activated_until=now + datetime.timedelta(1)
    )
    data = json.loads(exports.as_json(Directory.at(now), BASE_URL))
    jsonschema.validate(data, SCHEMA)
    assert number(data, "crisis-information")["activated_until"] == "2026-11-23T12:00:00+00:00"


def test_the_schema_refuses_a_link_to_what_must_not_be_called(data: dict):
    number(data, "be-alert")["lines"][0]["uri"] = "tel:1789"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, SCHEMA)


def test_the_json_names_its_licence_and_schema(data: dict):
    assert data["licence"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert data["$schema"] == f"{BASE_URL}/emergency-numbers.schema.json"


def test_the_json_shows_the_number_of_each_language(data: dict):
    lines = number(data, "suicide")["lines"]
    assert [(line["number"], line["languages"]) for line in lines] == [
        ("0800 32 123", ["fr"]),
        ("1813", ["nl"]),
    ]


def test_112_is_dialled_bare(data: dict):
    assert number(data, "112")["lines"][0]["uri"] == "tel:112"


def test_what_is_not_in_service_has_no_link(data: dict):
    assert number(data, "fire-brigade-storm")["callable"] is False
    assert number(data, "fire-brigade-storm")["lines"][0]["uri"] is None


@pytest.mark.parametrize("export", [exports.as_json, exports.as_vcards])
def test_no_export_holds_a_number_not_to_publish(export, directory: Directory):
    text = "".join(character for character in export(directory, BASE_URL) if character not in " \r\n")
    for forbidden in ForbiddenNumber.objects.values_list("number", flat=True):
        assert f'"{forbidden.replace(" ", "")}"' not in text
        assert f":{spelling.uri(forbidden)}" not in text


@pytest.mark.parametrize("export", [exports.as_json, exports.as_vcards])
def test_an_export_of_the_same_moment_is_the_same(export, now: datetime.datetime, db: None):
    assert export(Directory.at(now), BASE_URL) == export(Directory.at(now), BASE_URL)


def test_each_number_that_may_be_called_has_a_card(directory: Directory, vcards: str):
    dialled = {value for card in cards(vcards) for _, value in card.get("TEL", [])}
    wanted = {line.uri for entry in directory.callable for line in entry.lines if not line.is_address}
    assert dialled == wanted
    assert "tel:1789" not in dialled
    assert "tel:1722" not in dialled


def test_addresses_have_cards_too(vcards: str):
    mails = {value for card in cards(vcards) for _, value in card.get("EMAIL", [])}
    assert mails == {"suspect@safeonweb.be", "verdacht@safeonweb.be", "suspicious@safeonweb.be"}


def test_each_card_has_what_vcard_4_asks_for(vcards: str):
    for card in cards(vcards):
        assert card["VERSION"] == [("", "4.0")]
        assert [parameters for parameters, _ in card["FN"]] == [
            "ALTID=1;LANGUAGE=fr-BE",
            "ALTID=1;LANGUAGE=nl-BE",
        ]
        assert list(card)[:2] == ["BEGIN", "VERSION"]
        assert list(card)[-1] == "END"


def test_no_two_cards_share_an_identifier(vcards: str):
    identifiers = [card["UID"][0][1] for card in cards(vcards)]
    assert len(identifiers) == len(set(identifiers))


def test_names_stand_in_both_languages(vcards: str):
    police = next(card for card in cards(vcards) if card.get("TEL") and card["TEL"][0][1] == "tel:101")
    assert [value for _, value in police["FN"]] == ["Police", "Politie"]


def test_another_parser_reads_the_cards(vcards: str):
    read = list(vobject.readComponents(vcards))
    assert len(read) == vcards.count("BEGIN:VCARD")
    assert read[0].fn.value == "Ambulance et pompiers"
    assert read[0].tel.value == "tel:112"


def test_lines_end_as_the_standard_says_and_are_short(vcards: str):
    assert "\n" not in vcards.replace("\r\n", "")
    assert max(len(line.encode()) for line in vcards.split("\r\n")) <= 75


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=400))
def test_folding_keeps_the_text_and_its_characters_whole(text: str):
    folded = exports.fold(text)
    assert folded.replace("\r\n ", "") == text
    assert all(len(piece.encode()) <= 75 for piece in folded.split("\r\n"))


@given(st.text(st.sampled_from("ab,;\\\n\r:é"), max_size=60))
def test_an_escaped_value_stays_on_its_line_and_comes_back(text: str):
    escaped = exports.escape(text)
    assert "\n" not in escaped
    assert "\r" not in escaped
    restored, position = "", 0
    while position < len(escaped):
        if escaped[position] == "\\":
            restored += {"n": "\n"}.get(escaped[position + 1], escaped[position + 1])
            position += 2
        else:
            restored += escaped[position]
            position += 1
    assert restored == text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(
    ("language", "name"), [("fr", "Ambulance et pompiers"), ("nl", "Ziekenwagen en brandweer")]
)
def test_schema_org_speaks_one_language(directory: Directory, language: str, name: str):
    first = exports.schema_org(directory, language)["@graph"][0]
    assert (first["@type"], first["name"]) == ("GovernmentService", name)
    assert first["availableChannel"]["servicePhone"]["telephone"] == "112"


def test_schema_org_cannot_end_its_element(now: datetime.datetime, db: None):
    EmergencyNumber.objects.filter(key="101").update(name_fr="</script><b>&")
    markup = exports.schema_org_markup(Directory.at(now), "fr")
    assert "<" not in markup
    assert json.loads(markup)["@graph"][1]["name"] == "</script><b>&"


def test_the_files_are_published(db: None, now: datetime.datetime):
    published = {document.url: document for document in documents(BuildContext(now, BASE_URL))}
    assert set(published) == {
        "/emergency-numbers.json",
        "/emergency-numbers.vcf",
        "/emergency-numbers.schema.json",
    }
    for document in published.values():
        assert document.render()
