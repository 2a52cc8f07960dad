"""manage.py worker"""

import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from generator import conf
from generator.targets import ReleaseTarget
from generator.worker import Worker


class Command(BaseCommand):
    help = (
        "Keep the public site up to date: build when content has changed, retry what failed, and call the "
        "periodic jobs (scheduled go-live, expiry). Runs until SIGTERM or SIGINT and then stops before "
        "the next document; what it was building is built by the next worker. Run exactly one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once",
            action="store_true",
            help="call every periodic job, build what is asked for, and end; exit status 1 when that failed",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        target = ReleaseTarget(conf.releases_root(), kept=conf.releases_kept())
        worker = Worker(target, poll_seconds=conf.worker_poll_seconds(), jobs=conf.build_jobs())
        previous = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
        for number in previous:
            signal.signal(number, lambda _number, _frame: worker.stop())
        try:
            if not options["once"]:
                worker.run()
            elif not worker.work_once():
                raise CommandError(
                    "The build failed; the log names each URL. `manage.py build` shows it again."
                )
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
