"""Write an ADR from the page: whole or not at all, and never over what somebody else has written.

A page's text has line feeds only and no byte order mark; the file keeps what it had of both.
"""

import os
import stat
from collections.abc import Container, Iterator
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path

from bylaw.adr.locate import adr_files
from bylaw.config import Config
from bylaw.output import staged
from bylaw.source import BOM, Source

_MOST_COMPARED = 4_000_000
"""Pairs of lines up to which those that stay are told apart in a text with mixed line ends."""

_ODD = frozenset({"", ".", "..", ".git"})


class NotSavedError(Exception):
    """Nothing was written: why, in one clause."""


class ConflictError(NotSavedError):
    """The file is not what the page believes it to be; `digest` is that of what is there."""

    def __init__(self, why: str, digest: str | None) -> None:
        super().__init__(why)
        self.digest = digest


def save(
    root: Path, config: Config, known: Container[str], path: str, text: str, *, digest: str | None
) -> str:
    """Replace an ADR's text in one step, and return the digest of what is there now.

    `digest` is that of the file the text was made from; None means that there is no file yet.
    `known` are the paths of the ADRs that there are.
    """
    check_path(root, config, known, path)
    file = root / path
    before, mode = _read(file)
    if (None if before is None else sha256(before).hexdigest()) != digest:
        raise _conflict(digest, before)
    if before is not None:
        _check_content(file, before)
    data = text.encode() if before is None else like(before, text)
    if data != before:
        try:
            with staged(file, data, mode) as publish:
                # It takes a while until the new file is on disk, and an editor may be quicker.
                again, _ = _read(file)
                if again != before:
                    raise _conflict(digest, again)
                publish()
        except OSError as error:
            raise NotSavedError(f"`{path}` cannot be written: {_reason(error)}") from error
    return sha256(data).hexdigest()


def check_path(root: Path, config: Config, known: Container[str], path: str) -> None:
    """Refuse what is no ADR of this repository: another file, one outside, one behind a link."""
    parts = path.split("/")
    odd = not path.isprintable() or "\\" in path
    if any(part in _ODD for part in parts) or (odd and path not in known):
        raise NotSavedError(f"`{path}` is no path of the repository")
    taken = path in known or adr_files((path,), config)
    if not taken or path.startswith(f"{config.output}/"):
        raise NotSavedError(f"`{path}` is no ADR by its folder and name")
    place = root
    for left, part in zip(reversed(range(len(parts))), parts, strict=True):
        place /= part
        try:
            kind = os.lstat(place).st_mode
        except FileNotFoundError:
            return
        except OSError as error:
            raise NotSavedError(f"`{path}` cannot be written: {_reason(error)}") from error
        if stat.S_ISLNK(kind):
            raise NotSavedError(f"`{path}` lies behind a symbolic link")
        if not (stat.S_ISDIR(kind) if left else stat.S_ISREG(kind)):
            raise NotSavedError(f"`{path}` is no file")


def _read(file: Path) -> tuple[bytes | None, int | None]:
    """Return a file's bytes and its permission bits; neither where there is none."""
    try:
        with file.open("rb") as stream:
            return stream.read(), stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
    except FileNotFoundError:
        return None, None
    except OSError as error:
        raise NotSavedError(f"it cannot be read: {_reason(error)}") from error


def _check_content(file: Path, before: bytes) -> None:
    """Refuse to replace what the page cannot have shown, or what its owner has locked."""
    if not is_text(before):
        raise NotSavedError("the file holds bytes that are no UTF-8 text; a page would lose them")
    if not os.access(file, os.W_OK):
        raise NotSavedError("the file is read-only")


def is_text(data: bytes) -> bool:
    """Return whether a page can show these bytes and give them back as they were."""
    return b"\0" not in data and Source("", data).undecodable is None


def _conflict(believed: str | None, found: bytes | None) -> ConflictError:
    if found is None:
        return ConflictError("the file has been deleted", None)
    why = "there is such a file already" if believed is None else "the file has changed on disk"
    return ConflictError(why, sha256(found).hexdigest())


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


# --- line ends -----------------------------------------------------------------------------------


def like(before: bytes, text: str) -> bytes:
    """Return a text as bytes, with the byte order mark and the line ends that it had before.

    A line that stays keeps its own end; a new one gets that of the line above it.
    """
    mark = BOM if before.startswith(BOM) else b""
    old = before[len(mark) :].splitlines(keepends=True)
    ends = [line[len(line.rstrip(b"\r\n")) :] for line in old]
    lines = text.encode().split(b"\n")
    kinds = {end for end in ends if end}
    if len(kinds) < 2:
        return mark + (kinds.pop() if kinds else b"\n").join(lines)
    bare = [line.rstrip(b"\r\n") for line in old]
    return mark + b"".join(_ended(lines, bare, ends))


def _ended(lines: list[bytes], before: list[bytes], ends: list[bytes]) -> Iterator[bytes]:
    """Yield lines with their ends; the last one is what stands behind the last end."""
    kept = _kept(lines, before)
    above = ends[0]
    for number, line in enumerate(lines[:-1]):
        above = ends[kept[number]] or above if number in kept else above
        yield line + above
    yield lines[-1]


def _kept(lines: list[bytes], before: list[bytes]) -> dict[int, int]:
    """Return which line was which before, of those that have stayed."""
    least = min(len(lines), len(before))
    first = next((i for i in range(least) if lines[i] != before[i]), least)
    left = least - first
    same = next((i for i in range(left) if lines[-1 - i] != before[-1 - i]), left)
    kept = {i: i for i in range(first)}
    kept |= {len(lines) - 1 - i: len(before) - 1 - i for i in range(same)}
    middle, middle_before = lines[first : len(lines) - same], before[first : len(before) - same]
    if len(middle) * len(middle_before) <= _MOST_COMPARED:
        matcher = SequenceMatcher(None, middle, middle_before, autojunk=False)
        for block in matcher.get_matching_blocks():
            kept |= {first + block.a + i: first + block.b + i for i in range(block.size)}
    return kept
