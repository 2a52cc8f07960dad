"""Several officers publish at once, each in a process, on a copy of the tests' database."""

import pytest
from django.db import IntegrityError, transaction

from tests.alerts import officer
from tests.alerts.processes import Work
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


def test_officers_who_publish_at_once_make_one_chain(processes):
    """All publish the same draft: one Alert, and the rest are Updates; nobody's message is lost."""
    pk = Work(officer.draft).result()
    officers = [Work(officer.publish, pk, TIMES) for _ in range(OFFICERS)]
    for work in officers:
        work.result()
    assert Work(officer.verify).result() == (OFFICERS * TIMES, [])
