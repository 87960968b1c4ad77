"""What a target is: how a scoped decision becomes a fragment, and fragments an artifact.

Compiling is separate: `compile` sees one decision with its scope and is a pure function of it, so
that its fragment can be kept; `assemble` joins the fragments of all decisions, as a linker does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, TypeAlias, runtime_checkable

from bylaw.diagnostics import Diagnostic, Report
from bylaw.fidelity import Fidelity
from bylaw.scope import ScopedDecision, ScopedProgram

__all__ = ["Artifact", "Fidelity", "Fragment", "Place", "Target", "Trace", "Tracing"]

Place: TypeAlias = Literal["output", "file", "region"]
"""Where an artifact goes: see `Artifact`."""


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
    """What a build writes: a path, bytes, and when they change by themselves.

    `place` says where: `output` is a file below the output folder. `file` is one whose path starts
    at the repository's root and which is bylaw's as a whole. `region` is a part of such a file:
    `data` stands between marks, and what people have written around it stays byte for byte. Both
    are UTF-8 text that ends in a line feed; `bylaw.regions` adds the marks.

    `until` names the next day (ISO) on which the same input gives other bytes, where there is one.
    """

    path: str
    data: bytes
    until: str | None = None
    place: Place = "output"


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


class Trace(NamedTuple):
    """Lines of an artifact that a statement has produced; both count from 1 and are included.

    `statement` is the full id of a constraint, or of guidance; of guidance without an id it is
    `decision@LINE`. In `joint` lines other decisions have a part: the artifact of several may say
    it in other words, in another place or, where there is no room, not at all. All other lines
    stand in it as they are.
    """

    statement: str
    first: int
    last: int
    joint: bool = False


@runtime_checkable
class Tracing(Protocol):
    """A target that knows the lines of its artifacts; one need not, see `docs/targets.md`."""

    def trace(
        self, program: ScopedProgram, fragments: Sequence[Fragment], artifact: Artifact
    ) -> Iterable[Trace]:
        """Yield the lines of an artifact that `assemble` has made of this program and fragments."""
