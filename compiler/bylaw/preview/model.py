"""What page, site, terminal and editor show of one ADR: values, free of any way to show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from bylaw.diagnostics import Diagnostic, Span
from bylaw.fidelity import Fidelity
from bylaw.ir import Decision, Disposition, Strength
from bylaw.program import Standing
from bylaw.scoped import ScopedConstraint

State: TypeAlias = Literal[
    "enforced",
    "approximate",
    "checked",
    "conditional",
    "advisory",
    "applied",
    "inactive",
    "note",
    "rejected",
]
"""How a statement fares once its decision is in force."""

STATES: Mapping[State, str] = {
    "enforced": "an engine checks exactly this",
    "approximate": "an engine checks this roughly, `bylaw check` exactly",
    "checked": "`bylaw check` checks this, and no other engine",
    "conditional": "`bylaw check` checks this where it is given what it needs",
    "advisory": "people and agents read this; no machine checks it",
    "applied": "it lets something pass that another sentence forbids",
    "inactive": "it binds nobody on this day",
    "note": "commentary",
    "rejected": "no statement of the language: see its error",
}
"""What each state means, for a reader."""


@dataclass(frozen=True, slots=True)
class StatementView:
    """A list item of a binding section, and how it fares.

    `key` is the full id of a constraint or of guidance that has one, and `decision@LINE` of
    anything else: unique in the repository, and safe to tell apart after the text has moved only
    where it is an id. `span` is the item's first sentence. `about` holds the full ids of the
    constraints whose output it has a part in: its own, or that which it waives or permits.
    `why` is one clause, empty where the state says all.
    """

    key: str
    statement: Literal["constraint", "permission", "waiver", "note", "guidance", "rejected"]
    state: State
    span: Span
    sentence: str
    about: tuple[str, ...] = ()
    severity: Strength | None = None
    kind: str | None = None
    fidelity: Mapping[str, Fidelity] = field(default_factory=dict)
    """By target."""
    why: str = ""


class Mark(NamedTuple):
    """Lines of an output that a constraint has produced; both count from 1 and are included."""

    constraint: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Output:
    """What a decision becomes in one file of one target, by itself.

    `path` is that of the artifact, from the repository's root. `configured` tells whether a build
    writes it. `marks` are sorted by line; several constraints may share lines.
    """

    target: str
    path: str
    text: str
    marks: tuple[Mark, ...] = ()
    configured: bool = True


@dataclass(frozen=True)
class Preview:
    """What the text of one ADR becomes.

    `text` has line feeds only, and no byte order mark: the lines that spans count. Without a
    `decision` the file is something else in its folder, as `disposition` says. `statements` are in
    the order read; `scoped` are the constraints in their places. `diagnostics` are those that
    stand in this file or point into it.
    """

    path: str
    text: str
    decision: Decision | None
    disposition: Disposition
    standing: Standing | None = None
    statements: tuple[StatementView, ...] = ()
    scoped: tuple[ScopedConstraint, ...] = ()
    outputs: tuple[Output, ...] = ()
    diagnostics: Sequence[Diagnostic] = ()
