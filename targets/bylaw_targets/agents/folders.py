"""Which folders get a contract of their own, and which constraints bind in each.

A folder gets one where the scope of a constraint begins there and it holds files. Folders that are
hidden, that hold the decisions themselves, that lie in a project with a configuration of its own,
or that have a name which a glob, a front matter or a reader could take for something else get none:
the contract of the next folder above carries what binds there.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from bylaw.area import Area, TreeFacts
from bylaw.globs import expand_braces, overlap
from bylaw_targets.agents.text import addresses

ROOT = ""
"""The repository's own folder; all others end in `/`."""

_MOST = 64
"""Folders with a contract of their own; more are no help to anybody."""

_DEEPEST = 3
"""Contracts below the root's that one file may lie in: hosts read them all, one after the other."""

_PLAIN = re.compile(r"(?:[^\W_]|_)(?:[\w.+ -]*[\w+-])?/")
_ENDING = re.compile(r"\.(?:\{[a-z,]+\}|[a-z]+)\Z")
_WILDCARD = re.compile(r"[*?\[{]")


def choose(
    begun: Iterable[Sequence[str]],
    decisions: Collection[str],
    files: Sequence[str],
    projects: tuple[str, ...] = (),
) -> tuple[str, ...]:
    """Return the folders that get a contract, sorted, without the root.

    `begun` are the folders in which each constraint's scope begins, `decisions` the paths of the
    decisions, `files` those of the tree, `projects` the folders with a configuration of their own:
    their builds write what lies in them.
    """
    present = _folders(files)
    closed = {f"{path.rpartition('/')[0]}/" for path in decisions}
    counts: Counter[str] = Counter()
    for some in begun:
        counts.update({_nearest(folder, present) for folder in some})
    wanted = {
        folder: number
        for folder, number in counts.items()
        if folder and folder not in closed and not folder.startswith(projects) and _is_plain(folder)
    }
    ranked = sorted(wanted, key=lambda folder: (-wanted[folder], folder))
    kept: list[str] = []
    for folder in ranked:
        if len(kept) == _MOST:
            break
        if _fits([*kept, folder], folder):
            kept.append(folder)
    # A folder whose files all lie in others that have one says nothing that those do not.
    loose = _with_files_outside(kept, files)
    return tuple(sorted(folder for folder in kept if folder in loose))


def _with_files_outside(kept: Sequence[str], files: Iterable[str]) -> frozenset[str]:
    """Return the folders with a file that lies in no other of them further down."""
    return frozenset(home(path, kept) for path in files)


def _fits(kept: Sequence[str], new: str) -> bool:
    """Tell whether no folder lies in too many others."""
    return all(
        sum(folder.startswith(each) for each in kept) <= _DEEPEST
        for folder in kept
        if folder.startswith(new) or new.startswith(folder)
    )


def _folders(files: Iterable[str]) -> frozenset[str]:
    found = {ROOT}
    for path in files:
        folder = path[: path.rfind("/") + 1]
        while folder not in found:
            found.add(folder)
            folder = folder[: folder.rfind("/", 0, -1) + 1]
    return frozenset(found)


def _nearest(folder: str, present: Collection[str]) -> str:
    while folder not in present:
        folder = folder[: folder.rfind("/", 0, -1) + 1]
    return folder


def _is_plain(folder: str) -> bool:
    parts = folder[:-1].split("/")
    return (
        len(folder) <= 200
        and all(_PLAIN.fullmatch(f"{part}/") for part in parts)
        and not addresses(re.sub(r"[\W_]+", " ", folder))
    )


@lru_cache(maxsize=4096)
def heads(globs: tuple[str, ...]) -> frozenset[str]:
    """Return the folders in which what globs match begins; the root for no globs at all."""
    found = {_head(each) for glob in globs for each in expand_braces(glob)}
    return frozenset(found) if found else frozenset((ROOT,))


def _head(glob: str) -> str:
    match = _WILDCARD.search(glob)
    plain = glob[: match.start()] if match else glob
    return plain[: plain.rfind("/") + 1]


def starts(area: Area, facts: TreeFacts) -> tuple[str, ...]:
    """Return the folders in which an area begins: the inner one, where a scope lies in another."""
    globs = area.include or area.within
    found = {head for glob in _of_modules(globs, facts) for head in heads((glob,))}
    if area.include and area.within:
        inner = {
            max(one, other, key=len)
            for one in found
            for other in heads(area.within)
            if one.startswith(other) or other.startswith(one)
        }
        found = inner or found
    return tuple(sorted(found or {ROOT}))


def _of_modules(globs: Iterable[str], facts: TreeFacts) -> Iterator[str]:
    """Yield globs; of a module, which may be a file or a folder, the one that it is."""
    known = frozenset(globs)
    for glob in known:
        stem = _ENDING.sub("", glob)
        folder = glob.removesuffix("/**")
        if stem != glob and f"{stem}/**" in known:
            if _is_file(stem, facts):
                yield glob
        elif folder == glob or not _is_file(folder, facts):
            yield glob


def _is_file(stem: str, facts: TreeFacts) -> bool:
    prefixes = (f"{root}/" if root else "" for root in facts.source_roots)
    return any(
        stem.startswith(prefix) and stem.removeprefix(prefix).replace("/", ".") in facts.sources
        for prefix in prefixes
    )


def home(folder: str, chosen: Iterable[str]) -> str:
    """Return the folder whose contract speaks of another one."""
    return max((each for each in chosen if folder.startswith(each)), key=len, default=ROOT)


@lru_cache(maxsize=1 << 16)
def binds_in(area: Area, folder: str) -> bool:
    """Tell whether an area holds a path of a folder."""
    for globs in (area.include, area.within):
        if globs and not any(
            head.startswith(folder) or folder.startswith(head) for head in heads(globs)
        ):
            return False
    if folder == ROOT or not (area.include or area.within or area.exclude):
        return True
    return overlap(area, (f"{folder}**",)) is not None


def above(folder: str, chosen: Iterable[str]) -> int:
    """Return how many contracts there are from the root to the end of a path through a folder."""
    chosen = tuple(chosen)
    return max(
        sum(leaf.startswith(each) for each in chosen)
        for leaf in (folder, *chosen)
        if leaf.startswith(folder)
    )
