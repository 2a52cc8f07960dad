import errno
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError
from django.utils import timezone
from wagtail.models import Site

from generator import changes, outbox, registry
from generator.build import build
from generator.documents import Document
from generator.models import BuildRequest
from generator.recording import record, record_until
from generator.registry import BuildContext, Registry
from generator.search import Index
from generator.targets import ReleaseTarget
from generator.worker import Worker

from .samples import failing, live_file, page, site

State = BuildRequest.State


def worker(releases: ReleaseTarget, registry: Registry) -> Worker:
    return Worker(releases, registry=registry, poll_seconds=0.01)


@pytest.mark.django_db
class TestOneRound:
    def test_what_was_asked_for_becomes_live(self, releases: ReleaseTarget) -> None:
        request = outbox.request_build("x")
        assert worker(releases, site(page("/fr/", "x"))).work_once()
        request.refresh_from_db()
        assert (request.state, request.release) == (State.DONE, releases.current())
        assert live_file(releases, "fr/index.html") == b"x"

    def test_many_requests_are_one_build(self, releases: ReleaseTarget) -> None:
        for number in range(5):
            outbox.request_build(str(number))
        worker(releases, site(page("/fr/"))).work_once()
        assert len(releases.releases()) == 1
        assert set(BuildRequest.objects.values_list("release", flat=True)) == {releases.current()}

    def test_what_builds_need_is_read_while_nothing_is_asked_for(self, releases: ReleaseTarget) -> None:
        registry, warmed, seen = Registry(), [], []

        @registry.warm_up("pages")
        def warm_up(context: BuildContext) -> None:
            warmed.append(context.warm.setdefault("graph", object()))
            raise ValueError("what fails there holds back nothing")

        @registry.documents("pages")
        def documents(context: BuildContext) -> list[Document]:
            seen.append(context.warm.get("graph"))
            return [page("/fr/")]

        one = worker(releases, registry)
        one._warm_up()
        assert not warmed, "there is no release yet"
        outbox.request_build("x")
        one.work_once()
        one._warm_up()
        assert len(warmed) == 1, "nor was there one when this worker started"
        other = worker(releases, registry)
        other._warm_up()
        other._warm_up()
        assert len(warmed) == 2
        build(releases, registry=registry, full=True)
        one._warm_up()
        one._warm_up()
        assert len(warmed) == 3, "what somebody else has built is not known yet"
        outbox.request_build("x")
        assert other.work_once()
        assert releases.current()

    def test_the_first_build_takes_over_what_was_read(self, releases: ReleaseTarget) -> None:
        registry, seen = Registry(), []
        registry.warm_up("pages")(lambda context: context.warm.update(graph="read"))

        @registry.documents("pages")
        def documents(context: BuildContext) -> list[Document]:
            seen.append(context.warm.get("graph"))
            return [page("/fr/")]

        for _round in range(2):
            one = worker(releases, registry)
            one._warm_up()
            outbox.request_build("x")
            one.work_once()
        assert seen == [None, "read"]

    def test_an_urgent_job_is_called_when_what_is_urgent_is_live_and_the_rest_is_not(
        self, releases: ReleaseTarget
    ) -> None:
        registry, text, seen = Registry(), ["before"], []
        registry.documents("alerts", urgent=True)(lambda context: [page("/alerts/active.json", text[0])])
        registry.documents("pages")(lambda context: [page("/fr/", text[0])])

        @registry.periodic("tell", seconds=3600, urgent=True)
        def tell() -> None:
            if releases.current():
                seen.append([live_file(releases, name) for name in ("alerts/active.json", "fr/index.html")])
                raise ValueError("what fails there holds back nothing")

        first = worker(releases, registry)
        first.work_once()
        text[0] = "after"
        outbox.request_build("alert")
        assert first.work_once()
        assert seen == [[b"after", b"before"]]
        assert live_file(releases, "fr/index.html") == b"after"

    @pytest.mark.parametrize("alerts", [1, 20])
    def test_a_build_gives_way_to_an_alert_and_ends_however_many_follow(
        self, releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch, alerts: int
    ) -> None:
        monkeypatch.setattr(outbox, "GIVE_WAY_SECONDS", 0.0)
        registry, told, live_at = Registry(), [0], list[bytes]()

        def render(number: int) -> str:
            if releases.current():
                live_at.append(live_file(releases, "alerts/active.json"))
                if number == 1 and told[0] < alerts:
                    told[0] += 1
                    outbox.request_build("alert", urgent=True)
            return str(told[0])

        registry.documents("alerts", urgent=True)(lambda context: [page("/alerts/active.json", str(told[0]))])
        registry.documents("pages")(
            lambda context: [Document(f"/fr/{number}/", partial(render, number)) for number in range(9)]
        )
        one = worker(releases, registry)
        one.work_once()
        outbox.request_build("a page")
        assert one.work_once()
        given_way = min(alerts, outbox.GIVEN_WAY_AT_MOST)
        # What comes after the page during which the alert was asked for sees it live.
        assert live_at.count(b"0") == 2
        assert len(live_at) == 2 * given_way + 9
        if alerts == 1:
            assert outbox.is_idle()
            assert live_file(releases, "fr/8/index.html") == b"1"

    def test_a_build_that_was_begun_goes_on_for_what_is_not_urgent_and_without_a_database(
        self, releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        outbox.request_build("a page")
        giving_way = outbox.GivingWay()
        assert not giving_way.is_due()
        outbox.request_build("alert", urgent=True)
        giving_way.begin("a release")
        assert not giving_way.is_due()
        monkeypatch.setattr(outbox, "GIVE_WAY_SECONDS", 0.0)
        giving_way.begin(None)
        assert not giving_way.is_due(), "a first build"
        giving_way.begin("a release")
        assert giving_way.is_due()

        def away(holder: str) -> bool:
            raise DatabaseError("away")

        monkeypatch.setattr(outbox, "is_urgent_waiting", away)
        assert not giving_way.is_due()

    def test_without_a_request_nothing_is_built(self, releases: ReleaseTarget) -> None:
        first = worker(releases, site(page("/fr/")))
        first.work_once()
        before = releases.current()
        first.work_once()
        assert releases.current() == before

    def test_the_first_release_needs_no_request(self, releases: ReleaseTarget) -> None:
        assert worker(releases, site(page("/fr/"))).work_once()
        assert releases.current()

    def test_a_failed_build_names_the_url_and_is_tried_again(self, releases: ReleaseTarget) -> None:
        request = outbox.request_build("x")
        broken = worker(releases, site(failing("/fr/a/", ValueError("no summary"))))
        assert not broken.work_once()
        request.refresh_from_db()
        assert request.state == State.FAILED
        assert request.error == "/fr/a/, published by pages: ValueError: no summary"
        assert request.due_at > timezone.now()

    def test_a_build_that_cannot_be_written_is_tried_again(self, releases: ReleaseTarget) -> None:
        releases.root.parent.mkdir(exist_ok=True)
        releases.root.write_text("a file where the folder should be")
        request = outbox.request_build("x")
        assert not worker(releases, site(page("/fr/"))).work_once()
        request.refresh_from_db()
        assert request.state == State.FAILED
        assert "untouched" in request.error

    def test_a_stop_gives_back_what_was_claimed(self, releases: ReleaseTarget) -> None:
        request = outbox.request_build("x")
        stopping = worker(releases, site(page("/fr/")))
        stopping.stop()
        assert not stopping.work_once()
        request.refresh_from_db()
        assert (request.state, request.attempts) == (State.PENDING, 0)

    def test_a_dead_worker_of_this_machine_loses_its_claim_at_once(self, releases: ReleaseTarget) -> None:
        gone = subprocess.Popen([sys.executable, "-c", ""])
        gone.wait()
        for pid in (gone.pid, os.getpid()):
            request = outbox.request_build("x")
            outbox.claim(f"{socket.gethostname()}:{pid}:before")
            worker(releases, site(page("/fr/"))).work_once()
            request.refresh_from_db()
            assert request.state == State.DONE

    def test_a_living_worker_keeps_its_claim(self, releases: ReleaseTarget) -> None:
        request = outbox.request_build("x")
        outbox.claim(f"{socket.gethostname()}:{os.getppid()}:other")
        worker(releases, site(page("/fr/"))).work_once()
        request.refresh_from_db()
        assert request.state == State.CLAIMED

    def test_a_periodic_job_runs_at_once_and_then_when_it_is_due(self, releases: ReleaseTarget) -> None:
        calls: list[str] = []
        registry = site(page("/fr/"))
        registry.periodic("often", seconds=0.000001)(lambda: calls.append("often"))
        registry.periodic("seldom", seconds=3600)(lambda: calls.append("seldom"))
        patient = worker(releases, registry)
        for _round in range(3):
            patient.work_once()
        assert sorted(calls) == ["often", "often", "often", "seldom"]

    def test_a_failing_job_stops_neither_the_others_nor_the_build(
        self, releases: ReleaseTarget, caplog: pytest.LogCaptureFixture
    ) -> None:
        registry = site(page("/fr/"))

        @registry.periodic("broken", seconds=60)
        def broken() -> None:
            raise RuntimeError("no clock")

        assert worker(releases, registry).work_once()
        assert "The periodic job broken failed" in caplog.text


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (DatabaseError("server closed the connection"), "The database does not answer"),
        (OSError(errno.ENOSPC, "No space left on device"), "A round of the worker failed"),
    ],
    ids=["database", "disk"],
)
def test_what_fails_in_a_round_is_told_once_and_tried_again(
    releases: ReleaseTarget,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    said: str,
) -> None:
    patient = worker(releases, Registry())
    rounds: list[int] = []

    def once() -> bool:
        rounds.append(1)
        if len(rounds) < 3:
            raise error
        patient.stop()
        return True

    monkeypatch.setattr(patient, "work_once", once)
    runner = threading.Thread(target=patient.run)
    runner.start()
    runner.join(timeout=10)
    assert len(rounds) == 3
    assert caplog.text.count(said) == 1


# Processes of their own


def start(folder: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    script = Path(__file__).with_name("worker_process.py")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, str(script), str(folder), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)


def rows(folder: Path) -> list[tuple[str, int]]:
    with sqlite3.connect(folder / "db.sqlite3") as connection:
        return list(connection.execute("SELECT state, attempts FROM generator_buildrequest ORDER BY id"))


def until_half_way(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdout
    assert process.stdout.readline() == b"rendering\n"


def test_what_a_killed_worker_was_building_is_built_by_the_next(tmp_path: Path) -> None:
    killed = start(tmp_path, "0.03")
    until_half_way(killed)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert rows(tmp_path) == [("claimed", 1)]
    following = start(tmp_path, "0", "--once")
    _out, errors = following.communicate(timeout=60)
    assert following.returncode == 0, errors.decode()
    assert rows(tmp_path) == [("done", 2)]
    assert ReleaseTarget(tmp_path / "releases").current()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_asked_to_end_leaves_its_work_to_the_next(tmp_path: Path, number: signal.Signals) -> None:
    stopped = start(tmp_path, "0.03")
    until_half_way(stopped)
    stopped.send_signal(number)
    _out, errors = stopped.communicate(timeout=60)
    assert stopped.returncode == 0, errors.decode()
    assert rows(tmp_path) == [("pending", 0)]
    assert not list((tmp_path / "releases").glob(".building-*"))


class Service:
    """What systemd hears from the worker whose NOTIFY_SOCKET this is (sd_notify)."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.settimeout(30)

    def hear(self) -> str:
        return self._socket.recv(100).decode()

    def hear_all(self) -> Counter[str]:
        """What has been said and not been heard."""
        heard: Counter[str] = Counter()
        self._socket.setblocking(False)
        with suppress(BlockingIOError):
            while True:
                heard[self.hear()] += 1
        return heard


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    monkeypatch.setattr("generator.worker.ALIVE_SECONDS", 0.0)
    service = Service(tmp_path / "notify")
    yield service
    service._socket.close()


@pytest.mark.once
def test_systemd_hears_that_a_worker_has_begun_works_and_ends(tmp_path: Path, service: Service) -> None:
    process = start(tmp_path, "0.03")
    assert [service.hear() for _time in range(2)] == ["READY=1", "WATCHDOG=1"]
    until_half_way(process)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert service.hear_all()["STOPPING=1"] == 1


@pytest.mark.django_db
def test_systemd_hears_of_each_round_and_of_each_document(releases: ReleaseTarget, service: Service) -> None:
    busy = worker(releases, site(*[page(f"/fr/{number}/") for number in range(20)]))
    busy.work_once()
    # More than it listens to at once (net.unix.max_dgram_qlen): nobody waits for it.
    assert service.hear_all()["WATCHDOG=1"] > 5


@pytest.mark.django_db
def test_systemd_hears_of_a_worker_that_waits_for_a_build_by_hand(
    releases: ReleaseTarget, service: Service
) -> None:
    patient = worker(releases, site(page("/fr/")))
    outbox.request_build("x")
    with releases.locked(pytest.fail):
        assert not patient.work_once()
    assert service.hear_all()["WATCHDOG=1"]


@pytest.mark.django_db
def test_who_holds_the_lock_may_take_what_the_worker_that_waits_for_it_had_claimed(
    releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build by hand, or a second worker, gives way to what is urgent and waits."""
    patient = worker(releases, site(page("/fr/")))
    waiting: list[bool] = []
    monkeypatch.setattr(outbox, "is_pressing", lambda name: waiting.append(outbox.is_urgent_waiting()))
    outbox.request_build("alert", urgent=True)
    with releases.locked(pytest.fail):
        patient.work_once()
    assert not waiting, "a first build is left to end"
    patient.work_once()
    outbox.request_build("alert", urgent=True)
    with releases.locked(pytest.fail):
        patient.work_once()
    assert waiting[0]


@pytest.mark.django_db
def test_what_nobody_has_taken_meanwhile_is_built_by_the_worker_that_waited(
    releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = worker(releases, site(page("/fr/")))
    patient.work_once()
    monkeypatch.setattr(outbox, "GIVE_WAY_SECONDS", 0.0)
    alert = outbox.request_build("alert", urgent=True)
    with ExitStack() as held:
        held.enter_context(releases.locked(pytest.fail))

        def let_go(seconds: float) -> None:
            assert outbox.is_urgent_waiting()
            held.close()

        monkeypatch.setattr("generator.targets.time.sleep", let_go)
        assert patient.work_once()
    alert.refresh_from_db()
    assert (alert.state, alert.attempts) == (State.DONE, 1)
    assert not outbox.is_urgent_waiting()


@pytest.mark.django_db
def test_what_was_claimed_when_the_database_went_is_built_when_it_is_back(
    releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*arguments: object) -> None:
        raise DatabaseError("away")

    patient = worker(releases, site(page("/fr/")))
    patient.work_once()
    request = outbox.request_build("x")
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "finish", away)
        with pytest.raises(DatabaseError):
            patient.work_once()
    assert BuildRequest.objects.get(pk=request.pk).state == State.CLAIMED
    assert patient.work_once()
    assert BuildRequest.objects.get(pk=request.pk).state == State.DONE


@pytest.mark.django_db
def test_no_page_is_stale_for_the_looks_at_whether_to_give_way(
    releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They read a table that nobody watches, while a page is made."""
    monkeypatch.setattr(outbox, "GIVE_WAY_SECONDS", 0.0)
    patient = worker(releases, site(page("/fr/"), page("/nl/")))
    for _time in range(2):
        outbox.request_build("x")
        patient.work_once()
        parts = patient._keeper.of(releases).state.parts
        assert parts
        assert not any(part.reading.always for part in parts.values())


@pytest.mark.django_db
@pytest.mark.parametrize("fails", [False, True], ids=["made", "a page fails"])
def test_what_was_asked_for_while_the_index_waited_for_the_lock_is_answered(
    releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    def step(release: str | None, public: Path) -> Index | None:
        outbox.request_build("alert", urgent=True)
        patient._on_wait("somebody builds")
        return index

    texts, index = ["before"], Index(releases.root / "none", None)
    patient = worker(releases, site(Document("/fr/", lambda: texts[-1] if texts[-1] else str(1 / 0))))
    patient.work_once()
    texts.append("" if fails else "after")
    monkeypatch.setattr(patient._indexer, "step", step)
    monkeypatch.setattr("generator.search.add", lambda *arguments: None)
    patient._tend_index()
    request = BuildRequest.objects.get(is_urgent=True)
    assert (request.state, request.release) == (State.DONE, releases.current())
    assert BuildRequest.objects.filter(reason=outbox.FAILED_PAGES).exists() is fails


@pytest.mark.django_db
def test_systemd_hears_nothing_of_the_processes_that_share_a_build(
    releases: ReleaseTarget, service: Service
) -> None:
    busy = worker(releases, site(page("/fr/")))
    if not (child := os.fork()):
        busy._tell_alive()
        os._exit(0)
    os.waitpid(child, 0)
    assert not service.hear_all()


@pytest.mark.django_db
def test_what_presses_is_what_is_urgent_and_waits_for_this_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    outbox.request_build("a page")
    assert not outbox.is_pressing("me")
    outbox.request_build("alert", urgent=True)
    assert outbox.is_pressing("me")
    outbox.claim("me")
    assert outbox.is_pressing("me")
    # Who holds the lock may be who builds it.
    assert not outbox.is_pressing("another one")
    outbox.finish("me", "a release")
    assert not outbox.is_pressing("me")

    def away(*conditions: object, **more: object) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(BuildRequest.objects, "filter", away)
    assert not outbox.is_pressing("me")


@pytest.mark.once
def test_a_second_signal_that_comes_while_the_first_is_heard_is_no_deadlock(releases: ReleaseTarget) -> None:
    """As Ctrl-C and whoever started the worker send them. Between any two lines another one comes."""
    stopped, heard = worker(releases, Registry()), 0

    def interrupt(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal heard
        if event == "line":
            heard += 1
            stopped.stop()
        return interrupt

    def hear() -> None:
        sys.settrace(interrupt)
        stopped.stop()
        sys.settrace(None)

    thread = threading.Thread(target=hear, daemon=True)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
    assert heard
    stopped.run()


@pytest.mark.django_db
def test_a_page_that_fails_holds_nothing_back_and_is_tried_again(releases: ReleaseTarget) -> None:
    worker(releases, site(page("/fr/", "old"), page("/fr/a/", "good"))).work_once()
    request = outbox.request_build("x")
    broken = worker(releases, site(page("/fr/", "new"), failing("/fr/a/", ValueError("no summary"))))
    assert not broken.work_once()
    request.refresh_from_db()
    assert request.state == State.DONE
    assert live_file(releases, "fr/index.html") == b"new"
    assert live_file(releases, "fr/a/index.html") == b"good"
    [again] = BuildRequest.objects.filter(state=State.FAILED)
    assert again.error == "/fr/a/, published by pages: ValueError: no summary"
    assert again.due_at > timezone.now()


@pytest.mark.django_db
def test_what_time_alone_makes_stale_is_built_when_it_has_come(releases: ReleaseTarget) -> None:
    end = timezone.now() + timedelta(seconds=0.2)

    def render() -> str:
        record("clock")
        record_until(end)
        return "before" if timezone.now() < end else "after"

    registry = site(Document("/fr/", render))
    worker(releases, registry).work_once()
    assert live_file(releases, "fr/index.html") == b"before"
    time.sleep(0.3)
    worker(releases, registry).work_once()
    assert live_file(releases, "fr/index.html") == b"after"


@pytest.mark.django_db
def test_a_worker_that_starts_with_other_settings_brings_them_out(
    releases: ReleaseTarget, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry.default, "shown_settings", {"VIGIE_SENDER_NAME"})
    shown = site(Document("/fr/", lambda: settings.VIGIE_SENDER_NAME))
    settings.VIGIE_SENDER_NAME = "before"
    worker(releases, shown).work_once()
    for _round in range(2):
        worker(releases, shown).work_once()
    assert BuildRequest.objects.count() == 1
    settings.VIGIE_SENDER_NAME = "after"
    patient = worker(releases, shown)
    for _round in range(3):
        patient.work_once()
    assert live_file(releases, "fr/index.html") == b"after"
    assert BuildRequest.objects.count() == 2


@pytest.mark.django_db
def test_a_worker_that_starts_after_somebody_has_gone_back_leaves_it_so(
    releases: ReleaseTarget, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry.default, "shown_settings", {"VIGIE_SENDER_NAME"})
    shown = site(Document("/fr/", lambda: settings.VIGIE_SENDER_NAME))
    for name in ("good", "bad"):
        settings.VIGIE_SENDER_NAME = name
        outbox.request_build(name)
        worker(releases, shown).work_once()
    releases.activate(releases.releases()[0])
    settings.VIGIE_SENDER_NAME = "worse"
    worker(releases, shown).work_once()
    assert live_file(releases, "fr/index.html") == b"good"


@pytest.mark.django_db
def test_what_a_timely_job_asks_for_is_answered_by_the_build_of_that_moment(releases: ReleaseTarget) -> None:
    end = timezone.now() + timedelta(seconds=0.2)
    registry = Registry()

    @registry.documents("alerts")
    def alerts(context: BuildContext) -> list[Document]:
        record("clock")
        record_until(end)
        return [page("/fr/", "before" if timezone.now() < end else "after")]

    @registry.periodic("expiry", seconds=3600, timely=True)
    def expire() -> None:
        if timezone.now() >= end and not BuildRequest.objects.filter(is_urgent=True).exists():
            outbox.request_build("an alert expired", urgent=True)

    patient = worker(releases, registry)
    patient.work_once()
    time.sleep(0.3)
    patient.work_once()
    answered = BuildRequest.objects.get(is_urgent=True)
    assert (answered.state, answered.release) == (State.DONE, releases.current())
    assert live_file(releases, "fr/index.html") == b"after"


@pytest.mark.django_db
def test_what_fails_when_its_time_has_come_does_not_keep_the_worker_busy(releases: ReleaseTarget) -> None:
    end = timezone.now() + timedelta(seconds=0.2)
    registry = Registry()

    @registry.documents("alerts")
    def alerts(context: BuildContext) -> list[Document]:
        record("clock")
        record_until(end)
        if timezone.now() >= end:
            raise ValueError("no clock")
        return [page("/fr/", "before")]

    patient = worker(releases, registry)
    patient.work_once()
    time.sleep(0.3)
    for _round in range(5):
        patient.work_once()
    assert BuildRequest.objects.filter(reason__startswith="the time").count() == 1
    assert BuildRequest.objects.filter(reason=outbox.FAILED_PAGES).exists()


@pytest.mark.django_db
def test_a_time_that_could_not_be_asked_for_is_asked_for_again(
    releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = timezone.now() + timedelta(seconds=0.2)

    def render() -> str:
        record("clock")
        record_until(end)
        return "before" if timezone.now() < end else "after"

    def locked(reason: str, **options: object) -> None:
        raise DatabaseError("database is locked")

    patient = worker(releases, site(Document("/fr/", render)))
    patient.work_once()
    time.sleep(0.3)
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "request_build", locked)
        with pytest.raises(DatabaseError):
            patient.work_once()
    patient.work_once()
    assert live_file(releases, "fr/index.html") == b"after"


@pytest.mark.django_db
def test_where_no_process_can_be_started_the_next_build_goes_without(
    releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fork() -> int:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", fork)
    assert worker(releases, site(page("/fr/"))).work_once()
    assert "No process to prepare the next build" in caplog.text


@pytest.mark.django_db
class TestWhatNobodyAskedFor:
    """Wagtail's bulk actions, commands and `QuerySet.update` ask for no build."""

    @pytest.fixture
    def registry(self) -> Registry:
        registry = Registry()

        @registry.parts("pages", names=lambda context: Site.objects.values_list("hostname", flat=True))
        def parts(context: BuildContext, names: list[str]) -> Iterator[tuple[str, list[Document]]]:
            for name in names:
                yield name, [page(f"/{name}/", Site.objects.get(hostname=name).site_name)]

        return registry

    @pytest.fixture
    def one(self, releases: ReleaseTarget, registry: Registry) -> Worker:
        one = worker(releases, registry)
        assert one.work_once()
        return one

    @staticmethod
    def look(one: Worker) -> None:
        one._changes_due = 0.0
        one.work_once()

    def test_what_is_withdrawn_by_an_update_is_gone_soon(self, releases: ReleaseTarget, one: Worker) -> None:
        Site.objects.update(site_name="canary")
        self.look(one)
        assert live_file(releases, "localhost/index.html") == b"canary"
        Site.objects.all().delete()
        self.look(one)
        assert not (releases.root / "current" / "public" / "localhost").exists()

    def test_what_the_site_does_not_show_asks_for_nothing(self, releases: ReleaseTarget, one: Worker) -> None:
        self.look(one)
        before = BuildRequest.objects.count()
        Group.objects.create(name="x")
        self.look(one)
        self.look(one)
        assert BuildRequest.objects.count() == before

    def test_a_build_with_nothing_to_do_is_not_asked_for_again(
        self, releases: ReleaseTarget, one: Worker
    ) -> None:
        live = releases.current()
        Site.objects.update(port=81)
        for _round in range(3):
            self.look(one)
        assert releases.current() == live
        assert BuildRequest.objects.filter(reason=outbox.UNASKED).count() == 1

    def test_a_page_that_fails_for_minutes_holds_no_withdrawal_back(
        self, releases: ReleaseTarget, registry: Registry, one: Worker
    ) -> None:
        registry.documents("failing")(lambda context: [failing("/fr/", ValueError("no summary"))])
        outbox.request_build("x")
        one.work_once()
        BuildRequest.objects.filter(state=State.FAILED).update(due_at=timezone.now() + timedelta(hours=1))
        Site.objects.update(site_name="canary")
        self.look(one)
        assert live_file(releases, "localhost/index.html") == b"canary"

    def test_a_worker_that_starts_later_sees_it_too(
        self, releases: ReleaseTarget, registry: Registry, one: Worker
    ) -> None:
        Site.objects.update(site_name="canary")
        self.look(worker(releases, registry))
        assert live_file(releases, "localhost/index.html") == b"canary"

    def test_a_release_that_somebody_has_gone_back_to_stays(
        self, releases: ReleaseTarget, registry: Registry, one: Worker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = releases.current()
        Site.objects.update(site_name="canary")
        self.look(one)
        assert first
        assert first != releases.current()
        releases.activate(first)
        Site.objects.update(site_name="another")
        # Nor is it taken for one whose state was lost.
        monkeypatch.setattr("generator.worker.BEHIND_SECONDS", 0.0)
        for _round in range(3):
            self.look(one)
            self.look(worker(releases, registry))
        assert releases.current() == first

    def test_what_changed_after_somebody_went_back_is_seen_when_they_come_forth_again(
        self, releases: ReleaseTarget, one: Worker
    ) -> None:
        first = releases.current()
        Site.objects.update(site_name="known")
        self.look(one)
        second = releases.current()
        assert first
        assert second
        releases.activate(first)
        Site.objects.update(site_name="canary")
        self.look(one)
        releases.activate(second)
        self.look(one)
        assert live_file(releases, "localhost/index.html") == b"canary"

    def test_who_looks_between_the_switch_and_the_state_of_another_s_build_sees_the_state_later(
        self, releases: ReleaseTarget, registry: Registry, one: Worker
    ) -> None:
        state = releases.root / ".state.sqlite3"
        before = state.read_bytes()
        Site.objects.update(site_name="known")
        build(releases, registry=registry, journal=changes.since)
        after = state.read_bytes()
        state.write_bytes(before)
        self.look(one)
        state.write_bytes(after)
        Site.objects.update(site_name="canary")
        self.look(one)
        assert live_file(releases, "localhost/index.html") == b"canary"

    def test_a_release_whose_state_was_lost_is_built_again_once_nobody_writes_it_any_more(
        self, releases: ReleaseTarget, registry: Registry, one: Worker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        state = releases.root / ".state.sqlite3"
        before = state.read_bytes()
        Site.objects.update(site_name="known")
        self.look(one)
        live = releases.current()
        state.write_bytes(before)
        other = worker(releases, registry)
        Site.objects.update(site_name="canary")
        self.look(other)
        assert releases.current() == live, "somebody may be writing it"
        monkeypatch.setattr("generator.worker.BEHIND_SECONDS", 0.0)
        self.look(other)
        assert live_file(releases, "localhost/index.html") == b"canary"
        requests = BuildRequest.objects.count()
        self.look(other)
        self.look(other)
        assert BuildRequest.objects.count() == requests


@pytest.mark.django_db
def test_the_time_of_what_somebody_else_has_built_is_heeded(releases: ReleaseTarget) -> None:
    ends: list[datetime] = []

    def render() -> str:
        record("clock")
        for end in ends:
            record_until(end)
        return "after" if ends and timezone.now() >= ends[0] else "before"

    registry = site(Document("/fr/", render), page("/fr/a/", "x"))
    one = worker(releases, registry)
    one.work_once()
    ends.append(timezone.now() + timedelta(seconds=0.5))
    build(releases, registry=registry, full=True, journal=changes.since)
    one.work_once()
    assert live_file(releases, "fr/index.html") == b"before"
    time.sleep(0.6)
    one.work_once()
    assert live_file(releases, "fr/index.html") == b"after"
