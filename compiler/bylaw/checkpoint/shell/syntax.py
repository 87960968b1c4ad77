"""What a shell text is read into: words made of parts, and a flat list of nodes.

The list is flat so that text however deeply nested is walked without recursion.
"""

from bylaw.checkpoint.plain import Plain

TYPE_CHECKING = False  # `typing` takes longer to import than a command takes to read
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    PartSort: TypeAlias = Literal["text", "variable", "command", "process", "untold"]
    NodeSort: TypeAlias = Literal[
        "simple",
        "words",
        "list",
        "and",
        "or",
        "end-list",
        "pipeline",
        "pipe",
        "end-pipeline",
        "subshell",
        "end-subshell",
        "group",
        "end-group",
        "maybe",
        "branch",
        "end-maybe",
        "loop",
        "end-loop",
        "for",
        "function",
    ]


class Part(Plain):
    """A part of a word; `text` is literal text, a variable's name, or the text of a command.

    `default` is the word of `${name:-word}`.
    """

    __slots__ = ("default", "quoted", "sort", "text")

    def __init__(
        self, sort: "PartSort", text: str, quoted: bool, default: "str | None" = None
    ) -> None:
        self.sort = sort
        self.text = text
        self.quoted = quoted
        self.default = default


class Word(Plain):
    """A word: its parts, and how it is written."""

    __slots__ = ("parts", "raw")

    def __init__(self, parts: "tuple[Part, ...]", raw: str) -> None:
        self.parts = parts
        self.raw = raw

    @property
    def plain(self) -> "str | None":
        """The word's text where no character of it is quoted or expanded."""
        if len(self.parts) == 1 and self.parts[0].sort == "text" and not self.parts[0].quoted:
            return self.parts[0].text
        return None


class Redirect(Plain):
    """A redirection: its operator, its target, and of a here-document the body.

    The body is a list of one word, which is empty until the line has ended.
    """

    __slots__ = ("body", "descriptor", "operator", "target")

    def __init__(
        self,
        operator: str,
        target: Word,
        descriptor: str = "",
        body: "list[Word] | None" = None,
    ) -> None:
        self.operator = operator
        self.target = target
        self.descriptor = descriptor
        self.body = body


class Assignment(Plain):
    """`name=value`; `value` is None for what is no plain text (an array, an element, `+=`)."""

    __slots__ = ("name", "value", "words")

    def __init__(self, name: str, value: "Word | None", words: "tuple[Word, ...]" = ()) -> None:
        self.name = name
        self.value = value
        self.words = words


class Node:
    """One step of a shell text.

    `end` is the place of the node that closes this one. `is_set` of a `list` says that it runs in
    the background, of a `pipeline` that it has several commands, of a `for` that it takes the
    words that follow (and not the arguments). `names` are the variables that a loop sets, with
    `cd` for the folder and `*` for any.
    """

    __slots__ = ("assignments", "end", "is_set", "name", "names", "redirects", "sort", "words")

    def __init__(self, sort: "NodeSort") -> None:
        self.sort = sort
        self.words: list[Word] = []
        self.assignments: list[Assignment] = []
        self.redirects: list[Redirect] = []
        self.end = 0
        self.is_set = False
        self.name = ""
        self.names: frozenset[str] = frozenset()


class Program(Plain):
    """A shell text, read: its nodes, and why the rest of it could not be read."""

    __slots__ = ("fault", "nodes")

    def __init__(self, nodes: "list[Node]", fault: "str | None" = None) -> None:
        self.nodes = nodes
        self.fault = fault
