"""The content that a file would have after an edit, as the host writes it."""

import re

TYPE_CHECKING = False  # `typing` takes longer to import than a call takes to read
if TYPE_CHECKING:
    from bylaw.checkpoint.calls import Edit, EditNotebook

_SURROGATE = re.compile("[\ud800-\udfff]")
_QUOTES = str.maketrans("‘’“”\u00a0", "''\"\" ")
_LINE_END = re.compile(r"[ \t]+(?=\n|\Z)")


class EditFaultError(Exception):
    """The host will refuse the edit; the message is one clause."""


class LooseMatchError(Exception):
    """A host may find the text if it compares loosely, so that the result cannot be told."""


def encoded(text: str) -> bytes:
    """Return text as a host writes it: UTF-8, half a surrogate pair as a replacement character."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode("utf-8")


def edited(before: "bytes | None", edits: "tuple[Edit, ...]") -> bytes:
    """Return a file's content after edits, made one after the other; None is a missing file.

    Line ends stay as the file has them. Raises EditFaultError where the host will refuse,
    LooseMatchError where it cannot be told, UnicodeDecodeError where the file is no text.
    """
    if before is None:
        if not edits or edits[0].old != "":
            raise EditFaultError("there is no such file")
        before = b""
    codec = "utf-16-le" if before.startswith(b"\xff\xfe") else "utf-8"
    text = before.decode(codec)
    is_crlf = _has_crlf(text)
    if is_crlf:
        text = text.replace("\r\n", "\n")
    for edit in edits:
        text = _replaced(text, edit, is_crlf)
    if is_crlf:
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return encoded(text) if codec == "utf-8" else text.encode(codec, "replace")


def _has_crlf(text: str) -> bool:
    """Tell whether lines end as on Windows: most of the first ones do."""
    head = text[:4096]
    pairs = head.count("\r\n")
    return pairs > head.count("\n") - pairs


def _replaced(text: str, edit: "Edit", is_crlf: bool) -> str:
    old, new = edit.old, edit.new
    if is_crlf:
        old, new = old.replace("\r\n", "\n"), new.replace("\r\n", "\n")
    if old == new:
        raise EditFaultError("it replaces text by the same text")
    if not old:
        if text.strip("\ufeff"):
            raise EditFaultError("it would make a file that is there already")
        return text + new
    count = text.count(old)
    if count == 0:
        if _loose(old) and _loose(old) in _loose(text):
            raise LooseMatchError
        raise EditFaultError("the text to be replaced is not in the file")
    if count > 1 and not edit.all:
        raise EditFaultError(f"the text to be replaced is in the file {count} times")
    return text.replace(old, new) if edit.all else text.replace(old, new, 1)


def _loose(text: str) -> str:
    return _LINE_END.sub("", text.translate(_QUOTES).replace("\r\n", "\n")).strip()


def edited_notebook(before: "bytes | None", edit: "EditNotebook") -> bytes:
    """Return a notebook after the edit of one cell.

    Raises EditFaultError where the host will refuse, ValueError where it is no notebook.
    """
    import json

    if before is None:
        raise EditFaultError("there is no such file")
    notebook = json.loads(before.decode("utf-8-sig"))
    cells = notebook["cells"] if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise TypeError
    index = _cell_index(cells, edit.cell)
    if edit.mode == "insert":
        cell: dict[str, object] = {
            "cell_type": edit.sort or "code",
            "metadata": {},
            "source": edit.source,
        }
        if cell["cell_type"] == "code":
            cell.update(execution_count=None, outputs=[])
        cells.insert(0 if index is None else index + 1, cell)
    elif index is None or not isinstance(cells[index], dict):
        raise EditFaultError("there is no such cell")
    elif edit.mode == "delete":
        del cells[index]
    else:
        cells[index]["source"] = edit.source
        if edit.sort:
            cells[index]["cell_type"] = edit.sort
        if cells[index].get("cell_type") == "code":
            cells[index] |= {"execution_count": None, "outputs": []}
    return encoded(json.dumps(notebook, indent=1, ensure_ascii=False))


def _cell_index(cells: "list[object]", name: "str | None") -> "int | None":
    if name is None:
        return None
    for index, cell in enumerate(cells):
        if isinstance(cell, dict) and cell.get("id") == name:
            return index
    digits = name.removeprefix("cell-")
    if digits.isdecimal() and len(digits) < 7 and int(digits) < len(cells):
        return int(digits)
    raise EditFaultError("there is no such cell")
