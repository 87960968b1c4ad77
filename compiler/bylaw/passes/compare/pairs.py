"""Which pairs of constraints are worth comparing: those that share a bucket."""

from collections.abc import Iterable, Iterator, Sequence

from bylaw.modules import top_paths
from bylaw.passes.compare.buckets import prefix_of
from bylaw.program import Ground, Header

At = tuple[int, int]
"""A constraint: its unit's place among the headers, and its row's place in that."""

_Member = tuple[str, At, str]
"""A prefix, a constraint that has it, and its mark there: none, `~` or `^`."""


def candidates(
    headers: Sequence[Header | None], limit: int, ground: Ground
) -> tuple[list[tuple[At, At]], bool]:
    """Return the pairs that share a bucket, sorted, and whether those are all of them.

    The ground says where modules lie. A header that is None takes no part. No more than about
    `limit` pairs are returned.
    """
    shared, families = _shared(headers)
    if not shared and not families:
        return [], True
    groups = _group(headers, shared, families, _Locations(ground))
    found: set[tuple[At, At]] = set()
    for name in sorted(shared):
        members = groups[name]
        found.update(_meet(members, members, limit - len(found)))
        if len(found) >= limit:
            return sorted(found), False
    for family in sorted(families):
        kin = (m for name, group in groups.items() if name.startswith(family) for m in group)
        others = list({(prefix, at): (prefix, at, "") for prefix, at, _ in kin}.values())
        found.update(_meet(groups[f"{family}*"], others, limit - len(found)))
        if len(found) >= limit:
            return sorted(found), False
    return sorted(found), True


def _shared(headers: Sequence[Header | None]) -> tuple[set[str], set[str]]:
    """Return the keys that several buckets have, one of them active, and the families with `*`."""
    active: set[str] = set()
    twice: set[str] = set()
    passive: set[str] = set()
    half: set[str] = set()
    for header in headers:
        if header is None:
            continue
        for row in header.rows:
            for bucket in row.buckets:
                name = bucket.rpartition("|")[0]
                if name[0] == "~":
                    passive.add(name[1:])
                elif name[0] == "^":
                    half.add(name[1:])
                elif name in active:
                    twice.add(name)
                else:
                    active.add(name)
    families = {name[:-1] for name in active if name.endswith(":*") and name.count(":") == 1}
    return twice | (active & passive) | (half & (active | passive)), families


def _group(
    headers: Sequence[Header | None],
    shared: set[str],
    families: set[str],
    locations: "_Locations",
) -> dict[str, list[_Member]]:
    groups: dict[str, list[_Member]] = {}
    for unit, header in enumerate(headers):
        if header is None:
            continue
        for index, row in enumerate(header.rows):
            for bucket in row.buckets:
                name, _, prefix = bucket.rpartition("|")
                mark = name[0] if name[0] in "~^" else ""
                name = name.removeprefix(mark)
                if name in shared or (families and name[: name.index(":") + 1] in families):
                    group = groups.setdefault(name, [])
                    group += [(place, (unit, index), mark) for place in locations[prefix]]
    return groups


class _Locations(dict[str, tuple[str, ...]]):
    """The plain beginnings of paths that a bucket's prefix stands for."""

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self._ground = ground

    def __missing__(self, prefix: str) -> tuple[str, ...]:
        found: tuple[str, ...] = (prefix,)
        if prefix.startswith("/"):
            first, slash, rest = prefix[1:].partition("/")
            paths = top_paths(first, self._ground.facts)
            found = tuple(sorted({prefix_of(path) + slash + rest for path in paths}))
        self[prefix] = found
        return found


def _meet(
    members: Sequence[_Member], others: Sequence[_Member], limit: int
) -> Iterator[tuple[At, At]]:
    """Yield the pairs whose prefixes lie on one path, at most about `limit`."""
    count = 0
    for one, other in _related(members, others):
        if one[1] != other[1] and not (one[2] and one[2] == other[2]):
            count += 1
            yield (one[1], other[1]) if one[1] < other[1] else (other[1], one[1])
            if count > limit:
                return


def _related(
    members: Sequence[_Member], others: Sequence[_Member]
) -> Iterator[tuple[_Member, _Member]]:
    by_prefix = _by_prefix(others)
    for one in members:
        for prefix in _line(one[0]):
            for other in by_prefix.get(prefix, ()):
                # Of two in the same list, each meets the other once.
                if members is not others or prefix != one[0] or one[1] < other[1]:
                    yield one, other
    if members is others:
        return
    mine = _by_prefix(members)
    for other in others:
        for prefix in _line(other[0]):
            if prefix != other[0]:
                for one in mine.get(prefix, ()):
                    yield one, other


def _by_prefix(members: Iterable[_Member]) -> dict[str, list[_Member]]:
    found: dict[str, list[_Member]] = {}
    for member in members:
        found.setdefault(member[0], []).append(member)
    return found


def _line(prefix: str) -> Iterator[str]:
    """Yield a prefix and all that lie above it."""
    yield prefix
    while prefix:
        prefix = prefix.rpartition("/")[0]
        yield prefix
