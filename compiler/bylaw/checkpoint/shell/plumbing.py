"""Redirections: where a command's input comes from, and which files its output goes to."""

from bylaw.checkpoint.shell.expand import expand, text_of
from bylaw.checkpoint.state import GONE

TYPE_CHECKING = False  # `typing` takes longer to import than a command takes to read
if TYPE_CHECKING:
    from bylaw.checkpoint.shell.shell import Shell
    from bylaw.checkpoint.shell.syntax import Redirect

_OUTPUT = frozenset((">", ">>", ">|", "&>", "&>>", ">&", "<>"))


class Plumbing:
    """What redirections have opened: the input, and of each output the path and what it held.

    `outputs` are in order; the standard output goes to the last that takes it. `may_fail` says
    that a file may not be there to be opened, so that the command may not run.
    """

    __slots__ = ("input", "input_path", "is_input_set", "may_fail", "outputs", "takes")

    def __init__(self) -> None:
        self.input: bytes | None = None
        self.input_path: str | None = None
        self.is_input_set = False
        self.outputs: list[tuple[str, bytes | None, bool]] = []
        self.takes = False
        self.may_fail = False

    def paths(self) -> tuple[str, ...]:
        """Return the files that the output goes to."""
        return tuple(path for path, _, _ in self.outputs)


def open_redirects(shell: "Shell", redirects: "list[Redirect]") -> Plumbing:
    """Open what redirections name: a file that is written over is empty from here on."""
    found = Plumbing()
    for redirect in redirects:
        operator = redirect.operator
        if operator in ("<<", "<<-"):
            body = redirect.body[0] if redirect.body else None
            text = text_of(body, shell) if body is not None else None
            _take(found, redirect, None if text is None else text.encode("utf-8", "surrogatepass"))
        elif operator == "<<<":
            text = text_of(redirect.target, shell)
            line = None if text is None else (text + "\n").encode("utf-8", "surrogatepass")
            _take(found, redirect, line)
        elif operator == "<":
            _open_input(shell, found, redirect)
        elif operator in _OUTPUT:
            _open_output(shell, found, redirect)
    if found.input_path is not None:
        # It is read only after all is opened, and by then may have been emptied.
        held = shell.state.content(found.input_path)
        found.input = held if isinstance(held, bytes) else None
    return found


def _can_open(shell: "Shell", path: str) -> bool:
    """Tell whether a file can surely be written: its folder is there, and it is none itself."""
    if shell.is_device(path):
        return True
    folder = path.rpartition("/")[0] or "/"
    return shell.state.is_folder(folder) is True and shell.state.is_folder(path) is False


def _take(found: Plumbing, redirect: "Redirect", data: "bytes | None") -> None:
    if redirect.descriptor in ("", "0"):
        found.input, found.is_input_set, found.input_path = data, True, None


def _open_input(shell: "Shell", found: Plumbing, redirect: "Redirect") -> None:
    fields = expand(redirect.target, shell)
    _take(found, redirect, None)
    found.may_fail = found.may_fail or len(fields) != 1
    for field in fields:
        for path, extent in shell.paths(field, "reads"):
            shell.read(path, extent)
            found.may_fail = found.may_fail or not isinstance(shell.state.content(path), bytes)
            if extent == "file" and found.is_input_set and redirect.descriptor in ("", "0"):
                found.input_path = path


def _open_output(shell: "Shell", found: Plumbing, redirect: "Redirect") -> None:
    fields = expand(redirect.target, shell)
    operator = redirect.operator
    if operator == ">&" and (
        redirect.descriptor not in ("", "1")
        or all(field.told and field.text.rstrip("-").isdecimal() for field in fields)
        or redirect.target.raw == "-"
    ):
        return
    found.may_fail = found.may_fail or len(fields) != 1 or not fields[0].text
    takes = operator.startswith("&") or operator == ">&" or redirect.descriptor in ("", "1")
    for field in fields:
        for path, extent in shell.paths(field, "writes"):
            if shell.is_linked(path):
                continue
            found.may_fail = found.may_fail or not _can_open(shell, path)
            if extent != "file":
                found.may_fail = True
                shell.write_pattern(path, "a redirection to a pattern")
                continue
            before: bytes | None = b""
            if operator in (">>", "&>>", "<>"):
                held = shell.state.content(path)
                before = held if isinstance(held, bytes) else b"" if held is GONE else None
            elif not shell.is_device(path) and shell.state.is_folder(path) is not True:
                shell.state.note(path, b"")
            known = operator != "<>" and not operator.startswith("&")
            found.outputs.append((path, before if known else None, takes))
            found.takes = found.takes or takes


def close_redirects(shell: "Shell", found: Plumbing, output: "bytes | None") -> None:
    """Write what was put out to the files; None where it is not known."""
    last = max((index for index, each in enumerate(found.outputs) if each[2]), default=-1)
    for index, (path, before, takes) in enumerate(found.outputs):
        # What goes to another stream is not told.
        data = (output if index == last else b"") if takes else None
        content = None if before is None or data is None else before + data
        shell.write(path, content, "the output of a command")
