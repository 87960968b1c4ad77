"""The flat list of nodes while it is made: what is open, and what closes it."""

from bylaw.checkpoint.shell.scan import Scanner, ShellFaultError
from bylaw.checkpoint.shell.syntax import Node, Word

TYPE_CHECKING = False  # `typing` takes longer to import than a command takes to read
if TYPE_CHECKING:
    from bylaw.checkpoint.shell.syntax import NodeSort

    Token = tuple[str, str, Word | None]

MAX_DEPTH = 60
"""Of compound commands in one another."""

_SETTERS = frozenset(
    ("read", "export", "local", "declare", "typeset", "unset", "readonly", "getopts", "let")
)
_ANYTHING = frozenset(("eval", "source", ".", "set", "shift", "mapfile", "readarray", "printf"))


class Frame:
    """A compound command that is open: what closes it, and what its nodes have set so far."""

    __slots__ = ("closer", "functions", "list", "names", "node", "pipeline", "sort")

    def __init__(self, sort: str, closer: str, node: "Node | None" = None) -> None:
        self.sort = sort
        self.closer = closer
        self.node = node
        self.list: Node | None = None
        self.pipeline: Node | None = None
        self.functions: list[Node] = []
        self.names: set[str] = set()


class Builder:
    """Takes tokens and adds nodes; knows the compound commands that are open."""

    def __init__(self, text: str) -> None:
        self.scanner = Scanner(text)
        self.nodes: list[Node] = []
        self.frames = [Frame("top", "")]
        self.token: Token = ("newline", "", None)
        self.defines = False

    def next(self) -> None:
        """Take the next token."""
        self.token = self.scanner.token()

    def skip_lines(self) -> None:
        """Go to the next token that is no end of a line."""
        while self.token[0] == "newline":
            self.next()

    def add(self, sort: "NodeSort") -> Node:
        """Add a node."""
        node = Node(sort)
        self.nodes.append(node)
        return node

    def begin_command(self) -> None:
        """Open the list and the pipeline that a command stands in."""
        frame = self.frames[-1]
        if frame.list is None:
            frame.list = self.add("list")
        if frame.pipeline is None:
            frame.pipeline = self.add("pipeline")

    def end_pipeline(self) -> None:
        """Close the pipeline."""
        frame = self.frames[-1]
        if frame.pipeline is not None:
            self.end_functions()
            frame.pipeline.end = len(self.nodes)
            self.add("end-pipeline")
            frame.pipeline = None

    def end_functions(self) -> None:
        """Close the functions whose body the last command was."""
        frame = self.frames[-1]
        for node in frame.functions:
            node.end = len(self.nodes)
        frame.functions = []

    def end_list(self) -> None:
        """Close the list."""
        self.end_pipeline()
        frame = self.frames[-1]
        if frame.list is not None:
            frame.list.end = len(self.nodes)
            self.add("end-list")
            frame.list = None

    def close_all(self) -> None:
        """Close what is open still, so that every node that opens has an end."""
        while True:
            self.end_list()
            if len(self.frames) == 1:
                return
            self.pop()

    def want_command(self) -> None:
        """Refuse an end where a command has to follow."""
        sort, text, _ = self.token
        if sort == "end" or text in (";", "&", ")", "|", "&&", "||", ";;"):
            raise ShellFaultError("a command is missing")

    def note_names(self, node: Node) -> None:
        """Note which variables a simple command sets, for the loops around it."""
        names = self.frames[-1].names
        names.update(each.name for each in node.assignments)
        if not node.words:
            return
        name = node.words[0].plain
        if name in ("cd", "pushd", "popd"):
            names.add("cd")
        elif name is None or name in _ANYTHING or name in ("builtin", "command") or self.defines:
            names.update(("*", "cd"))
        elif name in _SETTERS:
            for word in node.words[1:]:
                text = word.plain or (word.parts[0].text if word.parts else "")
                names.add(text.partition("=")[0].partition("+")[0])

    def push(self, sort: "NodeSort", name: str, closer: str) -> Node:
        """Open a compound command."""
        if len(self.frames) >= MAX_DEPTH:
            raise ShellFaultError("it is nested too deeply")
        node = self.add(sort)
        self.frames.append(Frame(name, closer, node))
        return node

    def pop(self) -> None:
        """Close a compound command."""
        self.end_list()
        frame = self.frames.pop()
        node = frame.node
        assert node is not None  # noqa: S101 - only the text itself has none, and is not closed
        node.end = len(self.nodes)
        node.names = frozenset(frame.names)
        self.frames[-1].names |= frame.names
        ends: dict[str, NodeSort] = {
            "subshell": "end-subshell",
            "group": "end-group",
            "maybe": "end-maybe",
        }
        self.add(ends.get(node.sort, "end-loop"))
