"""What judges look at for one call: the tree as it is, and as the call would leave it."""

from __future__ import annotations

import marshal
import os
import stat
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bylaw.area import Area, TreeFacts
from bylaw.check.areas import is_judged
from bylaw.check.evidence import Evidence, FileView, area_test
from bylaw.check.finding import NotEvaluated
from bylaw.check.judges import FileJudge, judge_of
from bylaw.check.resolve import imports_of
from bylaw.check.resolve.python import ModuleFiles, in_order, module_files
from bylaw.checkpoint.graph import Graph
from bylaw.checkpoint.nodes import Thawed, thaw
from bylaw.modules import module_of
from bylaw.moments import BEFORE, ON_NAMES
from bylaw.scoped import ScopedConstraint
from bylaw.snapshot import MAX_BYTES
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bylaw.check.verdict import Finding
    from bylaw.checkpoint.compact import Compact, Entry

_PYTHON = (".py", ".pyi")


class ProposedTree:
    """The working tree, some of its files with other contents, new, or (None) gone."""

    def __init__(
        self, root: str, files: tuple[str, ...], contents: Mapping[str, bytes | None]
    ) -> None:
        self.root = root
        self.contents = contents
        self._files = files

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The paths that there are afterwards, sorted."""
        gone = {path for path, data in self.contents.items() if data is None}
        new = {path for path, data in self.contents.items() if data is not None}
        known = frozenset(self._files)
        if new <= known and not gone & known:
            return self._files
        return tuple(sorted((known | new) - gone))

    def read(self, path: str) -> bytes:
        """Return a file's bytes; UnevaluableError where it cannot be read."""
        if path in self.contents:
            found = self.contents[path]
            if found is None:
                raise UnevaluableError("there is no such file")
            return found
        try:
            handle = os.open(f"{self.root}/{path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with open(handle, "rb") as stream:
                status = os.fstat(stream.fileno())
                if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
                    raise UnevaluableError("it is no regular file, or too large")
                return stream.read()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise UnevaluableError(f"it cannot be read: {reason.lower()}") from None


class _One:
    """A tree that holds nothing but one file, for judges that look at names only."""

    def __init__(self, path: str) -> None:
        self.files = (path,)

    def read(self, path: str) -> bytes:
        """Refuse: a name has no content."""
        raise UnevaluableError(f"`{path}` is looked at by its name only")


class Scene:
    """Both trees of one call, each made when it is first looked at."""

    def __init__(self, root: str, set_: Compact, contents: Mapping[str, bytes | None]) -> None:
        self._root = root
        self._set = set_
        self._contents = contents
        self._scoped: dict[str, ScopedConstraint] = {}
        self._views: dict[tuple[bool, str], FileView] = {}

    # --- judging ---------------------------------------------------------------------------

    def after(self, entry: Entry, path: str) -> list[Finding]:
        """Judge a file as the call would leave it."""
        return self._judge(entry, path, proposed=True)

    def before(self, entry: Entry, path: str) -> list[Finding]:
        """Judge a file as it is."""
        return self._judge(entry, path, proposed=False)

    def _judge(self, entry: Entry, path: str, *, proposed: bool) -> list[Finding]:
        scoped = self.scoped(entry)
        judge = judge_of(scoped.constraint)
        try:
            if isinstance(judge, FileJudge):
                return list(judge.judge(scoped, self._view(path, proposed=proposed)))
            if entry.sort in ON_NAMES:
                evidence = self._evidence.elsewhere(tree=_One(path))
                return [one for one in judge.judge(scoped, evidence) if one.path == path]
            evidence = self._evidence if proposed else self.standing
            return [one for one in judge.judge(scoped, evidence) if one.path == path]
        except UnevaluableError as error:
            return [NotEvaluated(scoped.full_id, error.reason, path, error.place, error.help)]

    def scoped(self, entry: Entry) -> ScopedConstraint:
        """Return a constraint as judges take it."""
        known = self._scoped.get(entry.full_id)
        if known is None:
            node = thaw(marshal.loads(entry.node))  # noqa: S302 - sealed, and by us
            known = self._scoped[entry.full_id] = ScopedConstraint(
                node, entry.full_id, Area(*entry.globs), entry.languages, tests=entry.tests
            )
        return known

    def numbers(self, path: str, entry_of: Callable[[int], Entry]) -> Iterator[int]:
        """Yield the constraints that bind a file which is not in the tree yet."""
        for number in range(len(self._set.entries)):
            entry = entry_of(number)
            if entry.sort not in BEFORE or not _may_lie(path, entry.globs[0]):
                continue
            if entry.sort == "ci-run":
                is_bound = area_test(Area(*entry.globs))(path)
            else:
                is_bound = is_judged(self.scoped(entry), path, self._evidence)
            if is_bound:
                yield number

    def imports_matter(self, path: str) -> bool:
        """Tell whether what a file newly imports may violate a constraint on chains of imports."""
        try:
            after = _imported(self._view(path, proposed=True))
            before = _imported(self._view(path, proposed=False)) if self._set.has(path) else _NONE
        except UnevaluableError:
            return True
        targets, names = after[0] - before[0], after[1] - before[1]
        if not targets and not names:
            return False
        if not self._set.has(path) and self._graph.is_awaited(path):
            return True
        return self._graph.matters(path, targets, names)

    @cached_property
    def _graph(self) -> Graph:
        def imported_of(path: str) -> tuple[set[str], set[str]]:
            try:
                return _imported(FileView(path, self.standing))
            except UnevaluableError:
                return _NONE

        return Graph(self._root, self._set.graph, self._set.stamps[3], imported_of)

    # --- evidence --------------------------------------------------------------------------

    def _view(self, path: str, *, proposed: bool) -> FileView:
        known = self._views.get((proposed, path))
        if known is None:
            evidence = self._evidence if proposed else self.standing
            known = self._views[proposed, path] = FileView(path, evidence)
        return known

    @cached_property
    def _evidence(self) -> Evidence:
        return self._evidence_of(self._contents)

    @cached_property
    def standing(self) -> Evidence:
        """The tree as it is."""
        return self._evidence_of({})

    def _evidence_of(self, contents: Mapping[str, bytes | None]) -> Evidence:
        tree = ProposedTree(self._root, self._set.files, contents)
        evidence = Evidence(tree=tree, layout=self._layout, tests=self._tests)
        # To find the modules of all files takes longer than to judge one.
        files = marshal.loads(self._set.modules)  # noqa: S302 - sealed, and by us
        for path in contents:
            module = module_of(path, self._layout)
            if module is not None and self._set.has(path) != (contents[path] is not None):
                _move(files, module, path, gone=contents[path] is None)
        evidence.know(module_files, ModuleFiles(files))
        return evidence

    @cached_property
    def _tests(self) -> tuple[str, ...]:
        found: tuple[str, ...] = dict(self._set.settings)["tests"]
        return found

    @cached_property
    def _layout(self) -> TreeFacts:
        """The facts of the tree with the modules that the call would add."""
        values = list(marshal.loads(self._set.layout))  # noqa: S302 - sealed, and by us
        facts = _facts(values)
        new = [p for p, d in self._contents.items() if d is not None and p.endswith(_PYTHON)]
        added = {module_of(path, facts) for path in new if not self._set.has(path)} - {None}
        if added:
            values[2] = (*values[2], *added)
            return _facts(values)
        return facts


def _move(files: dict[str, list[str]], module: str, path: str, *, gone: bool) -> None:
    """Take a path out of the files of a module, or put it where it would stand."""
    others = [each for each in files.pop(module, ()) if each != path]
    if not gone:
        others = sorted((*others, path), key=in_order)
    if others:
        files[module] = others


def _facts(values: list[Any]) -> TreeFacts:
    roots, packages, modules, languages, tops, sources, configured, endings, output = values
    return TreeFacts(
        roots,
        packages,
        frozenset(modules),
        languages,
        tops,
        frozenset(sources),
        configured,
        frozenset(endings),
        output,
    )


def _may_lie(path: str, globs: Iterable[str]) -> bool:
    """Tell whether a path may match one of the globs, by their plain beginnings."""
    globs = tuple(globs)
    return not globs or any(path.startswith(_plain(glob)) for glob in globs)


def _plain(glob: str) -> str:
    for index, character in enumerate(glob):
        if character in "*?[{":
            return glob[:index]
    return glob


_NONE: tuple[set[str], set[str]] = (set(), set())


def _imported(view: FileView) -> tuple[set[str], set[str]]:
    """Return the files of the repository that a file imports, and all names."""
    if view.facts.faults:
        raise UnevaluableError("it cannot be parsed")
    found = imports_of(view)
    return {p for each in found for p in each.paths}, {each.name for each in found}


__all__ = ["ProposedTree", "Scene", "Thawed"]
