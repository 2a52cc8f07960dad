"""Which path is whose while a build runs: two documents cannot be one file, nor a file lie where a folder does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from generator.documents import COMPRESSED_SUFFIXES, parents
from generator.standing import GENERATOR, Standing
from generator.state import PartKey


class Claims:
    """The paths of what stands, without the parts that are `release`d because they are made again or gone, and those
    taken in this build. What the generator adds itself makes way for any other document."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._released: set[PartKey] = set()
        self._freed: Counter[str] = Counter()
        """How many documents fewer than what stands lie in a folder."""
        self._taken: dict[str, str] = {}
        self._folders: dict[str, str] = {}

    def release(self, keys: Iterable[PartKey]) -> None:
        for key in keys:
            part = self._standing.state.parts.get(key)
            if part is not None and key not in self._released:
                self._released.add(key)
                for made in part.documents:
                    self._freed.update(parents(made.path))

    def take(self, path: str, owner: str) -> None:
        self._taken[path] = owner
        for folder in parents(path):
            self._folders.setdefault(folder, path)

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and self.owner(path) is not None

    def owner(self, path: str) -> str | None:
        """Who has the file at `path`, in words."""
        if owner := self._taken.get(path):
            return owner
        key, made = self._standing.owners.get(path, (None, None))
        if key is None or made is None or key in self._released or key[0] == GENERATOR:
            return None
        return named(key[0], made.label or made.url)

    def folder(self, path: str) -> bool:
        """Whether documents lie below `path`."""
        return path in self._folders or self._standing.folders[path] > self._freed[path]

    def objection(self, path: str) -> str | None:
        """Why no document can be at `path`: another is, or it would lie where a folder or a sibling lies."""
        if owner := self.owner(path):
            return f"has the same file ({path}) as {owner}. Give one of them another URL."
        beside = next((parent for parent in parents(path) if parent in self), None)
        if self.folder(path):
            beside = self._folders.get(path, f"{path}/")
        for suffix in COMPRESSED_SUFFIXES.values():
            if path + suffix in self:
                beside = path + suffix
            elif path.endswith(suffix) and path.removesuffix(suffix) in self:
                beside = path.removesuffix(suffix)
        return f"cannot be a file beside {beside!r}. Give one of them another URL." if beside else None


def named(publisher: str, label: str) -> str:
    return f"{label!r}, published by {publisher}"
