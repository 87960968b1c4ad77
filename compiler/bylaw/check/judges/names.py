"""Judges of names that are no files: of the branch, and the first lines of commit messages."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from bylaw.check.evidence import Evidence
from bylaw.check.finding import Finding, Violation
from bylaw.check.judges.base import TreeJudge
from bylaw.check.judges.changes import change_of
from bylaw.check.judges.phrases import either, quoted, shown, written
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.ir import NameMatch
    from bylaw.scoped import ScopedConstraint


def _name_match(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    if scoped.constraint.subject.noun == "branches":
        yield from _judge_name(scoped, "the branch", _branch(evidence), None)
        return
    for commit in change_of(evidence).commits:
        # Git wrote the message of a merge.
        if not commit.merge:
            note = f"it is commit {quoted(commit.id[:10])}"
            yield from _judge_name(scoped, "the message", commit.subject, note)


def _branch(evidence: Evidence) -> str:
    branch = evidence.change.branch if evidence.change is not None else None
    branch = branch if branch is not None else evidence.branch
    if branch is None:
        raise UnevaluableError("no branch is checked out", help="check a branch out")
    return branch


def _judge_name(
    scoped: ScopedConstraint, what: str, name: str, note: str | None
) -> Iterator[Violation]:
    constraint = cast("NameMatch", scoped.constraint)
    matched = [r for r in constraint.regexes if _full(r.text)(name) is not None]
    said = f"{what} {shown(name)}"
    if constraint.modal == "must-not":
        for regex in matched:
            detail = f"{said} matches {quoted(written(regex))}"
            yield Violation(scoped.full_id, None, detail, operand=regex.text, found=name, note=note)
        return
    lacking = [regex for regex in constraint.regexes if regex not in matched]
    if constraint.quantifier == "any" and matched:
        return
    groups = [lacking] if constraint.quantifier == "any" else [[regex] for regex in lacking]
    for group in groups:
        detail = f"{said} does not match {either(map(written, group))}"
        yield Violation(scoped.full_id, None, detail, operand=group[0].text, found=name, note=note)


@lru_cache(maxsize=256)
def _full(expression: str) -> Any:
    import re2  # noqa: PLC0415 - not every repository has a regex, and this is a C++ library

    return re2.compile(expression).fullmatch


NAME_MATCH = TreeJudge(_name_match)
