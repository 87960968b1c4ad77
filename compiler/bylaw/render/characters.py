"""User text made safe for a terminal, and how wide it is there."""

import re

TAB = 4
"""Cells between tab stops, wherever the reader's own terminal has them."""

# What moves the cursor, reorders what is read or cannot be seen: C0 and C1 controls, soft hyphen,
# bidirectional and zero-width characters, line separators, lone surrogates, tags, byte order marks,
# and what is no character.
_UNSAFE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f]"
)

# These join the letters of several scripts and of emoji, and are out of place after plain ASCII.
_JOINER = re.compile("(?<=[\x00-\x7f])[\u200c\u200d\ufe00-\ufe0f]|^[\u200c\u200d\ufe00-\ufe0f]")


def _name(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return f"<U+{code:04X}>"


def safe(text: str) -> str:
    """Return text in which every character that a terminal would obey or hide is spelt out."""
    if text.isascii() and text.isprintable():
        return text
    return _JOINER.sub(_name, _UNSAFE.sub(_name, text))


def cells(text: str) -> int:
    """Return how many cells safe text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - the tables of wide characters are large

    return cell_len(text)


def expand(text: str) -> str:
    """Return one line as it is shown: safe, with its tabs as spaces."""
    if "\t" not in text:
        return safe(text)
    shown = ""
    for part in re.split("(\t)", text):
        shown += " " * (TAB - cells(shown) % TAB) if part == "\t" else safe(part)
    return shown
