"""What page, site, terminal and editor show of one ADR: values, free of any way to show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from bylaw.diagnostics import Diagnostic, Span
from bylaw.fidelity import Fidelity
from bylaw.ir import Decision, Disposition, Strength
from bylaw.program import Standing
from bylaw.scoped import ScopedConstraint
from bylaw.target import Place, Trace

Answers: TypeAlias = Mapping[str, Mapping[str, Fidelity]]
"""By target, then by constraint id: how truly the target says it."""

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
    where it is an id. `span` is the item's first sentence. `about` is what its lines of an output
    are marked with: its key and, of a constraint, the keys of this decision's waivers and
    permissions for it. `refers` is the full id of the constraint that a waiver or a permission
    names. `why` is one clause, empty where the state says all.
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
    refers: str | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """What a decision becomes in one file of one target, by itself.

    `path` is that of the artifact, from the repository's root, and `place` tells what it is there.
    `configured` tells whether a build writes it. `marks` are sorted by line; several statements
    may share lines: a waiver or a permission those of its constraint that it has changed.

    A build writes the lines of all marks but `joint` ones as they are here, among those of other
    decisions; in a list of JSON a comma may follow. What stands around them, it may write
    otherwise.

    The output of the target `ir` is the intermediate representation, which no build writes; there
    the marks are of every statement, commentary included.
    """

    target: str
    path: str
    text: str
    marks: tuple[Trace, ...] = ()
    configured: bool = True
    place: Place = "output"


@dataclass(frozen=True)
class Preview:
    """What the text of one ADR becomes.

    `text` has line feeds only, and no byte order mark: the lines that spans count; it is empty
    where the file is no UTF-8. Without a `decision` the file is something else in its folder, as
    `disposition` says. `statements` are in the order read; `scoped` are the constraints in their
    places. `configured` are the targets that a build writes. `diagnostics` are those that stand in
    this file or point into it.
    """

    path: str
    text: str
    decision: Decision | None
    disposition: Disposition
    standing: Standing | None = None
    statements: tuple[StatementView, ...] = ()
    scoped: tuple[ScopedConstraint, ...] = ()
    outputs: tuple[Output, ...] = ()
    configured: tuple[str, ...] = ()
    diagnostics: Sequence[Diagnostic] = ()
