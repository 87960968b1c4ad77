"""What judges may look at: the tree's files and facts, the change, and what was recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

from bylaw.area import Area, TreeFacts
from bylaw.check.change import Change
from bylaw.check.given import Approval, CommandResult
from bylaw.facts import extractor, speaks
from bylaw.facts.model import FileFacts
from bylaw.globs import matcher
from bylaw.languages import held_languages, language_of, language_title
from bylaw.modules import module_of
from bylaw.places import TESTS
from bylaw.snapshot import Snapshot
from bylaw.tree import Tree, area_test
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.ir import Language
    from bylaw.record.history import Record

__all__ = [
    "NOT_READ",
    "NO_AGENT",
    "Approval",
    "CommandResult",
    "Evidence",
    "FileView",
    "KeepFacts",
    "area_test",
]

T = TypeVar("T")

NOT_READ = "code inside a file of this format is not read"
"""Of a Vue component or a notebook, say."""

KeepFacts = Callable[[bytes, str, Callable[[], FileFacts]], FileFacts]
"""Look facts up by content and language, or have them made and keep them."""


NO_AGENT = ""
"""Stands for the class of an agent where a person has made the change."""


_GIVEN = (
    "tree",
    "layout",
    "tests",
    "change",
    "run",
    "semgrep",
    "agent",
    "approvals",
    "approvals_open",
    "branch",
    "record",
    "keep",
)


class Evidence:
    """Everything that a verdict can depend on, besides the constraint.

    `layout` are the tree's packages and modules. `change` is None where there is no base.
    `run` runs a command in the tree's root, and is None where commands must not run. `semgrep`
    is the path of the engine, where there is one. `agent` is the class of the agent that made the
    change, NO_AGENT where a person has, None where nobody says; `approvals` are None where none
    were handed in, and `approvals_open` says why there may be more than those, and what to do.
    `branch` is the branch that is checked out, where there is no change to say it.
    `record` is what agents were seen to do; None where nobody has kept one.
    """

    def __init__(  # noqa: PLR0917 - what a verdict can depend on
        self,
        tree: Snapshot,
        layout: TreeFacts,
        tests: tuple[str, ...] = (),
        change: Change | None = None,
        run: Callable[[str], CommandResult] | None = None,
        semgrep: str | None = None,
        agent: str | None = None,
        approvals: Sequence[Approval] | None = None,
        approvals_open: tuple[str, str | None] | None = None,
        branch: str | None = None,
        record: Record | None = None,
        keep: KeepFacts | None = None,
    ) -> None:
        self.tree = tree
        self.layout = layout
        self.tests = tests
        self.change = change
        self.run = run
        self.semgrep = semgrep
        self.agent = agent
        self.approvals = approvals
        self.approvals_open = approvals_open
        self.branch = branch
        self.record = record
        self.keep = keep
        self._views: dict[str, FileView] = {}
        self._areas: dict[Area, tuple[str, ...]] = {}
        self._code: dict[tuple[Area, Language | None], tuple[str, ...]] = {}
        self._made: dict[Any, Any] = {}

    def elsewhere(self, **changes: Any) -> Evidence:
        """Return evidence of another tree, where nothing that was remembered of this one holds."""
        given = {name: getattr(self, name) for name in _GIVEN}
        return Evidence(**{**given, **changes})

    def running(self, run: Callable[[str], CommandResult] | None) -> Evidence:
        """Return the same evidence with another way to run commands."""
        other = copy(self)
        other.run = run
        return other

    def flush(self) -> None:
        """Have the facts kept that were made so far, where somebody keeps them."""
        flush = getattr(self.keep, "flush", None)
        if flush is not None:
            flush()

    def once(self, make: Callable[[Evidence], T]) -> T:
        """Return what a function makes of this evidence; it is called once."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("T", self._made[make])

    def know(self, make: Callable[[Evidence], T], value: T) -> None:
        """Take a value for what a function would make of this evidence."""
        self._made[make] = value

    def files(self, area: Area) -> tuple[str, ...]:
        """Return the tree's files that lie in an area, sorted."""
        known = self._areas.get(area)
        if known is None:
            index, rest = self._index, Area((), area.within, area.exclude)
            found: Sequence[str] = index.files
            if area.include:
                found = sorted({path for glob in area.include for path in index.matching(glob)})
            known = self._areas[area] = tuple(filter(area_test(rest), found))
        return known

    def code_files(self, area: Area, language: Language | None) -> tuple[str, ...]:
        """Return the files of an area that are code, in one language or in any, sorted."""
        known = self._code.get((area, language))
        if known is None:
            languages = self._languages
            known = self._code[area, language] = tuple(
                path
                for path in self.files(area)
                if path in languages and (language is None or languages[path] == language)
            )
        return known

    @cached_property
    def _index(self) -> Tree:
        return Tree(self.tree.files)

    @cached_property
    def _languages(self) -> dict[str, Language]:
        found = ((path, language_of(path)) for path in self.tree.files)
        return {path: language for path, language in found if language is not None}

    def view(self, path: str) -> FileView:
        """Return one file as judges see it; the file need not exist until it is read."""
        known = self._views.get(path)
        if known is None:
            known = self._views[path] = FileView(path, self)
        return known

    @cached_property
    def is_test(self) -> Callable[[str], bool]:
        """Tell whether a path is that of a test file."""
        return matcher(self.tests or TESTS)

    @cached_property
    def file_set(self) -> frozenset[str]:
        """The tree's paths, for asking."""
        return frozenset(self.tree.files)


class FileView:
    """One file: its bytes, text and facts, each made when it is first asked for.

    Where a file cannot be read, or its language has no facts, asking raises UnevaluableError.
    """

    def __init__(self, path: str, evidence: Evidence) -> None:
        self.path = path
        self.evidence = evidence

    @cached_property
    def data(self) -> bytes:
        """The file's bytes."""
        return self.evidence.tree.read(self.path)

    @cached_property
    def text(self) -> str:
        """The file as text: UTF-8, undecodable bytes replaced, a byte order mark kept."""
        return self.data.decode("utf-8", errors="replace")

    @cached_property
    def lines(self) -> list[str]:
        """The text's lines, without their ends."""
        return self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    @property
    def language(self) -> Language | None:
        """The language that the file's ending says it is in."""
        return language_of(self.path)

    @cached_property
    def module(self) -> str | None:
        """The dotted module that a Python file is."""
        return module_of(self.path, self.evidence.layout)

    @cached_property
    def facts(self) -> FileFacts:
        """The facts of a file of code; a fault in it is among them."""
        language = self.language
        if language is None or not speaks(language):
            if language is None and held_languages(self.path):
                raise UnevaluableError(NOT_READ)
            raise UnevaluableError(
                f"code in {language_title(language)} is not read"
                if language
                else "it is in no known language"
            )
        data = self.data
        if b"\0" in data:
            raise UnevaluableError("it is binary")

        def make() -> FileFacts:
            return extractor(language)(data, self.path[self.path.rfind(".") :])

        keep = self.evidence.keep
        return (
            keep(data, f"{language}{self.path[self.path.rfind('.') :]}", make) if keep else make()
        )
