"""The shell commands of a Jenkinsfile: the strings that `sh` and its kin are given."""

import re
from collections.abc import Iterator

_PIECE = re.compile(
    r"""
    (?P<comment> //[^\n]* | /\*.*?(?:\*/|\Z) )
    | (?P<open> '''|\"\"\"|'|" )
    """,
    re.X | re.S,
)
_BEFORE = re.compile(
    r"(?:(?:^|[^\w.$])(?:sh|bat|pwsh|powershell)\s*\(?\s*|\bscript\s*:\s*)\Z", re.S
)
_BEFORE_CHARACTERS = 60


def shell_steps(text: str) -> Iterator[tuple[str, int]]:
    """Yield the text of each shell step, and the line that it starts on."""
    position = line = counted = 0
    # What stands before a string, without comments.
    before = ""
    while (piece := _PIECE.search(text, position)) is not None:
        before = (before + text[position : piece.start()])[-_BEFORE_CHARACTERS:]
        position = piece.end()
        opening = piece["open"]
        if opening is None:
            before += " "
            continue
        end = _closing(text, position, opening)
        if _BEFORE.search(before):
            line += text.count("\n", counted, position)
            counted = position
            yield text[position:end], line + 1
        position = min(len(text), end + len(opening))
        before = '""'


def _closing(text: str, start: int, quote: str) -> int:
    """Return where a string ends that starts behind its quote; a line's end closes a short one."""
    end = re.compile(rf"\\.|{quote}" + ("" if len(quote) == 3 else r"|\n"), re.S)
    position = start
    while (found := end.search(text, position)) is not None:
        if not found[0].startswith("\\"):
            return found.start()
        position = found.end()
    return len(text)
