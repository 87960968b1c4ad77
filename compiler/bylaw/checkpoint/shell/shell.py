"""What programs may ask a shell: its variables, its files, and to run further texts."""

from bylaw.checkpoint.effects import Run
from bylaw.checkpoint.recorder import Recorder
from bylaw.checkpoint.shell.sink import Sink
from bylaw.checkpoint.state import ALL_VARIABLES, ARGUMENTS_KEY, UNKNOWN

TYPE_CHECKING = False  # `typing` takes longer to import than a command takes to read
if TYPE_CHECKING:
    from bylaw.checkpoint.field import Field
    from bylaw.checkpoint.files import Files


class Shell(Recorder):
    """A shell that runs nothing: it knows its folder and variables, and notes effects.

    Whoever derives from it walks texts.
    """

    def __init__(self, files: "Files", folder: "str | None") -> None:
        super().__init__(files, folder)
        self.input: bytes | None = None
        self.sinks: list[Sink] = [Sink(0)]
        self.positional = ()
        self.depth = 0
        self.steps = 0
        self.nesting = 0
        self.read_characters = 0
        self.doubts = 0
        self.writing: tuple[str, ...] = ()
        self.sure = False
        self.is_folder_unsure = False
        self.output: bytes | None = None
        self.last = ""
        self.stopped = False

    # --- what others ask ---

    @property
    def home(self) -> str:
        """The home folder."""
        return self.files.home

    def variable(self, name: str) -> "str | None":
        """Return a variable's text, None where it is not known."""
        if name.isdecimal():
            known = self.positional
            index = int(name) - 1 if len(name) < 6 else 99999
            if known is None or index < 0:
                return None
            return known[index] if index < len(known) else ""
        return self.state.variable(name)

    @property
    def positional(self) -> "tuple[str, ...] | None":
        """The positional parameters, None where they are not known."""
        value = self.state.values[ARGUMENTS_KEY][0]
        return value if isinstance(value, tuple) else None

    @positional.setter
    def positional(self, value: "tuple[str, ...] | None") -> None:
        self.state.set(ARGUMENTS_KEY, UNKNOWN if value is None else value)

    def arguments(self) -> "tuple[str, ...] | None":
        """Return the positional parameters, None where they are not known."""
        return self.positional

    def set_variable(self, name: str, value: "str | None") -> None:
        """Set a variable; None where its value is not known."""
        if name in ("PATH", "IFS", "BASH_ENV", "ENV", "LD_PRELOAD"):
            self.state.set(("variable", "!unsafe"), name)
        self.state.set(("variable", name), UNKNOWN if value is None else value)

    def forget(self, text: str) -> None:
        """Forget the variables whose names stand in a text."""
        for key in list(self.state.values):
            if key[0] == "variable" and key[1] and key[1] in text:
                self.state.set(key, UNKNOWN)

    def forget_all(self) -> None:
        """Forget all variables."""
        self.state.set(ALL_VARIABLES, UNKNOWN)
        self.positional = None

    def put(self, output: "bytes | None") -> None:
        """Put out bytes, None where they are not told."""
        sink = self.sinks[-1]
        sink.is_used = True
        if output is None or (output and self.doubts > sink.depth):
            sink.told = False
        else:
            sink.parts.append(output)

    def note_run(self, fields: "list[Field]") -> None:
        """Note that a program is started."""
        run = Run(tuple(field.text for field in fields), all(field.told for field in fields))
        if run not in self.effects[-8:]:
            self.add(run)

    def substitute(self, text: str) -> "str | None":
        """Run a command substitution; return its output, None where it is not known."""
        output = self.run_apart(text, self.input, self.positional)
        if output is None:
            return None
        try:
            return output.decode("utf-8").rstrip("\n")
        except UnicodeDecodeError:
            return None

    def run_beside(self, text: str) -> None:
        """Run a process substitution."""
        self.run_apart(text, None, self.positional)

    # --- what a walker does ---

    def run(
        self, text: str, data: "bytes | None" = None, arguments: "tuple[str, ...] | None" = ()
    ) -> None:
        """Walk a text in this shell, with what it reads and its arguments."""
        raise NotImplementedError

    def run_apart(
        self, text: str, data: "bytes | None", arguments: "tuple[str, ...] | None" = ()
    ) -> "bytes | None":
        """Walk a text in a shell of its own, and return its output."""
        raise NotImplementedError

    def call(self, name: str, arguments: "list[Field]") -> None:
        """Call a function."""
        raise NotImplementedError
