"""Versions in the order of SemVer, and ranges of them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import total_ordering
from typing import Any, NamedTuple, Protocol, TypeAlias

VERSION = re.compile(
    r"[vV=\s]*(?P<numbers>[0-9]{1,18}(?:\.[0-9]{1,18}){0,3})"
    r"(?:-(?P<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]*)?\Z",
    re.ASCII,
)
PARTIAL = re.compile(
    r"[vV]?(?P<parts>(?:[0-9]{1,18}|[xX*])(?:\.(?:[0-9]{1,18}|[xX*])){0,3})"
    r"(?:-?(?P<pre>(?<=-)[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]*)?\Z",
    re.ASCII,
)
_WANTED = re.compile(r"(?P<sign>===|==|!=|>=|<=|~=|>|<|\^|~|=)\s*(?P<version>[\w.*+!-]+)\Z")

Label: TypeAlias = tuple[tuple[int, int | str], ...]


class Ordered(Protocol):
    """A version that can be compared with its like."""

    def __lt__(self, other: Any) -> bool: ...

    @property
    def early(self) -> bool:
        """Whether it is a pre-release."""

    def same_release(self, other: Any) -> bool:
        """Tell whether two versions differ in their pre-release only."""

    def neighbours(self) -> Iterator[Any]:
        """Yield versions directly below and above, with and without a pre-release."""


@total_ordering
@dataclass(frozen=True, slots=True)
class SemVersion:
    """Numbers, as many for every version of a registry, and the labels of a pre-release."""

    numbers: tuple[int, ...]
    pre: Label = ()

    def __lt__(self, other: "SemVersion") -> bool:
        mine, theirs = (self.numbers, not self.pre), (other.numbers, not other.pre)
        return mine < theirs or (mine == theirs and self.pre < other.pre)

    @property
    def early(self) -> bool:
        """Whether it is a pre-release."""
        return bool(self.pre)

    def same_release(self, other: "SemVersion") -> bool:
        """Tell whether two versions differ in their pre-release only."""
        return self.numbers == other.numbers

    def neighbours(self) -> Iterator["SemVersion"]:
        """Yield one version of each stretch that this version and its release border."""
        yield self
        yield SemVersion(self.numbers, LOWEST)
        yield SemVersion(self.numbers)
        for step in (1, 2):
            # Two, so that one version is told from many.
            above = (*self.numbers[:-1], self.numbers[-1] + step)
            yield SemVersion(above)
            yield SemVersion(above, LOWEST)
        if self.pre:
            yield SemVersion(self.numbers, (*self.pre, (0, 0)))


LOWEST: Label = ((0, 0),)
"""The pre-release `-0`, below which there is none."""


class Bound(NamedTuple):
    """A comparison with a version: one of `<`, `<=`, `>`, `>=`, `==`, `!=`."""

    sign: str
    version: Any


@dataclass(frozen=True)
class BoundedRange:
    """A union of intersections of bounds.

    With `strict` a pre-release is in the range only where a bound names one of the same release,
    as npm and Cargo have it.
    """

    alternatives: tuple[tuple[Bound, ...], ...]
    strict: bool = False
    width: int = 3

    def admits(self, version: Any) -> bool:
        """Tell whether a version is in the range."""
        return any(self._admits(bounds, version) for bounds in self.alternatives)

    def _admits(self, bounds: tuple[Bound, ...], version: Any) -> bool:
        if not all(_holds(bound, version) for bound in bounds):
            return False
        if not self.strict or not version.early:
            return True
        return any(b.version.early and b.version.same_release(version) for b in bounds)

    def candidates(self, others: Sequence[Any]) -> Iterable[Any]:
        """Return one version of each stretch that the ranges' bounds make."""
        found: dict[Any, None] = {}
        for some in (self, *others):
            for bounds in some.alternatives:
                for bound in bounds:
                    found |= dict.fromkeys(bound.version.neighbours())
        if not found:
            zero = SemVersion((0,) * self.width)
            found |= dict.fromkeys(zero.neighbours())
        lowest = min(found)
        if isinstance(lowest, SemVersion):
            found |= dict.fromkeys(SemVersion((0,) * len(lowest.numbers)).neighbours())
        return found

    @property
    def single(self) -> bool:
        """Whether it is one version."""
        fixed = {
            next((bound.version for bound in bounds if bound.sign == "=="), None)
            for bounds in self.alternatives
        }
        if None not in fixed or not all(
            isinstance(bound.version, SemVersion)
            for bounds in self.alternatives
            for bound in bounds
        ):
            return len(fixed) == 1 and None not in fixed
        # `^0.0.3` and `>=1.2.3 <=1.2.3` are one version, too.
        return len([v for v in self.candidates([]) if self.admits(v)]) == 1


def _holds(bound: Bound, version: Any) -> bool:
    other = bound.version
    match bound.sign:
        case "<":
            return bool(version < other)
        case "<=":
            return not other < version
        case ">":
            return bool(other < version)
        case ">=":
            return not version < other
        case "==":
            return bool(version == other)
    return bool(version != other)


def parse(text: str, width: int = 3) -> SemVersion | None:
    """Parse a version, padded with zeros to its registry's width; None where it is none."""
    match = VERSION.match(text.strip())
    if match is None:
        return None
    numbers = tuple(map(int, match["numbers"].split(".")))
    if len(numbers) > width:
        return None
    return SemVersion(numbers + (0,) * (width - len(numbers)), label(match["pre"]))


def label(text: str | None) -> Label:
    """Return a pre-release's labels as they compare: numbers below words."""
    if not text:
        return ()
    return tuple((0, int(p)) if p.isdecimal() and len(p) < 19 else (1, p) for p in text.split("."))


def exactly(text: str) -> BoundedRange | None:
    """Return the range that is one version."""
    version = parse(text)
    return None if version is None else BoundedRange(((Bound("==", version),),))


class Partial(NamedTuple):
    """A version that may leave parts open: `1.2`, `1.x`; `given` are the numbers that it has."""

    given: tuple[int, ...]
    pre: Label
    width: int = 3

    @property
    def low(self) -> SemVersion:
        """The lowest version that it stands for."""
        zeros = (0,) * (self.width - len(self.given))
        return SemVersion(self.given + zeros, self.pre)

    def raised(self, index: int) -> SemVersion:
        """Return the lowest pre-release of the version above, counted at one of its numbers."""
        numbers = (*self.given[:index], self.given[index] + 1)
        return SemVersion(numbers + (0,) * (self.width - len(numbers)), LOWEST)

    @property
    def full(self) -> bool:
        """Whether no part is open."""
        return len(self.given) == self.width


def partial(text: str, width: int = 3) -> Partial | None:
    """Parse a version of which parts may be open; None where it is none."""
    match = PARTIAL.match(text.strip())
    if match is None:
        return None
    parts = match["parts"].split(".")
    if len(parts) > width:
        return None
    given: list[int] = []
    for part in parts:
        if not part.isdecimal():
            break
        given.append(int(part))
    if match["pre"] and len(parts) < 3:
        # `20-alpine` is the tag of an image.
        return None
    pre = label(match["pre"]) if len(given) >= 3 else ()
    return Partial(tuple(given), pre, width)


NOTHING = (Bound("<", SemVersion((0, 0, 0), LOWEST)),)


def comparison(sign: str, version: Partial) -> tuple[Bound, ...]:
    """Return what npm makes of an operator and a version."""
    given = version.given
    if not given:
        return NOTHING if sign in {"<", ">"} else ()
    low = version.low
    if sign == "^":
        # Up to the leftmost number that is not zero, or the last that is given.
        fixed = next((i for i, number in enumerate(given) if number), len(given) - 1)
        return Bound(">=", low), Bound("<", version.raised(fixed))
    if sign == "~":
        return Bound(">=", low), Bound("<", version.raised(min(1, len(given) - 1)))
    if version.full:
        return (Bound(sign or "==", low),)
    above = version.raised(len(given) - 1)
    match sign:
        case ">":
            return (Bound(">=", SemVersion(above.numbers)),)
        case ">=":
            return (Bound(">=", low),)
        case "<=":
            return (Bound("<", above),)
        case "<":
            return (Bound("<", SemVersion(low.numbers, LOWEST)),)
    return Bound(">=", low), Bound("<", above)


def wanted(specifier: str, width: int = 3) -> BoundedRange | None:
    """Return the range of a sentence's requirement, comparisons between commas.

    A pre-release of the version that `<` names is not below it, as PEP 440 has it, too.
    """
    alternatives: list[tuple[Bound, ...]] = [()]
    for part in filter(None, specifier.replace(" ", "").split(",")):
        match = _WANTED.match(part)
        version = partial(match["version"], width) if match else None
        if match is None or version is None:
            return None
        choices = _wanted(match["sign"], version)
        if choices is None:
            return None
        alternatives = [(*known, *choice) for known in alternatives for choice in choices]
        if len(alternatives) > 64:
            return None
    return BoundedRange(tuple(alternatives), width=width)


def _wanted(sign: str, version: Partial) -> list[tuple[Bound, ...]] | None:
    if sign == "!=":
        if version.full:
            return [(Bound("!=", version.low),)]
        if not version.given:
            return [NOTHING]
        return [(Bound("<", version.low),), (Bound(">=", version.raised(len(version.given) - 1)),)]
    if sign == "~=":
        if len(version.given) < 2:
            return None
        return [(Bound(">=", version.low), Bound("<", version.raised(len(version.given) - 2)))]
    if sign == "<" and version.full and not version.pre:
        return [(Bound("<", SemVersion(version.low.numbers, LOWEST)),)]
    return [comparison("" if sign in {"=", "==", "==="} else sign, version)]
