"""Whether a new import can matter to the constraints on chains of imports.

It says too much rather than too little: where it says yes, the judges look at the whole tree.
"""

import marshal
import os

from bylaw.checkpoint.stamps import changed_at

TYPE_CHECKING = False  # `typing` takes longer to import than a graph takes to ask
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Rule: TypeAlias = tuple[
        str,
        tuple[str, ...],
        list[dict[str, tuple[int, int]]],
        tuple[str, ...],
        tuple[str, ...] | None,
    ]
    """What is asked of one constraint: its sort; the files that it binds; the layer and the group
    of each, list by list; the modules that it names; the files that import one of these, None
    where everything else may be one."""

_RACY_NANOSECONDS = 50_000_000
_ENDINGS = frozenset({"js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts"})


class Graph:
    """The imports between the repository's files, as they are now."""

    def __init__(
        self,
        root: str,
        packed: bytes,
        taken: int,
        imported_of: "Callable[[str], tuple[set[str], set[str]]]",
    ) -> None:
        # What is gone, and what a changed file no longer imports, stays: that says too much only.
        stamps, targets, importers, rules, waiting = marshal.loads(packed)  # noqa: S302 - sealed, and by us
        self.rules: dict[str, Rule] = rules
        self.targets: dict[str, tuple[str, ...]] = targets
        self.importers: dict[str, tuple[str, ...]] = importers
        self.changed: set[str] = set()
        self.waiting: set[str] = {*waiting}
        # A file that was read as it was being written may have changed under its stamp.
        certain = taken - _RACY_NANOSECONDS
        for path, (time, size) in stamps.items():
            try:
                status = os.stat(f"{root}/{path}")
            except OSError:
                continue
            if changed_at(status) != time or status.st_size != size or time >= certain:
                self._read(path, *imported_of(path))

    def _read(self, path: str, targets: "set[str]", names: "set[str]") -> None:
        """Take what a changed file imports now."""
        self.changed.add(path)
        self.waiting.update(word for name in names for word in words_of(name))
        for target in targets.difference(self.targets.get(path, ())):
            self.importers[target] = (*self.importers.get(target, ()), path)
        self.targets[path] = (*self.targets.get(path, ()), *targets)

    def is_awaited(self, path: str) -> bool:
        """Tell whether files may import a new one already, by a name that leads nowhere yet."""
        return not self.waiting.isdisjoint(stem_of(path))

    def matters(self, path: str, targets: "set[str]", names: "set[str]") -> bool:
        """Tell whether a file's new imports, of files and by name, may violate a constraint."""
        above = _reach({path}, self.importers)
        below = _reach(targets, self.targets)
        return any(self._may_break(rule, path, above, below, names) for rule in self.rules.values())

    def _may_break(
        self, rule: "Rule", path: str, above: "set[str]", below: "set[str]", names: "set[str]"
    ) -> bool:
        sort, files, places, operands, hits = rule
        if sort == "acyclic":
            return path in below
        if sort in {"layered", "independent"}:
            return any(_is_illegal(one, above, below) for one in places)
        if sort == "unevaluable" or above.isdisjoint(files):
            return False
        named = any(_names(operand, name) for operand in operands for name in names)
        # What has changed since may import an operand now.
        return named or hits is None or not below.isdisjoint({*hits, *self.changed})


def words_of(name: str) -> "list[str]":
    """Return the words of an import's name, the last of which may be a file's."""
    words = [word for word in name.replace("/", ".").split(".") if word]
    return words[:-1] if len(words) > 1 and words[-1] in _ENDINGS else words


def stem_of(path: str) -> "list[str]":
    """Return the word by which a file is imported, in a list; that of a folder's own is its."""
    *folders, name = path.split("/")
    stem = name.partition(".")[0]
    return folders[-1:] if stem in {"__init__", "index"} else [stem]


def _reach(start: "set[str]", edges: "dict[str, tuple[str, ...]]") -> "set[str]":
    seen = set(start)
    pending = list(start)
    while pending:
        for each in edges.get(pending.pop(), ()):
            if each not in seen:
                seen.add(each)
                pending.append(each)
    return seen


def _names(operand: str, name: str) -> bool:
    """Tell whether an import of a name may be one of an operand, or of something below it."""
    if "*" in operand:
        return name.startswith(operand.partition("*")[0])
    return not operand or name == operand or name.startswith((f"{operand}.", f"{operand}/"))


def _is_illegal(places: "dict[str, tuple[int, int]]", above: "set[str]", below: "set[str]") -> bool:
    """Tell whether a file above may not know one below."""
    importers = {places[path] for path in above if path in places}
    imported = {places[path] for path in below if path in places}
    return any(
        other[0] < one[0] or (other[0] == one[0] and other[1] != one[1])
        for one in importers
        for other in imported
    )
