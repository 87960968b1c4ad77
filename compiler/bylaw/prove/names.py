"""Concrete names for operands: modules, patterns and names with their wildcards filled in."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

import re2

from bylaw import ir
from bylaw.globs import expand_braces, matcher, module_matches
from bylaw.styles import STYLES, stem_of

MOST = 3
"""Operands of one constraint that programs are made for."""

_POOL = (
    "sample",
    "Sample",
    "sampleName",
    "SampleName",
    "sample_name",
    "sample-name",
    "SAMPLE_NAME",
    "main",
    "feature/sample-name",
    "fix/12-sample",
    "sample.py",
    "sample.md",
    "Sample.tsx",
    "test_sample.py",
    "0001_sample.sql",
    "0001-sample.md",
    "Add a sample",
    "feat: add a sample",
    "feat(sample): add a sample",
    "ABC-12 add a sample",
    "v1.2.3",
    "1.2.3",
    "1",
    "20",
    "true",
    "",
    "sample@sha256:" + "0" * 64,
    "http://sample",
    "https://sample",
    "!! ~",
    "x" * 200,
)
"""Texts of every day, of which an expression is tried until one fits and one does not."""


def module(pattern: str) -> str:
    """Return a module that a pattern means."""
    return (
        ".".join("part" if "*" in part else part for part in pattern.split(".") if part != "**")
        or "part"
    )


def is_any(name: str, operands: Iterable[object]) -> bool:
    """Tell whether a module is one of some operands, or lies below one."""
    return any(isinstance(o, ir.Module) and module_matches(o.text, name) for o in operands)


def pattern(node: ir.Pattern) -> str:
    """Return a name that a pattern means, without the dot of `.name`."""
    return node.name.lstrip(".").replace("**", "part").replace("*", "part")


@lru_cache(maxsize=4096)
def expression(text: str) -> "Callable[[str], bool] | None":
    """Return what tells whether an expression matches all of a text; None where it is none."""
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(text, options)
    except re2.error:
        return None
    return lambda subject: compiled.fullmatch(subject) is not None


def fitting(tests: "Iterable[Callable[[str], bool]]", more: Iterable[str] = ()) -> str | None:
    """Return a text that passes one of the tests, if one comes to mind."""
    some = list(tests)
    return next((t for t in (*more, *_POOL) if any(test(t) for test in some)), None)


def unfitting(tests: "Iterable[Callable[[str], bool]]", more: Iterable[str] = ()) -> str | None:
    """Return a text that passes none of the tests."""
    some = list(tests)
    return next((t for t in (*more, *_POOL) if not any(test(t) for test in some)), None)


def name_test(name: ir.Name) -> "Callable[[str], bool] | None":
    """Return what tells whether a name is one that an operand names."""
    if name.form == "regex":
        return expression(name.text)
    if name.form == "style":
        style = re.compile(STYLES[name.text])
        return lambda text: not stem_of(text) or style.fullmatch(stem_of(text)) is not None
    matches = matcher((name.text,))
    return lambda text: "/" not in text and bool(matches(text))


_WILD = re.compile(r"\[(?P<no>!?)(?P<any>[^\]]+)\]|\*|\?")


def of_glob(text: str, stem: str) -> str:
    """Return a name that a glob of names matches."""

    def fill(wild: re.Match[str]) -> str:
        if wild["any"] is None:
            return stem if wild[0] == "*" else "x"
        if not wild["no"]:
            return wild["any"][0]
        return next(filter(matcher((wild[0],)), "x0X_"), "~")

    return _WILD.sub(fill, expand_braces(text)[0])


_PLAIN = re.compile(r"(?:\\b|\^|\$|\(\?[a-z]+\))")


def plain_text(regex: str) -> str | None:
    """Return a text that an expression finds, where it is hardly more than that text."""
    text = re.sub(r"\\([^\w\s])", r"\1", _PLAIN.sub("", regex))
    options = re2.Options()
    options.log_errors = False
    try:
        found = re2.search(regex, text, options)
    except re2.error:
        return None
    return text if found is not None and text.strip() else None


def finds(regex: str, text: str) -> bool:
    """Tell whether an expression finds something in a text, `^` and `$` at line ends."""
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.search(f"(?m){regex}", text, options) is not None
    except re2.error:
        return True
