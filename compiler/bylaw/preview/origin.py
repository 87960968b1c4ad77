"""Which lines of an artifact come from which statement."""

import re
from collections.abc import Iterable, Iterator, Sequence

from bylaw.scope import ScopedProgram
from bylaw.target import Artifact, Fragment, Target, Trace, Tracing


def traces_of(
    target: Target, program: ScopedProgram, fragments: Sequence[Fragment], artifact: Artifact
) -> tuple[Trace, ...]:
    """Return the lines of an artifact that each statement has produced, sorted by line.

    A target that does not say is taken by its word: a line is of the constraints that it names, by
    their full ids or by one of the rules that the target has said to be theirs.
    """
    if isinstance(target, Tracing):
        found: Iterable[Trace] = target.trace(program, fragments, artifact)
    else:
        found = _named(program, fragments, artifact)
    return tuple(sorted(found, key=lambda trace: (trace.first, trace.last, trace.statement)))


def _named(
    program: ScopedProgram, fragments: Sequence[Fragment], artifact: Artifact
) -> Iterator[Trace]:
    """Yield the lines that name a constraint; nobody knows how they stand among those of others."""
    owners: dict[str, set[str]] = {}
    for decision, fragment in zip(program.decisions, fragments, strict=True):
        for identity, answer in fragment.fidelity.items():
            full_id = f"{decision.decision.id}/{identity}"
            for name in (full_id, *answer.rules):
                owners.setdefault(name, set()).add(full_id)
    if not owners:
        return
    longest_first = sorted(filter(None, owners), key=len, reverse=True)
    # An id goes on in letters, digits and hyphens, and a dot may tell two rules of one apart.
    names = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")
    for number, line in enumerate(artifact.data.decode("utf-8", "replace").split("\n"), 1):
        here = {identity for name in names.findall(line) for identity in owners[name]}
        for identity in sorted(here):
            yield Trace(identity, number, number, joint=True)
