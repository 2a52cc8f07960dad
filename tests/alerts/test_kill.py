"""A worker that is killed while it delivers: nobody is left out, and nobody sees a message twice."""

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from alerts.delivery import outbox, push
from tests.alerts import courier
from tests.alerts.processes import Work
from tests.alerts.push_service import PushService

DEVICES = 70  # more than a batch


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as service:
        yield service


class Couriers:
    def __init__(self, service: PushService, releases: Path) -> None:
        self.place = service.url, push.new_private_key(), releases

    def start(self, function: Callable[..., Any], *arguments: Any) -> Work:
        return Work(function, *self.place, *arguments)

    def finish(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return self.start(function, *arguments).result()


@pytest.fixture
def couriers(processes: None, service: PushService, tmp_path: Path) -> Couriers:
    return Couriers(service, tmp_path / "releases")


def published(couriers: Couriers, service: PushService) -> str:
    devices = [service.device(f"device{number}") for number in range(DEVICES)]
    return couriers.finish(courier.publish, [device.subscription(service.url) for device in devices])


def check(service: PushService, identifier: str, most_twice: int) -> None:
    """Everybody got it; who got it twice got the same under the same tag and topic, which shows once."""
    times = Counter(one.name for one in service.received)
    assert set(times) == set(service.devices)
    assert max(times.values()) <= 2
    assert sum(count - 1 for count in times.values()) <= most_twice
    assert {(one.message["id"], one.message["tag"]) for one in service.received} == {(identifier, identifier)}
    assert len({one.headers["topic"] for one in service.received}) == 1


@pytest.mark.parametrize(
    ("point", "most_twice"),
    [("addressing", 0), ("claim", 0), ("send", 0), ("record", outbox.BATCH), ("conclude", 0)],
)
def test_killed_at_any_point_it_is_finished_by_the_next_worker(couriers, service, point, most_twice):
    identifier = published(couriers, service)
    assert couriers.start(courier.deliver, point).ended() == -signal.SIGKILL
    assert couriers.finish(courier.deliver) == "done"
    before = len(service.received)
    assert couriers.finish(courier.deliver) == "done"
    assert len(service.received) == before
    check(service, identifier, most_twice)


def test_killed_while_the_push_service_answers(couriers, service):
    identifier = published(couriers, service)
    service.gate.clear()
    work = couriers.start(courier.deliver)
    while len(service.received) < push.AT_ONCE:
        assert work.process.is_alive()
    work.process.kill()
    assert work.ended() == -signal.SIGKILL
    service.gate.set()
    assert couriers.finish(courier.deliver) == "done"
    check(service, identifier, push.AT_ONCE)


def test_two_workers_at_once_tell_nobody_twice(couriers, service):
    identifier = published(couriers, service)
    workers = [couriers.start(courier.deliver_beside) for _ in range(2)]
    for worker in workers:
        worker.result()
    couriers.finish(courier.deliver)
    check(service, identifier, 0)
