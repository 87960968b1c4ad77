"""Whether one constraint already says all that another says."""

from typing import Any

from bylaw.ir import Constraint, ConstraintNode
from bylaw.passes.compare import versions
from bylaw.passes.compare.claim import Claim, subject_within
from bylaw.passes.compare.normal import normal
from bylaw.passes.compare.operands import covered, operands, text, within
from bylaw.passes.compare.place import has_places
from bylaw.passes.compare.region import contains

_ONLY_WHOLE = frozenset({"layered", "independent", "change-with", "exist-with", "key-equal"})
"""Shapes of which only the very same statement is recognised."""


def says_no_less(outer: Claim, inner: Claim) -> bool:
    """Tell whether whatever violates `inner` violates `outer` no less severely.

    False where that is not known.
    """
    strong, weak = outer.constraint, inner.constraint
    if not _holds_no_less(strong, weak):
        return False
    if type(strong) is type(weak) and outer.normal == inner.normal:
        return not outer.permissions
    if strong.modal != weak.modal or strong.shape in _ONLY_WHOLE:
        return False
    if not _same_predicate(strong, weak) or not subject_within(weak, strong):
        return False
    if not _exceptions_within(strong, weak) or not _operands_within(strong, weak):
        return False
    return _place_within(outer, inner)


def are_duplicates(one: Claim, other: Claim) -> bool:
    """Tell whether two constraints say the same with the same weight on the same days."""
    mine, theirs = one.constraint, other.constraint
    return (
        type(mine) is type(theirs)
        and not one.permissions
        and not other.permissions
        and bool(one.normal == other.normal)
        and _holds_no_less(mine, theirs)
        and _holds_no_less(theirs, mine)
    )


def _holds_no_less(strong: ConstraintNode, weak: ConstraintNode) -> bool:
    """Compare weight and days."""
    if strong.severity == "warning" and weak.severity == "error":
        return False
    if strong.for_new_code and not weak.for_new_code:
        return False
    if strong.from_ is not None and (weak.from_ is None or weak.from_ < strong.from_):
        return False
    return strong.until is None or (weak.until is not None and weak.until <= strong.until)


_SCALARS = (
    "bound",
    "unit",
    "where",
    "when",
    "level",
    "styles",
    "key",
    "path",
    "pattern",
    "regexes",
)


def _same_predicate(strong: Any, weak: Any) -> bool:
    if strong.shape != weak.shape and (strong.shape, weak.shape, weak.modal) != (
        "use",
        "call",
        "must-not",
    ):
        return False
    for field in _SCALARS:
        if normal(getattr(strong, field, None)) != normal(getattr(weak, field, None)):
            return False
    reach = getattr(weak, "reach", None)
    if reach is not None and reach != strong.reach:
        stronger = ("module-level", "direct", "indirect")
        if weak.modal == "must" or stronger.index(strong.reach) < stronger.index(reach):
            return False
    if strong.shape == "depend" and {n.text for n in strong.names} != {n.text for n in weak.names}:
        return False
    return _bounds_within(strong, weak) and _keys_within(strong, weak)


def _bounds_within(strong: Any, weak: Any) -> bool:
    if strong.shape == "approve":
        return bool(
            strong.count >= weak.count and normal(strong.approvers) == normal(weak.approvers)
        )
    if strong.shape in ("size", "agent-limit"):
        tighter = strong.count <= weak.count
        if getattr(strong, "bound", "at-most") == "at-least":
            tighter = strong.count >= weak.count
        return bool(tighter)
    if strong.shape == "key-bound":
        order = versions.order(strong.value.text, weak.value.text)
        if order is None:
            return bool(strong.value.text == weak.value.text)
        return order >= 0 if strong.bound == "at-least" else order <= 0
    return True


def _keys_within(strong: Any, weak: Any) -> bool:
    if strong.kind != "key":
        return True
    mine, theirs = strong.subject, weak.subject
    keys = {key.segments for key in theirs.keys} <= {key.segments for key in mine.keys}
    # `Key` also asks that it is there, `Each key` does not.
    return keys and (theirs.each or not mine.each)


def _exceptions_within(strong: ConstraintNode, weak: ConstraintNode) -> bool:
    """Tell whether what the stronger leaves out, places apart, is left out by the weaker too."""

    def parts(constraint: ConstraintNode) -> set[Any]:
        return {
            (e.excepts, part)
            for e in constraint.exceptions
            if e.excepts not in ("places", "tests")
            for part in _excepted_parts(e)
        }

    return parts(strong) <= parts(weak)


def _excepted_parts(exception: Any) -> list[str]:
    for field in ("operands", "names"):
        if hasattr(exception, field):
            return [text(operand) for operand in getattr(exception, field)]
    return [""]


def _operands_within(strong: Any, weak: Any) -> bool:
    if strong.shape in ("approve", "agent-read"):
        # One approval of several is less than all of them.
        same = bool(normal(operands(strong)) == normal(operands(weak)))
        return same and (_is_choice(weak) or not _is_choice(strong))
    if strong.kind == "text" and strong.shape != "start":
        # That one text is part of another is true and surprising: only the same text counts.
        return _texts_within(strong, weak)
    if weak.modal in ("must-not", "only-may"):
        return all(covered(operand, strong, weak.shape) for operand in operands(weak)) and bool(
            operands(strong) or not operands(weak)
        )
    if weak.modal == "must-only":
        allowed = operands(weak)
        return all(_one_of(operand, allowed, weak.shape) for operand in operands(strong))
    if _is_choice(strong):
        return all(
            _one_of(operand, operands(weak), weak.shape) for operand in operands(strong)
        ) and (_is_choice(weak) or len(operands(weak)) == 1 or not operands(weak))
    met = [_one_of_strong(operand, strong) for operand in operands(weak)]
    return any(met) if _is_choice(weak) else all(met)


def _texts_within(strong: Any, weak: Any) -> bool:
    mine, theirs = {text(o) for o in operands(strong)}, {text(o) for o in operands(weak)}
    if weak.modal != "must":
        return theirs <= mine
    if _is_choice(strong) or _is_choice(weak):
        return mine == theirs and _is_choice(strong) == _is_choice(weak)
    return theirs <= mine


def _is_choice(constraint: Any) -> bool:
    return getattr(constraint, "quantifier", "any") == "any" and len(operands(constraint)) != 1


def _one_of(operand: Any, others: Any, shape: str) -> bool:
    return any(within(operand, other, shape, shape) for other in others)


def _one_of_strong(operand: Any, strong: Any) -> bool:
    """Tell whether keeping the stronger constraint always gives what the weaker asks for."""
    return any(within(mine, operand, strong.shape, strong.shape) for mine in operands(strong))


def _place_within(outer: Claim, inner: Claim) -> bool:
    strong, weak = outer.constraint, inner.constraint
    if not has_places(weak):
        return strong.subject.noun == weak.subject.noun
    subjects: tuple[Any, Any] = (strong.subject, weak.subject)
    if subjects[0].noun in ("project", "manifests") and weak.modal == "must":
        return bool(normal(strong.subject) == normal(weak.subject)) and _same_lead_in(strong, weak)
    if subjects[0].noun == "agents" and weak.modal == "only-may":
        return False
    if getattr(subjects[1], "single", False) and weak.modal == "must":
        # A file named alone must be there as well.
        return bool(normal(strong.subject) == normal(weak.subject)) and _same_lead_in(strong, weak)
    if weak.shape == "exist" and weak.modal == "must":
        return False
    bound = outer.bound().without(outer.own_files)
    if weak.modal == "must-only" and weak.shape == "import":
        return contains(inner.place.bound, bound) and contains(bound, inner.place.bound)
    return contains(bound, inner.place.bound)


def _same_lead_in(one: Constraint, other: Constraint) -> bool:
    return bool(normal(one.lead_in) == normal(other.lead_in))
