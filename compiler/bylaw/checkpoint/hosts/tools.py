"""Tools by the names that hosts give them, and the actions that their input asks for."""

from bylaw.checkpoint.calls import (
    ApplyPatch,
    Edit,
    EditFile,
    EditNotebook,
    MoveFile,
    ReadFile,
    RemoveFile,
    RunCommand,
    Untold,
    WriteFile,
)
from bylaw.checkpoint.plain import words

TYPE_CHECKING = False  # `typing` takes longer to import than a call takes to read
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from bylaw.checkpoint.calls import Action

    Input = dict[str, Any]
    Reading = Callable[[Input], tuple[Action, ...]]

_PATHS = (
    "file_path", "path", "filePath", "target_file", "filename", "file", "notebook_path",
    "absolute_path", "relative_path", "relative_workspace_path", "destination", "output_path",
    "target", "uri", "file_name", "fileName", "dest", "to", "new_path", "newPath",
)  # fmt: skip
_SOURCES = ("source", "from", "old_path", "oldPath", "src", "source_path")
_CONTENTS = (
    "content", "contents", "text", "new_string", "new_text", "code_edit", "edits", "file_text",
    "new_str", "data", "body", "patch", "diff", "new_source", "replacement", "newText", "insert",
)  # fmt: skip
_COMMANDS = ("command", "cmd", "script", "shell_command")


class _MissingError(Exception):
    """A field that the tool cannot do without is not there, or of another sort."""


def _text(found: "Input", *names: str) -> str:
    for name in names:
        if isinstance(found.get(name), str):
            return str(found[name])
    raise _MissingError(names[0])


def _optional(found: "Input", *names: str) -> "str | None":
    for name in names:
        if isinstance(found.get(name), str):
            return str(found[name])
    return None


def _path(found: "Input") -> str:
    name = _text(found, *_PATHS)
    if not name:
        raise _MissingError("file_path")
    return name.removeprefix("file://")


def _write(found: "Input") -> "tuple[Action, ...]":
    return (WriteFile(_path(found), _text(found, "content", "contents", "file_text", "text")),)


def _one_edit(found: "Input") -> Edit:
    return Edit(
        _text(found, "old_string", "oldText", "old_str"),
        _text(found, "new_string", "newText", "new_str"),
        found.get("replace_all") is True,
    )


def _edit(found: "Input") -> "tuple[Action, ...]":
    if isinstance(found.get("edits"), list):
        return _edits(found)
    return (EditFile(_path(found), (_one_edit(found),)),)


def _edits(found: "Input") -> "tuple[Action, ...]":
    listed = found.get("edits")
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise _MissingError("edits")
    return (EditFile(_path(found), tuple(_one_edit(each) for each in listed)),)


def _notebook(found: "Input") -> "tuple[Action, ...]":
    mode = _optional(found, "edit_mode") or "replace"
    source = _optional(found, "new_source") or ""
    cell, sort = _optional(found, "cell_id"), _optional(found, "cell_type")
    number = found.get("cell_number")
    if cell is None and isinstance(number, int):
        cell = f"cell-{number}"
    return (EditNotebook(_path(found), cell, source, sort, mode),)


def _read(found: "Input") -> "tuple[Action, ...]":
    return (ReadFile(_path(found)),)


def _list(found: "Input") -> "tuple[Action, ...]":
    """Note that names below a folder are listed, or its files searched."""
    place = _optional(found, "path", "target_directory") or "."
    return (ReadFile(place, "tree"),)


def _grep(found: "Input") -> "tuple[Action, ...]":
    place = (_optional(found, "path") or ".").rstrip("/") or "/"
    pattern = _optional(found, "glob")
    if pattern and not set(pattern) & set("!{"):
        inner = pattern if "/" in pattern else f"**/{pattern}"
        return (ReadFile(f"{place}/{inner}", "glob"),)
    return (ReadFile(place, "tree"),)


def _glob(found: "Input") -> "tuple[Action, ...]":
    # It gives names only, no contents.
    del found
    return ()


def _run(found: "Input") -> "tuple[Action, ...]":
    command = found.get("command", found.get("cmd"))
    if isinstance(command, list) and all(isinstance(word, str) for word in command):
        return (RunCommand(argv=tuple(command)),)
    return (RunCommand(_text(found, *_COMMANDS)),)


def _remove(found: "Input") -> "tuple[Action, ...]":
    return (RemoveFile(_path(found)),)


def _move(found: "Input") -> "tuple[Action, ...]":
    return (MoveFile(_text(found, *_SOURCES), _text(found, "destination", *_PATHS)),)


def _patch(found: "Input") -> "tuple[Action, ...]":
    return (ApplyPatch(_text(found, "patch", "input", "diff", "text")),)


def _power_shell(found: "Input") -> "tuple[Action, ...]":
    del found
    return (Untold("commands of PowerShell are not read"),)


def _nothing(found: "Input") -> "tuple[Action, ...]":
    del found
    return ()


_READINGS: "dict[str, Reading]" = {
    **dict.fromkeys(("Write", "write_file", "create_file"), _write),
    **dict.fromkeys(("Edit", "MultiEdit", "str_replace", "search_replace", "edit_file"), _edit),
    "NotebookEdit": _notebook,
    **dict.fromkeys(("Read", "NotebookRead", "read_file"), _read),
    **dict.fromkeys(("LS", "list_dir"), _nothing),
    "Glob": _glob,
    "Grep": _grep,
    **dict.fromkeys(("Bash", "Shell", "run_terminal_cmd"), _run),
    **dict.fromkeys(("PowerShell", "powershell", "pwsh"), _power_shell),
    **dict.fromkeys(("Delete", "delete_file"), _remove),
    "apply_patch": _patch,
    **dict.fromkeys(
        words("""
    WebFetch WebSearch Task Agent TodoWrite TodoRead ExitPlanMode EnterPlanMode BashOutput
    KillShell KillBash AskUserQuestion Skill ToolSearch TaskCreate TaskUpdate TaskList
    TaskGet TaskOutput TaskStop ListMcpResourcesTool ReadMcpResourceTool StructuredOutput
    SendMessage
"""),
        _nothing,
    ),
}
"""By the tool's name; every other tool is judged by its input's fields."""


def actions_of(tool: str, found: object) -> "tuple[Action, ...]":
    """Return the actions that a tool's input asks for.

    Input that lacks what the tool needs is noted as such: the host will most likely refuse it,
    but what it would do is not told.
    """
    if not isinstance(found, dict):
        known = _READINGS.get(tool)
        return () if known is _nothing else (Untold(f"`{tool[:80]}` is called without an input"),)
    reading = _READINGS.get(tool, _guess)
    try:
        return reading(found)
    except _MissingError as error:
        return (Untold(f"`{tool[:80]}` is called without `{error}`"), *_guess(found))


def _guess(found: "Input") -> "tuple[Action, ...]":
    """Return what a tool that is not known may do: what has a path and a content is a write."""
    actions: list[Action] = [
        RunCommand(str(found[name])) for name in _COMMANDS if isinstance(found.get(name), str)
    ]
    sources = [str(found[name]) for name in _SOURCES if isinstance(found.get(name), str)]
    paths = [str(found[name]) for name in _PATHS if isinstance(found.get(name), str)]
    paths = [path.removeprefix("file://") for path in paths if _is_path(path)]
    has_content = any(name in found for name in _CONTENTS)
    if paths and has_content:
        actions += [_guessed_write(found, path) for path in paths]
    elif paths and sources:
        actions += [MoveFile(source, path) for source in sources for path in paths]
    elif paths:
        actions += [ReadFile(path) for path in paths]
        actions.append(Untold("what a tool that is not known does with the file is not told"))
    elif sources or any(_holds_path(value) for value in found.values()):
        actions.append(Untold("what a tool that is not known does is not told"))
    return tuple(actions)


def _guessed_write(found: "Input", path: str) -> "Action":
    for name in ("content", "contents", "file_text"):
        if isinstance(found.get(name), str) and "edits" not in found and "old_string" not in found:
            return WriteFile(path, str(found[name]))
    return WriteFile(path, None, "what a tool that is not known writes is not told")


def _is_path(value: str) -> bool:
    return bool(value) and "\n" not in value and ("://" not in value or value.startswith("file://"))


def _holds_path(value: object) -> bool:
    """Tell whether a value may name a file: text with a slash, or anything that holds others."""
    if isinstance(value, str):
        return "/" in value and " " not in value and "://" not in value
    return isinstance(value, list | dict) and bool(value)
