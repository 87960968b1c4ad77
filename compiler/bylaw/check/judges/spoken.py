"""Whether the words of a command that was run are those that a sentence names."""

import posixpath
import re
import shlex
from collections.abc import Iterator, Sequence

_WRAPPERS = frozenset(
    (
        *("sudo", "doas", "env", "nice", "ionice", "nohup", "setsid", "stdbuf", "time", "timeout"),
        *("xargs", "command", "exec", "builtin", "eval", "unbuffer", "watch", "busybox"),
    )
)
_SHELLS = frozenset(("sh", "bash", "dash", "zsh", "ksh", "ash"))
_LETTERS = re.compile(r"-([A-Za-z]*?[mFCDIL]|[A-Za-z]+)")
"""Options of one letter that stand together, up to one that usually has its value behind it."""

_BESIDE = re.compile(r"\w+=.*|[\d.]+[smhd]?", re.DOTALL)
"""Beside options a wrapper may have settings and numbers before its command."""


def words_of(command: str) -> tuple[str, ...]:
    """Return the words of a command as a sentence has it."""
    try:
        return tuple(shlex.split(command))
    except ValueError:
        return tuple(command.split())


def is_run_with(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """Tell whether a command that has run is the one that was asked for, with whatever after it."""
    return bool(wanted) and tuple(words[: len(wanted)]) == tuple(wanted)


def is_run_of(words: Sequence[str], banned: Sequence[str]) -> bool:
    """Tell whether a command that was run is a banned one, by any path and with options between.

    ``git push`` is also `/usr/bin/git -C shop push --force`, and not `git commit -m push`.
    """
    if not banned or not words or posixpath.basename(words[0]) != posixpath.basename(banned[0]):
        return False
    places = {1}
    for word in banned[1:]:
        places = {
            at + 1 for start in places for at in _reachable(words, start) if _says(words[at], word)
        }
    return bool(places)


def _says(written: str, word: str) -> bool:
    """Tell whether a word says another: `-am` says `-a`, `--no-veri` says `--no-verify`."""
    if written == word:
        return True
    if len(word) in (2, 3) and word[0] == "-" and word[1] != "-":
        letters = _LETTERS.match(written)
        return letters is not None and {*word[1:]} <= {*letters[1]}
    # A shortened option may be that of another length, but never that of another name.
    return word.startswith("--") and len(written) > 4 and word.startswith(written)


def commands_in(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield a command, and those that it starts by its own words: `sudo`, `env`, `bash -c`.

    The checkpoint writes them down one by one; whoever else keeps a record may not.
    """
    known = {0}
    waiting = [0] if words else []
    while waiting:
        start = waiting.pop()
        yield words[start:]
        name = posixpath.basename(words[start])
        if name in _WRAPPERS:
            behind = sorted(frozenset(_behind(words, start + 1)) - known)
            known.update(behind)
            waiting += behind
        elif name in _SHELLS:
            for option, text in zip(words[start + 1 :], words[start + 2 :], strict=False):
                if option.startswith("-") and not option.startswith("--") and "c" in option:
                    for each in simple(text):
                        yield from commands_in(each)


def _behind(words: Sequence[str], start: int) -> Iterator[int]:
    """Yield where the command of a wrapper may stand: behind options, settings and numbers."""
    value = False
    for at in range(start, len(words)):
        yield at
        is_option = words[at].startswith("-")
        if not (is_option or value or _BESIDE.fullmatch(words[at])):
            return
        value = is_option


def simple(text: str) -> Iterator[list[str]]:
    """Yield the words of each simple command that a line of shell text holds."""
    words = shlex.shlex(text, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    words.commenters = ""
    found: list[str] = []
    try:
        for word in words:
            if set(word) <= set("();<>|&"):
                if found:
                    yield found
                found = []
            else:
                found.append(word)
    except ValueError:
        found = text.split()
    if found:
        yield found


def _reachable(words: Sequence[str], start: int) -> Iterator[int]:
    """Yield where the next word may stand: at `start`, or behind options and their values."""
    at, value = start, False
    while at < len(words):
        yield at
        is_option = words[at].startswith("-")
        if not is_option and not value:
            return
        value = is_option
        at += 1
