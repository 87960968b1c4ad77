"""Lines of a `CODEOWNERS` file: demands laid over each other so that the last match is right.

Of all lines that match a path only the last one counts. Where several demands meet, a line for
what they have in common names the owners of all of them, and stands behind those of each; where a
demand has an exception, a line for it names the owners that remain.

Why the order is right: a line stands for a set of demands S and for those of them that make an
exception, X. It matches a path only if all of S bind there and all of X make an exception, so the
line of *exactly* those that do is the one with the most in it, and lines are sorted by that.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from bylaw.globs import included, intersect, matcher
from bylaw.globs.decide import find
from bylaw.globs.segments import UndecidedError
from bylaw.owners.patterns import Forge, Pattern, to_globs, to_patterns

_MOST_LINES = 1000
_MOST_FILES = 200


@dataclass(frozen=True, slots=True)
class Demand:
    """Who has to be asked about a change of some files: by what, which globs, and which owners."""

    id: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A pattern and its owners; `ids` name the demands that meet there, `excepted` the rest."""

    pattern: str
    owners: tuple[str, ...]
    ids: tuple[str, ...]
    excepted: tuple[str, ...] = ()


@dataclass
class Layout:
    """Lines in their order, and what they do not say.

    `meetings` are pairs of demands with a path of both; `unsaid` sets of demands whose common files
    no patterns say, so that only those of the tree are named; `whole` is false where there were too
    many lines.
    """

    lines: list[Line] = field(default_factory=list)
    meetings: list[tuple[str, str, str]] = field(default_factory=list)
    unsaid: list[tuple[str, ...]] = field(default_factory=list)
    whole: bool = True


Globs = tuple[str, ...]


class Meeting(NamedTuple):
    """Where demands meet; not `certain` where no globs say all of it, but for the tree's files."""

    globs: Globs
    certain: bool = True


def lay_out(
    demands: Sequence[Demand], files: Iterable[str] = (), forge: Forge = "github"
) -> Layout:
    """Return the lines that ask of every path the owners of all demands that bind there."""
    layout = Layout()
    tree = tuple(files)
    # A pattern that matches more than its glob binds all that it matches, so that what it takes
    # from another demand has a line of both.
    demands = [
        replace(demand, include=_widened(demand.include, forge))
        for demand in demands
        if demand.owners
    ]
    groups = _groups(demands, tree, layout)
    keyed: list[tuple[int, int, Line]] = []
    for number, (members, globs) in enumerate(groups):
        depths = _meeting_lines(demands, members, Meeting(globs), tree, forge, layout)
        keyed += [(len(members) + depth, number, line) for depth, line in depths]
        if len(keyed) > _MOST_LINES:
            layout.whole = False
            break
    keyed.sort(key=lambda entry: entry[:2])
    layout.lines = _without_repeats([line for *_, line in keyed])
    layout.unsaid = sorted(set(layout.unsaid))
    return layout


def _meeting_lines(  # noqa: PLR0917 - what decides the lines, each once
    demands: Sequence[Demand],
    members: frozenset[int],
    meeting: Meeting,
    tree: tuple[str, ...],
    forge: Forge,
    layout: Layout,
) -> Iterable[tuple[int, Line]]:
    """Yield the lines for where demands meet, and how many of them make an exception there."""
    frontier: list[tuple[frozenset[int], Meeting]] = [(frozenset(), meeting)]
    seen: set[frozenset[int]] = {frozenset()}
    while frontier:
        out, where = frontier.pop(0)
        for pattern in _spelt(where.globs, forge):
            line = _line(pattern, where.globs, demands, members, out)
            if line is not None:
                yield len(out), line
        for index in sorted(members - out):
            chosen = out | {index}
            if chosen in seen:
                continue
            seen.add(chosen)
            common = _common(where.globs, demands[index].exclude, tree)
            if not common.certain and len(members) > 1:
                layout.unsaid.append(tuple(demands[each].id for each in sorted(members)))
            if common.globs:
                frontier.append((chosen, common))


def _line(
    pattern: Pattern,
    where: Globs,
    demands: Sequence[Demand],
    members: frozenset[int],
    out: frozenset[int],
) -> Line | None:
    """Return the line of a pattern; None where none is better.

    Where a pattern matches more than it should, all are asked who are asked of anything that it
    matches, exceptions or not: too many then, and nobody too few.
    """
    ids = tuple(demands[index].id for index in sorted(members))
    reach = to_globs(pattern.text) or ()
    if pattern.wider is None or included(reach, where):
        rest = [demands[index] for index in sorted(members - out)]
        return Line(pattern.text, _owners(rest), ids, tuple(demands[i].id for i in sorted(out)))
    if out and len(members) == 1:
        return None
    touched = [d for i, d in enumerate(demands) if i in members or _may_meet(reach, d.include)]
    return Line(pattern.text, _owners(touched), ids)


def _may_meet(some: Globs, others: Globs) -> bool:
    try:
        return any(find((one, other), ()) is not None for one in some for other in others)
    except UndecidedError:
        return True


def _widened(globs: Globs, forge: Forge) -> Globs:
    found: dict[str, None] = {}
    for glob in globs:
        patterns = to_patterns(glob, forge)
        found[glob] = None
        if any(pattern.wider for pattern in patterns):
            found.update((each, None) for p in patterns for each in to_globs(p.text) or ())
    return tuple(found)


def _spelt(globs: Globs, forge: Forge) -> list[Pattern]:
    found = {p.text: p for glob in globs for p in to_patterns(glob, forge)}
    return [found[text] for text in sorted(found)]


def _owners(demands: Iterable[Demand]) -> tuple[str, ...]:
    """Return all owners, each once, whatever the case it is written in."""
    found: dict[str, str] = {}
    for demand in demands:
        for owner in demand.owners:
            found.setdefault(owner.casefold(), owner)
    return tuple(found.values())


def _without_repeats(lines: list[Line]) -> list[Line]:
    """Drop a line whose pattern comes again: the last one counts."""
    last = {line.pattern: number for number, line in enumerate(lines)}
    return [line for number, line in enumerate(lines) if last[line.pattern] == number]


# --- which demands meet ------------------------------------------------------------------------


def _groups(
    demands: list[Demand], tree: tuple[str, ...], layout: Layout
) -> list[tuple[frozenset[int], Globs]]:
    """Return each set of demands that meet somewhere, with the globs of where, smallest first.

    A set counts only with all that bind wherever it does: no path has exactly the others.
    """
    found: dict[frozenset[int], Meeting] = {}
    waiting: list[tuple[frozenset[int], Meeting]] = [
        (frozenset({index}), Meeting(demand.include)) for index, demand in enumerate(demands)
    ]
    while waiting and len(found) <= _MOST_LINES:
        members, where = waiting.pop(0)
        members |= {
            index
            for index, demand in enumerate(demands)
            if index not in members and included(where.globs, demand.include)
        }
        # Whichever way one comes to a set, the files are the same; only some ways can say them.
        if members in found and (found[members].certain or not where.certain):
            continue
        found[members] = where
        for index in range(len(demands)):
            if index not in members:
                common = _common(where.globs, demands[index].include, tree)
                if common.globs:
                    certain = where.certain and common.certain
                    waiting.append((members | {index}, Meeting(common.globs, certain)))
    layout.whole = len(found) <= _MOST_LINES
    layout.unsaid = [
        tuple(demands[index].id for index in sorted(members))
        for members, where in found.items()
        if not where.certain
    ]
    layout.meetings = sorted(_meetings(demands, found))
    return sorted(
        ((members, where.globs) for members, where in found.items()),
        key=lambda entry: (len(entry[0]), sorted(entry[0])),
    )


def _meetings(
    demands: list[Demand], found: Collection[frozenset[int]]
) -> Iterable[tuple[str, str, str]]:
    for first, one in enumerate(demands):
        for second in range(first + 1, len(demands)):
            other = demands[second]
            if not any({first, second} <= members for members in found):
                continue
            witness = _witness(one, other)
            if witness is not None:
                yield one.id, other.id, witness


def _witness(one: Demand, other: Demand) -> str | None:
    for first in one.include:
        for second in other.include:
            try:
                path = find((first, second), one.exclude + other.exclude)
            except UndecidedError:
                continue
            if path is not None:
                return path
    return None


def _common(some: Globs, others: Globs, tree: tuple[str, ...]) -> Meeting:
    """Return globs of what two unions have in common; what none can say, file by file."""
    found: dict[str, None] = {}
    unsaid: list[tuple[str, str]] = []
    for one in some:
        for other in others:
            joint = intersect(one, other)
            if joint is None:
                unsaid.append((one, other))
            else:
                found.update(dict.fromkeys(joint))
    if not unsaid:
        return Meeting(tuple(found))
    known = matcher(tuple(found))
    tests = [(matcher((one,)), matcher((other,))) for one, other in unsaid]
    both = [p for p in tree if not known(p) and any(one(p) and other(p) for one, other in tests)]
    return Meeting((*found, *map(_quoted, both[:_MOST_FILES])), certain=False)


def _quoted(path: str) -> str:
    """Return a glob that means a path."""
    return "".join(f"[{char}]" if char in "*?[{}" else char for char in path)
