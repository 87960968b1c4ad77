"""The words of findings: lists of what a user wrote, and what was found, in backticks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from bylaw.visible import shorten, visible

if TYPE_CHECKING:
    from bylaw.ir import Operand

_FOUND_CHARACTERS = 80
"""Of what was found, so much is shown."""


def quoted(text: str) -> str:
    """Return the user's text in backticks."""
    return f"`{text}`"


def either(texts: Iterable[str]) -> str:
    """Return texts as a list that ends in *or*."""
    return _joined([quoted(text) for text in texts], "or")


def every(texts: Iterable[str]) -> str:
    """Return texts as a list that ends in *and*."""
    return _joined([quoted(text) for text in texts], "and")


def shown(found: str) -> str:
    """Return what was found in a file on one line, shortened."""
    return quoted(shorten(visible(found), _FOUND_CHARACTERS))


def written(operand: Operand) -> str:
    """Return an operand as its author wrote it: a regular expression has its slashes."""
    is_regex = getattr(operand, "sort", "") == "regex" or getattr(operand, "form", "") == "regex"
    return f"/{operand.text}/" if is_regex else operand.text


def _joined(parts: Sequence[str], word: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"
