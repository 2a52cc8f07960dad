"""A duty officer in a process of their own, for the tests of what happens when several publish at once.

python -m tests.alerts.officer draft          make a draft, print its identifier
python -m tests.alerts.officer send ID TIMES  publish it so many times
python -m tests.alerts.officer verify         print the number of messages; fails where the ledger is not sound
"""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
django.setup()

from alerts import ledger  # noqa: E402
from alerts.models import AlertMessage, AlertPage  # noqa: E402
from tests.factories.alerts import AlertFactory, approver, author, send  # noqa: E402


def main(action: str, *arguments: str) -> None:
    if action == "draft":
        alert = AlertFactory()
        alert.save_revision(user=author())
        approver()
        sys.stdout.write(str(alert.pk))
    elif action == "send":
        pk, times = map(int, arguments)
        for _ in range(times):
            send(AlertPage.objects.get(pk=pk))
    else:
        problems = ledger.verify()
        sys.stdout.write(str(AlertMessage.objects.count()))
        sys.exit("\n".join(problems) or 0)


main(*sys.argv[1:])
