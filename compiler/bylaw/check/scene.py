"""The tree under check and the constraint set that it is judged by, read from where they lie."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bylaw.cache import Cache
from bylaw.check.git import index_tree
from bylaw.check.request import Request
from bylaw.check.rules import Rules
from bylaw.check.trees import Part
from bylaw.config import Config
from bylaw.config_file import load
from bylaw.diagnostics import Code, Report, Severity
from bylaw.digest import sha256
from bylaw.driver import Options, compile_repository, compile_tree, list_tree, today
from bylaw.frontend import Progress
from bylaw.output import MANIFEST
from bylaw.program import Program
from bylaw.scope import scope
from bylaw.snapshot import Snapshot, WorkingTree
from bylaw.unevaluable import UnevaluableError

NO_INDEX = Code("BL525", "no-index", Severity.ERROR)
UNREADABLE_SET = Code("BL526", "unreadable-constraint-set", Severity.ERROR)

Read = Callable[[str], bytes | None]


@dataclass(frozen=True)
class Scene:
    """A tree, what it is judged by, and what knows them.

    `whole` is the tree with what bylaw itself writes; `tree` is without. `program` is None where
    the rules were published. `read` reads a file that need not be part of the tree.
    """

    whole: Snapshot
    tree: Snapshot
    rules: Rules
    cache: Cache
    read: Read
    program: Program | None = None


def set_scene(
    root: Path, config: Config, request: Request, report: Report, progress: Progress | None
) -> Scene | None:
    """Read the tree and the constraint set; None where there is nothing to judge by.

    Of the index, everything is taken from there: the code, the decisions, the configuration.
    """
    if request.staged:
        return _staged(root, request, report)
    read = _disk(root)
    if request.constraints is not None:
        whole = WorkingTree(root, list_tree(root, report))
        files = Part(whole, folder=config.output).files
        day = request.as_of or today(root)
        rules = read_published(config, request, files, read, day, report)
        if rules is None:
            return None
        cache = Cache(root if request.cache else None)
        return Scene(whole, _part(whole, rules.config, request), rules, cache, read)
    options = Options(
        include_proposed=request.include_proposed,
        as_of=request.as_of,
        cache=request.cache,
        aside=request.aside,
    )
    compilation = compile_repository(root, config, options, progress)
    report.extend(compilation.report)
    program = compilation.program
    rules = rules_of(program, config, request.include_proposed, report)
    whole = WorkingTree(root, compilation.whole)
    tree = _part(whole, config, request)
    return Scene(whole, tree, rules, compilation.cache, read, program)


def _staged(root: Path, request: Request, report: Report) -> Scene | None:
    index = index_tree(root, report)
    if index is None:
        report.add(
            NO_INDEX,
            "there is no index to check, because this is no git repository",
            help="check the working tree, without `--staged`",
        )
        return None
    read = reader(index)
    config = load(read, report)
    files = Part(index, folder=config.output).files
    day = request.as_of or today(root)
    cache = Cache(root if request.cache else None)
    program = None
    if request.constraints is not None:
        rules = read_published(config, request, files, read, day, report)
    else:
        rules, program = compile_rules(index, config, request, files, day, report)
    if rules is None:
        return None
    tree = _part(index, rules.config, request)
    return Scene(index, tree, rules, cache, read, program)


def compile_rules(  # noqa: PLR0917 - what decides them, each once
    decided: Snapshot,
    config: Config,
    request: Request,
    files: tuple[str, ...],
    day: date,
    report: Report,
    known: Program | None = None,
) -> tuple[Rules, Program]:
    """Compile and scope the decisions of a tree that does not lie on disk."""
    options = Options(include_proposed=request.include_proposed)
    here = Part(decided, folder=config.output)
    program, found = compile_tree(here, config, options, files, day, known)
    report.extend(found)
    return rules_of(program, config, request.include_proposed, report), program


def rules_of(program: Program, config: Config, include_proposed: bool, report: Report) -> Rules:
    """Scope the decisions of a program that bind."""
    files = program.ground.files
    scoped = scope(program, files, config, report, include_proposed=include_proposed)
    digests = {unit.header.path: unit.digest for unit in program.units}
    return Rules(
        tuple(scoped.decisions), config, program.as_of, scoped.facts, config.tests, digests
    )


def read_published(  # noqa: PLR0917 - what decides it, each once
    config: Config,
    request: Request,
    files: tuple[str, ...],
    read: Read,
    day: date,
    report: Report,
) -> Rules | None:
    """Read the published set that was asked for, and scope it in the tree of these files."""
    from bylaw.check.published import read_set, scope_set  # noqa: PLC0415 - seldom needed

    path = request.constraints or ""
    data = read(path)
    if data is None:
        report.add(
            UNREADABLE_SET,
            f"`{path}` cannot be read",
            help="name the `constraints.json` that `bylaw build` has written",
        )
        return None
    folder, _, _ = path.rpartition("/")
    manifest = read(f"{folder}/{MANIFEST}" if folder else MANIFEST)
    published = read_set(data, path, manifest, report)
    if published is None:
        return None
    rules = scope_set(
        published,
        path,
        config,
        files,
        day,
        include_proposed=request.include_proposed,
    )
    report.extend(rules.diagnostics)
    return rules


def _part(tree: Snapshot, config: Config, request: Request) -> Snapshot:
    """Return a tree without what bylaw writes: generated files, the baseline, the set itself."""
    written = {request.baseline, config.baseline, request.constraints}
    return Part(tree, frozenset(filter(None, written)), config.output)


def file_list_key(tree: Snapshot, names: Callable[[str], bool]) -> str:
    """Return a digest of a tree's paths, and of the content of those files that `names` tells."""
    digest = sha256("\0".join(tree.files).encode("utf-8", "surrogateescape"))
    for path in filter(names, tree.files):
        try:
            digest.update(sha256(tree.read(path)).digest())
        except UnevaluableError:
            digest.update(b"-")
    return digest.hexdigest()


def reader(tree: Snapshot) -> Read:
    """Return what reads a tree's files, and gives None for those that cannot be read."""

    def read(path: str) -> bytes | None:
        try:
            return tree.read(path)
        except UnevaluableError:
            return None

    return read


def _disk(root: Path) -> Read:
    def read(path: str) -> bytes | None:
        try:
            return (root / path).read_bytes()
        except (OSError, ValueError):
            return None

    return read
