"""Several officers publish at once, each in a process, on a copy of the tests' database."""

import os
import subprocess
import sys

import pytest
from django.db import IntegrityError, transaction

from tests.factories.alerts import AlertFactory, send

OFFICERS, TIMES = 3, 5


@pytest.mark.django_db
def test_the_database_refuses_two_messages_that_follow_the_same_one(clock):
    alert = AlertFactory()
    send(alert)
    second = send(alert)
    second.pk, second.identifier, second.seal = None, "vigie-other", "0" * 64
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save(force_insert=True)


def officer(database_url: str, *arguments: str) -> subprocess.Popen[str]:
    environment = os.environ | {"DATABASE_URL": database_url, "PYTHONPATH": f"site{os.pathsep}."}
    command = [sys.executable, "-m", "tests.alerts.officer", *arguments]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finished(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return output.strip()


def test_officers_who_publish_at_once_make_one_chain(database_url):
    """All publish the same draft: one Alert, and the rest are Updates; nobody's message is lost."""
    pk = finished(officer(database_url, "draft"))
    officers = [officer(database_url, "send", pk, str(TIMES)) for _ in range(OFFICERS)]
    for process in officers:
        finished(process)
    assert finished(officer(database_url, "verify")) == str(OFFICERS * TIMES)
