"""A tool call as every host's form is read into: its moment, and the actions that it asks for."""

from bylaw.checkpoint.plain import Plain

TYPE_CHECKING = False  # `typing` takes longer to import than a call takes to read
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

    Event: TypeAlias = Literal["pre", "post", "stop", "start", "prompt", "end", "other"]
    Decision: TypeAlias = Literal["allow", "deny", "ask"]
    Extent: TypeAlias = Literal["file", "tree", "glob"]


# --- actions -----------------------------------------------------------------------------------


class WriteFile(Plain):
    """Write a file; `text` is None where the call does not say what will stand in it."""

    __slots__ = ("path", "text", "why")

    def __init__(self, path: str, text: "str | bytes | None", why: str = "") -> None:
        self.path = path
        self.text = text
        self.why = why


class Edit(Plain):
    """Replace one piece of text by another, at its one place or at all of them."""

    __slots__ = ("all", "new", "old")

    def __init__(self, old: str, new: str, all: bool = False) -> None:  # noqa: A002, FBT - the hosts' word
        self.old = old
        self.new = new
        self.all = all


class EditFile(Plain):
    """Make edits in a file, one after the other; none is made where one of them cannot be."""

    __slots__ = ("edits", "path")

    def __init__(self, path: str, edits: "tuple[Edit, ...]") -> None:
        self.path = path
        self.edits = edits


class EditNotebook(Plain):
    """Replace, insert or delete one cell of a notebook."""

    __slots__ = ("cell", "mode", "path", "sort", "source")

    def __init__(
        self, path: str, cell: "str | None", source: str, sort: "str | None", mode: str
    ) -> None:
        self.path = path
        self.cell = cell
        self.source = source
        self.sort = sort
        self.mode = mode


class RemoveFile(Plain):
    """Remove a file, or a folder with all that is in it."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path


class MoveFile(Plain):
    """Move a file or a folder."""

    __slots__ = ("new", "old")

    def __init__(self, old: str, new: str) -> None:
        self.old = old
        self.new = new


class ReadFile(Plain):
    """Read a file; a folder with all that is in it (`tree`), or files that match (`glob`)."""

    __slots__ = ("extent", "path")

    def __init__(self, path: str, extent: "Extent" = "file") -> None:
        self.path = path
        self.extent = extent


class RunCommand(Plain):
    """Run a command: text for a shell, or a program with its arguments."""

    __slots__ = ("argv", "command")

    def __init__(self, command: "str | None" = None, argv: "tuple[str, ...]" = ()) -> None:
        self.command = command
        self.argv = argv


class ApplyPatch(Plain):
    """Apply a patch: a diff, or the form with `*** Begin Patch`."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Spent(Plain):
    """Say what was spent so far, or by this call."""

    __slots__ = ("minutes", "tokens", "usd")

    def __init__(self, tokens: int = 0, minutes: float = 0, usd: float = 0) -> None:
        self.tokens = tokens
        self.minutes = minutes
        self.usd = usd


class Untold(Plain):
    """Do something of which the call does not say what."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason


if TYPE_CHECKING:
    Action: TypeAlias = (
        WriteFile
        | EditFile
        | EditNotebook
        | RemoveFile
        | MoveFile
        | ReadFile
        | RunCommand
        | ApplyPatch
        | Spent
        | Untold
    )


# --- calls and answers -------------------------------------------------------------------------


class ToolCall(Plain):
    """One call of a hook.

    `event` is the moment: before a tool (`pre`), after it (`post`), when the agent stops, when a
    session starts or ends, when a person has typed (`prompt`); `name` is the host's name of it.
    `cwd` is the folder that relative paths are relative to, None where the host does not say.
    `again` tells that the agent already goes on because a stop was blocked. `failed` tells of a
    `post` whether the tool has failed, where the host says so; `agent_class` is the class that
    the caller names. `raw` is the host's JSON object as it came.
    """

    __slots__ = (
        "actions",
        "again",
        "agent",
        "agent_class",
        "call",
        "cwd",
        "event",
        "failed",
        "host",
        "name",
        "raw",
        "session",
        "tool",
    )

    def __init__(
        self,
        host: str,
        event: "Event",
        name: str = "",
        *,
        session: str = "",
        tool: str = "",
        cwd: "str | None" = None,
        call: str = "",
        agent: str = "",
        agent_class: "str | None" = None,
        actions: "tuple[Action, ...]" = (),
        again: bool = False,
        failed: "bool | None" = None,
        raw: "dict[str, Any] | None" = None,
    ) -> None:
        self.host = host
        self.event = event
        self.name = name or event
        self.session = session
        self.tool = tool
        self.cwd = cwd
        self.call = call
        self.agent = agent
        self.agent_class = agent_class
        self.actions = actions
        self.again = again
        self.failed = failed
        self.raw = {} if raw is None else raw

    def __hash__(self) -> int:
        return hash((self.host, self.event, self.session, self.call))


class Fault(Plain):
    """Why a tool call cannot be read: a code of the table, one lower-case clause, and what to do.

    `event` and `name` are what could be read of the moment all the same.
    """

    __slots__ = ("event", "help", "message", "name", "number")

    def __init__(
        self,
        number: str,
        message: str,
        help: str = "",  # noqa: A002 - the word of diagnostics
        event: "Event" = "pre",
        name: str = "",
    ) -> None:
        self.number = number
        self.message = message
        self.help = help
        self.event = event
        self.name = name


class Item(Plain):
    """One thing that an answer rests on: which sentence of which decision, where, what instead.

    `decision` is the decision's file and the line of the sentence, `because` the sentence's reason.
    """

    __slots__ = (
        "alternative",
        "because",
        "column",
        "constraint",
        "decision",
        "detail",
        "line",
        "path",
        "sentence",
        "verdict",
    )

    def __init__(
        self,
        constraint: str,
        verdict: "Literal['violated', 'warning', 'not-evaluated', 'excused', 'malfunction']",
        detail: str,
        *,
        sentence: str = "",
        path: "str | None" = None,
        line: "int | None" = None,
        column: "int | None" = None,
        alternative: "str | None" = None,
        because: "str | None" = None,
        decision: str = "",
    ) -> None:
        self.because = because
        self.decision = decision
        self.constraint = constraint
        self.verdict = verdict
        self.detail = detail
        self.sentence = sentence
        self.path = path
        self.line = line
        self.column = column
        self.alternative = alternative


class Answer(Plain):
    """What the checkpoint says to a call.

    `reason` is for the agent (or, of `ask`, for the person); `context` is what the agent is told
    although nothing stops it. At `post` and `stop`, `deny` means: the agent has to go on and
    mend it.
    """

    __slots__ = ("context", "decision", "items", "reason")

    def __init__(
        self,
        decision: "Decision",
        reason: str = "",
        context: "str | None" = None,
        items: "tuple[Item, ...]" = (),
    ) -> None:
        self.decision = decision
        self.reason = reason
        self.context = context
        self.items = items


class Reply(Plain):
    """What a host gets: bytes for each stream, and the exit status."""

    __slots__ = ("status", "stderr", "stdout")

    def __init__(self, stdout: bytes, stderr: bytes = b"", status: int = 0) -> None:
        self.stdout = stdout
        self.stderr = stderr
        self.status = status

    def __iter__(self) -> "Any":
        return iter((self.stdout, self.stderr, self.status))
