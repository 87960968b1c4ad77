"""Patches: which files they change, and to what, where they apply cleanly."""

import re

from bylaw.checkpoint.state import GONE

TYPE_CHECKING = False  # `typing` takes longer to import than a call takes to read
if TYPE_CHECKING:
    from bylaw.checkpoint.recorder import Recorder

_HUNK = re.compile(rb"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")
_GIT = re.compile(rb"diff --git (?:\"?a/(.*?)\"?) (?:\"?b/(.*?)\"?)\r?\Z")
_MARK = re.compile(rb"\*\*\* (Add|Update|Delete) File: (.+?)\s*\Z")


class FilePatch:
    """What a patch does to one file; `lines` are those of its hunks, signs included.

    `is_whole` is False where something of it cannot be read (a binary part).
    """

    __slots__ = ("hunks", "is_new", "is_removed", "is_whole", "new", "old")

    def __init__(self, old: "str | None", new: "str | None") -> None:
        self.old = old
        self.new = new
        self.hunks: list[tuple[int | None, list[bytes]]] = []
        self.is_new = False
        self.is_removed = False
        self.is_whole = True


def patch_effects(
    recorder: "Recorder", data: bytes, strip: "int | None", *, exact: bool = True
) -> None:
    """Note what a patch writes and removes.

    `strip` is how many folders are taken off its paths, None for what `patch` does by itself.
    Without `exact` no content is told.
    """
    if b"*** Begin Patch" in data:
        found, strip = _read_marked(data), 0
    else:
        found = _read_diff(data)
    if not found:
        recorder.hide("which files the patch changes cannot be read")
    for each in found:
        _note(recorder, each, strip, exact)


def _note(recorder: "Recorder", patch: FilePatch, strip: "int | None", exact: bool) -> None:
    old = _place(recorder, patch.old, strip)
    new = _place(recorder, patch.new, strip) or old
    old = old or new
    if old is None or new is None:
        recorder.hide("the patch changes a file in a folder that is not known")
        return
    if patch.is_removed:
        recorder.remove(old)
        return
    content: bytes | None = None
    if exact and patch.is_whole:
        held = b"" if patch.is_new else recorder.state.content(old)
        content = applied(held, patch) if isinstance(held, bytes) else None
        if held is GONE and not patch.is_new:
            content = None
    recorder.write(new, content, "what the patch makes of it is not told")
    if old != new:
        recorder.remove(old)


def _place(recorder: "Recorder", name: "str | None", strip: "int | None") -> "str | None":
    if name is None:
        return None
    parts = [part for part in name.split("/") if part]
    if strip is None:
        folder = recorder.locate("/".join(parts[:-1]) or ".")
        if folder is None or recorder.state.is_folder(folder) is False:
            parts = parts[-1:]
    else:
        parts = parts[strip:] or parts[-1:]
    text = "/".join(parts)
    if name.startswith("/") and strip == 0:
        text = "/" + text
    return recorder.locate(text)


# --- reading -----------------------------------------------------------------------------------


def _name(data: bytes) -> "str | None":
    """Return the path of a `---` or `+++` line."""
    data = data.partition(b"\t")[0].strip()
    if data == b"/dev/null":
        return None
    if data.startswith(b'"') and data.endswith(b'"') and len(data) > 1:
        data = re.sub(rb"\\([\"\\])", rb"\1", data[1:-1])
    return data.decode("utf-8", "surrogateescape")


def _read_diff(data: bytes) -> list[FilePatch]:
    """Read a unified diff, with or without git's headers."""
    found: list[FilePatch] = []
    lines = data.split(b"\n")
    index = 0
    open_patch: FilePatch | None = None
    while index < len(lines):
        line = lines[index]
        index += 1
        git = _GIT.match(line)
        if git:
            names = [name.decode("utf-8", "surrogateescape") for name in git.groups()]
            open_patch = FilePatch("a/" + names[0], "b/" + names[1])
            found.append(open_patch)
        elif (
            line.startswith(b"--- ")
            and lines[index : index + 1] != []
            and lines[index].startswith(b"+++ ")
        ):
            old, new = _name(line[4:]), _name(lines[index][4:])
            index += 1
            if open_patch is None or open_patch.hunks:
                open_patch = FilePatch(old, new)
                found.append(open_patch)
            open_patch.old, open_patch.new = old, new
            open_patch.is_new = old is None
            open_patch.is_removed = new is None
        elif open_patch is not None:
            index = _read_line(open_patch, line, lines, index)
    return [each for each in found if each.old or each.new]


def _read_line(patch: FilePatch, line: bytes, lines: list[bytes], index: int) -> int:
    """Read a header of git's or a hunk; return where to go on."""
    hunk = _HUNK.match(line)
    if hunk:
        first = int(hunk[1])
        olds, news = int(hunk[2] or 1), int(hunk[4] or 1)
        body: list[bytes] = []
        while index < len(lines) and (olds > 0 or news > 0 or lines[index][:1] == b"\\"):
            sign = lines[index][:1]
            if sign not in (b" ", b"+", b"-", b"\\", b""):
                patch.is_whole = False
                break
            olds -= sign in (b" ", b"-", b"")
            news -= sign in (b" ", b"+", b"")
            body.append(lines[index])
            index += 1
        patch.hunks.append((first, body))
        patch.is_whole = patch.is_whole and olds == 0 and news == 0
    elif line.startswith(b"new file"):
        patch.is_new = True
    elif line.startswith(b"deleted file"):
        patch.is_removed = True
    elif line.startswith((b"rename from ", b"copy from ")):
        patch.old = "a/" + (_name(line.partition(b"from ")[2]) or "")
    elif line.startswith((b"rename to ", b"copy to ")):
        patch.new = "b/" + (_name(line.partition(b"to ")[2]) or "")
    elif line.startswith((b"GIT binary", b"Binary files")):
        patch.is_whole = False
    return index


def _read_marked(data: bytes) -> list[FilePatch]:
    """Read the form with `*** Begin Patch`."""
    found: list[FilePatch] = []
    for line in data.split(b"\n"):
        mark = _MARK.match(line)
        if mark:
            name = mark[2].decode("utf-8", "surrogateescape")
            patch = FilePatch(name, name)
            patch.is_new = mark[1] == b"Add"
            patch.is_removed = mark[1] == b"Delete"
            found.append(patch)
        elif not found or line.startswith(b"*** End"):
            continue
        elif line.startswith(b"*** Move to: "):
            found[-1].new = line[13:].strip().decode("utf-8", "surrogateescape")
        elif line.startswith(b"@@"):
            # What stands behind the signs is a place to look for, which is not read.
            found[-1].is_whole = found[-1].is_whole and line.strip() == b"@@"
            found[-1].hunks.append((None, []))
        elif line:
            if not found[-1].hunks:
                found[-1].hunks.append((None, []))
            found[-1].hunks[-1][1].append(line)
    return found


# --- applying ----------------------------------------------------------------------------------


def applied(before: bytes, patch: FilePatch) -> "bytes | None":
    """Return a file's content after a patch; None where it does not apply cleanly."""
    lines = before.split(b"\n")
    ends = lines[-1] == b""
    if ends:
        lines.pop()
    made: list[bytes] = []
    at = 0
    for first, body in patch.hunks:
        olds = [line[1:] for line in body if line[:1] in (b" ", b"-", b"")]
        news = [line[1:] for line in body if line[:1] in (b" ", b"+", b"")]
        start = _start(lines, at, olds, first)
        if start is None:
            return None
        made += lines[at:start]
        made += news
        at = start + len(olds)
        if body and body[-1][:1] == b"\\" and at == len(lines):
            ends = body[-2][:1] == b"-" if len(body) > 1 else ends
        elif at == len(lines) and any(line[:1] == b"\\" for line in body):
            ends = True
    made += lines[at:]
    if not made:
        return b""
    return b"\n".join(made) + (b"\n" if ends or not before else b"")


def _start(lines: list[bytes], at: int, olds: list[bytes], first: "int | None") -> "int | None":
    """Return the index of the first line that a hunk replaces; None where it fits nowhere else."""
    if first is not None:
        start = first - 1 if olds else first
        fits = start >= at and lines[start : start + len(olds)] == olds
        return start if fits else None
    if not olds:
        return len(lines) if at == 0 or not lines else None
    places = [
        start
        for start in range(at, len(lines) - len(olds) + 1)
        if lines[start] == olds[0] and lines[start : start + len(olds)] == olds
    ]
    return places[0] if len(places) == 1 else None
