"""Where apps say what they publish.

    from generator import registry

    @registry.documents("news")
    def documents(context: registry.BuildContext) -> Iterable[Document]: ...

An app does this in its `publishing.py`, imported by `ready()` of its `apps.py`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from django.apps import apps

from generator.changed import Changed
from generator.documents import Document, Redirect
from generator.recording import Memo, record_always, record_until
from generator.slots import iso


@dataclass(frozen=True)
class BuildContext:
    """What every publisher is told: when the build began (aware), and the site's address without a last
    slash. `memo` keeps what several of them need in this build; `warm` what the next one can use, if it runs in the
    same process: together with `changed`, what has changed since the build whose state is known, or everything."""

    started_at: datetime
    base_url: str
    memo: Memo = field(default_factory=Memo, compare=False, repr=False)
    changed: Changed = field(default=Changed(everything=True), compare=False, repr=False)
    warm: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def generated_at(self) -> datetime:
        """When the build began. What reads it without saying how long the answer holds is made in every build."""
        record_always()
        return self.started_at

    def now(self, until: datetime | None) -> datetime:
        """When the build began, for an answer that holds until `until` (None: for good)."""
        record_until(until)
        return self.started_at


DocumentsPublisher = Callable[[BuildContext], Iterable[Document]]
RedirectsPublisher = Callable[[BuildContext], Iterable[Redirect]]
PartNames = Callable[[BuildContext], Iterable[str]]
PartsPublisher = Callable[[BuildContext, list[str]], Iterable[tuple[str, Iterable[Document]]]]
Facts = Callable[[BuildContext], Mapping[str, str]]
SlotFiller = Callable[[BuildContext, str], str]
StampForm = Callable[[datetime], str]
Job = Callable[[], object]
WarmUp = Callable[[BuildContext], object]
ReleaseCheck = Callable[[Path, Path | None], Iterable[str]]
Withheld = Callable[[Collection[str]], Iterable[str]]
F = TypeVar("F", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Parts:
    """A publisher of many documents in parts that become stale one by one. `names` lists all parts in their order;
    `documents` yields those asked for, each with its documents, and may read them in bulk."""

    names: PartNames
    documents: PartsPublisher
    urgent: PartNames = lambda context: ()
    """Those of them that lives depend on."""

    def __call__(self, context: BuildContext) -> Iterator[Document]:
        for _name, documents in self.documents(context, list(self.names(context))):
            yield from documents


@dataclass(frozen=True, slots=True)
class FactsSource:
    """Facts by key, as short texts, that follow from the rows of `tables`. Where `is_recorded`, all that they follow
    from is recorded while they are told, so that less of it makes them be told again. Those that `can_wait` are told
    after what is urgent is made, which is made again with the rest where it shows them."""

    tables: frozenset[str]
    facts: Facts
    is_recorded: bool = False
    can_wait: bool = False


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job that the worker calls every so many seconds, and once when it starts; an `urgent` one also as soon as what
    is urgent is live, before the rest of the site is made. One that is `before_builds` changes what the site shows, and
    is called by a build by hand too: there may be no worker. One that is `apart` is called in a process of that name,
    beside the worker: no build waits for what talks to other machines, and what has its time waits for no build. Those
    of one name wait for each other. One that is `timely` asks for a build when the time of something on the site has
    come: the worker, which sees that too, calls it before it builds, so as not to be asked for the same once more while
    it does."""

    name: str
    seconds: float
    job: Job
    urgent: bool = False
    before_builds: bool = False
    apart: str = ""
    timely: bool = False


class Registry:
    """Publishers and periodic jobs, each under a name, called in the order of registering."""

    def __init__(self) -> None:
        self.document_publishers: dict[str, DocumentsPublisher] = {}
        self.redirect_publishers: dict[str, RedirectsPublisher] = {}
        self.periodic_jobs: dict[str, Periodic] = {}
        self.release_checks: dict[str, ReleaseCheck] = {}
        self.file_checks: dict[str, ReleaseCheck] = {}
        self.acceptable_checks: set[str] = set()
        self.urgent_publishers: set[str] = set()
        self.urgent_redirects: set[str] = set()
        self.withheld: dict[str, Withheld] = {}
        self.warm_ups: dict[str, WarmUp] = {}
        self.facts_sources: dict[str, FactsSource] = {}
        self.slots: dict[str, SlotFiller] = {}
        self.stamps: dict[str, StampForm] = {"iso": iso}
        self._unwatched: list[str] = []
        self._derived: list[str] = []
        self.shown_settings: set[str] = set()
        self._columns: list[tuple[str, frozenset[str], frozenset[str]]] = []

    def parts(
        self, name: str, *, names: PartNames, urgent: PartNames = lambda context: ()
    ) -> Callable[[PartsPublisher], Parts]:
        """Register what yields documents part by part, `urgent` ones with those of urgent publishers. Raises
        ValueError when the name is taken."""

        def register(publisher: PartsPublisher) -> Parts:
            parts = Parts(names, publisher, urgent)
            whole: DocumentsPublisher = parts
            _add(self.document_publishers, "documents", name, whole)
            return parts

        return register

    def facts(
        self, name: str, *, tables: Iterable[str], is_recorded: bool = False, can_wait: bool = False
    ) -> Callable[[Facts], Facts]:
        """Register what tells facts: a document that recorded the key of one is stale when the fact is another.
        They are asked for when one of `tables` has changed; where `is_recorded`, a worker that has asked before asks
        again only when what was read then has changed. Those that take long and `can_wait` hold back nothing urgent."""

        watched = frozenset(tables)

        def register(facts: Facts) -> Facts:
            source = FactsSource(watched, facts, is_recorded, can_wait)
            _add(self.facts_sources, "facts", name, source)
            return facts

        return register

    def slot(self, name: str) -> Callable[[SlotFiller], SlotFiller]:
        """Register what fills a slot (`generator.slots`) for an argument."""
        return lambda filler: _add(self.slots, "slot", name, filler)

    def stamp(self, form: str) -> Callable[[StampForm], StampForm]:
        """Register a way to write the time at which a file was made."""
        return lambda write: _add(self.stamps, "stamp", form, write)

    def shows_settings(self, *names: str) -> None:
        """Documents print these settings, or depend on them: where one is another, everything is made anew."""
        self.shown_settings.update(names)

    def unwatched(self, *models: str) -> None:
        """No public document shows these models ("sessions.session"), or a whole app's ("sessions"): their changes
        are not noted. A document that reads one nevertheless is made in every build."""
        self._unwatched += models
        self.__dict__.pop("_tables", None)

    def derived(self, *models: str) -> None:
        """These models hold what follows from others, as an image's sizes from the image: neither reading nor
        writing them says anything."""
        self._derived += models
        self.__dict__.pop("_tables", None)

    def columns(self, table: str, *, unshown: Iterable[str] = (), apart: Iterable[str] = ()) -> None:
        """Changes in only the `unshown` columns of `table` concern no document; those in `apart` ones not the
        documents that show the row, only those that read the table, and facts."""
        self._columns.append((table, frozenset(unshown), frozenset(apart)))

    def unwatched_tables(self) -> frozenset[str]:
        """The tables whose changes are not noted."""
        return self._tables[0] | self._tables[1]

    def derived_tables(self) -> frozenset[str]:
        """The tables that say nothing."""
        return self._tables[1]

    @cached_property
    def _tables(self) -> tuple[frozenset[str], frozenset[str]]:
        return _tables_of(self._unwatched), _tables_of(self._derived)

    def columns_of(self, table: str) -> tuple[frozenset[str], frozenset[str]]:
        """The unshown columns of `table`, and those apart."""
        unshown: frozenset[str] = frozenset()
        apart: frozenset[str] = frozenset()
        for name, one, other in self._columns:
            if name == table:
                unshown, apart = unshown | one, apart | other
        return unshown, apart

    def warm_up(self, name: str) -> Callable[[WarmUp], WarmUp]:
        """Register what a worker calls while it waits for its first build, so that this is as quick as those after it.
        It may read, and keep what it read in `context.warm`. Raises ValueError when the name is taken."""
        return lambda job: _add(self.warm_ups, "warm_up", name, job)

    def documents(
        self, name: str, *, urgent: bool = False
    ) -> Callable[[DocumentsPublisher], DocumentsPublisher]:
        """Register what yields documents. When an `urgent` publisher's have changed, all that is urgent goes live in a
        release of its own, before the rest. Raises ValueError when the name is taken."""
        if urgent:
            self.urgent_publishers.add(name)
        return lambda publisher: _add(self.document_publishers, "documents", name, publisher)

    def redirects(
        self, name: str, *, urgent: bool = False
    ) -> Callable[[RedirectsPublisher], RedirectsPublisher]:
        """Register what yields redirects; `urgent` ones go live with the documents of urgent publishers. Raises
        ValueError when the name is taken."""
        if urgent:
            self.urgent_redirects.add(name)
        return lambda publisher: _add(self.redirect_publishers, "redirects", name, publisher)

    def attachments_withheld(self, name: str) -> Callable[[Withheld], Withheld]:
        """Register what yields those of the paths that it is given which the public is not to see: a document that
        fails, and keeps its last good version, does not keep them. Raises ValueError when the name is taken."""
        return lambda withheld: _add(self.withheld, "attachments_withheld", name, withheld)

    def periodic(
        self,
        name: str,
        *,
        seconds: float,
        urgent: bool = False,
        before_builds: bool = False,
        apart: str = "",
        timely: bool = False,
    ) -> Callable[[F], F]:
        """Register a job for the worker (`Periodic`). Raises ValueError when the name is taken or `seconds` is not
        positive."""
        if seconds <= 0:
            message = f"The periodic job {name!r} is to run every {seconds} seconds. Give a number above 0."
            raise ValueError(message)

        def register(job: F) -> F:
            periodic = Periodic(name, seconds, job, urgent, before_builds, apart, timely)
            _add(self.periodic_jobs, "periodic", name, periodic)
            return job

        return register

    def release_check(
        self, name: str, *, from_files: ReleaseCheck | None = None, is_acceptable: bool = False
    ) -> Callable[[ReleaseCheck], ReleaseCheck]:
        """Register what may object to going back to a release: given the folder of its public files and that of the
        live one's (None where none is live), it yields a sentence for each objection, in the active language.

        It may ask the database only where `from_files` is given, which is asked in its place when the database does not
        answer or is not to be asked. With `is_acceptable`, whoever goes back may accept what it says after reading it.
        Raises ValueError when the name is taken.
        """

        def register(check: ReleaseCheck) -> ReleaseCheck:
            _add(self.release_checks, "release_check", name, check)
            if from_files:
                self.file_checks[name] = from_files
            if is_acceptable:
                self.acceptable_checks.add(name)
            return check

        return register


V = TypeVar("V")


def _tables_of(names: Iterable[str]) -> frozenset[str]:
    """The tables of models ("app.model") and apps ("app")."""
    wanted = set(names)
    return frozenset(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if {model._meta.app_label, model._meta.label_lower} & wanted
    )


def _add(registered: dict[str, V], kind: str, name: str, value: V) -> V:
    if name in registered:
        message = (
            f"registry.{kind}({name!r}) is registered already. Choose another name, as in '{name}.feeds'."
        )
        raise ValueError(message)
    registered[name] = value
    return value


default = Registry()
documents = default.documents
redirects = default.redirects
attachments_withheld = default.attachments_withheld
periodic = default.periodic
release_check = default.release_check
parts = default.parts
facts = default.facts
slot = default.slot
stamp = default.stamp
unwatched = default.unwatched
shows_settings = default.shows_settings
derived = default.derived
warm_up = default.warm_up
columns = default.columns

unwatched("generator", "sessions", "auth", "admin", "django_tasks")
derived("contenttypes")
