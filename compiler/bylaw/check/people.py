"""What was recorded of approvals, before it is weighed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

Decision: TypeAlias = Literal["approve", "dismiss", "request-changes"]

DECISIONS: tuple[Decision, ...] = ("approve", "dismiss", "request-changes")


class ApprovalFaultError(Exception):
    """What should tell of approvals is not of its form; `help` says which form that is."""

    def __init__(self, message: str, help: str) -> None:  # noqa: A002 - the word of diagnostics
        super().__init__(message)
        self.message = message
        self.help = help


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that somebody did, in the order in which it was done.

    `teams` are those that the record itself says they are of. A dismissal takes back what `of` has
    said, and without it what `by` has. `commit` is what they saw, `policy` the policy version then.
    """

    by: str
    decision: Decision = "approve"
    teams: tuple[str, ...] = ()
    time: datetime | None = None
    commit: str | None = None
    policy: str | None = None
    source: str | None = None
    of: str | None = None
    bot: bool = False


@dataclass(frozen=True)
class Told:
    """All that a source tells, or why it tells not all.

    `entries` is None where nothing could be read, `gap` says why, and what to do stands in `help`.
    With entries and a gap there may be more approvals than those. `authors` are further names of
    whoever made the change. `teams` are the members by team, where somebody has listed them;
    `grouped` says that a name that is listed nowhere may be a team.
    """

    entries: tuple[Entry, ...] | None = None
    gap: str | None = None
    help: str | None = None
    authors: tuple[str, ...] = ()
    teams: Mapping[str, frozenset[str]] = field(default_factory=dict)
    grouped: Literal["never", "slash", "always"] = "never"


def identity_of(name: str) -> str:
    """Return a name as names are compared: without `@`, and whatever the case."""
    return name.strip().removeprefix("@").casefold()


def names_of(name: str) -> frozenset[str]:
    """Return what somebody may be known as: `Name <address>`, an address, or an account.

    Of an address the part before its `@` counts, too; one that a forge gives out holds a number
    and a plus before the account. In doubt two are one: whoever made a change, or approved twice,
    is not to gain by another spelling.
    """
    text, _, rest = name.rpartition(" <")
    parts = [text, rest.removesuffix(">")] if text else [name]
    found: set[str] = set()
    for part in parts:
        account = part.strip().removeprefix("@").partition("@")[0]
        found |= {part, account, account.partition("+")[2]}
    return frozenset(identity_of(each) for each in found if identity_of(each))
