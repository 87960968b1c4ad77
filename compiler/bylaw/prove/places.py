"""Concrete paths in and out of a constraint's area: where the programs of cases stand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bylaw.area import Area
from bylaw.check.evidence import area_test
from bylaw.globs import expand_braces, matcher, overlap
from bylaw.globs.dialect import is_literal
from bylaw.places import TESTS

_PART = "part"
_LEFT_OUT = ("**/__init__.*", "**/__main__.*", "**/conftest.py")


@dataclass
class Places:
    """Hands out paths, each once, that lie in an area or do not."""

    area: Area
    tests: tuple[str, ...] = TESTS
    taken: set[str] = field(default_factory=set)
    numbers: dict[tuple[Area, str], int] = field(default_factory=dict)
    """How many paths were handed out, so that the search goes on where it ended."""
    only_tests: bool = False

    def __post_init__(self) -> None:
        self._folders = {path.rpartition("/")[0] for path in self.taken}

    def inside(self, ending: str, without: tuple[str, ...] = ()) -> str | None:
        """Return a fresh path of the area with an ending; a path again where there is one only."""
        area = Area(self.area.include, self.area.within, (*self.area.exclude, *without))
        return self._pick(area, ending)

    def outside(self, ending: str) -> Iterator[tuple[str, str]]:
        """Yield paths near the area that are not in it, each with why."""
        area = self.area
        if area.include:
            found = self._pick(Area(("**",), (), area.include), ending)
            if found is not None:
                yield "outside its scope", found
        if area.within:
            found = self._pick(Area(area.include, (), area.within), ending)
            if found is not None:
                yield "outside its lead-in", found
        for glob in dict.fromkeys(area.exclude):
            limits = Area((glob,), area.include or area.within)
            found = self._pick(limits, ending)
            if found is not None:
                why = "in a test" if glob in self.tests else f"in `{glob}`, which is left out"
                yield why, found

    def _pick(self, area: Area, ending: str) -> str | None:
        test = area_test(area)
        is_test = matcher(self.tests)
        unusual = matcher(_LEFT_OUT if self.only_tests else (*self.tests, *_LEFT_OUT))
        again = next((g for g in area.include if g in self.taken and test(g)), None)
        if again is not None:
            return again if again.endswith(ending) else None
        for plain in (True, False):
            start = self.numbers.get((area, ending), 1) if plain else 1
            for number, path in _proposals(area, ending, start):
                if not path.endswith(ending) or not test(path) or (plain and unusual(path)):
                    continue
                if self.only_tests and not is_test(path):
                    continue
                if path.rpartition(".")[0] in self._folders:
                    # A package's name is taken.
                    continue
                if path not in self.taken:
                    self.taken.add(path)
                    self.numbers[area, ending] = number
                    return path
                again = again or path
            if again is not None:
                return again
        globs = (f"**/*{ending}",) if ending else ("**",)
        found = overlap(area, Area(globs, self.tests if self.only_tests else ()))
        if found is not None:
            self.taken.add(found)
        return found


def _proposals(area: Area, ending: str, start: int) -> Iterator[tuple[int, str]]:
    globs = area.include or area.within or ("**",)
    joint = [*globs, *(area.within if area.include else ())]
    for number in range(start, start + 200):
        many = False
        for glob in joint:
            for one in expand_braces(glob):
                for path in _samples(one, f"example_{number}", ending):
                    many = many or "example_" in path
                    yield number, path
        if not many:
            return


def _samples(glob: str, stem: str, ending: str) -> Iterable[str]:
    """Yield a few paths that a glob may mean, readable ones first."""
    *folders, last = glob.split("/")
    start = [
        _PART if folder == "*" else folder.replace("*", _PART)
        for folder in folders
        if folder != "**"
    ]
    if any(char in "/".join(start) for char in "?["):
        return
    if last in ("**", ""):
        yield "/".join((*start, f"{stem}{ending}"))
        yield "/".join((*start, _PART, f"{stem}{ending}"))
        yield "/".join((*start, "more", _PART, f"{stem}{ending}"))
        yield "/".join((*start, f"test_{stem}{ending}"))
    elif is_literal(last):
        if "." in last:
            # A name with an ending is that of a file, and nothing lies below it.
            yield "/".join((*start, last))
            return
        yield "/".join((*start, last, f"{stem}{ending}"))
        yield "/".join((*start, f"{last}{ending}"))
    else:
        name = last.replace("*", stem).replace("?", "x")
        yield "/".join((*start, name))
        yield "/".join((*start, last.replace("*", f"test_{stem}").replace("?", "x")))
        if "." not in last:
            yield "/".join((*start, f"{name}{ending}"))
            yield "/".join((*start, name, f"{stem}{ending}"))
        if "**" in folders:
            yield "/".join((*start, _PART, name))
