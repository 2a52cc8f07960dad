"""What goes out: JSON, GeoJSON, Atom, CAP files, the band and the lists agree, in both languages."""

import json
from datetime import datetime, timedelta
from itertools import pairwise

import jsonschema
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree, html

from alerts import cap, models, publishing
from alerts.delivery.models import AlertDelivery
from alerts.lifecycle import Kind, State
from alerts.models import AlertMessage, AlertPage, ExpiryNotice
from generator import headers
from generator.models import BuildRequest
from pages.completeness import PublicationRefused
from pages.publishing import documents_of
from territory.models import Municipality
from tests.alerts import outputs
from tests.factories.alerts import AlertFactory, alert_index, end, send
from tests.factories.rendering import texts

pytestmark = pytest.mark.django_db
SCHEMA = json.loads(publishing.SCHEMA.read_text())


def check(made: dict[str, bytes]) -> None:
    jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(
        json.loads(made["/alerts/active.json"])
    )


def signed_area(ring: list[list[float]]) -> float:
    return sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairwise(ring)) / -2


def polygons(geometry):
    if geometry is None:
        return
    if geometry["type"] == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from polygons(part)
    elif geometry["type"] == "MultiPolygon":
        yield from geometry["coordinates"]
    else:
        assert geometry["type"] == "Polygon"
        yield geometry["coordinates"]


def test_nothing_active_is_a_valid_file_too(clock):
    alert_index()
    made = outputs.files()
    check(made)
    assert json.loads(made["/alerts/active.json"])["alerts"] == []
    assert json.loads(made["/alerts/active.geojson"])["features"] == []
    assert outputs.feed("fr").entries == []


def test_the_schema_is_published_beside_it(clock):
    made = outputs.files()
    published = json.loads(made["/alerts/active.schema.json"])
    jsonschema.Draft202012Validator.check_schema(published)
    assert json.loads(made["/alerts/active.json"])["schema"].endswith("/alerts/active.schema.json")


def test_an_active_alert_is_in_every_output_in_both_languages(clock):
    alert = AlertFactory(municipalities=[])
    message = send(alert, municipalities=list(Municipality.objects.filter(nis="21001")))
    made = outputs.files()
    check(made)
    (entry,) = json.loads(made["/alerts/active.json"])["alerts"]
    assert entry["headline"] == {"fr": alert.title_fr, "nl": alert.title_nl}
    assert entry["identifier"] == entry["first_identifier"] == message.identifier
    assert entry["cap"] == f"{outputs.BASE_URL}/alerts/cap/{message.identifier}.xml"
    assert made[message.url].decode() == message.xml
    for language, title in entry["headline"].items():
        (row,) = outputs.band(language)
        assert (row.title, row.expires) == (title, alert.expires)
        assert entry["url"][language].endswith(row.url)
        (item,) = outputs.feed(language).entries
        assert item.title == title
        assert title in outputs.html(alert_index(), language)
        assert title in outputs.html(alert, language)


def test_the_geojson_is_the_borders_of_the_municipalities_right_hand_ruled(clock):
    send(AlertFactory(), municipalities=list(Municipality.objects.filter(nis__in=["21001", "21013"])))
    send(AlertFactory(whole_region=True))
    send(AlertFactory())
    features = json.loads(outputs.files()["/alerts/active.geojson"])["features"]
    counts = sorted(sum(1 for _ in polygons(feature["geometry"])) for feature in features)
    # None; the region as one; two municipalities that are hardly neighbours.
    assert counts == [0, 1, 2]
    for feature in features:
        assert feature["type"] == "Feature"
        for polygon in polygons(feature["geometry"]):
            for place, ring in enumerate(polygon):
                assert ring[0] == ring[-1]
                assert len(ring) >= 4
                assert (signed_area(ring) > 0) == (place == 0)
                assert all(round(number, 6) == number for point in ring for number in point)
                assert all(4 < lon < 5 and 50 < lat < 51 for lon, lat in ring)


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_an_alert_whose_page_cannot_be_rendered_has_a_plain_one(clock, language):
    alert = AlertFactory(status="Exercise", what_fr="<b>Fumée</b>", what_nl="<b>Rook</b>")
    message = send(alert)

    def plainly() -> html.HtmlElement:
        rendering = outputs.rendering(AlertPage.objects.get(pk=alert.pk), language, clock())
        return html.document_fromstring(rendering.page.fallback(rendering)())

    page, exercise = plainly(), {"fr": "EXERCICE", "nl": "OEFENING"}[language]
    assert page.get("lang") == f"{language}-BE"
    # By this it is known that the public can read it: nobody is told before.
    assert page.xpath("//@data-message") == [message.identifier]
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert page.findtext(".//h1").startswith(exercise)
    assert getattr(alert, f"what_{language}") in texts(page.xpath("//p"))
    steps = getattr(alert, f"instruction_{language}").splitlines()
    assert texts(page.xpath("//li")) == steps
    in_progress, over = {
        "fr": ("Alerte en cours", "Cette alerte est terminée"),
        "nl": ("Waarschuwing van kracht", "Deze waarschuwing is voorbij"),
    }[language]
    assert texts(page.xpath("//main/p"))[0] == in_progress
    clock(days=1)
    assert texts(plainly().xpath("//main/p"))[0] == over


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("over", [Kind.ALL_CLEAR, Kind.CANCEL, "expired"])
def test_what_is_over_says_so_in_its_title(clock, language, over):
    """A tab, a search result and the preview of a link show nothing else."""
    alert = AlertFactory()
    send(alert)

    def titles() -> list[str]:
        page = html.document_fromstring(outputs.html(AlertPage.objects.get(pk=alert.pk), language))
        return [page.findtext(".//title"), *page.xpath("//meta[@property='og:title']/@content")]

    before = titles()
    assert all(getattr(alert, f"title_{language}") in title for title in before)
    if over == "expired":
        clock(days=1)
    else:
        end(alert, over, now=clock(minutes=1))
    words = {
        "fr": {
            Kind.ALL_CLEAR: "Fin d",
            Kind.CANCEL: "Alerte annulée",
            "expired": "Cette alerte est terminée",
        },
        "nl": {
            Kind.ALL_CLEAR: "Einde",
            Kind.CANCEL: "Waarschuwing geannuleerd",
            "expired": "Deze waarschuwing is voorbij",
        },
    }[language]
    assert all(title.startswith(words[over]) for title in titles()), titles()


@pytest.mark.parametrize("status", ["Exercise", "Test"])
def test_exercises_and_tests_are_nowhere_but_on_their_own_page(clock, status):
    alert = AlertFactory(status=status)
    message = send(alert)
    assert message.has_xml
    made = outputs.files()
    assert outputs.cap_urls() == set()
    assert not any(message.identifier in body.decode() for body in made.values())
    for language in ("fr", "nl"):
        assert outputs.band(language) == []
        assert outputs.feed(language).entries == []
        assert getattr(alert, f"title_{language}") not in outputs.html(alert_index(), language)
        page = outputs.html(alert, language)
        assert "callout--warn" in page
        assert 'name="robots" content="noindex"' in page


@pytest.mark.parametrize(("status", "is_listed"), [("Actual", True), ("Exercise", False), ("Test", False)])
def test_only_what_happens_is_told_to_search_engines(clock, status, is_listed):
    alert = AlertFactory(status=status)
    send(alert)
    alert.refresh_from_db()
    documents = documents_of(alert, outputs.rendering(alert, "fr").run)
    assert {document.in_sitemap for document in documents} == {is_listed}


@pytest.mark.parametrize("status", ["Actual", "Exercise"])
def test_the_api_of_the_cms_shows_no_alerts_to_strangers(clock, client, status):
    """Its fields say neither that it is an exercise nor that it is over; /alerts/active.json does."""
    alert, listed = AlertFactory(status=status), alert_index()
    send(alert)
    path = "/api/wagtail/v3/pages/"
    for query in ("", "?type=alerts.AlertPage", f"?child_of={listed.pk}"):
        answer = client.get(path + query).content.decode()
        assert alert.title_fr not in answer
        assert alert.title_nl not in answer
    assert client.get(f"{path}{alert.pk}/").status_code == 404
    assert client.get(f"{path}{listed.pk}/").status_code == 200


def test_the_gravest_is_first_and_the_page_of_an_alert_does_not_announce_itself(clock):
    minor, extreme = AlertFactory(severity="Minor"), AlertFactory(severity="Extreme")
    send(extreme)
    clock(seconds=1)
    send(minor)
    assert [row.title for row in outputs.band("fr")] == [extreme.title_fr, minor.title_fr]
    assert [row.title for row in outputs.band("fr", page=extreme)] == [minor.title_fr]
    assert [entry["severity"] for entry in outputs.active()] == ["Extreme", "Minor"]


class TestTheFeed:
    def test_an_entry_keeps_its_id_and_its_updated_moves(self, clock):
        alert = AlertFactory()
        first = send(alert)
        before = outputs.feed("fr")
        clock(minutes=5)
        second = send(alert, title_fr="Suspect arrêté")
        after = outputs.feed("fr")
        assert before.entries[0].id == after.entries[0].id
        assert before.entries[0].updated < after.entries[0].updated == after.feed.updated
        assert after.entries[0].published == before.entries[0].published
        assert before.entries[0].title != after.entries[0].title == "Suspect arrêté"
        files = [
            next(link.href for link in parsed.entries[0].links if link.type == "application/cap+xml")
            for parsed in (before, after)
        ]
        assert files == [outputs.BASE_URL + message.url for message in (first, second)]

    def test_each_language_is_its_own_feed(self, clock):
        send(AlertFactory(slug_fr="tir", slug_nl="schot"))
        for language, lang, ending in (("fr", "fr-BE", "/tir/"), ("nl", "nl-BE", "/schot/")):
            parsed = outputs.feed(language)
            assert parsed.feed.language == lang
            assert parsed.feed.id.endswith(f"/alerts/feed.{language}.atom")
            assert parsed.entries[0].link.endswith(ending)

    @pytest.mark.parametrize(
        ("kind", "term"), [(Kind.ALL_CLEAR, "ended"), (Kind.CANCEL, "cancelled"), (None, "expired")]
    )
    def test_what_is_over_stays_two_weeks_as_such(self, clock, kind, term):
        alert = AlertFactory()
        send(alert)
        over = clock(hours=1)
        if kind:
            end(alert, kind, now=over)
        else:
            over = clock(hours=1)
        (entry,) = outputs.feed("nl").entries
        assert [tag.term for tag in entry.tags] == [term]
        assert entry.title != alert.title_nl
        assert len(outputs.feed("nl", over + timedelta(days=14, seconds=-1)).entries) == 1
        assert outputs.feed("nl", over + timedelta(days=14)).entries == []

    def test_it_is_the_same_bytes_while_nothing_happens(self, clock):
        send(AlertFactory())
        before = outputs.files()
        clock(minutes=5)
        after = outputs.files()
        for language in ("fr", "nl"):
            assert before[f"/alerts/feed.{language}.atom"] == after[f"/alerts/feed.{language}.atom"]


def test_the_state_is_said_on_the_page(clock):
    cleared, cancelled, expired = (AlertFactory() for _ in range(3))
    for alert in (cleared, cancelled, expired):
        send(alert)
    assert "data-over" in outputs.html(expired, "fr")
    clock(minutes=5)
    end(cleared, Kind.ALL_CLEAR, now=clock())
    end(cancelled, Kind.CANCEL, now=clock())
    clock(hours=3)
    kickers = [
        etree.HTML(outputs.html(alert, "fr")).xpath("string(//p[contains(@class, 'kicker')])").strip()
        for alert in (cleared, cancelled, expired)
    ]
    assert len(set(kickers)) == 3
    icons = {
        etree.tostring(etree.HTML(outputs.html(alert, "fr")).xpath("//p[contains(@class, 'kicker')]/svg")[0])
        for alert in (cleared, cancelled)
    }
    assert len(icons) == 2
    assert outputs.active() == []
    assert outputs.band("nl") == []


@pytest.mark.parametrize(("status", "is_live"), [("Actual", True), ("Exercise", False), ("Test", False)])
def test_only_what_really_happens_has_the_colour_of_alerts_and_its_icon(clock, status, is_live):
    alert = AlertFactory(status=status)
    send(alert)
    (said,) = etree.HTML(outputs.html(alert, "fr")).xpath("//p[contains(@class, 'kicker')]")
    assert ("live" in said.get("class").split()) is is_live
    assert bool(said.xpath("svg")) is is_live
    clock(hours=3)
    (said,) = etree.HTML(outputs.html(alert, "fr")).xpath("//p[contains(@class, 'kicker')]")
    assert "live" not in said.get("class").split()


ASKED = {
    "fr": ("Que faire ?", "Ce qui était demandé alors", "ces consignes ne valent plus"),
    "nl": ("Wat te doen?", "Wat toen gevraagd werd", "deze instructies gelden niet meer"),
}


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_what_an_expired_alert_asked_is_past_wherever_it_stands(clock, language):
    alert = AlertFactory()
    send(alert)
    holds, past, no_longer = ASKED[language]
    asked = getattr(alert, f"instruction_{language}").splitlines()[0]

    def page():
        html = etree.HTML(outputs.html(alert, language))
        section = html.xpath("//section[ol or div/ol]")[0]
        told = [" ".join(text.split()) for text in section.itertext() if text.strip()]
        return " ".join(told).replace("\u00a0", " "), "".join(html.xpath("//p[@class='share']/text()"))

    told, share = page()
    assert told.startswith(holds)
    assert "15:00" in told.partition(asked)[0], "until when, also on paper"
    assert no_longer not in told
    clock(hours=3)
    told, share = page()
    assert told.startswith(past)
    assert no_longer in told.partition(asked)[0]
    assert holds not in told
    assert share.startswith(
        {"fr": "Cette alerte est terminée", "nl": "Deze waarschuwing is voorbij"}[language]
    )
    (entry,) = outputs.feed(language).entries
    assert no_longer in entry.summary.partition(asked)[0].replace("\u00a0", " ")


def test_what_an_all_clear_asks_holds(clock):
    alert = AlertFactory()
    send(alert)
    end(alert, Kind.ALL_CLEAR, now=clock(minutes=5))
    clock(hours=3)
    html = outputs.html(alert, "fr")
    assert "Que faire" in html
    assert "Ce qui était demandé" not in html


def test_all_files_are_urgent_open_data(clock):
    send(AlertFactory())
    for document in outputs.documents(clock()):
        own = headers.for_file(document.url, document.media_type, document.headers)
        assert own["Cache-Control"] in (headers.URGENT, headers.FOLLOWED), document.url
        assert own["Access-Control-Allow-Origin"] == "*", document.url


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_list_of_what_is_over_has_the_time_of_the_news_it_names(clock, language):
    ended, expired = AlertFactory(), AlertFactory()
    send(ended)
    send(expired)
    end(ended, Kind.ALL_CLEAR, now=clock(minutes=47, seconds=58))
    clock(hours=3)
    times = etree.HTML(outputs.html(alert_index(), language)).xpath("//main//li/time")
    assert {time.text[-5:] for time in times} == {"13:47", "15:00"}
    assert {time.get("datetime") for time in times} == {
        ended.chain().last.sent.isoformat(),
        expired.chain().last.expires.isoformat(),
    }


class TestExpiry:
    def requests(self) -> int:
        return BuildRequest.objects.filter(reason__contains="expired").count()

    def test_it_asks_for_one_build_when_the_time_has_come(self, clock):
        send(AlertFactory())
        publishing.expire()
        assert self.requests() == 0
        clock(hours=2)
        for _ in range(3):
            publishing.expire()
        assert self.requests() == 1
        assert outputs.active() == []

    def test_it_does_so_after_the_worker_was_down(self, clock):
        send(AlertFactory())
        clock(days=3)
        publishing.expire()
        publishing.expire()
        assert self.requests() == 1

    def test_neither_what_was_replaced_nor_what_was_ended_asks_again(self, clock):
        updated, ended = AlertFactory(), AlertFactory()
        send(updated)
        send(ended)
        clock(minutes=1)
        send(updated, expires=clock() + timedelta(hours=5))
        end(ended, Kind.ALL_CLEAR, now=clock())
        clock(hours=3)
        publishing.expire()
        assert self.requests() == 0
        clock(hours=3)
        publishing.expire()
        assert self.requests() == 1
        assert ExpiryNotice.objects.count() == 4


actions = st.lists(
    st.tuples(
        st.sampled_from(["publish", "publish", "publish", "all-clear", "cancel"]),
        st.integers(0, 1),
        st.integers(0, 100),
        st.integers(5, 240),
    ),
    min_size=1,
    max_size=7,
)


def perform(clock, alerts, wanted):
    for action, which, pause, lasting in wanted:
        clock(minutes=pause)
        agree(alerts, clock())
        alert = alerts[which]
        try:
            if action == "publish":
                send(alert, onset=clock(), expires=clock() + timedelta(minutes=lasting))
            else:
                end(alert, Kind(action), now=clock())
        except PublicationRefused:
            assert alert.state_at(clock()) is not State.ACTIVE
            continue
        agree(alerts, clock())


def agree(alerts, now):
    """At every instant: one truth, told alike by all outputs."""
    active = [alert.chain().last for alert in alerts if alert.state_at(now) is State.ACTIVE]
    made = outputs.files(now)
    check(made)
    entries = json.loads(made["/alerts/active.json"])["alerts"]
    features = json.loads(made["/alerts/active.geojson"])["features"]
    assert {entry["identifier"] for entry in entries} == {message.identifier for message in active}
    assert {feature["properties"]["identifier"] for feature in features} == {
        entry["identifier"] for entry in entries
    }
    for language in ("fr", "nl"):
        headlines = sorted(message.content["headline"][language] for message in active)
        assert sorted(entry["headline"][language] for entry in entries) == headlines
        assert sorted(row.title for row in outputs.band(language, now)) == headlines
        fed = outputs.feed(language, now).entries
        assert sorted(entry.title for entry in fed if entry.tags[0].term == "active") == headlines
    superseded = set()
    triples: dict[int, dict[str, datetime]] = {}
    for message in AlertMessage.objects.all():
        root = etree.fromstring(message.xml.encode())
        own = ",".join(
            root.findtext(f"{{{cap.NAMESPACE}}}{name}") for name in ("sender", "identifier", "sent")
        )
        references = (root.findtext(f"{{{cap.NAMESPACE}}}references") or "").split()
        earlier = triples.setdefault(message.alert_id, {})
        assert references == [triple for triple, expires in earlier.items() if expires > message.sent]
        superseded |= {reference.split(",")[1] for reference in references}
        earlier[own] = message.expires
    assert not superseded & {entry["identifier"] for entry in entries}


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(wanted=actions)
def test_whatever_the_officers_do_all_outputs_tell_one_truth(clock, wanted):
    with transaction.atomic():
        perform(clock, [AlertFactory(), AlertFactory()], wanted)
        transaction.set_rollback(True)


def urgent(now) -> list[int]:
    return [node.id for node in AlertPage.urgent_pages(outputs.rendering(alert_index(), "fr", now).run)]


def test_the_page_of_an_alert_is_urgent_while_it_is_active_and_right_after(clock):
    active, ended, expiring, draft = AlertFactory(), AlertFactory(), AlertFactory(), AlertFactory()
    for alert in (active, ended):
        send(alert, expires=clock() + timedelta(days=2))
    over = send(expiring, expires=clock() + timedelta(hours=1)).expires
    assert urgent(clock()) == [active.pk, ended.pk, expiring.pk]
    cleared = end(ended, Kind.ALL_CLEAR, now=clock(minutes=20)).sent
    AlertDelivery.objects.update(state=AlertDelivery.State.DONE)
    assert urgent(clock()) == [active.pk, ended.pk, expiring.pk]
    assert urgent(cleared + timedelta(minutes=11)) == [active.pk, expiring.pk]
    assert urgent(over + timedelta(seconds=50)) == [active.pk, expiring.pk]
    assert urgent(over + timedelta(minutes=11)) == [active.pk]
    assert draft.pk not in urgent(clock())


def test_the_page_of_an_alert_that_nobody_looked_after_meanwhile_is_urgent_too(clock):
    ended, expired, told = AlertFactory(), AlertFactory(), AlertFactory()
    over = [send(alert, expires=clock() + timedelta(hours=1)) for alert in (ended, expired, told)]
    AlertDelivery.objects.filter(message__in=over).update(state=AlertDelivery.State.DONE)
    cleared = end(ended, Kind.ALL_CLEAR, now=clock(minutes=20))
    clock(hours=5)
    assert urgent(clock()) == [ended.pk]
    AlertDelivery.objects.filter(message=cleared).update(state=AlertDelivery.State.DONE)
    assert urgent(clock()) == []
    publishing.expire()
    assert {expired.pk, told.pk} <= set(urgent(clock()))
    assert urgent(clock(minutes=2)) == []


def test_what_is_read_of_the_ledger_is_what_may_still_be_shown(clock):
    old, current = AlertFactory(), AlertFactory(expires=clock() + timedelta(days=30))
    send(old)
    send(current)
    later = clock(days=20)
    read = {
        chain.alert_id for chain in publishing.Published.of(outputs.rendering(old, "fr", later).run).chains
    }
    assert read == {current.pk}
    assert [each["identifier"] for each in outputs.active(later)] == [current.chain().last.identifier]
    assert len(outputs.feed("fr", later).entries) == 1


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_what_is_over_is_listed_page_by_page(clock, monkeypatch, language):
    monkeypatch.setattr(models, "PER_PAGE", 2)
    alerts = [AlertFactory(expires=clock() + timedelta(days=2)) for _number in range(4)]
    expiring = AlertFactory(expires=clock() + timedelta(hours=1))
    for alert in (*alerts, expiring):
        send(alert)
    for alert in alerts[:3]:
        end(alert, Kind.ALL_CLEAR, now=clock(seconds=1))
    first, second, third, active, last = (
        " ".join(alert.chain().last.content["headline"][language].split()) for alert in (*alerts, expiring)
    )

    def listed(key: str | None = None) -> list[str]:
        page = html.document_fromstring(outputs.html(alert_index(), language, clock(), key))
        return texts(page.xpath("//main//h2 | //main//h3"))

    progress, over = {"fr": ("En cours", "Terminées"), "nl": ("Nu van kracht", "Voorbij")}[language]
    assert listed() == [progress, last, active, over, third, second]
    assert listed("2") == [over, first]
    clock(hours=2)
    assert listed() == [progress, active, over, third, second]
    assert listed("2") == [over, first, last]
