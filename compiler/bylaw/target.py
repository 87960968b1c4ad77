"""What a target is: how a scoped decision becomes a fragment, and fragments an artifact.

Compiling is separate: `compile` sees one decision with its scope and is a pure function of it, so
that its fragment can be kept; `assemble` joins the fragments of all decisions, as a linker does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bylaw.diagnostics import Diagnostic, Report
from bylaw.fidelity import Fidelity
from bylaw.scope import ScopedDecision, ScopedProgram

__all__ = ["Artifact", "Fidelity", "Fragment", "Target"]


@dataclass(frozen=True, slots=True)
class Fragment:
    """One decision in one target: its share of the artifact, and a fidelity per constraint id.

    `payload` is made of tuples, strings, numbers and None only, so that it can be kept.
    `diagnostics` are the target's (BL4xx).
    """

    fidelity: Mapping[str, Fidelity]
    payload: object
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Artifact:
    """One output file: `path` below the output folder, its bytes, and when it changes by itself.

    `until` names the next day (ISO) on which the same input gives other bytes, where there is one.
    """

    path: str
    data: bytes
    until: str | None = None


class Target(Protocol):
    """One back end. `version` counts changes of its output, so that kept fragments expire."""

    @property
    def name(self) -> str:
        """The name in the configuration and on the command line."""

    @property
    def version(self) -> int:
        """Raised whenever the same decision compiles to something else."""

    def compile(self, decision: ScopedDecision) -> Fragment:
        """Compile one decision; nothing outside `decision` may matter."""

    def assemble(
        self,
        program: ScopedProgram,
        fragments: Sequence[Fragment],
        report: Report,
    ) -> Iterable[Artifact]:
        """Join the fragments, which are in the order of `program.decisions`.

        A decision of the program is unpacked when it is looked at, which is dear by the ten
        thousand: what assembling needs of one belongs into its fragment's payload.
        """
