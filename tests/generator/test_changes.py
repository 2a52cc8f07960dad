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


def test_what_a_long_transaction_has_changed_is_seen_when_it_ends(seen: Seen) -> None:
    """A section is withdrawn; before that is stored, somebody else saves a page, which is built. Numbers are given when
    something is written, not when it is stored."""
    first = Change.objects.latest("pk").pk + 1
    last = first + changes.LATE_BY + 500
    Change.objects.create(pk=last, keys="news_newspage=another")
    _changed, seen = changes.since(seen)
    before = changes.newest()
    Change.objects.bulk_create(
        Change(pk=number, keys=f"news_newspage={number}") for number in range(first, last)
    )
    assert changes.newest() != before
    changed, seen = changes.since(seen)
    assert changed.keys >= {f"news_newspage={number}" for number in range(first, last)}
    assert "news_newspage=another" not in changed.keys
    assert not changes.since(seen)[0].keys


def test_what_was_seen_long_ago_is_not_kept_in_mind(seen: Seen) -> None:
    Change.objects.bulk_create(
        Change(keys="news_newspage", made_at=timezone.now() - changes.LATE * 2)
        for _number in range(changes.LATE_BY + 500)
    )
    _changed, seen = changes.since(seen)
    assert len(seen.ids) == changes.LATE_BY
    assert seen.floor == Change.objects.latest("pk").pk - changes.LATE_BY


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
