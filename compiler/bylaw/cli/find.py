"""The fault that nothing has the name which somebody has asked for."""

from typing import TYPE_CHECKING

from bylaw.cli.faults import UNKNOWN_NAME, FaultError, did_you_mean

if TYPE_CHECKING:
    from bylaw.program import Program


def unknown(program: "Program", name: str) -> FaultError:
    """Return the fault that no code, constraint or decision has this name."""
    ids = [f"{unit.header.id}/{row.id}" for unit in program.units for row in unit.header.rows]
    decisions = [unit.header.id for unit in program.units]
    short = {identity.rpartition("/")[2] for identity in ids}
    return FaultError(
        UNKNOWN_NAME,
        f"no code, constraint or decision is named `{name}`",
        did_you_mean(
            name,
            sorted({*ids, *decisions, *short}),
            "`bylaw list` shows the names of decisions and constraints, `bylaw explain` the codes",
        ),
    )
