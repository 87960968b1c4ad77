"""The artifacts that engines run, as a build would emit them for a tree."""

from collections.abc import Mapping
from dataclasses import dataclass

from bylaw.diagnostics import Report
from bylaw.fidelity import Fidelity
from bylaw.scope import ScopedConstraint, ScopedProgram


@dataclass(frozen=True)
class Emitted:
    """What one target has made: files by name, and by full id how true they are."""

    files: Mapping[str, bytes]
    fidelity: Mapping[str, Fidelity]

    def owners(self) -> dict[str, str]:
        """Return which constraint each rule speaks of."""
        return {rule: identity for identity, level in self.fidelity.items() for rule in level.rules}


def emit(program: ScopedProgram, targets: tuple[str, ...], report: Report) -> dict[str, Emitted]:
    """Compile and assemble a program for each of the targets named."""
    from bylaw_targets import find_targets  # noqa: PLC0415 - targets import from the compiler

    found: dict[str, Emitted] = {}
    for target in find_targets(targets, report):
        fragments = [target.compile(decision) for decision in program.decisions]
        fidelity = {
            f"{decision.decision.id}/{identity}": level
            for decision, fragment in zip(program.decisions, fragments, strict=True)
            for identity, level in fragment.fidelity.items()
        }
        artifacts = target.assemble(program, fragments, report)
        found[target.name] = Emitted({a.path: a.data for a in artifacts}, fidelity)
    return found


def active(program: ScopedProgram) -> dict[str, tuple[str, ScopedConstraint]]:
    """Return the constraints in force by full id, each with its decision's id."""
    found: dict[str, tuple[str, ScopedConstraint]] = {}
    for decision in program.decisions:
        for scoped in decision.constraints:
            if scoped.active:
                found.setdefault(scoped.full_id, (decision.decision.id, scoped))
    return found
