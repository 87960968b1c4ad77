"""Text of an ADR as an artifact may hold it: one line, and nothing that a reader cannot see."""

import re
import unicodedata

# Control, format (bidirectional marks, zero-width characters, tags), lone surrogates, private use,
# unassigned. Variation selectors are marks, and can hide a message as well as tags can.
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
_SELECTORS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_SPACE = re.compile(r"\s+")


def visible(text: str) -> str:
    """Return `text` on one line, white space normalised, without characters nobody sees."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    spaced = _SPACE.sub(" ", text)
    kept = "".join(char for char in spaced if unicodedata.category(char) not in _HIDDEN)
    return _SPACE.sub(" ", _SELECTORS.sub("", kept)).strip()


def shorten(text: str, limit: int) -> str:
    """Return `text`, cut at a word where it is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    return (head.rpartition(" ")[0] or head) + "…"
