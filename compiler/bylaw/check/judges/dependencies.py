"""Judges of declared dependencies: which a manifest has, and how many versions it admits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, cast

from bylaw.check.areas import judged_area
from bylaw.check.declarations import Declarations, declarations
from bylaw.check.evidence import Evidence, area_test
from bylaw.check.finding import Finding, NotEvaluated, Violation
from bylaw.check.judges.base import TreeJudge
from bylaw.check.judges.files import is_missing
from bylaw.manifests import Declared, Section, is_unread, kind_of
from bylaw.manifests.names import package, same_package
from bylaw.unevaluable import UnevaluableError
from bylaw.versions import Range, declared, meets, wanted, within

if TYPE_CHECKING:
    from bylaw.ir import Constraint, Depend, ExceptOperand, Glob, Requirement
    from bylaw.scoped import ScopedConstraint


def _manifests(scoped: ScopedConstraint, evidence: Evidence) -> tuple[Declarations, ...]:
    """Return what the manifests of a constraint's area declare, without what it excepts."""
    constraint = scoped.constraint
    named = {glob.text for glob in _globs(constraint)}
    paths = [
        path
        for path in evidence.files(judged_area(scoped, evidence))
        # A scope with wildcards means the manifests in it.
        if path in named or kind_of(path) is not None or is_unread(path)
    ]
    follow = constraint.subject.noun != "project" and constraint.modal != "only-may"
    return tuple(
        Declarations(
            one.path,
            tuple(d for d in one.declared if not _is_excepted(d, constraint)),
            one.gaps,
        )
        for one in declarations(paths, evidence, follow=follow)
    )


def _globs(constraint: Constraint) -> tuple[Glob, ...]:
    return cast("tuple[Glob, ...]", getattr(constraint.subject, "globs", ()))


# --- depend ------------------------------------------------------------------------------------


def _judge_depend(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    """Judge `depend on`."""
    constraint = cast("Depend", scoped.constraint)
    manifests = _manifests(scoped, evidence)
    if constraint.modal == "must":
        if constraint.subject.noun == "project":
            yield from _Required(scoped).judge(manifests)
            return
        for manifest in manifests:
            yield from _Required(scoped).judge([manifest])
        yield from _missing_files(scoped, evidence, manifests)
        return
    for manifest in manifests:
        judge = _allowed if constraint.modal == "must-only" else _forbidden
        findings = [
            finding
            for one in manifest.declared
            if _stands_in(one, constraint)
            for finding in judge(scoped.full_id, constraint, manifest.path, one)
        ]
        yield from findings
        if not any(isinstance(finding, Violation) for finding in findings):
            yield from manifest.unread(scoped.full_id)


def _missing_files(
    scoped: ScopedConstraint, evidence: Evidence, manifests: Sequence[Declarations]
) -> Iterator[Finding]:
    """Find the listed manifests that are not there: they declare nothing."""
    constraint = cast("Depend", scoped.constraint)
    inside = area_test(judged_area(scoped, evidence))
    paths = [manifest.path for manifest in manifests]
    for path in (glob.text for glob in _globs(constraint)):
        if inside(path) and is_missing(path, paths):
            names = _names(constraint.requirements, constraint.quantifier)
            detail = f"{names} is not declared, because there is no such file"
            yield Violation(scoped.full_id, path, detail)


class _Required:
    """What manifests must declare: any of them, each requirement or one, in its range."""

    def __init__(self, scoped: ScopedConstraint) -> None:
        self.id = scoped.full_id
        self.constraint = cast("Depend", scoped.constraint)

    def judge(self, manifests: Sequence[Declarations]) -> Iterator[Finding]:
        """Judge manifests that stand for one another."""
        requirements = self.constraint.requirements
        if self.constraint.quantifier == "all":
            for requirement in requirements:
                yield from self._one_of((requirement,), manifests)
        else:
            yield from self._one_of(requirements, manifests)

    def _one_of(
        self, requirements: tuple[Requirement, ...], manifests: Sequence[Declarations]
    ) -> Iterator[Finding]:
        wrong: list[Finding] = []
        unknown: list[Finding] = []
        for requirement in requirements:
            for manifest in manifests:
                findings = self._in(requirement, manifest)
                if findings == []:
                    return
                for finding in findings or ():
                    (wrong if isinstance(finding, Violation) else unknown).append(finding)
        if wrong:
            yield from wrong
            return
        for manifest in manifests:
            unknown += manifest.unread(self.id)
        if unknown:
            yield from unknown
            return
        path = min((m.path for m in manifests), key=lambda p: (p.count("/"), p), default=None)
        names = _names(requirements, "any")
        detail = f"{names} is not declared{_in_words(self.constraint)}"
        operand = requirements[0].text if len(requirements) == 1 else None
        yield Violation(self.id, path, detail, operand=operand)

    def _in(self, requirement: Requirement, manifest: Declarations) -> list[Finding] | None:
        """Return what is wrong with a manifest's declarations of a package; None without any."""
        ours = [
            one
            for one in manifest.declared
            if same_package(requirement.name, one.name, one.registry)
            and _stands_in(one, self.constraint)
        ]
        if not ours:
            return None
        found: list[Finding] = []
        for one in ours:
            try:
                if _is_within(one, requirement):
                    continue
            except UnevaluableError as error:
                found.append(_unknown(self.id, manifest.path, one, error))
                continue
            found.append(_outside(self.id, manifest.path, one, requirement))
        return found


def _forbidden(identity: str, constraint: Depend, path: str, one: Declared) -> Iterator[Finding]:
    """Judge one declaration under `MUST NOT` and `Only … MAY`."""
    for requirement in constraint.requirements:
        if not same_package(requirement.name, one.name, one.registry):
            continue
        detail = f"`{one.name}` is declared"
        if requirement.specifier:
            try:
                if not meets(_admitted(one), _wanted(one, requirement)):
                    continue
            except UnevaluableError as error:
                yield _unknown(identity, path, one, error)
                continue
            detail = f"`{one.written}` admits versions in `{requirement.specifier}`"
        yield Violation(identity, path, detail, one.place, operand=requirement.text, found=one.name)


def _allowed(identity: str, constraint: Depend, path: str, one: Declared) -> Iterator[Finding]:
    """Judge one declaration under `MUST only`."""
    ours = [r for r in constraint.requirements if same_package(r.name, one.name, one.registry)]
    if not ours:
        detail = f"`{one.name}` is declared, and not among what may be"
        yield Violation(identity, path, detail, one.place, found=one.name)
        return
    try:
        if any(_is_within(one, requirement) for requirement in ours):
            return
    except UnevaluableError as error:
        yield _unknown(identity, path, one, error)
        return
    yield _outside(identity, path, one, ours[0])


def _outside(identity: str, path: str, one: Declared, requirement: Requirement) -> Violation:
    detail = f"`{one.written}` admits versions outside `{requirement.specifier}`"
    return Violation(identity, path, detail, one.place, operand=requirement.text, found=one.name)


def _unknown(identity: str, path: str, one: Declared, error: UnevaluableError) -> NotEvaluated:
    return NotEvaluated(identity, f"`{one.name}`: {error.reason}", path, one.place, error.help)


# --- be pinned ---------------------------------------------------------------------------------


def _judge_pinned(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    """Judge `be pinned`."""
    for manifest in _manifests(scoped, evidence):
        findings: list[Finding] = []
        for one in manifest.declared:
            try:
                if one.pin == "fixed" or (one.pin == "range" and _admitted(one).single):
                    continue
            except UnevaluableError as error:
                findings.append(_unknown(scoped.full_id, manifest.path, one, error))
                continue
            detail = f"`{one.written}` admits more than one version"
            findings.append(
                Violation(scoped.full_id, manifest.path, detail, one.place, found=one.name)
            )
        yield from findings
        if not any(isinstance(finding, Violation) for finding in findings):
            yield from manifest.unread(scoped.full_id)


# --- where and what ----------------------------------------------------------------------------


def _stands_in(one: Declared, constraint: Depend) -> bool:
    """Tell whether a declaration is in the part of its manifest that is spoken of."""
    match constraint.where:
        case "anywhere":
            return True
        case "production":
            return one.production
        case "extra" | "group" as sort:
            names = {package(name.text) for name in constraint.names}
            return _is_in((*one.sections, *one.taken), sort, names)


def _is_in(sections: Sequence[Section], sort: str, names: set[str]) -> bool:
    return any(section.sort == sort and package(section.name) in names for section in sections)


def _is_excepted(one: Declared, constraint: Constraint) -> bool:
    """Tell whether an exception leaves a declaration out: by its section, or by what it is."""
    for exception in constraint.exceptions:
        if exception.excepts == "operands":
            if any(_is_operand(one, operand) for operand in exception.operands):
                return True
        elif exception.excepts == "extra" or exception.excepts == "group":  # noqa: PLR1714 - narrows
            names = {package(name.text) for name in exception.names}
            if _is_in(one.sections, exception.excepts, names):
                return True
    return False


def _is_operand(one: Declared, operand: ExceptOperand) -> bool:
    if operand.sort != "requirement":
        return False
    if not same_package(operand.name, one.name, one.registry):
        return False
    try:
        return _is_within(one, operand)
    except UnevaluableError:
        # What may or may not be excepted is judged.
        return False


def _is_within(one: Declared, requirement: Requirement) -> bool:
    """Tell whether every version that a declaration admits is one of a requirement's."""
    if not requirement.specifier:
        return True
    return within(_admitted(one), _wanted(one, requirement))


def _admitted(one: Declared) -> Range:
    found = declared(one.registry, one.range) if one.range is not None else None
    if found is None:
        raise UnevaluableError("the manifest does not say which versions it admits")
    return found


def _wanted(one: Declared, requirement: Requirement) -> Range:
    found = wanted(one.registry, requirement.specifier)
    if found is None:
        reason = f"`{requirement.specifier}` is no range of versions in its registry"
        raise UnevaluableError(reason)
    return found


def _names(requirements: Sequence[Requirement], quantifier: str) -> str:
    return (" or " if quantifier == "any" else " and ").join(f"`{r.name}`" for r in requirements)


def _in_words(constraint: Depend) -> str:
    if constraint.where == "anywhere":
        return ""
    if constraint.where == "production":
        return " for production"
    names = " or ".join(f"`{name.text}`" for name in constraint.names)
    return f" in {constraint.where} {names}"


DEPEND = TreeJudge(_judge_depend)
PINNED = TreeJudge(_judge_pinned)
