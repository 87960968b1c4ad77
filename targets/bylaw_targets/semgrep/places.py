"""Areas as Semgrep's `paths`: intersected, translated, and refused where the dialect cannot say."""

from functools import lru_cache

from bylaw.area import Area
from bylaw.globs import intersect, overlap, to_semgrep
from bylaw_targets.semgrep.draft import UnsupportedError
from bylaw_targets.semgrep.yamltext import flow_list

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
    wanted = f"{'/'.join((*level, '*'))}.{{{','.join(e[1:] for e in endings)}}}"
    found: dict[str, None] = {}
    for glob in meet(area.include, area.within) or ("**",):
        plain = glob.removesuffix("/**")
        if any(char in plain for char in "*?[{") or plain == glob:
            found.update(dict.fromkeys(meet((glob,), (wanted,))))
            continue
        # The usual scope, a folder and all below, without asking the automata.
        start = plain.split("/")
        if len(start) <= len(level) and all(
            one == other or other == "*" for one, other in zip(start, level, strict=False)
        ):
            rest = "/".join((*start, *level[len(start) :], "*"))
            found[rest + wanted[wanted.rindex(".{") :]] = None
    return Area(include=tuple(found), exclude=area.exclude) if found else None


def without(area: Area, globs: tuple[str, ...]) -> Area:
    """Return an area without some globs' files."""
    fresh = tuple(glob for glob in globs if glob not in area.exclude)
    return Area(area.include, area.within, area.exclude + fresh) if fresh else area


def touches(area: Area, globs: tuple[str, ...]) -> bool:
    """Tell whether an area may hold a file of some globs."""
    return overlap(area, globs) is not None


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
