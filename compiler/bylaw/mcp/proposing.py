"""What a proposed change would break: file contents or a diff, laid over the working tree."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bylaw.check.proposal import OPEN, Proposal, judge_proposal
from bylaw.check.verdict import Judgement, Violation
from bylaw.mcp.asking import Repository, problems
from bylaw.mcp.patch import apply
from bylaw.mcp.places import AskError, inside
from bylaw.mcp.records import (
    QUOTED,
    AdrPlace,
    FoundViolation,
    OpenQuestion,
    ProposalAnswer,
    bounded,
    maybe,
    quoted,
)
from bylaw.sentence import in_full

_MOST_FILES = 200
_MOST_BYTES = 8 << 20


class FileChange(BaseModel):
    """What one file is to hold."""

    model_config = ConfigDict(extra="forbid")

    path: str = Field(description="From the repository's root down, with `/`.")
    content: str | None = Field(description="All of its text afterwards; null where it is removed.")


def check_change(
    repository: Repository,
    changes: Sequence[FileChange],
    patch: str | None,
    agent: str | None,
) -> ProposalAnswer:
    """Judge a proposed change; only what it would introduce counts."""
    root = repository.root
    contents = _contents(root, changes, patch, repository)
    if not contents:
        raise AskError("nothing is proposed; give `changes`, or a `patch` that changes something")
    if len(contents) > _MOST_FILES or sum(len(d or b"") for d in contents.values()) > _MOST_BYTES:
        raise AskError(
            f"more than {_MOST_FILES} files or {_MOST_BYTES >> 20} MiB are proposed; ask in parts, "
            "or run `bylaw check --diff` afterwards"
        )
    return _answer(judge_proposal(root, repository.config(), contents, agent=agent))


def _contents(
    root: Path, changes: Sequence[FileChange], patch: str | None, repository: Repository
) -> dict[str, bytes | None]:
    if patch is not None:
        if changes:
            raise AskError("`changes` and `patch` are two ways to say one thing; give one of them")
        return apply(patch, repository.read, lambda path: inside(root, path))
    contents: dict[str, bytes | None] = {}
    for change in changes:
        path = inside(root, change.path)
        if path in contents:
            raise AskError(f"`{path}` is proposed twice")
        if path == "." or (root / path).is_dir():
            raise AskError(f"`{path}` is a folder; name each file")
        text = change.content
        contents[path] = None if text is None else text.encode("utf-8", "surrogatepass")
    return contents


def _answer(proposal: Proposal) -> ProposalAnswer:
    judgements = proposal.verdicts.judgements
    violations = [_violation(j, v) for j in judgements for v in j.violations]
    open_ = [each for j in judgements for each in _open(j, proposal)]
    later = [each for j in judgements if _is_later(j) for each in _questions(j)]
    faults = problems(proposal.verdicts.diagnostics)
    shown, more = bounded(violations)
    questions, others = bounded(open_)
    further, rest = bounded(later)
    uncovered, hidden = bounded(proposal.uncovered)
    deciding, unshown = bounded(proposal.deciding)
    paths, unseen = bounded(proposal.touched, 1000)
    return ProposalAnswer(
        verdict=_verdict(judgements, bool(open_ or faults)),
        touched=tuple(map(quoted, paths)),
        violations=shown,
        open=questions,
        later=further,
        uncovered=tuple(map(quoted, uncovered)),
        deciding=tuple(map(quoted, deciding)),
        omitted=more + others + rest + hidden + unshown + unseen,
        problems=faults,
        quoted=QUOTED,
    )


def _verdict(
    judgements: Sequence[Judgement], is_open: bool
) -> Literal["keeps", "violates", "open"]:
    if any(judgement.failing for judgement in judgements):
        return "violates"
    return "open" if is_open else "keeps"


def _is_later(judgement: Judgement) -> bool:
    return judgement.scoped.constraint.shape in OPEN


def _open(judgement: Judgement, proposal: Proposal) -> Iterator[OpenQuestion]:
    """Yield what could have been judged, and was not, of what the proposal is about."""
    if not _is_later(judgement) and judgement.scoped.full_id in proposal.concerned:
        touched = frozenset(map(quoted, proposal.touched))
        yield from (q for q in _questions(judgement) if q.path is None or q.path in touched)


def _violation(judgement: Judgement, violation: Violation) -> FoundViolation:
    constraint = judgement.scoped.constraint
    alternative = constraint.alternative
    note = f" ({violation.note})" if violation.note else ""
    return FoundViolation(
        constraint=quoted(violation.constraint),
        severity=constraint.severity,
        path=maybe(violation.path),
        line=violation.place.line if violation.place else None,
        detail=quoted(violation.detail + note),
        sentence=quoted(in_full(constraint)),
        adr=AdrPlace(path=quoted(constraint.span.path), line=constraint.span.line),
        alternative=maybe(alternative.text if alternative else None),
        because=maybe(constraint.because),
    )


def _questions(judgement: Judgement) -> Iterator[OpenQuestion]:
    for finding in judgement.not_evaluated:
        yield OpenQuestion(
            constraint=quoted(finding.constraint),
            path=maybe(finding.path),
            reason=quoted(finding.reason),
            help=maybe(finding.help),
        )
