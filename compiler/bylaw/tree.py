"""An index of the tree that tells quickly whether a glob matches anything in it."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from bylaw.area import Area
from bylaw.globs import matcher
from bylaw.globs.decide import path_matches
from bylaw.globs.dialect import Alternative, alternatives, is_literal, literal_prefix

# Up to so many paths are matched step by step, because compiling an expression takes longer.
_FEW = 4


class Tree:
    """Sorted paths, with their last segments looked up by name and ending.

    Answers are kept, so twenty thousand constraints over a hundred thousand files ask once per
    distinct glob, and a glob with a plain beginning sees only the files below it.
    """

    def __init__(self, files: Iterable[str]) -> None:
        self.files: Sequence[str] = sorted(files)
        self._answers: dict[str, bool] = {}
        self._children: dict[str, list[str]] = {}

    def matches(self, glob: str) -> bool:
        """Tell whether the glob matches any file."""
        answer = self._answers.get(glob)
        if answer is None:
            answer = self._answers[glob] = any(self._any(glob, a) for a in alternatives(glob))
        return answer

    def matching(self, glob: str) -> tuple[str, ...]:
        """Return the files that the glob matches, sorted."""
        test = matcher((glob,))
        found = {
            path
            for alternative in alternatives(glob)
            for path in self._candidates(alternative)
            if test(path)
        }
        return tuple(sorted(found))

    @cached_property
    def folders(self) -> "Tree":
        """The folders that hold a file, at any depth, as a tree of their own."""
        found: set[str] = set()
        for path in self.files:
            folder = path.rpartition("/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return Tree(found)

    def children(self, folder: str) -> list[str]:
        """Return the names directly in a folder, sorted; `folder` is empty or ends in a slash."""
        known = self._children.get(folder)
        if known is not None:
            return known
        found: set[str] = set()
        index = bisect_left(self.files, folder)
        while index < len(self.files) and self.files[index].startswith(folder):
            name = self.files[index][len(folder) :].partition("/")[0]
            found.add(name)
            # On to the first path after all that lies below this name.
            index = max(index + 1, bisect_left(self.files, f"{folder}{name}0"))
        return self._children.setdefault(folder, sorted(found))

    def _any(self, glob: str, alternative: Alternative) -> bool:
        prefix, tail = literal_prefix(alternative)
        if tail in ((None,), ("*", None)):
            return self._has_below(prefix) or (tail == (None,) and self.has(prefix))
        if alternative[:-1] == (None,) and is_literal(alternative[-1] or "*"):
            return alternative[-1] in self._names
        candidates = self._candidates(alternative)
        if len(candidates) <= _FEW:
            return any(path_matches(alternative, path) for path in candidates)
        return any(map(matcher((glob,)), candidates))

    def has(self, path: str) -> bool:
        """Tell whether a path is one of the files."""
        index = bisect_left(self.files, path)
        return index < len(self.files) and self.files[index] == path

    def _has_below(self, folder: str) -> bool:
        start = folder + "/" if folder else ""
        index = bisect_left(self.files, start)
        return index < len(self.files) and self.files[index].startswith(start)

    def _candidates(self, alternative: Alternative) -> Sequence[str]:
        """Return files among which all matches of an alternative are; few where that is easy."""
        prefix, tail = literal_prefix(alternative)
        if not tail or tail == (None,):
            found = self.below(prefix)
            return (*found, prefix) if self.has(prefix) else found
        last = tail[-1]
        files = self.below(prefix) if prefix else self.files
        if last is None or len(files) <= _FEW:
            return files
        # The plain beginning and end of the file's name leave few, wherever the file lies.
        marks = [position for position in map(last.find, "*?[") if position >= 0]
        start = last[: min(marks, default=len(last))]
        ending = last[max(map(last.rfind, "*?]")) + 1 :]
        if start:
            names, paths = self._by_name
            first = bisect_left(names, start)
            after = bisect_left(names, start[:-1] + chr(ord(start[-1]) + 1))
            if after - first < len(files):
                return [p for p in paths[first:after] if p.endswith(ending)]
        elif "." in ending and not prefix:
            return self._by_ending.get(ending.rpartition(".")[2], ())
        return [path for path in files if path.endswith(ending)]

    def below(self, folder: str) -> Sequence[str]:
        """Return the files below a folder, sorted."""
        # `0` is the character after `/`, so that this is where the folder's files end.
        files = self.files
        return files[bisect_left(files, folder + "/") : bisect_left(files, folder + "0")]

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(path[path.rfind("/") + 1 :] for path in self.files)

    @cached_property
    def _by_name(self) -> tuple[list[str], list[str]]:
        """The files' names, sorted, and the paths in the same order."""
        pairs = sorted((path[path.rfind("/") + 1 :], path) for path in self.files)
        return [name for name, _ in pairs], [path for _, path in pairs]

    @cached_property
    def _by_ending(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self.files:
            name = path.rpartition("/")[2]
            if "." in name:
                found.setdefault(name.rpartition(".")[2], []).append(path)
        return found


def area_test(area: Area) -> Callable[[str], bool]:
    """Return what tells whether a path lies in an area."""
    include = matcher(area.include) if area.include else None
    within = matcher(area.within) if area.within else None
    exclude = matcher(area.exclude) if area.exclude else None

    def test(path: str) -> bool:
        return (
            (include is None or bool(include(path)))
            and (within is None or bool(within(path)))
            and (exclude is None or not exclude(path))
        )

    return test
