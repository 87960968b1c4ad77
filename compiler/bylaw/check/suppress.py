"""Inline comments that let a violation pass, where the configuration admits them at all.

`# bylaw: allow 0007-domain/no-orm because the report is rewritten` stands on the violation's line,
or alone on the line before; for a violation without a line it stands anywhere in the file.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bylaw.check.finding import Violation
from bylaw.diagnostics import Code, Report, Severity
from bylaw.snapshot import Snapshot
from bylaw.source import Source
from bylaw.unevaluable import UnevaluableError

UNUSED_SUPPRESSION = Code("BL512", "unused-suppression", Severity.WARNING)
UNREASONED_SUPPRESSION = Code("BL513", "suppression-without-reason", Severity.WARNING)
IDLE_SUPPRESSION = Code("BL514", "suppression-without-effect", Severity.WARNING)
UNKNOWN_SUPPRESSION = Code("BL515", "unknown-suppression", Severity.WARNING)

_WORD = b"bylaw:"

# Markdown quotes code, so only a comment of its own counts there.
_MARKS = r"#|//|/\*|--|<!--|;|%"
_COMMENT = re.compile(
    rf"(?P<head>.*?)(?P<mark>{_MARKS})[ \t]*bylaw:[ \t]*allow\b[ \t]*(?P<rest>.*)$"
)
_IDS = re.compile(r"(?P<ids>[^\s,]+(?:[ \t]*,[ \t]*[^\s,]+)*)(?:[ \t]+because\b[ \t]*(?P<why>.*))?")
_MARKUP = (".md", ".markdown", ".html", ".htm", ".xml", ".vue", ".svg")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment: the ids of the constraints that it names, and its reason.

    `alone` says that nothing but the comment stands on its line. Lines count from 1, columns from
    0; `end` is one past the last.
    """

    path: str
    line: int
    column: int
    end: int
    ids: tuple[str, ...]
    reason: str | None
    alone: bool

    def covers(self, violation: Violation) -> bool:
        """Tell whether a violation stands where the comment speaks of."""
        if violation.constraint not in self.ids or violation.path != self.path:
            return False
        place = violation.place
        if place is None:
            return True
        return place.line <= self.line <= place.end_line or (
            self.alone and self.line == place.line - 1
        )


@dataclass(frozen=True)
class Admission:
    """For which constraints the configuration admits comments: all, some, or none."""

    everything: bool = False
    ids: frozenset[str] = frozenset()

    @property
    def nothing(self) -> bool:
        """Whether no comment counts."""
        return not self.everything and not self.ids

    def admits(self, constraint: str) -> bool:
        """Tell whether comments count for a constraint; a decision's id stands for all of its."""
        return (
            self.everything or constraint in self.ids or constraint.rpartition("/")[0] in self.ids
        )


def read_admission(value: bool | Sequence[str]) -> Admission:
    """Return what the key `suppressions` of a configuration says."""
    if isinstance(value, bool):
        return Admission(everything=value)
    return Admission(ids=frozenset(value))


def find(path: str, data: bytes) -> Iterator[Suppression]:
    """Yield the suppressing comments of one file."""
    if _WORD not in data or b"\0" in data:
        return
    text = data.decode("utf-8", errors="replace").removeprefix("\ufeff")
    for number, line in enumerate(text.split("\n"), 1):
        if "bylaw:" not in line:
            continue
        # What is longer was written by no person, and would take long to search.
        match = _COMMENT.match(line.rstrip("\r")[:2000])
        if match is None or (path.endswith(_MARKUP) and match["mark"] != "<!--"):
            continue
        rest = re.sub(r"[ \t]*(?:\*/|-->).*$", "", match["rest"])
        said = _IDS.match(rest)
        column = match.start("mark")
        yield Suppression(
            path,
            number,
            column,
            match.start("rest") + len(rest),
            tuple(re.split(r"[ \t]*,[ \t]*", said["ids"])) if said else (),
            ((said["why"] or "").strip() or None) if said else None,
            not match["head"].strip(),
        )


def collect(tree: Snapshot, paths: Iterable[str]) -> Mapping[str, tuple[Suppression, ...]]:
    """Return the comments of files, by path; a file that cannot be read has none."""
    found: dict[str, tuple[Suppression, ...]] = {}
    for path in sorted(set(paths)):
        try:
            some = tuple(find(path, tree.read(path)))
        except UnevaluableError:
            continue
        if some:
            found[path] = some
    return found


class Suppressions:
    """The comments of a tree, and which of them have let something pass."""

    def __init__(self, found: Mapping[str, tuple[Suppression, ...]], admission: Admission) -> None:
        self._found = found
        self._admission = admission
        self._used: set[tuple[Suppression, str]] = set()
        self._idle: set[tuple[Suppression, str]] = set()

    def excuse(self, violation: Violation) -> Suppression | None:
        """Return the comment that lets a violation pass, if one does."""
        for comment in self._found.get(violation.path or "", ()):
            if not comment.covers(violation):
                continue
            key = (comment, violation.constraint)
            if not self._admission.admits(violation.constraint):
                self._idle.add(key)
            elif comment.reason is None:
                self._used.add(key)
            else:
                self._used.add(key)
                return comment
        return None

    def report(
        self, tree: Snapshot, known: frozenset[str], open_: frozenset[str], to: Report
    ) -> None:
        """Say which comments do nothing, and why.

        `known` are the ids of all constraints, `open_` of those that were not wholly evaluated: a
        comment for one of them may yet be needed.
        """
        for path in sorted(self._found):
            try:
                source = Source(path, tree.read(path))
            except UnevaluableError:
                # It was deleted meanwhile; whoever judges it says so.
                continue
            for comment in self._found[path]:
                for identity in comment.ids:
                    self._report_one(comment, identity, source, known, open_, to)
                if not comment.ids and not self._admission.nothing:
                    _say(
                        to,
                        UNKNOWN_SUPPRESSION,
                        "the comment names no constraint",
                        comment,
                        source,
                        "write `bylaw: allow 0007-domain/no-orm because …`",
                    )

    def _report_one(  # noqa: PLR0917 - the parts of one report
        self,
        comment: Suppression,
        identity: str,
        source: Source,
        known: frozenset[str],
        open_: frozenset[str],
        to: Report,
    ) -> None:
        key = (comment, identity)
        if key in self._idle:
            _say(
                to,
                IDLE_SUPPRESSION,
                f"the comment has no effect: nothing admits comments for `{identity}`",
                comment,
                source,
                "write a waiver into the decision, or name the constraint in `suppressions`",
            )
        elif self._admission.nothing:
            return
        elif identity not in known:
            # `bylaw list` shows ids without their decisions.
            near = [each for each in sorted(known) if each.endswith(f"/{identity}")]
            near = near or get_close_matches(identity, sorted(known), n=1)
            advice = f"did you mean `{near[0]}`?" if near else "`bylaw list` shows the ids"
            message = f"no constraint `{identity}` is in force"
            _say(to, UNKNOWN_SUPPRESSION, message, comment, source, advice)
        elif comment.reason is None:
            _say(
                to,
                UNREASONED_SUPPRESSION,
                f"the comment for `{identity}` gives no reason, so it does not count",
                comment,
                source,
                "say why after `because`",
            )
        elif key not in self._used and identity not in open_:
            message = f"nothing here violates `{identity}`"
            _say(to, UNUSED_SUPPRESSION, message, comment, source, "take the comment out")


def _say(  # noqa: PLR0917 - the parts of a diagnostic
    to: Report, code: Code, message: str, comment: Suppression, source: Source, advice: str
) -> None:
    row = comment.line - 1
    width = len(source.lines[row]) if row < len(source.lines) else 0
    span = (
        source.span(row, min(comment.column, width), row, min(comment.end, width))
        if row < len(source.lines)
        else None
    )
    to.add(code, message, span, help=advice)
