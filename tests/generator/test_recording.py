from concurrent.futures import ThreadPoolExecutor

import pytest

from generator.recording import Memo, attach, record, recording, replay, shared, sharing

from .samples import in_memory

pytestmark = pytest.mark.once

IMAGE = in_memory("/media/a.avif", b"a")


def test_what_is_attached_and_read_inside_is_recorded() -> None:
    with recording() as recorded:
        attach(IMAGE)
        record("page:12")
    assert recorded.attachments == {IMAGE.url: IMAGE}
    assert list(recorded.keys) == ["page:12"]


def test_outside_a_recording_nothing_happens() -> None:
    attach(IMAGE)
    record("page:12")


def test_the_first_attachment_of_a_url_counts() -> None:
    with recording() as recorded:
        attach(IMAGE)
        attach(in_memory(IMAGE.url, b"b"))
    assert recorded.attachments[IMAGE.url] is IMAGE


def test_an_inner_recording_counts_for_the_outer_too() -> None:
    with recording() as outer:
        with recording() as inner:
            attach(IMAGE)
        record("after")
    assert IMAGE.url in inner.attachments
    assert IMAGE.url in outer.attachments
    assert "after" not in inner.keys


def test_a_cached_fragment_brings_what_it_had_recorded() -> None:
    with recording() as fragment:
        attach(IMAGE)
        record("image:1")
    with recording() as page:
        replay(fragment)
    assert (page.attachments, page.keys) == (fragment.attachments, fragment.keys)


def test_what_is_shared_is_computed_once_and_counts_for_each_that_uses_it() -> None:
    computed = []

    def compute() -> str:
        computed.append(1)
        record("image:1")
        attach(IMAGE)
        return "picture"

    with sharing(Memo()):
        for _document in range(2):
            with recording() as document:
                assert shared("key", compute) == "picture"
            assert (list(document.keys), list(document.attachments)) == (["image:1"], [IMAGE.url])
    assert len(computed) == 1


def test_nothing_is_shared_outside_a_build() -> None:
    answers = iter((1, 2))
    assert [shared("key", lambda: next(answers)) for _time in range(2)] == [1, 2]


def test_a_memo_with_a_limit_forgets_what_it_has_known_longest() -> None:
    memo, computed = Memo(limit=2), []
    for key in ("a", "b", "c", "b", "a"):
        memo.once(key, lambda key=key: computed.append(key))
    assert computed == ["a", "b", "c", "a"]


def test_threads_do_not_share_a_recording() -> None:
    with recording() as recorded, ThreadPoolExecutor(1) as pool:
        pool.submit(attach, IMAGE).result()
    assert not recorded.attachments
