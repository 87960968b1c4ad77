"""Semgrep's operators as functions: each returns the YAML of one operator, ready to be nested.

A formula is the text of a mapping with one key, its lines not indented; whoever nests it indents
them. So a formula that does not depend on a constraint is written once, as a constant.
"""

from typing import TypeAlias

from bylaw_targets.semgrep.yamltext import quoted, scalar

Formula: TypeAlias = str


def pattern(text: str) -> Formula:
    """Match code that looks like `text`."""
    return "pattern: " + scalar(text)


def any_of(*parts: Formula) -> Formula:
    """Match what one of the parts matches."""
    return parts[0] if len(parts) == 1 else _list("pattern-either", parts)


def all_of(*parts: Formula) -> Formula:
    """Match what all parts match; at least one of them must be positive."""
    return parts[0] if len(parts) == 1 else _list("patterns", parts)


def none_of(part: Formula) -> Formula:
    """Leave out what the part matches; inside `all_of` only."""
    return _nested("pattern-not", part)


def inside(part: Formula) -> Formula:
    """Keep what lies within a match of the part; inside `all_of` only."""
    return _nested("pattern-inside", part)


def outside(part: Formula) -> Formula:
    """Leave out what lies within a match of the part; inside `all_of` only."""
    return _nested("pattern-not-inside", part)


def where(metavariable: str, regex: str) -> Formula:
    """Keep what binds a metavariable to a text that starts with a match; inside `all_of` only."""
    return f'metavariable-regex:\n  metavariable: "{metavariable}"\n  regex: ' + quoted(regex)


def focus(metavariable: str) -> Formula:
    """Report the place of a metavariable rather than the whole match; inside `all_of` only."""
    return f'focus-metavariable: "{metavariable}"'


def text(regex: str) -> Formula:
    """Match text of the file, comments and strings included."""
    return "pattern-regex: " + quoted(regex)


def not_text(regex: str) -> Formula:
    """Leave out what overlaps a match in the text; inside `all_of` only."""
    return "pattern-not-regex: " + quoted(regex)


def _list(key: str, parts: tuple[Formula, ...]) -> Formula:
    return key + ":\n  - " + "\n  - ".join([part.replace("\n", "\n    ") for part in parts])


def _nested(key: str, part: Formula) -> Formula:
    if part.startswith("pattern: "):
        return key + part[7:]
    return key + ":\n  " + part.replace("\n", "\n  ")


def lacking(part: Formula, language: str) -> Formula:
    """Match a whole file, reported at its first line, in which the part matches nowhere."""
    return all_of(_WHOLE, none_of(having_some(part, language)))


def having_some(part: Formula, language: str) -> Formula:
    """Match a whole file, reported at its first line, in which the part matches somewhere."""
    inner = f'metavariable: "$FILE"\n    language: {quoted(language)}\n    ' + (
        (part if part.startswith(("pattern", "patterns")) else all_of(part)).replace("\n", "\n    ")
    )
    return all_of(_WHOLE, "metavariable-pattern:\n    " + inner)


_WHOLE = text(r"(?s)\A(?<FILE>.*)")
