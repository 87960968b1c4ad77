"""Buckets: the keys under which two constraints can have anything to do with each other.

A bucket reads `family:key|prefix`, with a mark in front where the constraint is not fully active
there: `~` is *passive*, `^` *half active*. Two constraints meet where family and key agree (the key
`*` agrees with every key of its family), one prefix lies above the other or is the same, and their
marks differ or neither has one: two passive ones do not meet, nor do two half active ones. A
prefix is the plain beginning of a path. One that starts with `/` is that of a module, which lies
below whatever source root holds it: buckets are made before the tree is known.

Names with parts stand in their own bucket and passively in those of their ancestors, so that
`sqlalchemy` meets `sqlalchemy.orm`, and a thousand modules of one package do not meet each other.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bylaw.ir import Constraint, EntitiesSubject, Key, Pattern
from bylaw.passes.compare.packages import package
from bylaw.places import template_glob

_WILD = frozenset("*?[{<")
_MAX_PREFIXES = 8
"""More globs than these share the empty prefix, which meets every other."""

Keys = Iterator[str]
"""Keys with a leading `:`, or their mark."""


def buckets(constraint: Constraint) -> tuple[str, ...]:
    """Return a constraint's buckets, sorted."""
    family, keys, prefixes = _TABLE[constraint.shape](constraint)
    names = {family + k if k[0] == ":" else f"{k[0]}{family}:{k[1:]}" for k in keys}
    return tuple(sorted([f"{name}|{prefix}" for name in names for prefix in prefixes]))


# --- prefixes ----------------------------------------------------------------------------------


def prefix_of(glob: str) -> str:
    """Return the plain segments that all paths of a glob start with."""
    plain: list[str] = []
    for segment in glob.rstrip("/").split("/"):
        if not _WILD.isdisjoint(segment):
            break
        # A module's name has no ending; without one, a file's path lies on the same line as it.
        plain.append(segment.partition(".")[0] or segment)
    return "/".join(plain).replace("|", "\x1f")


def _prefixes(constraint: Any) -> tuple[str, ...]:
    subject = constraint.subject
    if constraint.modal == "only-may":
        return ("",)
    if subject.noun == "modules":
        modules = {prefix_of(module.text.replace(".", "/")) for module in subject.modules}
        found = {f"/{module}" if module else "" for module in modules}
        return tuple(sorted(found)) if len(found) <= _MAX_PREFIXES else ("",)
    if subject.noun == "templates":
        globs = [template_glob(template.text) for template in subject.templates]
    else:
        globs = [glob.text for glob in getattr(subject, "globs", ())]
    found = {prefix_of(glob) for glob in globs} or {""}
    return tuple(sorted(found)) if len(found) <= _MAX_PREFIXES else ("",)


# --- keys --------------------------------------------------------------------------------------


def _branch(segments: Iterable[str], separator: str = ".") -> Keys:
    """Yield a name's own key and, passively, its ancestors'; a wildcard ends the name."""
    plain: list[str] = []
    for segment in segments:
        if not _WILD.isdisjoint(segment):
            break
        plain.append(segment)
    if not plain:
        yield ":*"
        return
    yield ":" + separator.join(plain)
    for end in range(1, len(plain)):
        yield "~" + separator.join(plain[:end])


def _module(text: str) -> Keys:
    return _branch(text.split("/") if "/" in text else text.split("."))


def _pattern(pattern: Pattern) -> Keys:
    name = pattern.name.removeprefix(".")
    last = name.rpartition(".")[2]
    plain = _WILD.isdisjoint(last)
    if pattern.any_receiver:
        yield f":.{last}" if plain else ":*"
        return
    yield from _branch(name.split("."))
    if plain:
        yield f"~.{last}"


def _filtered(constraint: Any, keys: Iterable[str]) -> Keys:
    """Part the keys of entities by what filters them; an unfiltered entity meets every other."""
    subject = constraint.subject
    filters = list(_filters(subject)) if isinstance(subject, EntitiesSubject) else []
    for key in keys:
        if not filters or key[0] != ":" or key == ":*":
            yield key
            continue
        # Half active: meets the unfiltered ones, and those below, but no other filter's.
        yield "^" + key[1:]
        yield from (f"{key}&{part}" for part in filters)


def _filters(subject: EntitiesSubject) -> Iterator[str]:
    if subject.matching:
        yield "m" + ",".join(sorted(f"{n.form}:{n.text}" for n in subject.matching))
    if subject.inheriting:
        yield "i" + ",".join(sorted(pattern.text for pattern in subject.inheriting))
    if subject.decorated:
        yield "d" + ",".join(
            sorted(p.text.lstrip("@").removesuffix("()") for p in subject.decorated)
        )


Made = tuple[str, Iterable[str], tuple[str, ...]]


def _import(c: Any) -> Made:
    keys: list[str] = []
    for operand in c.operands:
        keys += [":files"] if operand.sort == "files" else _module(operand.text)
    if c.modal == "must":
        # A demand can contradict a list of all that is allowed, and layers.
        keys += ["~only", "~tiers"]
    elif c.modal == "must-only":
        keys.append(":only")
    return "import", keys, _prefixes(c)


def _layered(c: Any) -> Made:
    keys = [":tiers"]
    within = ",".join(sorted(module.text for module in getattr(c, "within", ())))
    for layer in c.subject.layers:
        for module in layer.modules:
            keys += [f"{key[0]}{c.shape} {within} {key[1:]}" for key in _module(module.text)]
    # A layer that starts with a wildcard has no name to be found by.
    keys = [":*" if key.endswith(" *") else key for key in keys]
    return "import", keys, ("",)


def _depend(c: Any) -> Made:
    keys = [f":{package(requirement.name)}" for requirement in c.requirements]
    if c.modal in ("must", "must-only"):
        keys.append("~only" if c.modal == "must" else ":only")
    return "depend", keys, _prefixes(c)


def _patterns(family: str) -> Callable[[Any], Made]:
    def make(c: Any) -> Made:
        keys = (key for pattern in c.patterns for key in _pattern(pattern))
        return family, _filtered(c, keys), _prefixes(c)

    return make


def _pass(c: Any) -> Made:
    return "pass", (k for p in c.subject.patterns for k in _pattern(p)), _prefixes(c)


def _wrapped(c: Any) -> Made:
    subject = c.subject
    if subject.noun == "calls":
        return "wrapped", (k for p in subject.patterns for k in _pattern(p)), _prefixes(c)
    return "wrapped", (k for m in subject.modules for k in _module(m.text)), _prefixes(c)


def _define(c: Any) -> Made:
    keys = [
        f":{n.text}" if n.form == "glob" and _WILD.isdisjoint(n.text) else ":*" for n in c.names
    ]
    return "define", _filtered(c, keys), _prefixes(c)


def _named(c: Any) -> Made:
    if c.subject.noun in ("files", "directories"):
        return _files(c)
    return "named", _filtered(c, [f":{c.subject.entity}"]), _prefixes(c)


def _files(c: Any) -> Made:
    return "file", (k for glob in c.subject.globs for k in _last(glob.text)), _prefixes(c)


def _last(glob: str) -> Keys:
    """Key a glob by its last segment, and by that's ending.

    A plain path may be a folder of files with any name.
    """
    last = glob.rpartition("/")[2]
    dot = last.rfind(".")
    ending = last[dot:] if dot >= 0 else ""
    if not last or _WILD.isdisjoint(glob) or not _WILD.isdisjoint(last[1:]):
        yield ":*"
    elif last[0] == "*":
        # `*.sql`; without a dot, any ending may follow.
        yield f":{ending}" if ending else ":*"
    elif last[0] in _WILD:
        yield ":*"
    else:
        yield f":{last}"
        if ending:
            yield f"~{ending}"


def _hold(c: Any) -> Made:
    paths = (f"{glob.text}/{entry.text}" for glob in c.subject.globs for entry in c.entries)
    keys = (key for path in paths for key in _last(path))
    return "file", keys, _prefixes(c)


def _pair(c: Any) -> Made:
    if c.shape == "exist-with":
        globs = [template_glob(template.text) for template in c.counterparts]
        prefixes = tuple(sorted({prefix_of(glob) for glob in globs}))
        return "file", (key for glob in globs for key in _last(glob)), prefixes
    keys = [f":{template.text}" for template in c.counterparts]
    return "change", ["~lanes", *keys], ("",)


def _text(c: Any) -> Made:
    # What must be in a file can contradict any text that must not; for the rest equal texts count.
    keys = [f":={text.text}" for text in c.texts]
    return "text", [":+" if c.modal == "must" else "~+", *keys], _prefixes(c)


def _key(c: Any) -> Made:
    """Key by the file's first segment; the key's own segments are the prefix."""
    firsts = [glob.text.partition("/")[0] for glob in c.subject.globs]
    keys = [f":{first}" if _WILD.isdisjoint(first) else ":*" for first in firsts]
    return "key", keys or [":*"], tuple(sorted({_key_prefix(key) for key in c.subject.keys}))


def _key_prefix(key: Key) -> str:
    plain: list[str] = []
    for segment in key.segments:
        if segment in ("*", "**", "[]"):
            break
        plain.append(segment.replace("/", "\x1f").replace("|", "\x1f"))
    return "/".join(plain)


def _commands(c: Any) -> Made:
    keys: list[str] = []
    for command in c.commands:
        words = command.text.split() or [""]
        keys += [f":{words[0]}", *(f"~{word}" for word in words[1:])]
    return c.shape, keys, ("",)


def _plain(field: str | None = None) -> Callable[[Any], Made]:
    """Make buckets by one field of the constraint, or by its place alone."""

    def make(c: Any) -> Made:
        value = getattr(c, field) if field else ""
        values = value if isinstance(value, tuple) else (value,)
        keys = [f":{getattr(item, 'text', item)}" for item in values]
        return c.shape, _filtered(c, keys), _prefixes(c)

    return make


def _subject_commands(c: Any) -> Made:
    return c.shape, [f":{command.text}" for command in c.subject.commands], ("",)


def _noun(c: Any) -> Made:
    return c.shape, [f":{c.subject.noun}"], ("",)


def _lanes(_: Any) -> Made:
    return "change", [":lanes"], ("",)


_TABLE: dict[str, Callable[[Any], Made]] = {
    "import": _import,
    "layered": _layered,
    "independent": _layered,
    "acyclic": _plain(),
    "import-style": _plain("styles"),
    "wrapped": _wrapped,
    "depend": _depend,
    "pinned": _plain(),
    "call": _patterns("refer"),
    "use": _patterns("refer"),
    "catch": _patterns("catch"),
    "pass": _pass,
    "semgrep": _plain("pattern"),
    "decorated": _patterns("decorated"),
    "inherit": _patterns("inherit"),
    "define": _define,
    "docstring": _plain(),
    "annotated": _plain(),
    "named": _named,
    "name-match": _noun,
    "exist": _files,
    "live": _files,
    "hold": _hold,
    "size": _plain("unit"),
    "contain": _text,
    "match": _text,
    "start": _text,
    "identical": _plain("path"),
    "key-be": _key,
    "key-match": _key,
    "key-contain": _key,
    "key-exist": _key,
    "key-bound": _key,
    "key-equal": _key,
    "change-with": _pair,
    "exist-with": _pair,
    "ci-run": _commands,
    "command-pass": _subject_commands,
    "approve": _plain(),
    "agent-change": _lanes,
    "agent-limit": _plain("unit"),
    "agent-run": _commands,
    "agent-read": _plain("files"),
    "agent-autonomy": _plain(),
}
