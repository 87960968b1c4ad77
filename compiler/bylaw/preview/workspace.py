"""A repository's decisions held open, with texts that nobody has saved laid over them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from bylaw.adr.locate import adr_files
from bylaw.config import Config
from bylaw.config_file import load
from bylaw.diagnostics import Diagnostic, Report
from bylaw.driver import Compilation, Options, check_program, compile_repository
from bylaw.frontend import Progress
from bylaw.link import link
from bylaw.program import Ground, Listed, Program, Unit
from bylaw.scope import ScopeContext, read_context
from bylaw.source import Source

_MOST_KEPT = 64
"""Texts whose compiled form is kept: the last few states of what is being written."""


@dataclass(frozen=True)
class Linked:
    """The decisions of a repository, some with another text than on disk, linked on one day.

    `texts` are those that replace what lies on disk, by path; `report` holds all that is wrong.
    """

    root: Path
    config: Config
    files: tuple[str, ...]
    program: Program
    report: Report
    texts: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def context(self) -> ScopeContext:
        """What scoping a decision needs beyond the decision."""
        return read_context(self.program, self.files, self.config)

    @cached_property
    def listed(self) -> Mapping[str, Listed]:
        """The files of ADR folders that are no decisions, by path."""
        return {entry.path: entry for entry in self.program.listed}

    @cached_property
    def by_file(self) -> Mapping[str, tuple[Diagnostic, ...]]:
        """The diagnostics by each file in which they, or a label of theirs, stand."""
        found: dict[str, list[Diagnostic]] = {}
        for diagnostic in self.report:
            spans = [diagnostic.span, *(label.span for label in diagnostic.labels)]
            for path in dict.fromkeys(span.path for span in spans if span is not None):
                found.setdefault(path, []).append(diagnostic)
        return {path: tuple(each) for path, each in found.items()}

    def data(self, path: str) -> bytes | None:
        """Return the bytes of an ADR: those laid over it, else those on disk; None without any."""
        if path in self.texts:
            return self.texts[path]
        try:
            return (self.root / path).read_bytes()
        except (OSError, ValueError):
            return None

    def source(self, path: str) -> Source | None:
        """Return an ADR's text with its places; None where it cannot be read."""
        data = self.data(path)
        return None if data is None else Source(path, data)


class Workspace:
    """The decisions of a repository, read once, and linked anew for each state of a text.

    It belongs to the thread that has made it: what the compiler keeps open may not be shared.
    """

    def __init__(
        self,
        root: Path,
        *,
        as_of: date | None = None,
        progress: Progress | None = None,
        aside: str | None = None,
    ) -> None:
        self.root = root
        self.as_of = as_of
        self.aside = aside
        """A folder of the tree that is no part of it, because the site is written there."""
        self.faults: tuple[Diagnostic, ...] = ()
        """What is wrong with the configuration; what could be read of it is in force."""
        self.revision = 0
        """Raised whenever what lies on disk has changed."""
        self._kept: dict[tuple[str, str], Unit | Listed] = {}
        self._grounds: dict[frozenset[str], Ground] = {}
        self._compilation = self._compile(progress)

    def reload(self, progress: Progress | None = None) -> frozenset[str]:
        """Read the repository again, and return the ADRs that have changed, come or gone."""
        before, files, settings = self._units, self._compilation.files, (self.config, self.faults)
        self._compilation = self._compile(progress)
        after = self._units
        paths = before.keys() | after.keys()
        changed = frozenset(path for path in paths if before.get(path) != after.get(path))
        if changed or files != self._compilation.files or settings != (self.config, self.faults):
            self.revision += 1
        return changed

    @property
    def config(self) -> Config:
        """The configuration, as it was read last."""
        return self._compilation.config

    @property
    def files(self) -> tuple[str, ...]:
        """The tree's paths, sorted, without what builds write."""
        return self._compilation.files

    @cached_property
    def on_disk(self) -> Linked:
        """The decisions as they lie on disk."""
        found = self._compilation
        return Linked(self.root, found.config, found.files, found.program, found.report)

    def linked(self, texts: Mapping[str, bytes] = MappingProxyType({})) -> Linked:
        """Return the decisions with these bytes in the place of what lies on disk.

        A path that the configuration takes for an ADR need not exist yet; others are left alone.
        """
        program = self.on_disk.program
        known = program.by_path.keys() | self.on_disk.listed.keys()
        # Names alone can make an ADR folder, which a single path does not show.
        taken = {*adr_files(sorted(texts), self.config), *(texts.keys() & known)}
        laid_over = {path: texts[path] for path in sorted(taken)}
        if not laid_over:
            return self.on_disk
        laid = [self._compiled(path, data) for path, data in laid_over.items()]
        units = [unit for unit in program.units if unit.header.path not in laid_over]
        units += [each for each in laid if isinstance(each, Unit)]
        listed = [each for each in program.listed if each.path not in laid_over]
        listed += [each for each in laid if isinstance(each, Listed)]
        new = laid_over.keys() - known
        ground = self._ground(frozenset(new)) if new else program.ground
        files = tuple(ground.files)
        again = link(units, listed, program.as_of, ground)
        report = Report()
        for unit in again.units:
            report.extend(unit.diagnostics)
        for entry in again.listed:
            report.extend(entry.diagnostics)
        check_program(again, files, report)
        return Linked(self.root, self.config, files, again, report, laid_over)

    def _ground(self, new: frozenset[str]) -> Ground:
        """Return the ground with files that are not there yet: while one types, the same one."""
        if new not in self._grounds:
            self._grounds.clear()
            ground = self.on_disk.program.ground
            files = tuple(sorted({*self.files, *new}))
            self._grounds[new] = replace(ground, files=files)
        return self._grounds[new]

    # --- what is read --------------------------------------------------------------------------

    def _compile(self, progress: Progress | None) -> Compilation:
        report = Report()
        config = load(self._read, report)
        self.faults = tuple(report)
        self._kept.clear()
        self._grounds.clear()
        self.__dict__.pop("on_disk", None)
        return compile_repository(
            self.root, config, Options(as_of=self.as_of, aside=self.aside), progress
        )

    def _read(self, name: str) -> bytes | None:
        try:
            return (self.root / name).read_bytes()
        except OSError:
            return None

    @property
    def _units(self) -> dict[str, tuple[str, str]]:
        program = self._compilation.program
        found = {u.header.path: ("decision", u.digest) for u in program.units}
        return found | {each.path: (each.disposition, each.digest) for each in program.listed}

    def _compiled(self, path: str, data: bytes) -> Unit | Listed:
        from bylaw.unit import compile_unit  # noqa: PLC0415 - a look at what is kept needs no parser

        source = Source(path, data)
        key = (path, source.digest)
        if key not in self._kept:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = compile_unit(source, self.config)
        return self._kept[key]
