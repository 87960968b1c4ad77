"""The impact of a decision, as values: what was asked, and what the working tree has against it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from bylaw.check.verdict import Excused, NotEvaluated, Violation
from bylaw.diagnostics import Severity, Span
from bylaw.ir import Strength
from bylaw.program import Standing

Fate = Literal["judged", "later", "over", "open"]
"""Judged as it binds today; binds from a later day, and judged all the same; binds no more, and
not judged; needs a change, a record or a run, so that a tree alone gives it no verdict."""


class Ask(NamedTuple):
    """What to look at: a decision, maybe with a text that nobody has saved, or a sentence of it.

    `constraint` is a full id.
    """

    path: str
    text: str | None = None
    constraint: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A constraint and how it fares; `files` is None where it speaks of none.

    `why` says, of one that is not simply judged, what keeps it from that.
    """

    id: str
    text: str
    severity: Strength
    fate: Fate
    span: Span
    why: str = ""
    files: int | None = None
    violations: int = 0
    excused: int = 0
    unjudged: int = 0


class Size(NamedTuple):
    """How large a baseline would be: its entries, and the violations that they stand for.

    `path` is the configured file, and `there` how many violations stand in it today.
    """

    entries: int = 0
    violations: int = 0
    path: str | None = None
    there: int = 0


@dataclass(frozen=True, slots=True)
class Side:
    """One of the sentences that a clash is between: its place, its line, and what it does there."""

    span: Span
    text: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Clash:
    """Two sentences that do not go together; `message` names the witness that both claim.

    `new` says that the text which nobody has saved has brought it.
    """

    code: str
    slug: str
    severity: Severity
    message: str
    note: str | None
    help: str | None
    sides: tuple[Side, ...]
    new: bool = False


def no_lines(path: str) -> Sequence[str]:  # noqa: ARG001 - reads no file
    """Return no lines, of any file."""
    return ()


@dataclass(frozen=True)
class Impact:
    """What the working tree has against a decision, were it in force on the day `as_of`.

    Violations, those that are excused and what could not be judged stand in the order of places.
    `standing` is how the decision stands today; `nothing` says why nothing at all was judged.
    `relieved` are violations of other decisions that this one would let pass, `ends` the
    decisions that it would put out of force, with the number of their constraints. `owners` are
    those of every file that is named, by the file `owners_file`; empty without one. `statements`
    counts the list items that are read, `rejected` those that are no statements, so that nobody
    takes them for kept. `lines`
    returns the lines of a file of the tree, none where it cannot be read.
    """

    path: str
    decision: str
    title: str
    as_of: date
    standing: Standing | None = None
    saved: bool = True
    asked: str | None = None
    nothing: str | None = None
    sentences: tuple[Sentence, ...] = ()
    violations: tuple[Violation, ...] = ()
    excused: tuple[Excused, ...] = ()
    unjudged: tuple[NotEvaluated, ...] = ()
    relieved: tuple[Excused, ...] = ()
    ends: tuple[tuple[str, int], ...] = ()
    baseline: Size = field(default_factory=Size)
    clashes: tuple[Clash, ...] = ()
    owners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    owners_file: str | None = None
    files: int = 0
    tree_files: int = 0
    statements: int = 0
    rejected: int = 0
    lines: Callable[[str], Sequence[str]] = field(default=no_lines, repr=False, compare=False)
