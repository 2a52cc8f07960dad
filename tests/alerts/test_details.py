"""Responses, contact and picture: what is refused, what goes out, and what the page shows of all."""

import gzip
import hashlib
import re
from datetime import timedelta
from xml.sax.saxutils import unescape

import pytest
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.utils.translation import override
from lxml import etree, html
from wagtail.models import CollectionViewRestriction

from alerts import cap
from alerts.delivery import mail
from alerts.handover import marked_headline
from alerts.lifecycle import Kind
from alerts.models import AlertPage
from emergency_numbers.models import ForbiddenNumber
from generator.recording import recording
from pages.completeness import PublicationRefused
from territory.models import Landmark, Municipality
from tests.alerts import outputs
from tests.factories.alerts import AlertFactory, author, end, send
from tests.factories.media import ImageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def info(message, name: str) -> list[str]:
    root = etree.fromstring(message.xml.encode())
    return [element.text or "" for element in root.iter(f"{{{cap.NAMESPACE}}}{name}")]


def page(alert, language="fr"):
    return html.fromstring(outputs.html(alert, language))


def text(element) -> str:
    return " ".join(element.text_content().split())


class TestResponses:
    def test_they_go_out_in_the_order_of_the_standard(self, clock):
        message = send(AlertFactory(response_types=["Monitor", "Shelter", "Avoid"]))
        assert info(message, "responseType") == ["Shelter", "Avoid", "Monitor"] * 2
        assert outputs.active()[0]["response_types"] == ["Shelter", "Avoid", "Monitor"]

    @pytest.mark.parametrize(
        ("codes", "said"),
        [(["Duck"], "Duck"), (["None", "Avoid"], "Avoid"), (["AllClear"], "AllClear"), ("Avoid", "Avoid")],
    )
    def test_what_is_no_response_or_contradicts_itself_is_refused(self, clock, codes, said):
        with pytest.raises(PublicationRefused, match=said) as refusal:
            send(AlertFactory(response_types=codes))
        assert list(refusal.value.message_dict) == ["response_types"]

    def test_they_no_longer_hold_when_it_is_over(self, clock):
        cleared, cancelled = (AlertFactory(response_types=["Shelter"]) for _ in range(2))
        for alert in (cleared, cancelled):
            send(alert)
        assert info(end(cleared, Kind.ALL_CLEAR, now=clock(minutes=1)), "responseType") == ["AllClear"] * 2
        assert info(end(cancelled, Kind.CANCEL, now=clock(minutes=1)), "responseType") == ["None"] * 2

    def test_the_form_has_a_box_for_each(self, clock):
        form = AlertFactory().get_edit_handler().get_form_class()(for_user=None)
        assert [code for code, _label in form.fields["response_types"].choices][:2] == ["Shelter", "Evacuate"]

    def test_its_label_begins_with_a_capital_as_those_beside_it(self, clock, both_languages):
        form = AlertFactory().get_edit_handler().get_form_class()(for_user=None)
        labels = [str(form.fields[name].label) for name in ("response_types", "severity", "certainty")]
        assert labels == [label[0].upper() + label[1:] for label in labels]


class TestContact:
    def test_words_and_number_are_on_the_page_and_in_cap(self, clock):
        alert = AlertFactory(
            contact_fr="Ligne d'information", contact_nl="Informatielijn", contact_number="02 123 45 67"
        )
        message = send(alert)
        assert info(message, "contact") == [
            "Ligne d'information, +32 2 123 45 67",
            "Informatielijn, +32 2 123 45 67",
        ]
        (entry,) = outputs.active()
        assert entry["contact"] == {"fr": "Ligne d'information", "nl": "Informatielijn"}
        assert entry["contact_number"] == "02 123 45 67"
        link = page(alert).xpath("//a[@class='dial__number']")[0]
        assert link.get("href") == "tel:+3221234567"
        assert text(link) == "02 123 45 67"

    @pytest.mark.parametrize(
        ("number", "href"), [("1771", "tel:1771"), ("info@example.org", "mailto:info@example.org")]
    )
    def test_short_numbers_are_dialled_bare_and_addresses_written_to(self, clock, number, href):
        alert = AlertFactory(contact_number=number)
        assert info(send(alert), "contact") == [number] * 2
        assert page(alert).xpath("//a[@class='dial__number']/@href") == [href]

    def test_without_it_nothing_is_said(self, clock):
        alert = AlertFactory()
        assert info(send(alert), "contact") == []
        assert not page(alert).xpath("//*[@class='dial']")
        assert outputs.active()[0]["contact"] is None

    def test_words_in_one_language_only_are_refused(self, clock):
        with pytest.raises(PublicationRefused) as refusal:
            send(AlertFactory(contact_fr="Ligne d'information"))
        assert list(refusal.value.message_dict) == ["contact_nl"]

    def test_what_cannot_be_dialled_and_what_must_not_be_published_is_refused(self, clock):
        ForbiddenNumber.objects.create(number="02 111 11 11", why="internal")
        for number, said in (("call us", "call us"), ("+32 2 111 11 11", "internal")):
            with pytest.raises(PublicationRefused, match=said) as refusal:
                send(AlertFactory(contact_number=number))
            assert list(refusal.value.message_dict) == ["contact_number"]


class TestPicture:
    @pytest.fixture(autouse=True)
    def media(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        # Wagtail remembers renditions by the image's key, which another test may have had.
        for cache in caches.all():
            cache.clear()

    def alert(self, **changes) -> AlertPage:
        return AlertFactory(
            image=ImageFactory(), image_alt_fr="Un enfant", image_alt_nl="Een kind", **changes
        )

    def test_it_is_a_resource_whose_digest_is_that_of_the_file_that_is_published(self, clock):
        alert = self.alert()
        message = send(alert)
        (uri, _again), (digest, _too) = info(message, "uri"), info(message, "digest")
        assert info(message, "resourceDesc") == ["Un enfant", "Een kind"]
        assert set(info(message, "mimeType")) == {"image/jpeg"}
        made = {document.url: document for document in outputs.documents(clock())}
        with recording() as recorded:
            made[message.url].render()
        attached = recorded.attachments
        (url,) = (url for url in attached if uri.endswith(url))
        with attached[url].open() as file:
            body = file.read()
        assert hashlib.sha1(body).hexdigest() == digest
        assert body[:2] == b"\xff\xd8"
        assert info(message, "size") == [str(len(body))] * 2

    def test_it_is_on_the_page_with_the_text_of_its_language(self, clock):
        alert = self.alert()
        message = send(alert)
        for language, alt in (("fr", "Un enfant"), ("nl", "Een kind")):
            (image,) = page(alert, language).xpath("//figure/img")
            assert image.get("alt") == alt
            assert message.content["image"]["file"] in image.get("src")
            assert image.get("width")
            assert image.get("height")
        (entry,) = outputs.active()
        assert entry["image"]["alt"] == {"fr": "Un enfant", "nl": "Een kind"}

    def test_it_stays_what_was_sent_when_the_library_loses_it(self, clock):
        alert = self.alert()
        message = send(alert)
        alert.image.delete()
        assert default_storage.exists(message.content["image"]["file"])
        assert page(AlertPage.objects.get(pk=alert.pk)).xpath("//figure/img")

    def test_what_xml_cannot_hold_is_left_out_of_what_it_shows(self, clock):
        alert = AlertFactory(image=ImageFactory(), image_alt_fr="Une\x0b carte ", image_alt_nl="Een\x0ckaart")
        message = send(alert)
        assert message.content["image"]["alt"] == {"fr": "Une carte", "nl": "Eenkaart"}
        assert message.has_xml

    def test_without_a_text_in_both_languages_it_is_refused(self, clock):
        with pytest.raises(PublicationRefused) as refusal:
            send(AlertFactory(image=ImageFactory(), image_alt_fr="Un enfant"))
        assert list(refusal.value.message_dict) == ["image_alt_nl"]

    def test_a_picture_that_only_some_may_see_is_in_no_output(self, clock, caplog):
        alert = self.alert()
        CollectionViewRestriction.objects.create(
            collection=alert.image.collection, restriction_type=CollectionViewRestriction.LOGIN
        )
        message = send(alert)
        assert message.content["image"] is None
        assert not info(message, "uri")
        assert not page(alert).xpath("//figure")
        assert outputs.active()[0]["image"] is None
        assert "goes out without it" in caplog.text

    @pytest.mark.parametrize(
        ("language", "said"),
        [("fr", "le public ne verrait aucune image"), ("nl", "het publiek zou geen beeld zien")],
    )
    def test_who_chooses_such_a_picture_is_told_and_one_that_is_there_holds_up_nothing(
        self, clock, language, said
    ):
        alert, other = self.alert(), ImageFactory()
        make = alert.get_edit_handler().get_form_class()
        for image in (alert.image, other):
            CollectionViewRestriction.objects.get_or_create(
                collection=image.collection, restriction_type=CollectionViewRestriction.LOGIN
            )

        def errors(image) -> list[str]:
            form = make(
                {"image": image.pk}, instance=alert, parent_page=alert.get_parent(), for_user=author()
            )
            with override(language):
                return form.errors.get("image", [])

        assert errors(alert.image) == []
        (error,) = errors(other)
        assert said in error
        assert other.title in error
        CollectionViewRestriction.objects.all().delete()
        assert errors(other) == []

    def test_a_picture_that_cannot_be_read_does_not_hold_back_the_alert(self, clock, caplog):
        alert = self.alert()
        with alert.image.file.storage.open(alert.image.file.name, "wb") as file:
            file.write(b"no picture")
        message = send(alert)
        assert message.content["image"] is None
        assert message.has_xml
        assert "goes out without it" in caplog.text


class TestThePage:
    def test_it_says_where_on_the_map_and_in_words(self, clock):
        alert = AlertFactory()
        send(
            alert,
            municipalities=list(Municipality.objects.filter(nis="21016")),
            landmarks=list(Landmark.objects.filter(name_fr="Grand-Place")),
            shapes="50.86,4.39 50.865,4.4 50.86,4.41",
        )
        for language, whole, place, part in (
            ("fr", "Uccle", "Grand-Place", "Schaerbeek"),
            ("nl", "Ukkel", "Grote Markt", "Schaarbeek"),
        ):
            tree = page(alert, language)
            (drawing,) = tree.xpath("//*[local-name()='svg' and contains(@class, 'map')]")
            assert [path.get("data-nis") for path in drawing.xpath(".//*[@class='map__on']/*")] == ["21016"]
            drawn = drawing.xpath(".//*[@class='map__drawn']/*")
            assert sorted(etree.QName(shape).localname for shape in drawn) == ["circle", "path"]
            (words,) = tree.xpath("//*[@class='territory']/dl")
            assert {whole, place, part} <= {text(item) for item in words.xpath("dd")}

    def test_an_update_says_when_and_what_changed_newest_first(self, clock):
        alert = AlertFactory()
        send(alert)
        assert "Mis à jour" not in text(page(alert))
        clock(minutes=5)
        send(alert, what_fr="Un suspect est recherché.", what_nl="Er wordt een verdachte gezocht.")
        clock(minutes=5)
        send(alert, area_fr="Cureghem", area_nl="Kuregem", expires=clock() + timedelta(hours=5))
        tree = page(alert)
        (updated,) = tree.xpath("//ul[@class='meta']/li[starts-with(normalize-space(), 'Mise à jour')]//time")
        assert updated.get("datetime") == clock().isoformat()
        assert text(updated) == "22 novembre 2026, 13:10"
        entries = tree.xpath("//ol[contains(@class, 'rows--dated')]/li")
        times = [entry.xpath(".//time/@datetime")[0] for entry in entries]
        assert times == sorted(times, reverse=True)
        assert ["Modifié" in text(entry) for entry in entries] == [True, True, False]
        assert text(entries[0]).endswith("Modifié : lieu, fin prévue")
        assert text(entries[1]).endswith("Modifié : situation")

    @pytest.mark.parametrize(
        ("status", "marks"), [("Exercise", ("EXERCICE", "OEFENING")), ("Test", ("TEST", "TEST"))]
    )
    def test_an_exercise_is_unmistakable_in_title_heading_and_what_is_passed_on(self, clock, status, marks):
        alert = AlertFactory(status=status)
        send(alert)
        for language, mark in zip(("fr", "nl"), marks, strict=True):
            tree = page(alert, language)
            for path in ("//h1", "//title", "//*[@class='share']"):
                assert text(tree.xpath(path)[0]).startswith(mark), path
            assert len(tree.xpath("//*[contains(@class, 'callout--warn')]")) == 2

    def test_there_is_a_text_to_pass_on_in_the_language_with_the_address(self, clock):
        alert = AlertFactory(slug_fr="tir", slug_nl="schot")
        send(alert)
        for language, slug in (("fr", "tir"), ("nl", "schot")):
            (share,) = page(alert, language).xpath("//*[@class='share']")
            assert getattr(alert, f"title_{language}") in text(share)
            assert text(share).endswith(f"/{slug}/")
            assert "15:00" in text(share)
        end(alert, Kind.CANCEL, now=clock(minutes=1))
        assert "15:00" not in text(page(alert).xpath("//*[@class='share']")[0])

    def test_what_is_passed_on_says_where_once(self, clock):
        said, unsaid = (
            AlertFactory(title_fr=french, title_nl=dutch, area_fr="Place Bara", area_nl="Baraplein")
            for french, dutch in (("Fusillade : place Bara", "Schietpartij"), ("Fusillade", "Schietpartij"))
        )
        for alert in (said, unsaid):
            send(alert)
            assert text(page(alert).xpath("//*[@class='share']")[0]).lower().count("place bara") == 1
        assert "Baraplein" in text(page(said, "nl").xpath("//*[@class='share']")[0])

    def test_an_exercise_whose_headline_says_so_says_it_once_wherever_it_goes(self, clock):
        words = {"title_fr": "Exercice de secours", "title_nl": "Oefening van de hulpdiensten"}
        alert = AlertFactory(status="Exercise", **words)
        message = send(alert)
        for language, once in (("fr", "EXERCICE de secours"), ("nl", "OEFENING van de hulpdiensten")):
            assert text(page(alert, language).xpath("//h1")[0]) == once
            assert mail.subject(message, language) == once
            assert marked_headline(message.content, language) == once

    def test_a_word_that_only_begins_like_the_mark_is_not_taken_for_it(self, clock):
        message = send(AlertFactory(status="Test", title_fr="Testament perdu"))
        assert mail.subject(message, "fr") == "TEST\u00a0: Testament perdu"

    def test_the_fullest_page_needs_no_script_and_weighs_little(self, clock):
        alert = AlertFactory(
            whole_region=True,
            what_fr="Un nuage de fumée se déplace vers le nord-est. " * 12,
            instruction_fr="Fermez portes et fenêtres.\n" * 10,
            contact_fr="Ligne d'information",
            contact_nl="Informatielijn",
            contact_number="1771",
            link="https://example.org/",
        )
        for _ in range(4):
            send(
                alert,
                landmarks=list(Landmark.objects.all()),
                shapes="50.86,4.39 50.865,4.4 50.86,4.41\n50.83,4.3 2",
            )
            clock(minutes=1)
        made = outputs.html(alert, "fr")
        assert all(script.get("type") == "module" for script in html.fromstring(made).iter("script"))
        assert " style=" not in made
        assert " onclick=" not in made
        assert unescape(made).count("<title") == 2
        files = re.findall(r'(?:src|href)="/static/([^"?]+\.(?:css|js))', made)
        parts = [made.encode(), *(open(f"static/{name}", "rb").read() for name in files)]  # noqa: PTH123, SIM115
        assert sum(len(gzip.compress(part, 9)) for part in parts) <= 14_336
