"""An alert whose beginning lies ahead is announced; it is in progress from that moment on."""

from datetime import timedelta

import pytest
from lxml import etree

from alerts import publishing
from alerts.delivery import mail, push
from alerts.lifecycle import Kind
from generator.models import BuildRequest
from generator.recording import recording
from tests.alerts import outputs
from tests.factories.alerts import AlertFactory, alert_index, end, send

pytestmark = [pytest.mark.django_db, pytest.mark.once]
WORDS = {
    "fr": ("Alerte annoncée", "À partir du", "Alerte en cours", "Depuis le"),
    "nl": ("Aangekondigde waarschuwing", "Vanaf", "Waarschuwing van kracht", "Sinds"),
}


@pytest.fixture(params=["fr", "nl"])
def language(request):
    return request.param


@pytest.fixture
def alert(clock):
    alert = AlertFactory(onset=clock() + timedelta(hours=6))
    send(alert)
    return alert


def text(html):
    return " ".join(" ".join(etree.HTML(html).xpath("//main//text()")).split()).replace("\u00a0", " ")


def plainly(alert, language):
    return alert.fallback(outputs.rendering(alert, language))()


def test_its_page_says_so_until_it_begins(clock, alert, language):
    announced, begins, going_on, since = WORDS[language]
    for made in (outputs.html, plainly):
        said = text(made(alert, language))
        assert announced in said
        assert begins in said
        assert "19:00" in said
        assert going_on not in said
        assert since not in said
    clock(hours=6)
    assert announced not in text(plainly(alert, language))
    said = text(outputs.html(alert, language))
    assert going_on in said
    assert since in said
    assert announced not in said
    assert begins not in said


def test_so_does_what_is_passed_on(clock, alert, language):
    def share():
        return etree.HTML(outputs.html(alert, language)).xpath("string(//*[@class='share'])")

    assert "19:00" in share()
    clock(hours=6)
    assert "19:00" not in share()


def test_the_list_says_so_until_it_begins(clock, alert, language):
    announced, begins, _going_on, since = WORDS[language]
    said = text(outputs.html(alert_index(), language))
    assert announced in said
    assert f"{begins} 22 november 2026, 19:00" in said.replace("novembre", "november")
    clock(hours=6)
    said = text(outputs.html(alert_index(), language))
    assert announced not in said
    assert since in said


@pytest.mark.parametrize("shown", ["its page", "plainly", "the list", "what is urgent"])
def test_what_shows_it_is_made_anew_when_it_begins(alert, shown):
    with recording() as recorded:
        if shown == "what is urgent":
            publishing.Published.of(outputs.rendering(alert, "fr").run)
        elif shown == "plainly":
            plainly(alert, "fr")
        else:
            outputs.html(alert if shown == "its page" else alert_index(), "fr")
    assert recorded.until == alert.onset


def test_its_beginning_asks_for_a_build_that_others_make_way_for(clock, alert):
    send(AlertFactory())
    publishing.begin()
    asked = BuildRequest.objects.filter(reason__endswith=" begins")
    assert not asked.exists()
    clock(hours=6)
    for _process in range(2):
        publishing.begin()
    assert asked.get().is_urgent
    assert alert.chain().last.identifier in asked.get().reason
    asked.delete()
    clock(minutes=11)
    publishing.begin()
    assert not asked.exists(), "a worker that was down sees it itself"


def test_what_is_over_before_it_begins_asks_for_nothing(clock, alert):
    end(alert, Kind.CANCEL, now=clock())
    clock(hours=6)
    publishing.begin()
    assert not BuildRequest.objects.filter(reason__endswith=" begins").exists()


def test_mails_and_notifications_say_from_when(clock, alert, language):
    begins = WORDS[language][1]
    message = alert.chain().last
    assert f"{begins}: 22/11/2026 19:00" in mail.text(message, language)
    assert begins in push.notification(message, language)["body"]
    other = AlertFactory()
    message = send(other)
    assert begins not in mail.text(message, language)
    assert begins not in push.notification(message, language)["body"]


@pytest.mark.parametrize("kind", [Kind.ALL_CLEAR, Kind.CANCEL])
def test_what_is_ended_before_has_never_begun(clock, alert, language, kind):
    end(alert, kind, now=clock(hours=1))
    announced, begins, going_on, since = WORDS[language]
    for word in (announced, begins, going_on, since, "19:00"):
        assert word not in text(outputs.html(alert, language)), word
    message = alert.chain().last
    assert begins not in mail.text(message, language)
