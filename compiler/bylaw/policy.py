"""The policy version: which decisions were in force when something was approved, run or recorded.

It is a digest of the records in force and of the constraints that bind on the day, so that an edit
of a record, a new decision and a day on which a sentence starts or ends each make another one. It
imports nothing that is slow to load: the checkpoint and the record name it with every event.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bylaw.digest import sha256

if TYPE_CHECKING:
    from bylaw.program import Program

_DIGITS = 32
"""Of hexadecimal digits so many are shown: 128 bits."""


def policy_version(decisions: Iterable[tuple[str, str]], active: Iterable[str]) -> str:
    """Return the version of a policy: 32 hexadecimal digits.

    `decisions` are paths and SHA-256 digests of the records in force, `active` the full ids of the
    constraints that bind on the day. The order of neither matters.
    """
    lines = [f"{digest} {path}" for path, digest in sorted(set(decisions))]
    text = "\n".join((*lines, "", *sorted(set(active))))
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:_DIGITS]


def version_of_program(program: Program) -> str:
    """Return the policy version of linked decisions, without unpacking one."""
    day = program.as_of.isoformat()
    units = [unit for unit in program.units if program.in_force(unit.header.path)]
    return policy_version(
        ((unit.header.path, unit.digest) for unit in units),
        (
            f"{unit.header.id}/{item.id}"
            for unit in units
            for item in unit.header.items
            if item.statement == "constraint"
            and (item.first is None or item.first <= day)
            and (item.last is None or day <= item.last)
        ),
    )
