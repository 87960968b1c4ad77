"""Areas as Semgrep's `paths`: intersected, translated, and refused where the dialect cannot say."""

from functools import lru_cache
from itertools import takewhile
from operator import eq

from bylaw.area import Area
from bylaw.globs import expand_braces, included, intersect, overlap, to_semgrep
from bylaw.languages import language_of
from bylaw_targets.semgrep.draft import UnsupportedError
from bylaw_targets.semgrep.yamltext import flow_list

_WILD = frozenset("*?[{")

_LIMIT = 400
"""More patterns than this in one rule are no rule that anybody can read."""


@lru_cache(maxsize=16384)
def meet(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Return globs for what two unions of globs share; an empty union is every file."""
    if not one or not other:
        return one or other
    found: dict[str, None] = {}
    for left in one:
        for right in other:
            shared = intersect(left, right)
            if shared is None:
                raise UnsupportedError(
                    f"Semgrep's paths cannot say which files are in both `{left}` and `{right}`"
                )
            found.update(dict.fromkeys(shared))
    if len(found) > _LIMIT:
        raise UnsupportedError("the scope comes to more path patterns than a rule should have")
    return tuple(found)


def narrow(area: Area, globs: tuple[str, ...]) -> Area | None:
    """Return the part of an area that some globs hold, or None where it is empty."""
    include = meet(meet(area.include, area.within), globs)
    return Area(include=include, exclude=area.exclude) if include else None


@lru_cache(maxsize=16384)
def at_depth(
    area: Area, base: tuple[str, ...], folders: int, endings: tuple[str, ...]
) -> Area | None:
    """Return the part of an area so many folders below a base folder; None where it is empty."""
    level = (*base, *["*"] * folders)
    ending = f".{{{','.join(e[1:] for e in endings)}}}"
    found: dict[str, None] = {}
    globs = meet(area.include, area.within) or ("**",)
    for glob in (one for braced in globs for one in expand_braces(braced)):
        *start, name = glob.split("/")
        below = name == "**"
        if any(not _WILD.isdisjoint(segment) for segment in start) or (
            not below and language_of(glob) is None
        ):
            wanted = "/".join((*level, "*")) + ending
            found.update(dict.fromkeys(meet((glob,), (wanted,))))
            continue
        # The usual scopes, a folder and all below or one file, without asking the automata.
        fits = len(start) <= len(level) if below else len(start) == len(level)
        if fits and all(other in (one, "*") for one, other in zip(start, level, strict=False)):
            rest = (*start, *level[len(start) :], "*")
            found["/".join(rest) + ending if below else glob] = None
    return Area(include=tuple(found), exclude=area.exclude) if found else None


def without(area: Area, globs: tuple[str, ...]) -> Area:
    """Return an area without some globs' files."""
    fresh = tuple(glob for glob in globs if glob not in area.exclude)
    return Area(area.include, area.within, area.exclude + fresh) if fresh else area


def touches(area: Area, globs: tuple[str, ...]) -> bool:
    """Tell whether an area may hold a file of some globs."""
    near = [glob for glob in globs if any(_near(glob, mine) for mine in area.include or ("**",))]
    return bool(near) and overlap(area, near) is not None


def emptied(area: Area) -> bool:
    """Tell whether what an area leaves out is all of it."""
    near = [out for out in area.exclude if any(_near(out, mine) for mine in area.include)]
    return bool(near) and included(area.include, near)


def _near(one: str, other: str) -> bool:
    """Tell whether the plain folders that two globs start with can be the same."""
    return all(map(eq, _plain(one), _plain(other)))


@lru_cache(maxsize=65536)
def _plain(glob: str) -> tuple[str, ...]:
    return tuple(takewhile(_WILD.isdisjoint, glob.split("/")))


@lru_cache(maxsize=16384)
def paths_text(area: Area, endings: tuple[str, ...]) -> str | None:
    """Return the YAML of a rule's `paths`, `""` where it needs none, None where no file is left."""
    globs = meet(area.include, area.within) if area.within else area.include
    include = _translated(globs, endings)
    if not include and (globs or area.within):
        return None
    exclude = _translated(area.exclude, endings)
    if not include and not exclude:
        return ""
    text = "paths:\n"
    if include and "/**" not in include:
        text += f"  include: {flow_list(include)}\n"
    if exclude:
        text += f"  exclude: {flow_list(exclude)}\n"
    return text if len(text) > len("paths:\n") else ""


def _translated(globs: tuple[str, ...], endings: tuple[str, ...]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for glob in globs:
        patterns = to_semgrep(glob, endings)
        if patterns is None:
            raise UnsupportedError(f"Semgrep's paths cannot say which files `{glob}` means")
        found.update(dict.fromkeys(patterns))
    return tuple(found)
