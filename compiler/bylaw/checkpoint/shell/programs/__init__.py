"""What programs do with their words; each group of programs is imported when one of it runs."""

from importlib import import_module

from bylaw.checkpoint.field import Field
from bylaw.checkpoint.shell.programs.names import CODE, GROUPS, HARMLESS, STANDARD_FOLDERS

TYPE_CHECKING = False  # `typing` takes longer to import than a command takes to read
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bylaw.checkpoint.shell.shell import Shell

    Act = Callable[["Shell", "Command"], None]

_UNSAFE = frozenset(
    (
        "PATH",
        "IFS",
        "LD_PRELOAD",
        "LD_LIBRARY_PATH",
        "BASH_ENV",
        "ENV",
        "PROMPT_COMMAND",
        "PS4",
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_EXTERNAL_DIFF",
        "GIT_SSH_COMMAND",
        "GIT_PAGER",
        "PAGER",
        "LESSOPEN",
        "MANPAGER",
        "GIT_CONFIG_COUNT",
        "GIT_CONFIG_PARAMETERS",
    )
)
"""Variables of the environment that make an innocent program run another."""


MAX_WRAPPERS = 24
"""Of programs that run their words, such as `sudo`, in one another."""


class Command:
    """A simple command as a program gets it.

    `is_standard` tells that the name means the system's program, and no file of the repository.
    """

    __slots__ = ("arguments", "input", "is_standard", "name")

    def __init__(
        self, name: str, arguments: "list[Field]", data: "bytes | None", is_standard: bool
    ) -> None:
        self.name = name
        self.arguments = arguments
        self.input = data
        self.is_standard = is_standard


def run_program(
    shell: "Shell",
    fields: "list[Field]",
    data: "bytes | None",
    environment: "Mapping[str, str | None]",
) -> None:
    """Note what a command does: a function of the text, a program that is known, or another."""
    shell.note_run(fields)
    first = fields[0]
    if not first.told or first.glob:
        shell.hide(f"the name of the command, `{first.text[:80]}`, is not told")
        return
    shell.last = first.text
    if ("function", first.text) in shell.state.values:
        shell.call(first.text, fields[1:])
        return
    unsafe = sorted(_UNSAFE.intersection(environment))
    if not unsafe and shell.state.values.get(("variable", "!unsafe")) is not None:
        unsafe = [shell.variable("!unsafe") or "PATH"]
    if unsafe:
        shell.hide(f"with `{unsafe[0]}` set, its words do not tell which programs run")
    folder, slash, name = first.text.rpartition("/")
    is_standard = not slash or folder in STANDARD_FOLDERS
    if slash and (is_standard or folder.rpartition("/")[2] in ("bin", ".bin")):
        shell.note_run([Field(name), *fields[1:]])
    elif slash:
        shell.opaque(f"`{name}` may write files")
        return
    act(shell, Command(name, fields[1:], data, is_standard))


def act(shell: "Shell", command: Command) -> None:
    """Note what a program does that is called by its plain name."""
    if shell.nesting >= MAX_WRAPPERS:
        shell.hide("too many commands run one another")
        return
    shell.nesting += 1
    _act(shell, command)
    shell.nesting -= 1


def _act(shell: "Shell", command: Command) -> None:
    name = _without_version(command.name)
    group = GROUPS.get(name)
    if group is not None:
        command.name = name
        found: Act = import_module(f"bylaw.checkpoint.shell.programs.{group}").PROGRAMS[name]
        found(shell, command)
    elif name in HARMLESS and command.is_standard:
        shell.sure = name in (":", "true", "pwd", "export", "set", "shopt", "umask", "ulimit")
        if name in (":", "true"):
            shell.output = b""
    elif name in CODE:
        shell.opaque(f"what code `{command.name}` runs is not read", code=True)
    else:
        shell.opaque(f"`{command.name[:80]}` may write files")


def _without_version(name: str) -> str:
    """Return `python` for `python3.12`."""
    bare = name.rstrip("0123456789.")
    return bare if bare in ("python", "pip", "pypy", "node", "perl", "ruby", "lua", "php") else name
