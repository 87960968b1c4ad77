"""Judging a proposal: the judges of `bylaw check` on the files that a call would leave behind.

Three ways lead to a verdict, each dearer than the one before it and taken only where that says
too little. The words of a constraint do not occur: nothing can be found. The file is judged by
itself, as it would be and as it is. The whole proposal is judged on the whole tree. What only the
proposal brings denies.
"""

import marshal
import os

from bylaw.checkpoint.compact import Entry
from bylaw.checkpoint.sieve import may_find
from bylaw.moments import OF_AGENTS, ON_MANIFESTS, ON_NAMES, ON_THE_TREE

TYPE_CHECKING = False  # `typing` takes longer to import than a file takes to judge
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bylaw.check.finding import Finding, Violation
    from bylaw.checkpoint.compact import Compact
    from bylaw.checkpoint.proposed import Proposal
    from bylaw.checkpoint.scene import Scene

_WHOLE = frozenset({*ON_MANIFESTS, "ci-run"})
"""What the files of a proposal do not decide by themselves."""


_IMPORTING = (".py", ".pyi", ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
"""The languages in which chains of imports are followed."""


class Found:
    """What is found of one constraint: what the call would bring, and why it may not be known."""

    __slots__ = ("entry", "unjudged", "violations")

    def __init__(
        self,
        entry: Entry,
        violations: "Iterable[Violation]" = (),
        unjudged: "Iterable[tuple[str | None, str]]" = (),
    ) -> None:
        self.entry = entry
        self.violations = tuple(violations)
        self.unjudged = tuple(unjudged)


class Quick:
    """Judges files one by one.

    Afterwards `rest` says whether some of it only the whole tree decides, and `guarded` are the
    numbers of the sentences about agents that speak of these files.
    """

    def __init__(self, root: str, set_: "Compact", proposal: "Proposal") -> None:
        self.root = root
        self.set = set_
        self.proposal = proposal
        self.rest = False
        self.guarded: set[int] = set()
        self._entries: dict[int, Entry] = {}
        self._scene: Scene | None = None

    def judge(self) -> "Iterator[Found]":
        """Judge every file that the proposal writes, and yield what of each constraint is new."""
        for path in sorted(self.proposal.contents):
            content = self.proposal.contents[path]
            for number in self._numbers(path):
                entry = self.entry(number)
                if entry.sort in OF_AGENTS:
                    self.guarded.add(number)
                elif entry.sort not in ON_THE_TREE and self._may_break(entry, path, content):
                    yield from self._judge(entry, path, content)
            if self.set.graph and _may_import(path, content):
                self.rest = self.rest or self.scene.imports_matter(path)
        for path in sorted(self.proposal.unknown):
            for number in self._numbers(path):
                entry = self.entry(number)
                if entry.sort in OF_AGENTS:
                    self.guarded.add(number)
                elif entry.sort in ON_NAMES and not self.set.has(path):
                    yield from self._judge(entry, path, b"")

    def _judge(self, entry: Entry, path: str, content: bytes | None) -> "Iterator[Found]":
        """Judge one constraint on one file, or leave it to who sees the whole tree."""
        if content is None:
            # What goes is missed only where something has to be.
            self.rest = self.rest or entry.sort in _WHOLE or _demands(entry)
            return
        if entry.sort in _WHOLE:
            self.rest = True
            return
        found = self._new(entry, path)
        if found.violations and is_apart(self.root, self.set, path):
            return
        if found.violations and (entry.waits or self._is_for_others(path)):
            self.rest = True
        elif found.violations or found.unjudged:
            yield found

    def _is_for_others(self, path: str) -> bool:
        """Tell whether a violation in a file may be let pass by what this does not look at.

        A baseline or a comment may hold it, or the file may be an old one under a new name.
        """
        if not self.set.has(path) and None in self.proposal.contents.values():
            return True
        settings = dict(self.set.settings)
        return bool(settings["baseline"] or settings["suppressions"])

    def entry(self, number: int) -> Entry:
        """Return a constraint by its number."""
        known = self._entries.get(number)
        if known is None:
            known = self._entries[number] = Entry(*self.set.entries[number])
        return known

    @property
    def scene(self) -> "Scene":
        """What judges look at, before and after; imported with the judges when first needed."""
        if self._scene is None:
            from bylaw.checkpoint import scene

            self._scene = scene.Scene(self.root, self.set, self.proposal.contents)
        return self._scene

    def _numbers(self, path: str) -> "Iterable[int]":
        known = self.set.numbers(path)
        if known is not None:
            return known
        if self.proposal.contents.get(path, b"") is None:
            return ()
        return self.scene.numbers(path, self.entry)

    def _may_break(self, entry: Entry, path: str, content: bytes | None) -> bool:
        """Tell whether a file with this content may violate a constraint, as far as words say."""
        created = not self.set.has(path)
        if entry.sort in ON_NAMES:
            return created or content is None
        if content is None or entry.sort in _WHOLE:
            return True
        return may_find(entry.words, path, content)

    def _new(self, entry: Entry, path: str) -> Found:
        """Judge a file as it would be and, where that finds anything, as it is."""
        after = self.scene.after(entry, path)
        if not after:
            return Found(entry)
        before = self.scene.before(entry, path) if self.set.has(path) else []
        return Found(entry, *difference(after, before))


def is_apart(root: str, set_: "Compact", path: str) -> bool:
    """Tell whether a new file would be no part of the tree: ignored, or a repository's own."""
    if set_.has(path):
        return False
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        # No file can have that name.
        return True
    folder = root
    for segment in path.split("/")[:-1]:
        folder = f"{folder}/{segment}"
        if os.path.islink(folder) or os.path.lexists(f"{folder}/.git"):
            return True
    from bylaw.git import ignored

    return bool(ignored(root, (path,)))


def _may_import(path: str, content: bytes | None) -> bool:
    """Tell whether a file with this content may import anything."""
    if content is None or not path.endswith(_IMPORTING):
        return False
    return b"import" in content or b"require" in content or b"from" in content


def _demands(entry: Entry) -> bool:
    """Tell whether a constraint can be violated by the lack of a file."""
    if entry.sort not in ("exist", "live", "size", "contain", "match", "start") and not (
        entry.sort.startswith("key-")
    ):
        return False
    node = marshal.loads(entry.node)  # noqa: S302 - sealed, and by us
    modal: str = node[node.index("modal") + 1]
    return modal == "must"


def difference(
    after: "Iterable[Finding]", before: "Iterable[Finding]"
) -> "tuple[list[Violation], list[tuple[str | None, str]]]":
    """Return the violations of `after` beyond those of `before`, and what is newly unjudged."""
    old: dict[tuple[str | None, str], int] = {}
    for finding in before:
        key = _said(finding)
        old[key] = old.get(key, 0) + 1
    violations: list[Violation] = []
    unjudged: list[tuple[str | None, str]] = []
    for finding in after:
        key = _said(finding)
        if old.get(key, 0):
            old[key] -= 1
        elif hasattr(finding, "detail"):
            violations.append(finding)  # type: ignore[arg-type] # what has a detail is one
        else:
            unjudged.append(key)
    return violations, unjudged


def _said(finding: "Finding") -> "tuple[str | None, str]":
    said: str = getattr(finding, "detail", "") or getattr(finding, "reason", "")
    return finding.path, said
