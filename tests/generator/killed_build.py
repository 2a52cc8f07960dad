"""A build in a process of its own, to be killed: `killed_build.py ROOT DOCUMENTS SECONDS_A_DOCUMENT TEXT`.
Prints "ready" before the build and "rendering" half way through."""

import sys
import time
from functools import partial
from pathlib import Path

import django
from django.conf import settings

settings.configure(
    LANGUAGES=[("fr", "French"), ("nl", "Dutch")],
    LANGUAGE_CODE="fr",
    USE_TZ=True,
    VIGIE_BASE_URL="https://safe.example",
    VIGIE_DYNAMIC_PREFIXES=("/cms/",),
)
django.setup()

from generator.build import build  # noqa: E402
from generator.documents import Document  # noqa: E402
from generator.registry import Registry  # noqa: E402
from generator.targets import ReleaseTarget  # noqa: E402


def main(root: str, documents: int, seconds: float, text: str) -> None:
    def say(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    def render(number: int) -> str:
        time.sleep(seconds)
        if number == documents // 2:
            say("rendering")
        return f"<p>{text} {number}</p>" * 20

    registry = Registry()
    registry.documents("pages")(
        lambda context: [Document(f"/fr/{number}/", partial(render, number)) for number in range(documents)]
    )
    say("ready")
    build(ReleaseTarget(Path(root), kept=3), registry=registry)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4])
