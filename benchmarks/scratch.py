"""A site to measure: the demo content in a database of its own, away from any other."""

import contextlib
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


@contextlib.contextmanager
def demo_site(kept: Path | None = None) -> Iterator[Path]:
    """Django, set up on a demo site in a temporary folder, or in `kept`, where it is found again the next time.

    To be called once a process, before anything imports a model.
    """
    with contextlib.ExitStack() as stack:
        folder = kept or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vigie-benchmark-")))
        folder = folder.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
            "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
            "MEDIA_ROOT": str(folder / "media"),
            "STATIC_ROOT": str(folder / "static"),
            "VIGIE_RELEASES_ROOT": str(folder / "releases"),
            "VIGIE_BASE_URL": "https://vigie.example",
            "DEBUG": "false",
        }
        sys.path.insert(0, str(PROJECT / "site"))
        import django

        django.setup()
        logging.disable(logging.INFO)
        from django.core.management import call_command

        print(f"Demo site in {folder} …", file=sys.stderr)
        with (folder / "making.log").open("w") as log:
            call_command("migrate", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            call_command("load_demo", stdout=log)
        yield folder
