"""What a build reads in the journal of changes."""

import pytest
from django.utils import timezone

from generator import changes
from generator.changes import Seen
from generator.models import Change

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen() -> Seen:
    Change.objects.create(keys="news_newspage=1")
    return changes.since(None)[1]


def test_what_was_changed_since_is_told(seen: Seen) -> None:
    Change.objects.create(keys="news_newspage=2\nnews_newspage")
    changed, _seen = changes.since(seen)
    assert not changed.everything
    assert changed.touches({"news_newspage=2"})
    assert not changed.touches({"news_newspage=1"})


def test_what_was_seen_is_told_once_also_when_it_was_kept_on_the_disk(seen: Seen) -> None:
    assert not changes.since(Seen.from_json(seen.as_json()))[0].everything
    assert seen == Seen.from_json(seen.as_json())
    known = {key: value for key, value in seen.as_json().items() if key != "last"}
    assert not changes.since(Seen.from_json(known))[0].everything


@pytest.mark.parametrize("edits_since", [0, 1, 2, 3])
def test_after_a_database_was_restored_everything_is_made(seen: Seen, edits_since: int) -> None:
    """What was changed after the dump is gone, and its numbers are given anew."""
    for number in (2, 3):
        Change.objects.create(keys=f"news_newspage={number}")
    _changed, seen = changes.since(seen)
    last = Change.objects.latest("pk").pk
    Change.objects.filter(pk__gte=last - 1).delete()
    for number in range(edits_since):
        Change.objects.create(pk=last - 1 + number, keys="alerts_alertmessage")
    assert changes.since(seen)[0].everything


def test_that_old_changes_were_forgotten_is_no_restored_database(seen: Seen) -> None:
    Change.objects.update(made_at=timezone.now() - 2 * changes.KEPT)
    seen = changes.since(None)[1]
    changes.forget_old_changes()
    changed, seen = changes.since(seen)
    assert not changed.everything
    assert not changes.since(seen)[0].everything
    assert changes.since(Seen(0, frozenset(), timezone.now() - changes.KEPT))[0].everything
