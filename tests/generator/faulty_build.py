"""Builds that are killed, or whose file system fails, one after the other: `faulty_build.py ROOT KIND`.

`moments:COUNT` kills COUNT builds at random moments, `calls` one build before each call to the file system,
`errors:ENOSPC` fails each call in its turn, `whole` builds once and undisturbed. Each build runs in a process forked
from this one. After each, the live release must be whole; now and then an undisturbed build must repair what the others
left. Prints what was found as one JSON object; an AssertionError ends it.
"""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

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

from generator.build import BuildError, build  # noqa: E402
from generator.documents import Document, Redirect  # noqa: E402
from generator.registry import Registry  # noqa: E402
from generator.targets import ReleaseTarget, current_release  # noqa: E402
from generator.verification import verify_release  # noqa: E402

DOCUMENTS = 12
KEPT = 3
REPAIRED_EVERY = 10
REFUSED = 3
"""How a build's process ends when the build says that it could not be written."""


def registry(text: str) -> Registry:
    """A few pages with `text`, most of them the same each time, one that comes and goes."""
    made = Registry()
    pages = []
    for number in range(DOCUMENTS):
        pages.append(Document(f"/fr/{number}/", partial(page, text if number < 4 else "same", number)))
    pages.append(Document(f"/fr/only-{text}/", partial(page, text, 0)))
    made.documents("pages")(lambda context: pages)
    made.redirects("pages")(lambda context: [Redirect("/fr/old/", "/fr/1/")])
    return made


def page(text: str, number: int) -> str:
    return f"<p>{text} {number}</p>" * 40


def in_process(work: Callable[[], None]) -> int:
    """Start `work` in a process of its own."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BuildError:
            os._exit(REFUSED)
        except BaseException as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    return pid


def ended(pid: int) -> int:
    """Its status: negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


class Site:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.number = 0
        self.texts: list[str] = []

    def build(self, before: Callable[[], None] = lambda: None) -> int:
        """A build of a text that no build had."""
        self.number += 1
        text = f"text-{self.number}"
        self.texts.append(text)

        def work() -> None:
            target = ReleaseTarget(self.root, kept=KEPT)
            made = registry(text)
            before()
            assert build(target, registry=made).release

        return in_process(work)

    def check(self) -> str:
        """The live release is whole, and of one build. Its text."""
        live = current_release(self.root)
        assert live
        findings = verify_release(self.root / live)
        assert findings.whole, findings
        public = self.root / live / "public"
        texts = {
            path.read_text().split(" ", 1)[0].removeprefix("<p>")
            for path in public.glob("fr/[0-3]/index.html")
        }
        [text] = texts
        assert text in self.texts
        assert (public / f"fr/only-{text}/index.html").is_file()
        assert len(list(public.glob("fr/only-*"))) == 1
        return text

    def repair(self) -> None:
        """An undisturbed build is live, and nothing is left of the others."""
        assert ended(self.build()) == 0
        assert self.check() == self.texts[-1]
        names = {path.name for path in self.root.iterdir()}
        leftovers = [name for name in names if name.startswith((".building-", ".removing-", ".current"))]
        assert not leftovers, leftovers
        assert len(ReleaseTarget(self.root).releases()) <= KEPT


def at_call(number: int, root: Path, act: Callable[[], None]) -> Callable[[], None]:
    """Calls `act` before the `number`th call of this process to the file system below `root` (os, open, shutil)."""
    seen = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if (event == "open" or event.startswith("os.")) and any(
            str(root) in str(argument) for argument in arguments if isinstance(argument, str | os.PathLike)
        ):
            seen += 1
            if seen == number:
                act()

    return lambda: sys.addaudithook(hook)


def kill_at_moments(site: Site, count: int) -> dict[str, Any]:
    generator = random.Random(count)
    started = time.monotonic()
    assert ended(site.build()) == 0
    longest = time.monotonic() - started
    killed = builds = 0
    while killed < count:
        builds += 1
        pid = site.build()
        time.sleep(generator.uniform(0, longest))
        os.kill(pid, signal.SIGKILL)
        killed += ended(pid) == -signal.SIGKILL
        site.check()
        if builds % REPAIRED_EVERY == 0:
            site.repair()
    site.repair()
    return {"builds": builds, "killed": killed}


def at_calls(site: Site, act: Callable[[], None]) -> dict[str, Any]:
    """Disturb a build before its first call, the next before its second, until one ends undisturbed."""
    number = 0
    statuses: list[int] = []
    while True:
        number += 1
        acted = site.root.parent / "acted"
        acted.unlink(missing_ok=True)

        def disturb(acted: Path = acted) -> None:
            os.close(os.open(acted, os.O_CREAT | os.O_WRONLY))
            act()

        status = ended(site.build(at_call(number, site.root, disturb)))
        site.check()
        if not acted.exists():
            assert status == 0
            break
        statuses.append(status)
        if number % REPAIRED_EVERY == 0:
            site.repair()
    site.repair()
    return {
        "builds": number,
        "killed": statuses.count(-signal.SIGKILL),
        "refused": statuses.count(REFUSED),
        "whole": statuses.count(0),
    }


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail(number: int) -> None:
    raise OSError(number, os.strerror(number), "injected")


def main(root: str, kind: str) -> None:
    site = Site(Path(root))
    name, _colon, value = kind.partition(":")
    if name == "whole":
        # Content that no build had: without a change there is nothing to do.
        site.number = time.monotonic_ns()
        found = {"status": ended(site.build())}
    else:
        assert ended(site.build()) == 0
        found = {
            "moments": lambda: kill_at_moments(site, int(value)),
            "calls": lambda: at_calls(site, kill),
            "errors": lambda: at_calls(site, partial(fail, getattr(errno, value or "EIO"))),
        }[name]()
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
