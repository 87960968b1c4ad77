"""The targets that bylaw compiles to: one table, and whatever else is installed.

A target of somebody else's joins by an entry point of the group `bylaw.targets`, whose name is the
target's and which loads a class or a function that returns a `bylaw.target.Target`. A name in the
table cannot be taken over. Engines come before the targets that tell readers what the engines
check.
"""

from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from bylaw.diagnostics import Code, Report, Severity
from bylaw.target import Target

TARGETS: dict[str, str] = {
    "semgrep": "bylaw_targets.semgrep:Semgrep",
    "import-linter": "bylaw_targets.importlinter:ImportLinter",
    "codeowners": "bylaw_targets.codeowners:Codeowners",
    "ruleset": "bylaw_targets.ruleset:Ruleset",
    "workflow": "bylaw_targets.workflow:WorkflowTarget",
    "agents": "bylaw_targets.agents:Agents",
    "json": "bylaw_targets.json:Json",
}
"""By name, where a target's class is: one that is not asked for is not imported."""

READERS = frozenset(("workflow", "agents", "json"))
"""The targets that say what a constraint is and leave the checking to others."""

BROKEN_TARGET = Code("BL420", "broken-target", Severity.ERROR)

_GROUP = "bylaw.targets"


def target_names() -> tuple[str, ...]:
    """Return the names of all targets: the table's, then those installed, sorted."""
    return (*TARGETS, *sorted({point.name for point in _installed()} - TARGETS.keys()))


def find_targets(names: Iterable[str], report: Report) -> tuple[Target, ...]:
    """Return the targets of these names in the order in which they compile, each once.

    Somebody else's target that cannot be loaded is an error in `report`. Raises LookupError for a
    name that is not among `target_names()`.
    """
    wanted = dict.fromkeys(names)
    engines = [name for name in TARGETS if name not in READERS]
    readers = [name for name in TARGETS if name in READERS]
    found: list[Target] = []
    for name in (*engines, *sorted(wanted.keys() - TARGETS.keys()), *readers):
        if name not in wanted:
            continue
        target = _built_in(TARGETS[name]) if name in TARGETS else _other(name, report)
        if target is not None:
            found.append(target)
    return tuple(found)


def _built_in(place: str) -> Target:
    module, _, name = place.partition(":")
    return cast("Target", getattr(import_module(module), name)())


def _other(name: str, report: Report) -> Target | None:
    points = [point for point in _installed() if point.name == name]
    if not points:
        raise LookupError(name)
    # Two packages that offer one name: the choice must not hang on the order of installation.
    point = min(points, key=lambda p: p.value)
    reason = "it is no target"
    try:
        target = point.load()()
        whole = isinstance(target.version, int) and callable(target.compile)
        if whole and target.name == name and callable(target.assemble):
            return cast("Target", target)
    except Exception as error:
        # Whatever somebody else's code does while it is loaded, it must not end in a traceback.
        reason = f"{type(error).__name__}: {error}"
    report.add(
        BROKEN_TARGET,
        f"the target `{name}` cannot be loaded from `{point.value}`",
        note=reason.partition("\n")[0],
        help="mend or remove the package that offers it, or take the name out of `targets`",
    )
    return None


def _installed() -> Iterable[EntryPoint]:
    return entry_points(group=_GROUP)
