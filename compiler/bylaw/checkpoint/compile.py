"""From a repository to its compact set: compiled as for a check, then frozen."""

import marshal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bylaw.area import Area
from bylaw.check.areas import judged_area, judged_files
from bylaw.check.evidence import Evidence
from bylaw.check.judges import FileJudge, judge_of, sort_of
from bylaw.check.kept import KeptFacts
from bylaw.check.pipelines import CI_GLOBS
from bylaw.check.resolve.python import module_files
from bylaw.check.rules import Rules, version_of_rules
from bylaw.check.scene import rules_of
from bylaw.checkpoint import stamps
from bylaw.checkpoint.compact import Compact, Entry
from bylaw.checkpoint.compile_graph import pack_graph
from bylaw.checkpoint.nodes import freeze
from bylaw.checkpoint.settings import Settings
from bylaw.config import Config
from bylaw.config_file import load
from bylaw.config_source import FILE, PYPROJECT
from bylaw.diagnostics import Report, Severity
from bylaw.driver import Options, compile_repository
from bylaw.globs import expand_braces, matcher
from bylaw.globs.dialect import is_literal
from bylaw.moments import BEFORE
from bylaw.scoped import ScopedConstraint
from bylaw.sentence import in_full
from bylaw.snapshot import WorkingTree
from bylaw.visible import visible

if TYPE_CHECKING:
    from bylaw.checkpoint.sieve import Packed

    Groups = tuple[tuple[int, ...], ...]

_IGNORING = (".gitignore", ".git/info/exclude")
_MOST_FAULTS = 20


def compile_set(root: str) -> Compact:
    """Compile a repository's decisions to the set that its tool calls are judged by."""
    started = time.time_ns()
    folder = Path(root)
    report = Report()
    config = load(lambda name: _bytes(folder / name), report)
    compilation = compile_repository(folder, config, Options())
    report.extend(compilation.report)
    program = compilation.program
    rules = rules_of(program, config, include_proposed=False, report=report)
    evidence = Evidence(
        tree=WorkingTree(folder, compilation.files),
        layout=rules.layout,
        tests=rules.tests,
        keep=KeptFacts(compilation.cache),
    )
    groups, group_of = _groups(rules, evidence)
    adrs = tuple(
        sorted({u.header.path for u in program.units} | {each.path for each in program.listed})
    )
    watched = (FILE, PYPROJECT, *adrs, *_ignoring(compilation.whole))
    return Compact(
        tuple(_entry(scoped, rules, evidence).packed() for scoped in rules.active),
        _faults(report),
        compilation.files,
        pack_graph(root, rules.active, evidence),
        group_of,
        groups,
        marshal.dumps(_layout(rules)),
        marshal.dumps(evidence.once(module_files).files),
        version_of_rules(rules),
        _settings(config, adrs).packed(),
        stamps.take(root, watched, _folders(compilation.whole), started),
    )


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


# --- constraints -------------------------------------------------------------------------------


def _entry(scoped: ScopedConstraint, rules: Rules, evidence: Evidence) -> Entry:
    node = scoped.constraint
    judge = judge_of(node)
    words: Any = None
    if isinstance(judge, FileJudge):
        words = _words(judge, scoped, evidence)
    elif node.shape == "agent-run":
        words = (node.modal == "must", tuple(tuple(c.text.split()) for c in node.commands))
    elif node.shape == "agent-limit":
        words = (node.count, node.unit)
    decision = rules.refs[scoped.full_id.rpartition("/")[0]]
    area = _area(scoped, evidence)
    return Entry(
        visible(node.alternative.text) if node.alternative else None,
        visible(node.because) if node.because else None,
        scoped.full_id,
        (area.include, area.within, area.exclude),
        tuple(scoped.languages),
        node.span.line,
        marshal.dumps(freeze(node)),
        node.span.path,
        visible(in_full(node, pattern=False)),
        str(node.severity),
        sort_of(node),
        scoped.tests,
        decision.title,
        bool(scoped.waivers or scoped.permissions or node.for_new_code),
        words,
    )


def _area(scoped: ScopedConstraint, evidence: Evidence) -> Area:
    """Return the area that a constraint is judged in; of CI, where its files lie."""
    if scoped.constraint.shape == "ci-run":
        return Area(CI_GLOBS)
    return judged_area(scoped, evidence)


def _words(judge: FileJudge, scoped: ScopedConstraint, evidence: Evidence) -> "Packed | None":
    found = judge.words(scoped, evidence.layout)
    if found is None:
        return None
    always = tuple(sorted({_beginning(glob) for glob in found.always}))
    return tuple(sorted(found.any_of)), always, found.imported


def _beginning(glob: str) -> str:
    """Return the plain text that every path begins with which a glob matches."""
    options = [option for text in (glob,) for option in expand_braces(text)]
    plain: list[str] = []
    for segment in _common([option.split("/") for option in options]):
        if not is_literal(segment):
            return "".join(f"{each}/" for each in plain)
        plain.append(segment)
    return "/".join(plain)


def _common(paths: list[list[str]]) -> Iterator[str]:
    """Yield the segments that all paths begin with."""
    for segments in zip(*paths, strict=False):
        if len(set(segments)) > 1:
            return
        yield segments[0]


# --- the tree ----------------------------------------------------------------------------------


def _groups(rules: Rules, evidence: Evidence) -> "tuple[Groups, tuple[int, ...]]":
    """Return the distinct sets of constraints, and for each file of the tree which is its own."""
    numbers: dict[str, list[int]] = {path: [] for path in evidence.tree.files}
    for number, scoped in enumerate(rules.active):
        if sort_of(scoped.constraint) not in BEFORE:
            continue
        for path in _concerned(scoped, evidence):
            numbers[path].append(number)
    known: dict[tuple[int, ...], int] = {}
    group_of = tuple(known.setdefault(tuple(found), len(known)) for found in numbers.values())
    return tuple(known), group_of


def _concerned(scoped: ScopedConstraint, evidence: Evidence) -> Iterable[str]:
    """Return the files whose change may violate a constraint."""
    node = scoped.constraint
    if node.shape == "ci-run":
        return evidence.files(_area(scoped, evidence))
    if node.shape in ("agent-limit", "agent-run"):
        # No file by itself: the command does, or the number of all.
        return ()
    found = judged_files(scoped, evidence)
    if node.shape in {"agent-change", "agent-read"}:
        test = matcher(glob.text for glob in node.globs)
        wanted = node.modal != "must-only" or node.shape == "agent-read"
        return [path for path in found if bool(test(path)) == wanted]
    return found


def _folders(files: Iterable[str]) -> tuple[str, ...]:
    """Return every folder that holds a file of the tree, the root as the empty path."""
    found = {""}
    for path in files:
        folder = path.rpartition("/")[0]
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return tuple(sorted(found))


def _ignoring(files: Iterable[str]) -> Iterator[str]:
    """Yield the files that say what git ignores."""
    yield from _IGNORING
    yield from (path for path in files if path.endswith("/.gitignore"))


def _layout(rules: Rules) -> tuple[Any, ...]:
    """Return the tree's facts without the names of modules, which take longest to read."""
    facts = rules.layout
    return (
        facts.source_roots,
        facts.packages,
        tuple(sorted(facts.modules)),
        tuple(facts.languages),
        facts.tops,
        tuple(sorted(facts.sources)),
        facts.configured,
        tuple(sorted(facts.endings)),
        facts.output,
    )


# --- the rest ----------------------------------------------------------------------------------


def _faults(report: Report) -> tuple[str, ...]:
    errors = [each for each in report if each.severity is Severity.ERROR]
    return tuple(
        f"{each.span or 'bylaw'}: {each.code}: {each.message}" for each in errors[:_MOST_FAULTS]
    )


def _settings(config: Config, adrs: tuple[str, ...]) -> Settings:
    return Settings(
        adrs=adrs,
        baseline=config.baseline,
        malfunction=config.hook.on_malfunction,
        output=config.output,
        suppressions=config.suppressions is not False,
        agent_class=config.hook.agent_class,
        autonomy=config.agents.autonomy,
        class_levels=tuple(sorted(config.agents.levels_by_class.items())),
        path_levels=tuple(config.agents.levels_by_path),
        max_bytes=config.max_file_bytes,
        tests=config.tests,
    )
