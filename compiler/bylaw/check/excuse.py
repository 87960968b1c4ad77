"""Waivers and permissions: what of the violations the decisions themselves let pass."""

from collections.abc import Callable, Mapping, Sequence

from bylaw.check.engine import find
from bylaw.check.evidence import Evidence, area_test
from bylaw.check.finding import Violation
from bylaw.check.resolve import edge_matches
from bylaw.diagnostics import Code, Label, Report, Severity
from bylaw.globs import matcher
from bylaw.ir import AgentsSubject, AnySubject, Constraint, Permission, Waiver
from bylaw.places import area_of, granted
from bylaw.scoped import ScopedConstraint

UNUSED_WAIVER = Code("BL510", "unused-waiver", Severity.WARNING)

# Of these a permission states the bound, value or text that is enough where it grants.
_RELAXED = frozenset({"size", "key-bound", "key-equal", "identical", "agent-limit", "approve"})

# Subjects that select more finely than by file.
_SELECTING = frozenset({"entities", "calls", "imports", "keys"})

# Of these a ban has no meaning, so what is granted can only be a place.
_POSITIVE = frozenset(
    {"layered", "independent", "pinned", "docstring", "annotated", "wrapped", *_RELAXED}
)


def waiver_of(violation: Violation, scoped: ScopedConstraint) -> Waiver | None:
    """Return the waiver that hides a violation: by its path, or by its import edge."""
    return next((waiver for waiver in scoped.waivers if hides(waiver, violation)), None)


def hides(waiver: Waiver, violation: Violation) -> bool:
    """Tell whether a waiver names the place of a violation; one without a path is never hidden."""
    if violation.path is None:
        return False
    if matcher(glob.text for glob in waiver.globs)(violation.path):
        return True
    edge = violation.edge
    return edge is not None and any(edge_matches(named, edge) for named in waiver.edges)


def report_unused(scoped: ScopedConstraint, used: Sequence[Waiver], report: Report) -> None:
    """Report each waiver in force that no violation needs."""
    for waiver in scoped.waivers:
        if waiver not in used:
            report.add(
                UNUSED_WAIVER,
                f"nothing violates `{scoped.full_id}` where this waiver speaks of",
                waiver.waives.span,
                labels=[Label(scoped.constraint.span, "the constraint")],
                help="take the waiver out of the decision",
            )


# --- permissions -------------------------------------------------------------------------------


class Permissions:
    """What the permissions of one constraint let pass of what was found."""

    def __init__(
        self, scoped: ScopedConstraint, violations: Sequence[Violation], evidence: Evidence
    ) -> None:
        self._tests = [
            (permission, _test(permission, scoped, violations, evidence))
            for permission in scoped.permissions
        ]

    def __call__(self, violation: Violation) -> Permission | None:
        """Return the permission that covers a violation, if one does."""
        return next((p for p, covers in self._tests if covers(violation)), None)


def _test(
    permission: Permission,
    scoped: ScopedConstraint,
    violations: Sequence[Violation],
    evidence: Evidence,
) -> Callable[[Violation], bool]:
    """Return what tells whether a permission covers a violation.

    Where the grant takes all operands out of its places, the place decides. Else the grant is
    judged as a constraint of its own: what it names is what it would find if it were a ban.
    """
    constraint, grant = scoped.constraint, permission.grant
    tests = evidence.tests or scoped.tests
    area = area_test(area_of(grant, evidence.layout, tests))
    concerned = [v for v in violations if v.path is None or area(v.path)]
    if not concerned or not _is_for(grant.subject, evidence.agent):
        return _nothing
    covered = granted(constraint, grant, evidence.layout, tests) is not None
    selecting = grant.subject.noun in _SELECTING
    if covered and not selecting and constraint.shape not in _RELAXED:
        return lambda violation: violation.path is not None and area(violation.path)
    named: set[object] = set()
    granted_at: dict[object, set[str]] = {}
    if constraint.shape in _RELAXED:
        left = _places(_judge(grant, "must", scoped, concerned, evidence))
        named = {_place(v) for v in concerned} - left
    else:
        if constraint.shape not in _POSITIVE:
            granted_at = _operands_at(_judge(grant, "must-not", scoped, concerned, evidence))
            several = {p for p, operands in _operands_at(concerned).items() if len(operands) > 1}
            named |= granted_at.keys() - several
        if covered:
            named |= _places(_judge(grant, "must", scoped, concerned, evidence))

    def covers(violation: Violation) -> bool:
        place, operand = _place(violation), violation.operand or ""
        if violation.path is not None and not area(violation.path):
            return False
        # Where several operands are violated, the place alone does not tell which is granted.
        return place in named or any(_share(operand, one) for one in granted_at.get(place, ()))

    return covers


def _operands_at(violations: Sequence[Violation]) -> dict[object, set[str]]:
    """Return the operands that are violated, by place."""
    found: dict[object, set[str]] = {}
    for violation in violations:
        found.setdefault(_place(violation), set()).add(violation.operand or "")
    return found


def _share(one: str, other: str) -> bool:
    """Tell whether two operands are the same, or one is part of the other: `os.environ` of `os`."""
    short, long = sorted((one.rstrip("/"), other.rstrip("/")), key=len)
    return long == short or (long.startswith(short) and long[len(short)] in "./ <>=!~^")


def _is_for(subject: AnySubject, agent: str | None) -> bool:
    """Tell whether a permission of agents is for the class of the one that made the change."""
    if not isinstance(subject, AgentsSubject) or not subject.classes:
        return True
    return agent in {name.text for name in subject.classes}


def _nothing(violation: Violation) -> bool:  # noqa: ARG001 - a test's
    return False


def _judge(
    grant: Constraint,
    modal: str,
    scoped: ScopedConstraint,
    concerned: Sequence[Violation],
    evidence: Evidence,
) -> list[Violation]:
    claim = grant.model_copy(update={"modal": modal, "severity": "error"})
    paths = frozenset(v.path for v in concerned if v.path is not None)
    one = scoped._replace(constraint=claim, waivers=(), permissions=(), active=True)
    found: Mapping[str, Sequence[object]] = find([one], evidence, only=paths.__contains__)
    return [each for each in found[scoped.full_id] if isinstance(each, Violation)]


def _places(violations: Sequence[Violation]) -> set[object]:
    return {_place(violation) for violation in violations}


def _place(violation: Violation) -> object:
    return violation.path, violation.place
