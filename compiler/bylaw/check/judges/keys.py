"""Judges of keys in configuration files: what value each has, and whether it is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from bylaw.check.areas import judged_area
from bylaw.check.evidence import Evidence, FileView, area_test
from bylaw.check.finding import Finding, NotEvaluated, Violation
from bylaw.check.judges.base import FileJudge, TreeJudge
from bylaw.check.judges.files import is_missing
from bylaw.check.judges.key_values import NO_LITERAL, Fault, Test, bound_faults, value_faults
from bylaw.facts.model import Place
from bylaw.keys import BrokenFileError, Document, format_of, is_unread, read_documents
from bylaw.keys.find import Answer, Found, Missing, TooManyError, find
from bylaw.keys.model import Node
from bylaw.keys.values import found_text, quoted, same, shown
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.ir import Key, KeyEqual, KeysSubject, KeyValue
    from bylaw.scoped import ScopedConstraint


@dataclass(frozen=True, slots=True)
class _Asked:
    """One constraint on keys, and what it asks of each value."""

    scoped: ScopedConstraint
    test: Test

    @property
    def id(self) -> str:
        return self.scoped.full_id

    @property
    def subject(self) -> KeysSubject:
        return cast("KeysSubject", self.scoped.constraint.subject)

    @property
    def needs_key(self) -> bool:
        """Whether the key has to be there."""
        return self.scoped.constraint.modal == "must" and not self.subject.each


# --- files -------------------------------------------------------------------------------------


def _judge(scoped: ScopedConstraint, view: FileView) -> Iterator[Finding]:
    """Judge one file of the subject by itself."""
    return _judge_file(_Asked(scoped, _test_of(scoped)), view)


def _judge_equal(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    """Judge each file of the subject against a key that stands in another."""
    asked = _Asked(scoped, _equal_test(cast("KeyEqual", scoped.constraint), evidence))
    for path in evidence.files(judged_area(scoped, evidence)):
        try:
            yield from _judge_file(asked, evidence.view(path))
        except UnevaluableError as error:
            yield NotEvaluated(asked.id, error.reason, path, error.place, error.help)
    yield from _absent(scoped, evidence)


def _absent(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    """Find the files that have to hold a key and are not there."""
    asked = _Asked(scoped, lambda _: ())
    if not asked.needs_key:
        return
    area = judged_area(scoped, evidence)
    paths, inside = evidence.files(area), area_test(area)
    for glob in asked.subject.globs:
        if inside(glob.text) and is_missing(glob.text, paths):
            for key in asked.subject.keys:
                detail = f"{quoted(key.text)} is missing, because there is no such file"
                yield Violation(asked.id, glob.text, detail)


def _judge_file(asked: _Asked, view: FileView) -> Iterator[Finding]:
    path = view.path
    named = any(glob.text == path for glob in asked.subject.globs)
    if not named and format_of(path) is None and not is_unread(path):
        # A scope with wildcards means the files in it that can have keys.
        return
    documents = documents_of(view)
    several = len(documents) > 1
    findings = [
        finding
        for document in documents
        for key in asked.subject.keys
        for finding in _judge_key(asked, path, document, key, several)
    ]
    found = [finding for finding in findings if isinstance(finding, Violation)]
    yield from found
    fault = next((document.fault for document in documents if document.fault), None)
    if fault is not None and not found:
        reason = f"it has a syntax error in line {fault.line}"
        yield NotEvaluated(asked.id, reason, path, fault)
    else:
        # One is enough to say that the file has no verdict.
        yield from [finding for finding in findings if isinstance(finding, NotEvaluated)][:1]


def _judge_key(
    asked: _Asked, path: str, document: Document, key: Key, several: bool
) -> Iterator[Finding]:
    answer = _find(document, key)
    for one in answer.found:
        place = document.place(one.span)
        try:
            for fault in asked.test(one.value):
                detail = f"{quoted(one.path)} {fault.clause}"
                yield Violation(
                    asked.id, path, detail, place, operand=fault.operand, found=fault.found
                )
        except UnevaluableError as error:
            reason = f"{quoted(one.path)}: {error.reason}"
            yield NotEvaluated(asked.id, reason, path, place, error.help)
    for unseen in answer.unknown:
        reason = f"{quoted(unseen.path)} may be there, but what leads to it is no literal"
        yield NotEvaluated(asked.id, reason, path, document.place(unseen.span))
    for gap in answer.missing if asked.needs_key else ():
        place = _place_of_gap(gap, document, several)
        yield Violation(asked.id, path, f"{quoted(gap.path)} is missing", place)


def _place_of_gap(gap: Missing, document: Document, several: bool) -> Place | None:
    """Return where a key is missing: the file, unless it is one of several such places in it."""
    if gap.span is not None:
        return document.place(gap.span)
    if not several or document.root.span is None:
        return None
    start = document.root.span[0]
    return document.place((start, start))


def _find(document: Document, key: Key) -> Answer:
    try:
        return find(document, key.text)
    except TooManyError:
        raise UnevaluableError("it has more values than can be looked through") from None


def documents_of(view: FileView) -> tuple[Document, ...]:
    """Return a configuration file's documents; UnevaluableError where it cannot be read."""
    if format_of(view.path) is None:
        raise UnevaluableError("keys are not read in files of this kind")
    try:
        return read_documents(view.path, view.data)
    except BrokenFileError as error:
        raise UnevaluableError(error.reason, error.place) from None


# --- what is asked -----------------------------------------------------------------------------


def _test_of(scoped: ScopedConstraint) -> Test:
    """Return what a constraint asks of each value."""
    constraint = scoped.constraint
    if constraint.shape == "key-bound":
        return lambda value: bound_faults(constraint, value)
    return lambda value: value_faults(cast("KeyValue", constraint), value)


def _equal_test(constraint: KeyEqual, evidence: Evidence) -> Test:
    """Return the comparison with another key, which is looked up once."""
    other = f"{quoted(constraint.key.text)} in {quoted(constraint.path.text)}"
    known: list[tuple[Found, ...]] = []

    def test(value: Node) -> Iterator[Fault]:
        if not known:
            known.append(_others(constraint, evidence))
        if not known[0]:
            yield Fault(f"has no {other} to equal", constraint.key.text, found_text(value))
            return
        verdicts = [same(value, one.value) for one in known[0]]
        if False in verdicts:
            theirs = known[0][verdicts.index(False)].value
            clause = f"is {shown(value)}, and {other} is {shown(theirs)}"
            yield Fault(clause, constraint.key.text, found_text(value))
        elif None in verdicts:
            raise UnevaluableError(NO_LITERAL)

    return test


def _others(constraint: KeyEqual, evidence: Evidence) -> tuple[Found, ...]:
    """Return what the other key is, in every file that its path means."""
    from bylaw.globs import matcher  # noqa: PLC0415 - for one shape only

    test = matcher((constraint.path.text,))
    found: list[Found] = []
    for path in evidence.tree.files:
        if not test(path):
            continue
        try:
            documents = documents_of(evidence.view(path))
        except UnevaluableError as error:
            raise UnevaluableError(f"{quoted(path)} cannot be compared: {error.reason}") from None
        for document in documents:
            answer = _find(document, constraint.key)
            if answer.unknown or document.fault is not None:
                raise UnevaluableError(
                    f"{quoted(constraint.key.text)} in {quoted(path)} is no literal"
                )
            found += answer.found
    return tuple(found)


BE = MATCH = CONTAIN = EXIST = BOUND = FileJudge(_judge, absent=_absent)
EQUAL = TreeJudge(_judge_equal)
