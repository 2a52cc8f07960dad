"""What has changed since a build: keys as recordings hold them, and whole tables."""

from collections.abc import Iterable
from dataclasses import dataclass

from generator.keys import ALL, APART, NEW


@dataclass(frozen=True, slots=True)
class Changed:
    """What has changed: recorded keys, and whole tables of which any row may have."""

    keys: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()
    everything: bool = False

    @classmethod
    def of(cls, noted: Iterable[str]) -> "Changed":
        """From noted keys to those that a recording may hold."""
        keys: set[str] = set()
        tables: set[str] = set()
        for key in noted:
            if key == ALL:
                return cls(everything=True)
            table = key.partition("=")[0].rstrip(NEW + ALL + APART)
            keys.update((key, table))
            if key.endswith(ALL):
                tables.add(table)
        return cls(frozenset(keys), frozenset(tables))

    def touches(self, keys: Iterable[str]) -> bool:
        """Whether a recording with `keys` is stale."""
        if self.everything or not self.keys.isdisjoint(keys):
            return True
        return bool(self.tables) and any(key.partition("=")[0] in self.tables for key in keys)

    def touches_tables(self, tables: Iterable[str]) -> bool:
        """Whether any row of `tables` may have changed."""
        return self.everything or not self.keys.isdisjoint(tables)

    def __or__(self, keys: Iterable[str]) -> "Changed":
        return Changed(self.keys.union(keys), self.tables, self.everything)
