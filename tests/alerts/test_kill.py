"""A worker that is killed while it delivers: nobody is left out, and nobody sees a message twice."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from alerts.delivery import outbox, push
from tests.alerts.push_service import PushService

DEVICES = 70  # more than a batch


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as service:
        yield service


class Couriers:
    def __init__(self, database_url: str, service: PushService, releases: Path) -> None:
        self.environment = os.environ | {
            "DATABASE_URL": database_url,
            "PYTHONPATH": f"site{os.pathsep}.",
            "PUSH_SERVICE": service.url,
            "PUSH_KEY": push.new_private_key(),
            "RELEASES": str(releases),
        }

    def start(self, *arguments: str, told: Any = None) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.alerts.courier", *arguments],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdin
        process.stdin.write(json.dumps(told))
        process.stdin.close()
        process.stdin = None
        return process

    def finish(self, *arguments: str, told: Any = None) -> str:
        process = self.start(*arguments, told=told)
        output, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        return output.strip()


@pytest.fixture
def couriers(database_url: str, service: PushService, tmp_path: Path) -> Couriers:
    return Couriers(database_url, service, tmp_path / "releases")


def published(couriers: Couriers, service: PushService) -> str:
    devices = [service.device(f"device{number}") for number in range(DEVICES)]
    return couriers.finish("publish", told=[device.subscription(service.url) for device in devices])


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
    killed = couriers.start("deliver", point)
    killed.communicate(timeout=120)
    assert killed.returncode == -signal.SIGKILL
    assert couriers.finish("deliver", "") == "done"
    before = len(service.received)
    assert couriers.finish("deliver", "") == "done"
    assert len(service.received) == before
    check(service, identifier, most_twice)


def test_killed_while_the_push_service_answers(couriers, service):
    identifier = published(couriers, service)
    service.gate.clear()
    process = couriers.start("deliver", "")
    while len(service.received) < push.AT_ONCE:
        assert process.poll() is None
    process.kill()
    process.communicate(timeout=120)
    service.gate.set()
    assert couriers.finish("deliver", "") == "done"
    check(service, identifier, push.AT_ONCE)


def test_two_workers_at_once_tell_nobody_twice(couriers, service):
    identifier = published(couriers, service)
    workers = [couriers.start("deliver", "", "beside") for _ in range(2)]
    for worker in workers:
        _output, errors = worker.communicate(timeout=120)
        assert worker.returncode == 0, errors
    couriers.finish("deliver", "")
    check(service, identifier, 0)
