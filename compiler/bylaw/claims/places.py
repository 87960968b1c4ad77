"""What paths a claim can hold, and whether one of them lies where it must not."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from bylaw.area import Area
from bylaw.globs import expand_braces, included, matcher
from bylaw.passes.compare.region import Region, file_glob, is_empty, witness
from bylaw.tree import Tree

_WILD = frozenset("*?[{")
_NAMES = ("a", "A", "a-b", "aB", "a_b", "1", "test_a", "a.b")
"""Names of every style, put in place of a `*`."""

_MOST_SAMPLES = 64


class Holdings:
    """What claims hold in one tree: a plain path is a file there unless it names a folder."""

    def __init__(self, files: Iterable[str]) -> None:
        self._files = frozenset(files)
        self._tree = Tree(sorted(self._files))

    def is_file(self, text: str) -> bool:
        """Tell whether a claim is of one file and no other."""
        if _WILD & set(text) or text.endswith("/"):
            return False
        return text in self._files or not self.matching(f"{text}/**")

    def matching(self, text: str) -> list[str]:
        """Return the files of the tree that a claim holds, sorted."""
        if text in self._files:
            return [text]
        return sorted(self._tree.matching(self.glob(text) if not text.endswith("/**") else text))

    def glob(self, text: str) -> str:
        """Return a claim as a glob that matches what it holds and nothing else."""
        if text.endswith("/"):
            return f"{text}**"
        if _WILD & set(text):
            return text
        return exactly(text) if self.is_file(text) else f"{text}/**"

    def holds(self, text: str, path: str) -> bool:
        """Tell whether a claim holds a path."""
        return path == text if self.is_file(text) else bool(matcher((self.glob(text),))(path))

    def samples(self, text: str) -> list[str]:
        """Return paths of a claim, its file or a few of many."""
        if self.is_file(text):
            return [text]
        test = matcher((self.glob(text),))
        return list(dict.fromkeys(islice(filter(test, _samples(self.glob(text))), _MOST_SAMPLES)))


def exactly(path: str) -> str:
    """Return a glob for the file at a plain path alone."""
    glob = file_glob(path)
    if glob != path or _WILD & set(path):
        return glob
    # Its last character has no letter's plain class; the path itself would mean all below it, too.
    return f"{path[:-1]}[{path[-1]}]" if path[-1] not in "!^-]/" else path


def _samples(glob: str) -> Iterator[str]:
    for plain in expand_braces(glob):
        for name in _NAMES:
            for below in ("", f"{name}/"):
                path = plain.replace("/**/", f"/{below}")
                path = path.removeprefix("**/") if not below else path.replace("**/", below)
                path = path.replace("**", name).replace("*", name).replace("?", "a")
                yield path


def forbidden(
    glob: str, area: Area, inside: Sequence[str] = (), outside: Sequence[str] = ()
) -> tuple[str | None, bool]:
    """Return a path that a glob and an area share, and whether that could be decided.

    It lies in `inside`, where that holds globs, and in none of `outside`. Where nothing is found
    and it could not be decided, there may be such a path.
    """
    unions: list[tuple[str, ...]] = [(glob,)]
    unions += [union for union in (area.include, area.within, tuple(inside)) if union]
    region = Region(tuple(unions), (*area.exclude, *outside))
    found = witness(region)
    return found, found is not None or is_empty(region)


def covers(globs: Sequence[str], glob: str) -> bool:
    """Tell whether globs hold all that another one does; False where that is not proven."""
    return bool(globs) and included((glob,), tuple(globs))
