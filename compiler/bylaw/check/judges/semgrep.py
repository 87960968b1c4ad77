"""The judge of `match:`: an author's own Semgrep pattern, judged by Semgrep itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from bylaw.check.areas import judged_files
from bylaw.check.evidence import NOT_READ, Evidence
from bylaw.check.finding import Finding, NotEvaluated, Violation
from bylaw.check.judges.base import TreeJudge
from bylaw.check.semgrep import Answer, Search, search
from bylaw.languages import language_of, language_title
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.ir import MatchPattern
    from bylaw.scoped import ScopedConstraint

_INSTALL = "install it (`pip install 'bylaw[semgrep]'`), or set BYLAW_SEMGREP to its command"


@dataclass
class _Found:
    """What Semgrep has said in this run, and what could not be read; `failure` if it failed."""

    answers: dict[Search, Answer] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    searched: set[tuple[Search, str]] = field(default_factory=set)
    failure: UnevaluableError | None = None


def _found_of(evidence: Evidence) -> _Found:  # noqa: ARG001 - kept by the evidence
    return _Found()


def _prepare(group: Sequence[ScopedConstraint], evidence: Evidence) -> None:
    """Search for the patterns of all constraints at once."""
    if evidence.semgrep is None:
        return
    found = evidence.once(_found_of)
    wanted = {
        (one, path)
        for scoped in group
        for path in judged_files(scoped, evidence)
        if (one := _search_of(scoped, path)) is not None
    } - found.searched
    files: dict[str, bytes] = {}
    for path in sorted({path for _, path in wanted}):
        try:
            files[path] = evidence.tree.read(path)
        except UnevaluableError as error:
            found.unread[path] = error.reason
    try:
        answers = search(evidence.semgrep, sorted({one for one, _ in wanted}), files)
    except UnevaluableError as error:
        found.failure = error
        return
    found.searched |= wanted
    for one, answer in answers.items():
        known = found.answers.setdefault(one, Answer())
        known.matches += answer.matches
        known.unread |= answer.unread
        known.fault = known.fault or answer.fault


def _search_of(scoped: ScopedConstraint, path: str) -> Search | None:
    constraint = scoped.constraint
    language = language_of(path)
    if constraint.shape != "semgrep" or language is None:
        return None
    return Search(language, constraint.pattern.strip("\n"))


def _judge(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    constraint = cast("MatchPattern", scoped.constraint)
    paths = judged_files(scoped, evidence)
    if not paths:
        return
    if evidence.semgrep is None:
        raise UnevaluableError("Semgrep is not installed", help=_INSTALL)
    found = evidence.once(_found_of)
    asked = ((one, path) for path in paths if (one := _search_of(scoped, path)) is not None)
    if any(pair not in found.searched for pair in asked):
        _prepare((scoped,), evidence)
    if found.failure is not None:
        raise found.failure
    by_search: dict[Search, list[str]] = {}
    for path in paths:
        one = _search_of(scoped, path)
        if one is not None:
            by_search.setdefault(one, []).append(path)
        else:
            yield NotEvaluated(scoped.full_id, NOT_READ, path)
    for one, some in sorted(by_search.items()):
        answer = found.answers[one]
        if answer.fault is not None:
            yield _faulty(scoped, one, answer.fault)
        else:
            yield from _judge_files(scoped, constraint, answer, some, found.unread)


def _faulty(scoped: ScopedConstraint, one: Search, fault: str) -> NotEvaluated:
    title = language_title(one.language)
    if fault != "the pattern is no code":
        return NotEvaluated(scoped.full_id, fault)
    return NotEvaluated(
        scoped.full_id,
        f"the pattern is no {title}, and the scope holds files in {title}",
        help="name the pattern's language in the subject, such as `Python code in …`",
    )


def _judge_files(
    scoped: ScopedConstraint,
    constraint: MatchPattern,
    answer: Answer,
    paths: Sequence[str],
    unread: dict[str, str],
) -> Iterator[Finding]:
    pattern = " ".join(constraint.pattern.split())
    places: dict[str, set[object]] = {}
    here = frozenset(paths)
    for match in sorted(answer.matches):
        if match.path not in here or match.place in places.setdefault(match.path, set()):
            continue
        places[match.path].add(match.place)
        if constraint.modal == "must-not":
            detail = f"matches `{pattern}`"
            yield Violation(scoped.full_id, match.path, detail, match.place, operand=pattern)
    for path in paths:
        if path in places:
            continue
        reason = unread.get(path) or answer.unread.get(path)
        if reason is not None:
            yield NotEvaluated(scoped.full_id, reason, path)
        elif constraint.modal == "must":
            detail = f"has no match of `{pattern}`"
            yield Violation(scoped.full_id, path, detail, operand=pattern)


SEMGREP = TreeJudge(_judge, prepare=_prepare)
