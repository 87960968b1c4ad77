"""The pipeline, top to bottom: list, compile, link, check, scope, emit.

Only the driver and the two stages it calls over many files, `frontend` and `backend`, read files,
ask git or look at the clock; what they find they hand down. Nothing here prints, and nothing but
`output.write` changes the repository.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from pathlib import Path

from bylaw import __version__, worktree
from bylaw.adr.links import Tree, report_broken_links
from bylaw.adr.locate import adr_files
from bylaw.backend import Emission, Emitted, ScopedDecisions, emit_decisions
from bylaw.cache import Cache
from bylaw.config import Config
from bylaw.config_source import find_file
from bylaw.diagnostics import Report
from bylaw.frontend import UNREADABLE, Progress, compile_files
from bylaw.link import link
from bylaw.passes import PROGRAM_PASSES
from bylaw.program import Ground, Listed, Program, Unit
from bylaw.projects import find_projects
from bylaw.scope import ScopeContext, ScopedProgram, read_context
from bylaw.snapshot import Handwritten, Snapshot, WorkingTree
from bylaw.source import Source
from bylaw.target import Artifact, Fidelity
from bylaw.unevaluable import UnevaluableError


@dataclass(frozen=True, slots=True)
class Options:
    """What one run asks for, beyond the configuration.

    `targets` are those whose artifacts are wanted; the configured ones are compiled in any case,
    because what one target says of a constraint another one repeats. Without `compare` decisions
    are not held against each other: who only lists them need not wait for that. `aside` is a folder
    of the tree that is being written and is no part of it.
    """

    targets: tuple[str, ...] | None = None
    include_proposed: bool = False
    as_of: date | None = None
    cache: bool = True
    compare: bool = True
    aside: str | None = None


@dataclass(frozen=True)
class Compilation:
    """A repository's ADRs compiled and linked, its tree listed, all faults in `report`.

    `whole` is the tree with what a build has written.
    """

    root: Path
    config: Config
    options: Options
    files: tuple[str, ...]
    program: Program
    report: Report
    cache: Cache
    whole: tuple[str, ...] = ()


@dataclass(frozen=True)
class Build:
    """A compilation and what it became in each target."""

    compilation: Compilation
    emitted: tuple[Emitted, ...]
    artifacts: tuple[Artifact, ...]

    @cached_property
    def fidelity(self) -> Mapping[str, Mapping[str, Fidelity]]:
        """By full constraint id, then by target."""
        found: dict[str, dict[str, Fidelity]] = {}
        for entry in self.emitted:
            for target, fragment in entry.fragments.items():
                for identity, fidelity in fragment.fidelity.items():
                    found.setdefault(f"{entry.id}/{identity}", {})[target] = fidelity
        return found


def compile_repository(
    root: Path, config: Config, options: Options, progress: Progress | None = None
) -> Compilation:
    """Compile every ADR below `root` and link them; faults are collected, none is raised."""
    report = Report()
    cache = Cache(root if options.cache else None)
    # What a build writes is no part of what it reads, committed or not.
    whole = list_tree(root, report)
    if options.aside is not None:
        whole = tuple(path for path in whole if not path.startswith(f"{options.aside}/"))
    listed = tuple(path for path in whole if not path.startswith(f"{config.output}/"))
    files = Handwritten(WorkingTree(root, listed)).files
    compiled = compile_files(root, adr_files(files, config), config, cache, progress)
    program = link(
        (entry for entry in compiled if isinstance(entry, Unit)),
        (entry for entry in compiled if isinstance(entry, Listed)),
        options.as_of or today(root),
        Ground(files, config.source_roots, config.tests),
    )
    for entry in compiled:
        report.extend(entry.diagnostics)
    if options.compare:
        check_program(program, files, report)
    return Compilation(root, config, options, files, program, report, cache, whole)


def check_program(program: Program, files: tuple[str, ...], report: Report) -> None:
    """Hold decisions against each other, and their links against the files of the tree."""
    for check in PROGRAM_PASSES:
        check(program, report)
    linking = [unit.header for unit in program.units if unit.header.links]
    if linking:
        tree = _links_in(files)
        for header in linking:
            report_broken_links(header.path, header.links, tree, report)


@lru_cache(maxsize=1)
def _links_in(files: tuple[str, ...]) -> Tree:
    """Return the tree as links see it: while a record is being written, it is the same again."""
    return Tree(files)


def list_tree(root: Path, report: Report) -> tuple[str, ...]:
    """Return the files of the working tree, what a build has written among them."""
    return worktree.list_files(root, report)


def compile_tree(  # noqa: PLR0917 - what decides a program, each once
    decided: Snapshot,
    config: Config,
    options: Options,
    files: Sequence[str],
    as_of: date,
    known: Program | None = None,
) -> tuple[Program, Report]:
    """Compile the ADRs of a tree that need not lie on disk, such as the index or a commit.

    `files` are those that the decisions are to speak of. Whatever stands unchanged in the program
    `known`, compiled with a configuration that reads files alike, is taken from there.
    """
    from bylaw.unit import compile_unit  # noqa: PLC0415 - a run that knows all needs no parser

    report = Report()
    kept = {unit.header.path: unit for unit in known.units} if known is not None else {}
    units: list[Unit] = []
    listed: list[Listed] = []
    for path in adr_files(decided.files, config):
        try:
            source = Source(path, decided.read(path))
        except UnevaluableError as error:
            report.add(UNREADABLE, f"`{path}` cannot be read: {error.reason}")
            listed.append(Listed(path, "unreadable", ""))
            continue
        unit = kept.get(path)
        if unit is None or unit.digest != source.digest:
            compiled = compile_unit(source, config)
            if isinstance(compiled, Listed):
                listed.append(compiled)
                report.extend(compiled.diagnostics)
                continue
            unit = compiled
        units.append(unit)
        report.extend(unit.diagnostics)
    ground = Ground(files, config.source_roots, config.tests)
    program = link(units, listed, as_of, ground)
    if options.compare:
        for check in PROGRAM_PASSES:
            check(program, report)
    return program, report


def today(root: Path) -> date:
    """Return the day of HEAD's commit, or today (UTC) where there is none."""
    return worktree.head_commit_date(root) or datetime.now(UTC).date()


def build_repository(
    root: Path, config: Config, options: Options, progress: Progress | None = None
) -> Build:
    """Compile a repository and emit every target's artifacts, the manifest last.

    A build of some targets only has no manifest: that of the whole build stays true of the rest.

    Artifacts are there even where the report holds errors; whether to write them is the caller's
    decision.
    """
    from bylaw_targets import find_targets  # noqa: PLC0415 - targets import from here
    from bylaw_targets.manifest import Account, account, manifest  # noqa: PLC0415 - as above

    compilation = compile_repository(root, config, options, progress)
    program, report = compilation.program, compilation.report
    wanted = options.targets or config.targets
    targets = find_targets((*config.targets, *wanted), report)
    context = read_context(program, compilation.files, config)
    binding = [u for u in program.units if _binds(program, u.header.path, options)]
    day = program.as_of.isoformat()
    emission = Emission(
        context,
        targets,
        [target.name for target in targets if target.name in wanted],
        lambda unit, answers: account(
            unit.header, unit.digest, program.standing[unit.header.path], answers, day
        ),
    )
    emitted = emit_decisions(binding, emission, compilation.cache, progress)
    for entry in emitted:
        report.extend(entry.diagnostics)
        for fragment in entry.fragments.values():
            report.extend(fragment.diagnostics)
    scoped = ScopedProgram(
        ScopedDecisions(binding, context),
        program.as_of,
        context.facts,
        min((d for u in binding for d in u.header.days if d > program.as_of), default=None),
        compilation.files,
        config,
        find_projects(root, compilation.whole) if config.agents.surfaces else (),
    )
    _report_levels(root, config, binding, context, report)
    artifacts = [
        artifact
        for target in targets
        if target.name in wanted
        for artifact in target.assemble(
            scoped, [entry.fragments[target.name] for entry in emitted], report
        )
    ]
    if options.targets is None:
        accounts = {entry.path: Account(*entry.account) for entry in emitted}
        artifacts.append(manifest(program, accounts, artifacts, __version__))
    return Build(compilation, tuple(emitted), tuple(artifacts))


def _report_levels(
    root: Path, config: Config, binding: Sequence[Unit], context: ScopeContext, report: Report
) -> None:
    """Report levels of autonomy that are configured and that no decision allows."""
    table = config.agents
    if table.autonomy is None and not (table.class_levels or table.path_levels):
        return
    from bylaw.autonomy import SHAPES, report_levels  # noqa: PLC0415 - seldom needed

    concerned = [u for u in binding if any(row.shape in SHAPES for row in u.header.rows)]
    known = [s for each in ScopedDecisions(concerned, context) for s in each.constraints]
    report_levels(known, table, find_file(_reader(root), Report()), report)


def _reader(root: Path) -> Callable[[str], bytes | None]:
    def read(name: str) -> bytes | None:
        try:
            return (root / name).read_bytes()
        except OSError:
            return None

    return read


def _binds(program: Program, path: str, options: Options) -> bool:
    state = program.standing[path].state
    return state == "in-force" or (options.include_proposed and state == "proposed")
