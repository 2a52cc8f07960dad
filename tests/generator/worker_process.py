"""A worker in a process of its own: `worker_process.py FOLDER SECONDS_A_DOCUMENT [--once]`.

Its database and releases lie in FOLDER. Prints "rendering" when its build is half way.
"""

import sys
import time
from functools import partial
from pathlib import Path

import django
from django.conf import settings

FOLDER = Path(sys.argv[1])
settings.configure(
    INSTALLED_APPS=["generator"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "db.sqlite3"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    LANGUAGES=[("fr", "French"), ("nl", "Dutch")],
    LANGUAGE_CODE="fr",
    USE_TZ=True,
    VIGIE_BASE_URL="https://safe.example",
    VIGIE_DYNAMIC_PREFIXES=("/cms/",),
    VIGIE_RELEASES_ROOT=FOLDER / "releases",
    VIGIE_WORKER_POLL_SECONDS=0.05,
)
django.setup()

from django.core.management import call_command  # noqa: E402

from generator import registry  # noqa: E402
from generator.documents import Document  # noqa: E402

DOCUMENTS = 20


def render(number: int) -> str:
    time.sleep(float(sys.argv[2]))
    if number == DOCUMENTS // 2:
        sys.stdout.write("rendering\n")
        sys.stdout.flush()
    return f"<p>{number}</p>"


@registry.documents("pages")
def documents(context: registry.BuildContext) -> list[Document]:
    return [Document(f"/fr/{number}/", partial(render, number)) for number in range(DOCUMENTS)]


call_command("migrate", verbosity=0)
call_command("worker", once="--once" in sys.argv)
