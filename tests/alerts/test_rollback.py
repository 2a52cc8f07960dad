"""Going back to an earlier release, compared by the files that alerts really publish."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from alerts.lifecycle import Kind
from alerts.rollback import alerts_that_differ
from generator import registry
from tests.alerts import outputs
from tests.factories.alerts import AlertFactory, alert_index, end, send

pytestmark = pytest.mark.django_db
Keep = Callable[[str], Path]


@pytest.fixture
def keep(home: Any, clock: Any, tmp_path: Path) -> Keep:
    """Keeps what alerts publish now as a release of that name; the folder of its public files."""
    alert_index()

    def kept(name: str) -> Path:
        folder = tmp_path / name
        (folder / "alerts").mkdir(parents=True)
        (folder / "alerts/active.json").write_bytes(outputs.files()["/alerts/active.json"])
        return folder

    return kept


@pytest.fixture
def fire() -> Any:
    return AlertFactory(title_fr="Incendie", title_nl="Brand")


def objections(release: Path, live: Path | None, language: str | None = "fr") -> list[str]:
    with translation.override(language):
        return list(alerts_that_differ(release, live))


def test_the_generator_asks() -> None:
    assert registry.default.release_checks["alerts"] is alerts_that_differ


def test_the_same_alerts_are_no_objection(keep: Keep, fire: Any) -> None:
    send(fire)
    assert objections(keep("then"), keep("now")) == []


def test_an_alert_that_would_vanish_is_named(keep: Keep, fire: Any) -> None:
    then = keep("then")
    send(fire)
    now = keep("now")
    assert objections(then, now) == ["Elle cacherait ce qui est en vigueur : Incendie."]
    assert objections(then, now, "nl") == ["Ze zou verbergen wat nu geldt: Brand."]


def test_an_alert_that_is_over_and_would_come_back_is_named(keep: Keep, fire: Any, clock: Any) -> None:
    send(fire)
    then = keep("then")
    end(fire, Kind.ALL_CLEAR, now=clock(minutes=5))
    assert objections(then, keep("now"), "nl") == ["Ze zou terugbrengen wat voorbij is: Brand."]


def test_an_alert_that_was_updated_since_is_named(keep: Keep, fire: Any, clock: Any) -> None:
    send(fire)
    then = keep("then")
    clock(minutes=5)
    send(fire, what_fr="Le feu est maîtrisé.", what_nl="De brand is onder controle.")
    assert objections(then, keep("now")) == ["Elle montrerait un état dépassé de : Incendie."]


def test_an_alert_that_has_expired_since_is_over_in_both(keep: Keep, fire: Any, clock: Any) -> None:
    send(fire)
    then = keep("then")
    clock(hours=3)
    assert objections(then, keep("now")) == []


def test_an_operator_reads_both_names(keep: Keep, fire: Any) -> None:
    then = keep("then")
    send(fire)
    assert objections(then, keep("now"), None) == ["It would hide what is active now: Incendie / Brand."]


def test_where_nothing_is_live_nothing_can_vanish_but_something_can_come_back(keep: Keep, fire: Any) -> None:
    assert objections(keep("quiet"), None) == []
    send(fire)
    assert objections(keep("loud"), None) == ["Elle ramènerait ce qui est terminé : Incendie."]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"alerts": [{}]}', '{"alerts": [{"expires": 1}]}', None])
def test_what_cannot_be_read_is_an_objection(keep: Keep, tmp_path: Path, content: str | None) -> None:
    (tmp_path / "torn/alerts").mkdir(parents=True)
    if content is not None:
        (tmp_path / "torn/alerts/active.json").write_text(content)
    whole = keep("whole")
    assert objections(tmp_path / "torn", whole) == ["On ne peut pas lire quelles alertes elle montre."]
    assert objections(whole, tmp_path / "torn") == [
        "On ne peut pas lire quelles alertes le site montre maintenant."
    ]
