"""Programs for files: which there are, what they are named, and what stands in them."""

from collections.abc import Callable, Iterator
from posixpath import dirname

from bylaw import ir
from bylaw.area import Area
from bylaw.globs import matcher
from bylaw.prove.case import NO_LINES, WHOLE, Draft
from bylaw.prove.names import finds, fitting, name_test, of_glob, plain_text, unfitting
from bylaw.prove.places import Places
from bylaw.prove.shapes.stage import Stage

_OTHER = "A line of text.\n"


def _globs(stage: Stage) -> tuple[str, ...]:
    return tuple(glob.text for glob in getattr(stage.constraint.subject, "globs", ()))


def exists(stage: Stage) -> Iterator[Draft]:
    """Let a file be there, or not."""
    path = stage.path
    if stage.constraint.modal == "must-not":
        yield Draft("is there", "\n", WHOLE, path)
        return
    yield Draft("is there", "\n", NO_LINES, path)
    yield Draft("is not there", "", WHOLE, None, {}, (path,))


def lives(stage: Stage) -> Iterator[Draft]:
    """Let a file lie where it has to, and elsewhere."""
    constraint = stage.a(ir.Live)
    globs = tuple(glob.text for glob in constraint.globs)
    area = stage.scoped.area
    ending = _ending(stage)
    inside = Places(Area(globs, area.include or ("**",), area.exclude)).inside(ending)
    outside = Places(Area(area.include, area.within, (*area.exclude, *globs))).inside(ending)
    must = constraint.modal == "must"
    if inside is not None:
        yield Draft("lies there", _OTHER, NO_LINES if must else WHOLE, inside)
    if outside is not None:
        yield Draft("lies elsewhere", _OTHER, WHOLE if must else NO_LINES, outside)


def _ending(stage: Stage) -> str:
    name = stage.path.rpartition("/")[2]
    return name[name.rfind(".") :] if "." in name else ""


def holds(stage: Stage) -> Iterator[Draft]:
    """Let a folder hold what it has to, or not."""
    constraint = stage.a(ir.HoldEntry)
    globs = _globs(stage)
    if not globs or constraint.modal not in ("must", "must-not"):
        return
    folder = next(iter(_folders(globs[0])), None)
    if folder is None:
        return
    entries = [of_glob(entry.text, "sample") for entry in constraint.entries]
    wanted = entries if constraint.quantifier == "all" else entries[:1]
    beside = {f"{folder}/{entry}": "\n" for entry in wanted}
    must = constraint.modal == "must"
    other = f"{folder}/something_else.txt"
    yield Draft("holds it", "\n", NO_LINES if must else None, other, beside)
    yield Draft("holds something else", "\n", None if must else NO_LINES, other)


def _folders(glob: str) -> Iterator[str]:
    plain = "/".join(
        "sample" if part == "*" else part for part in glob.rstrip("/").split("/") if part != "**"
    )
    if plain and not any(char in plain for char in "*?[{"):
        yield plain


def named(stage: Stage) -> Iterator[Draft]:
    """Give files and folders names that fit, and that do not."""
    constraint = stage.a(ir.Named)
    tests = [test for node in constraint.names if (test := name_test(node)) is not None]
    if len(tests) != len(constraint.names):
        return
    directories = constraint.subject.noun == "directories"
    ending = "" if directories else _ending(stage)
    folder = dirname(stage.path)
    if directories:
        folder = next((dirname(f) for f in _folders(next(iter(_globs(stage)), "**"))), folder)
    area = matcher(stage.scoped.area.include or ("**",))

    def admitted(name: str) -> bool:
        path = f"{folder}/{name}" if folder else name
        return bool(name) and "/" not in name and len(name) < 100 and bool(area(path))

    fit = fitting([_both(t, admitted) for t in tests], _names(constraint, ending))
    other = next(
        (
            n
            for n in (*_names(constraint, ending), *_WORDS)
            if admitted(n) and not any(t(n) for t in tests)
        ),
        None,
    )
    must = constraint.modal == "must"
    for name, keeps, title in (
        (fit, must, "has such a name"),
        (other, not must, "has another name"),
    ):
        if name is None:
            continue
        path = f"{folder}/{name}" if folder else name
        if directories:
            path += "/something.txt"
        yield Draft(f"{title}: `{name}`", _OTHER, NO_LINES if keeps else None, path)


def _both(one: Callable[[str], bool], other: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: one(text) and other(text)


_WORDS = ("Odd_name-1", "odd name", "ODDNAME", "odd_name", "odd-name", "oddName")


def _names(constraint: ir.Named, ending: str) -> list[str]:
    stems = (
        "sample",
        "sample_name",
        "Sample",
        "sampleName",
        "sample-name",
        "SAMPLE_NAME",
        "0001_sample",
        "0001-sample",
        "BL100",
        "Odd_name-1",
    )
    globs = [of_glob(n.text, "sample") for n in constraint.names if n.form == "glob"]
    plain = [n.text.replace("\\", "") for n in constraint.names if n.form == "regex"]
    return [*globs, *plain, *(f"{stem}{ending}" for stem in stems)]


def sizes(stage: Stage) -> Iterator[Draft]:
    """Write files that are just within bounds, and just beyond."""
    constraint = stage.a(ir.Size)
    count = constraint.count
    if count > 20_000 or constraint.modal != "must":
        return
    part = "x\n" if constraint.unit == "lines" else "x "
    end = "" if constraint.unit == "lines" else "\n"
    fits, beyond = count, count + 1
    if constraint.bound == "at-least":
        fits, beyond = count, count - 1
    if beyond < 0:
        return
    unit = constraint.unit
    yield Draft(f"has {fits} {unit}", part * fits + end, NO_LINES)
    yield Draft(f"has {beyond} {unit}", part * beyond + end, None)


def texts(stage: Stage) -> Iterator[Draft]:
    """Write files that hold a text, and such that do not."""
    constraint = stage.a(ir.Text)
    found = [_written(node) for node in constraint.texts]
    tests = [_text_test(node, constraint.shape) for node in constraint.texts]
    ban = constraint.modal in ("must-not", "only-may")
    start = constraint.shape == "start"
    if ban:
        for text in found[:3]:
            if text is None or start:
                continue
            line = 2 + text.count("\n") * 0
            yield Draft("holds it", f"{_OTHER}{text}\n", frozenset((line,)))
            yield (
                Draft("holds it within a line", f"One {text} two\n", frozenset((1,)))
                if _loose(text, tests)
                else Draft("holds it at the end", f"{_OTHER}{_OTHER}{text}", frozenset((3,)))
            )
        if start and found[0] is not None:
            yield Draft("starts with it", f"{found[0]}\n{_OTHER}", frozenset((1,)))
            yield Draft("holds it later", f"{_OTHER}{found[0]}\n", NO_LINES)
        if not any(test(_OTHER) for test in tests):
            yield Draft("holds nothing of it", _OTHER, NO_LINES)
        return
    if any(text is None for text in found):
        return
    wanted = [t for t in found if t is not None]
    whole = "\n".join(wanted if constraint.quantifier == "all" and not start else wanted[:1])
    if start:
        yield Draft("starts with it", f"{whole}\n{_OTHER}", NO_LINES)
        yield Draft("starts with it below a `#!` line", f"#!/bin/sh\n{whole}\n", NO_LINES)
        yield Draft("holds it later", f"{_OTHER}{whole}\n", None)
    else:
        yield Draft("holds it", f"{_OTHER}{whole}\n", NO_LINES)
    if not any(test(_OTHER) for test in tests):
        yield Draft("holds nothing of it", _OTHER, None)


def _written(node: ir.TextOperand) -> str | None:
    return node.text if isinstance(node, ir.LiteralText) else plain_text(node.text)


def _text_test(node: ir.TextOperand, shape: str) -> Callable[[str], bool]:
    if isinstance(node, ir.LiteralText):
        return lambda text: text.startswith(node.text) if shape == "start" else node.text in text
    return lambda text: finds(node.text, text)


def _loose(text: str, tests: list[Callable[[str], bool]]) -> bool:
    return any(test(f"One {text} two\n") for test in tests) and "\n" not in text


def identical(stage: Stage) -> Iterator[Draft]:
    """Copy a file, truly and not."""
    constraint = stage.a(ir.Identical)
    other = constraint.path.text
    if other == stage.path:
        return
    same = {other: _OTHER}
    yield Draft("is the same", _OTHER, NO_LINES, stage.path, same)
    yield Draft("differs by a character", _OTHER.upper(), None, stage.path, same)


__all__ = ["exists", "holds", "identical", "lives", "named", "sizes", "texts", "unfitting"]
