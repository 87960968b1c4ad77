"""Which lines of an output come from which sentence."""

from collections.abc import Mapping

from bylaw.fidelity import Fidelity
from bylaw.preview.model import Mark


def marks_of(
    target: str,  # noqa: ARG001 - until each target says it by itself
    text: str,
    decision: str,
    fidelity: Mapping[str, Fidelity],
) -> tuple[Mark, ...]:
    """Return the lines of a target's text that each constraint of a decision has produced."""
    marks = []
    for number, line in enumerate(text.split("\n"), 1):
        for identity, answer in fidelity.items():
            names = (f"{decision}/{identity}", *answer.rules)
            if any(name in line for name in names):
                marks.append(Mark(f"{decision}/{identity}", number, number))
    return tuple(marks)
