"""Builds as the worker makes them that are killed, or whose file system or database fails, one after the other:
`faulty_build.py ROOT KIND`. What is no release (the database, the folder of the search index) lies in VIGIE_FAULTY.

`moments:COUNT` kills COUNT builds at random moments, `calls` one build before each call to the file system,
`errors:ENOSPC:2` fails every fourth call from the second on, each in a build of its own, `database` loses the database
before every fourth call, `whole` builds once and undisturbed, `large` as well, with a page of two megabytes. Each build
runs in a process forked from this one. After each, the live release must be whole; now and then an undisturbed build
must repair what the others left. Prints what was found as one JSON object; an AssertionError ends it.
"""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import django
from django.conf import settings

WORK = Path(os.environ["VIGIE_FAULTY"])
DATABASE = WORK / "faulty.sqlite3"
settings.configure(
    INSTALLED_APPS=["generator"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATABASE,
            # So that the calls that are counted are those of the build.
            "OPTIONS": {"init_command": "PRAGMA synchronous=OFF"},
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    LANGUAGES=[("fr", "French"), ("nl", "Dutch")],
    LANGUAGE_CODE="fr",
    USE_TZ=True,
    VIGIE_BASE_URL="https://safe.example",
    VIGIE_DYNAMIC_PREFIXES=("/cms/",),
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import OperationalError, connections  # noqa: E402

from generator import changes, search, targets  # noqa: E402
from generator.build import BuildError, Keeper, build  # noqa: E402
from generator.documents import Document, Redirect  # noqa: E402
from generator.fencing import Fence  # noqa: E402
from generator.models import Change  # noqa: E402
from generator.recording import record  # noqa: E402
from generator.registry import BuildContext, Registry  # noqa: E402
from generator.search import Index  # noqa: E402
from generator.slots import Marker  # noqa: E402
from generator.targets import ReleaseTarget, current_release  # noqa: E402
from generator.verification import verify_release  # noqa: E402

SAME = ["/fr/4/", "/fr/5/"]
"""Pages that say the same in each build, the band aside, and are searched."""
URGENT, OTHERS = "/fr/0/", ["/fr/1/", "/fr/2/"]
KEPT = 3
REPAIRED_EVERY = 10
EVERY = 4
INDEXES = 3
LARGE = 2 * 2**20
REFUSED, LOST = 3, 4
"""How a build's process ends when the build says that it could not be written, or the database is away."""


def registry(text: str, *, is_large: bool = False) -> Registry:
    """An alert, the band on all pages, and a few pages with `text`, one of them urgent, one that comes and goes."""
    made = Registry()
    only = f"/fr/only-{text}/"

    def alerts(context: BuildContext) -> list[Document]:
        record("text")
        return [Document("/alerts/active.json", lambda: text, media_type="application/json")]

    def names(context: BuildContext) -> list[str]:
        record("text")
        return [URGENT, *OTHERS, *SAME, only]

    def pages(context: BuildContext, names: list[str]) -> Iterator[tuple[str, list[Document]]]:
        for name in names:
            yield name, [Document(name, partial(page, name))]

    def page(name: str) -> str:
        record(f"page={name}" if name in SAME else "text")
        said = "same" if name in SAME else text
        body = f"<p>{said} {name}</p>" * (LARGE // 20 if is_large else 40)
        return f"<b>{Marker('band', 'fr')}</b><main data-pagefind-body>{body}</main>"

    def band(context: BuildContext, argument: str) -> str:
        record("text")
        return text

    made.documents("alerts", urgent=True)(alerts)
    made.parts("pages", names=names, urgent=lambda context: [URGENT])(pages)
    made.slot("band")(band)
    made.redirects("pages")(lambda context: [Redirect("/fr/old/", "/fr/1/")])
    return made


def search_index(root: Path, number: int) -> Index | None:
    """What Pagefind would have made of the pages that stay, each time another one."""
    public = root / str(current_release(root)) / "public"
    pages = {
        path: part for path, part in search.parts(public).items() if f"/{path}"[: -len("index.html")] in SAME
    }
    folder = WORK / f"index-{number}"
    folder.mkdir(exist_ok=True)
    (folder / "pagefind.js").write_text(f"index {number}")
    (folder / search.SOURCES).write_text(json.dumps(pages))
    return Index(folder, None) if pages else None


def in_process(work: Callable[[], None]) -> int:
    """Start `work` in a process of its own."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BuildError:
            os._exit(REFUSED)
        except OperationalError:
            os._exit(LOST)
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

    def build(self, before: Callable[[], None] = lambda: None, *, is_large: bool = False) -> int:
        """A build of a text that no build had, as the worker makes it."""
        self.number += 1
        text = f"text-{self.number}"
        self.texts.append(text)
        Change.objects.create(keys="text")
        index = search_index(self.root, self.number % INDEXES) if current_release(self.root) else None
        # Who is forked opens one of its own.
        connections.close_all()

        def work() -> None:
            target = ReleaseTarget(self.root, kept=KEPT)
            made = registry(text, is_large=is_large)
            keeper = Keeper()
            before()
            with suppress(Exception):
                keeper.warm_up(target, made)
            result = build(
                target, registry=made, journal=changes.since, fence=Fence.take(), keeper=keeper, index=index
            )
            assert result.release
            assert not result.failures
            with suppress(OSError):
                target.prepare()

        return in_process(work)

    def check(self) -> str:
        """The live release is whole, and of one build, but for what is urgent, which may be of a later one. The text of
        both where it is the same."""
        live = current_release(self.root)
        assert live
        findings = verify_release(self.root / live)
        assert findings.whole, findings
        public = self.root / live / "public"
        [text] = {said(public, name) for name in OTHERS}
        assert [band(public, name) for name in (*OTHERS, *SAME)] == [text] * 4
        assert {said(public, name) for name in SAME} == {"same"}
        assert [path.parent.name for path in public.glob("fr/only-*/index.html")] == [f"only-{text}"]
        [urgent] = {
            (public / "alerts/active.json").read_text(),
            said(public, URGENT),
            band(public, URGENT),
        }
        assert self.texts.index(urgent) >= self.texts.index(text)
        return text if urgent == text else ""

    def repair(self) -> None:
        """An undisturbed build is live, and nothing is left of the others."""
        assert ended(self.build()) == 0
        assert self.check() == self.texts[-1]
        names = {path.name for path in self.root.iterdir()}
        leftovers = [name for name in names if name.startswith((".building-", ".removing-", ".current"))]
        assert not leftovers, leftovers
        target = ReleaseTarget(self.root)
        assert target.is_prepared()
        assert len(target.releases()) <= KEPT


def said(public: Path, name: str) -> str:
    text = (public / name.strip("/") / "index.html").read_text()
    return text.partition("<p>")[2].partition(" ")[0]


def band(public: Path, name: str) -> str:
    text = (public / name.strip("/") / "index.html").read_text()
    return text.partition("<b>")[2].partition("<")[0]


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


def kill_at_moments(site: Site, wanted: int) -> dict[str, Any]:
    generator = random.Random(wanted)
    started = time.monotonic()
    assert ended(site.build()) == 0
    longest = time.monotonic() - started
    killed = builds = 0
    while killed < wanted:
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


def at_calls(site: Site, act: Callable[[], None], first: int = 1, every: int = 1) -> dict[str, Any]:
    """Disturb a build before its `first` call, the next before one that comes `every` calls later, until one ends
    undisturbed."""
    statuses: list[int] = []
    for number in count(first, every):
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
        if len(statuses) % REPAIRED_EVERY == 0:
            site.repair()
    site.repair()
    return {
        "builds": len(statuses) + 1,
        "killed": statuses.count(-signal.SIGKILL),
        "refused": statuses.count(REFUSED),
        "lost": statuses.count(LOST),
        "whole": statuses.count(0),
    }


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail(number: int) -> None:
    raise OSError(number, os.strerror(number), "injected")


def lose_database() -> None:
    """From now on nothing answers."""
    connections.close_all()
    connections["default"].settings_dict["NAME"] = WORK / "away" / "faulty.sqlite3"


def main(root: str, kind: str) -> None:
    if not DATABASE.exists():
        call_command("migrate", verbosity=0)
    site = Site(Path(root))
    name, *values = kind.split(":")
    if name in {"whole", "large"}:
        # Content that no build had: without a change there is nothing to do.
        site.number = time.monotonic_ns()
        found = {"status": ended(site.build(is_large=name == "large"))}
    else:
        # A kill loses nothing of what the kernel has; only whoever else writes to this disk would be waited for.
        targets.sync_tree = lambda folder: None
        assert ended(site.build()) == 0
        found = {
            "moments": lambda: kill_at_moments(site, int(values[0])),
            "calls": lambda: at_calls(site, kill),
            "database": lambda: at_calls(site, lose_database, every=EVERY),
            "errors": lambda: at_calls(
                site, partial(fail, getattr(errno, values[0])), first=int(values[1]), every=EVERY
            ),
        }[name]()
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
