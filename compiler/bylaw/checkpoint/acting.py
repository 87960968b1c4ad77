"""Actions of a call to effects: each kind of action by one function."""

from bylaw.checkpoint.calls import (
    ApplyPatch,
    EditFile,
    EditNotebook,
    MoveFile,
    ReadFile,
    RemoveFile,
    RunCommand,
    Spent,
    Untold,
    WriteFile,
)
from bylaw.checkpoint.edits import (
    EditFaultError,
    LooseMatchError,
    edited,
    edited_notebook,
    encoded,
)
from bylaw.checkpoint.effects import Fails, Spend, Write
from bylaw.checkpoint.recorder import Recorder
from bylaw.checkpoint.state import GONE

TYPE_CHECKING = False  # `typing` takes longer to import than a call takes to read
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from bylaw.checkpoint.calls import Extent, ToolCall
    from bylaw.checkpoint.effects import Effect
    from bylaw.checkpoint.files import Files

    Act = Callable[[Recorder, Any], Recorder | None]


def effects_of(call: "ToolCall", files: "Files") -> "tuple[Effect, ...]":
    """Return what a call would do, in order.

    `files` are the repository's, as they lie there now. After the call (`post`) the content of a
    file is the one that it has. Calls at other moments do nothing.
    """
    if call.event not in ("pre", "post"):
        return ()
    recorder = Recorder(files, files.real(call.cwd) if call.cwd else files.root)
    is_done = call.event == "post"
    for action in call.actions:
        if is_done and isinstance(action, EditFile | EditNotebook):
            _write(recorder, action.path, None, "it has been edited")
        else:
            recorder = _ACTS[type(action)](recorder, action) or recorder
    found = tuple(recorder.effects)
    return tuple(_as_it_is(effect, files) for effect in found) if is_done else found


def _as_it_is(effect: "Effect", files: "Files") -> "Effect":
    """Return a write with the content that the file has now."""
    if not isinstance(effect, Write) or effect.extent != "file":
        return effect
    content = files.read(f"{files.root}/{effect.path}")
    return Write(effect.path, content, "it is not there" if content is None else "")


def _write(recorder: Recorder, name: str, content: "bytes | None", why: str) -> None:
    path = recorder.locate(_with_home(recorder, name))
    if path is not None:
        recorder.write(path, content, why)


def _with_home(recorder: Recorder, name: str) -> str:
    return recorder.files.home + name[1:] if name.startswith("~/") else name


def _write_file(recorder: Recorder, action: WriteFile) -> None:
    text = action.text
    content = encoded(text) if isinstance(text, str) else text
    _write(recorder, action.path, content, action.why or "the call does not tell its content")


def _edit_file(recorder: Recorder, action: EditFile) -> None:
    path = recorder.locate(_with_home(recorder, action.path))
    if path is None:
        return
    held = recorder.state.content(path)
    if not isinstance(held, bytes) and held is not GONE:
        recorder.write(path, None, "what it edits is not known")
        return
    try:
        recorder.write(path, edited(held if isinstance(held, bytes) else None, action.edits), "")
    except EditFaultError as error:
        recorder.add(Fails(str(error)))
    except LooseMatchError:
        recorder.write(path, None, "the text to be replaced is there only nearly so")
    except UnicodeDecodeError:
        recorder.write(path, None, "it is not UTF-8")


def _edit_notebook(recorder: Recorder, action: EditNotebook) -> None:
    path = recorder.locate(_with_home(recorder, action.path))
    if path is None:
        return
    held = recorder.state.content(path)
    try:
        content = edited_notebook(held if isinstance(held, bytes) else None, action)
    except EditFaultError as error:
        recorder.add(Fails(str(error)))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        recorder.write(path, None, "it is no notebook")
    else:
        recorder.write(path, content, "")


def _remove_file(recorder: Recorder, action: RemoveFile) -> None:
    path = recorder.locate(_with_home(recorder, action.path), follow=False)
    if path is not None:
        is_folder = recorder.state.is_folder(path)
        recorder.remove(path, "tree" if is_folder else "file")


def _move_file(recorder: Recorder, action: MoveFile) -> None:
    old = recorder.locate(_with_home(recorder, action.old), follow=False)
    new = recorder.locate(_with_home(recorder, action.new))
    if old is None or new is None:
        return
    held = recorder.state.content(old)
    is_folder = recorder.state.is_folder(old) is True
    content = held if isinstance(held, bytes) else None
    extent: Extent = "tree" if is_folder else "file"
    recorder.write(new, content, "what is moved there is not known", extent)
    recorder.remove(old, extent)


def _read_file(recorder: Recorder, action: ReadFile) -> None:
    path = recorder.locate(_with_home(recorder, action.path), follow=action.extent == "file")
    if path is not None:
        is_folder = action.extent == "file" and recorder.state.is_folder(path) is True
        recorder.read(path, "tree" if is_folder else action.extent)


def _run(recorder: Recorder, action: RunCommand) -> Recorder:
    from bylaw.checkpoint.field import Field
    from bylaw.checkpoint.shell.programs import run_program
    from bylaw.checkpoint.shell.walk import Walker

    shell = Walker(recorder.files, recorder.state.folder)
    shell.effects = recorder.effects
    for key, (value, _) in recorder.state.values.items():
        shell.state.set(key, value)
    if action.command is not None:
        shell.run(action.command)
    elif action.argv:
        run_program(shell, [Field(text) for text in action.argv], None, {})
    # The next command finds the files as this one leaves them, but a shell of its own.
    after = Recorder(recorder.files, recorder.state.folder)
    after.effects = shell.effects
    for key, (value, _) in shell.state.values.items():
        if key[0] == "file":
            after.state.set(key, value)
    return after


def _apply_patch(recorder: Recorder, action: ApplyPatch) -> None:
    from bylaw.checkpoint.patches import patch_effects

    strip = 1 if "\n+++ b/" in action.text or "diff --git" in action.text else 0
    patch_effects(recorder, encoded(action.text), strip)


def _spend(recorder: Recorder, action: Spent) -> None:
    recorder.add(Spend(action.tokens, action.minutes, action.usd))


def _untold(recorder: Recorder, action: Untold) -> None:
    recorder.hide(action.reason)


_ACTS: "dict[type, Act]" = {
    WriteFile: _write_file,
    EditFile: _edit_file,
    EditNotebook: _edit_notebook,
    RemoveFile: _remove_file,
    MoveFile: _move_file,
    ReadFile: _read_file,
    RunCommand: _run,
    ApplyPatch: _apply_patch,
    Spent: _spend,
    Untold: _untold,
}
