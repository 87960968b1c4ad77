"""Operands: what one names is part of what another names, or shares something with it."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from bylaw.globs.names import modules_included, modules_overlap
from bylaw.globs.segments import segment_matches
from bylaw.ir import (
    Argument,
    Constraint,
    ExceptOperands,
    FilesOperand,
    Glob,
    LiteralText,
    Module,
    Name,
    Pattern,
    Regex,
    Requirement,
)
from bylaw.passes.compare import names, versions
from bylaw.passes.compare.packages import package
from bylaw.passes.compare.region import Region, contains, witness

Named: TypeAlias = (
    Module | FilesOperand | Pattern | Name | Requirement | LiteralText | Regex | Glob | Argument
)

_FIELDS = (
    "operands",
    "requirements",
    "patterns",
    "arguments",
    "names",
    "regexes",
    "texts",
    "values",
    "commands",
    "entries",
    "globs",
    "wrappers",
    "approvers",
)


def operands(constraint: Any) -> tuple[Named, ...]:
    """Return what the predicate names, as written."""
    for field in _FIELDS:
        if field in type(constraint).model_fields:
            found: tuple[Named, ...] = getattr(constraint, field)
            return found
    return ()


def excepted(constraint: Constraint) -> tuple[Named, ...]:
    """Return the operands that the exceptions leave out."""
    return tuple(
        operand
        for exception in constraint.exceptions
        if isinstance(exception, ExceptOperands)
        for operand in exception.operands
    )


def text(operand: Named) -> str:
    """Return an operand as a reader would write it."""
    if isinstance(operand, Argument):
        if operand.name is None:
            return operand.value or ""
        return operand.name if operand.value is None else f"{operand.name}={operand.value}"
    if isinstance(operand, FilesOperand):
        return ", ".join(glob.text for glob in operand.globs)
    return operand.text


def covered(inner: Named, outer: Constraint, shape: str) -> bool:
    """Tell whether `outer` speaks of all that an operand of a constraint of `shape` names."""
    if any(meet(inner, left_out) for left_out in excepted(outer)):
        return False
    return any(within(inner, operand, shape, outer.shape) for operand in operands(outer))


def within(inner: Named, outer: Named, shape: str, outer_shape: str) -> bool:
    """Tell whether all that `inner` names is named by `outer`; False where that is not known."""
    match inner, outer:
        case Module(), Module():
            return modules_included((inner.text,), (outer.text,))
        case FilesOperand(), FilesOperand():
            return contains(_files(outer), _files(inner))
        case Pattern(), Pattern():
            return pattern_within(inner, outer, outer_shape == "use")
        case Name(), Name():
            return names.included((names.expression(inner),), (names.expression(outer),))
        case Requirement(), Requirement():
            return package(inner.name) == package(outer.name) and versions.included(
                inner.specifier, outer.specifier
            )
        case Argument(), Argument():
            return argument_within(inner, outer)
        case Glob(), Glob():
            return contains(Region(((outer.text,),)), Region(((inner.text,),)))
    return inner.__class__ is outer.__class__ and _text_within(inner, outer, shape, outer_shape)


def _text_within(inner: Named, outer: Named, shape: str, outer_shape: str) -> bool:
    one, other = text(inner), text(outer)
    if one == other:
        return shape == outer_shape or (isinstance(inner, LiteralText) and outer_shape == "contain")
    if not isinstance(inner, LiteralText):
        return False
    if outer_shape == "contain":
        # A file that holds a text, or starts with it, holds each part of it.
        return other in one
    if outer_shape in ("ci-run", "agent-run"):
        return _run_of(other.split(), one.split())
    return shape == outer_shape == "start" and one.startswith(other)


def _run_of(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Tell whether words stand in other words, one after the other."""
    size = len(part)
    return any(list(whole[i : i + size]) == list(part) for i in range(len(whole) - size + 1))


def meet(one: Named, other: Named) -> str | None:
    """Return something that both name, or None where there is nothing or it is not known."""
    match one, other:
        case Module(), Module():
            return modules_overlap((one.text,), (other.text,))
        case FilesOperand(), FilesOperand():
            return witness(_files(one) & _files(other))
        case Requirement(), Requirement():
            if package(one.name) != package(other.name):
                return None
            apart = versions.disjoint(one.specifier, other.specifier)
            return None if apart else one.name
        case Pattern(), Pattern():
            if pattern_within(one, other, False):
                return one.text
            return other.text if pattern_within(other, one, False) else None
        case Glob(), Glob():
            return witness(Region(((one.text,), (other.text,))))
    return text(one) if text(one) == text(other) else None


def _files(operand: FilesOperand) -> Region:
    return Region((tuple(glob.text for glob in operand.globs),))


def pattern_within(inner: Pattern, outer: Pattern, uses: bool) -> bool:
    """Tell whether whatever matches `inner` matches `outer`.

    With `uses`, a reference to `os.environ.get` is one to `os.environ` as well.
    """
    held = all(any(argument_within(a, b) for a in inner.arguments) for b in outer.arguments)
    if not held:
        return False
    mine, theirs = inner.name.split("."), outer.name.split(".")
    if outer.any_receiver:
        if len(theirs) > len(mine):
            return False
        return _segments_within(mine[len(mine) - len(theirs) :], theirs)
    if inner.any_receiver:
        return False
    if uses and len(mine) > len(theirs):
        mine = mine[: len(theirs)]
    return len(mine) == len(theirs) and _segments_within(mine, theirs)


def _segments_within(inner: Sequence[str], outer: Sequence[str]) -> bool:
    return all(
        a == b or ("*" not in a and "*" in b and segment_matches(b, a)) or b == "*"
        for a, b in zip(inner, outer, strict=True)
    )


def argument_within(inner: Argument, outer: Argument) -> bool:
    """Tell whether a call that passes `inner` passes `outer`."""
    return inner.name == outer.name and outer.value in (None, inner.value)
