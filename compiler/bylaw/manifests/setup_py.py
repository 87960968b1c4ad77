"""`setup.py`: the literal lists of a call of `setup`."""

from typing import TYPE_CHECKING

from bylaw.keys import python, trees
from bylaw.keys.model import Document, Node, Opaque, Scalar, Sequence, Table
from bylaw.keys.python_literals import Literals
from bylaw.keys.text import Text
from bylaw.manifests import pep508
from bylaw.manifests.model import Declared, Gap, Manifest, Section
from bylaw.manifests.names import package
from bylaw.manifests.setup_cfg import LISTS

if TYPE_CHECKING:
    from tree_sitter import Node as TreeNode


def read(content: Text, path: str) -> Manifest:  # noqa: ARG001 - every reader's arguments
    """Return what a `setup.py` declares in literals."""
    document = python.read(content)[0]
    reader = _Reader(content, document)
    root = trees.parse(content, "tree_sitter_python")
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "call" and _is_setup(node):
            reader.call(node)
        stack += reversed(node.children)
    if document.fault is not None:
        line = document.fault.line
        reader.gaps.append(Gap(f"it has a syntax error in line {line}", document.fault))
    return Manifest(tuple(reader.declared), tuple(reader.gaps))


def _is_setup(node: "TreeNode") -> bool:
    function = node.child_by_field_name("function")
    return function is not None and trees.text_of(function).rpartition(".")[2] == "setup"


class _Reader:
    def __init__(self, content: Text, document: Document) -> None:
        self.content = content
        self.document = document
        self.literals = Literals(content)
        self.declared: list[Declared] = []
        self.gaps: list[Gap] = []

    def call(self, node: "TreeNode") -> None:
        """Read the arguments of a call of `setup`."""
        arguments = node.child_by_field_name("arguments")
        for child in arguments.named_children if arguments is not None else ():
            if child.type == "dictionary_splat":
                self._gap("the arguments of `setup` are no literals", child)
            if child.type != "keyword_argument":
                continue
            name, value = (child.child_by_field_name(part) for part in ("name", "value"))
            if name is None or value is None:
                continue
            known = trees.text_of(name)
            if known in LISTS:
                self._list(self._value(value), LISTS[known], known)
            elif known == "extras_require":
                self._extras(self._value(value))

    def _value(self, node: "TreeNode") -> Node:
        """Return a literal, or the one that a name of the module is bound to once."""
        if node.type == "identifier" and isinstance(self.document.root, Table):
            name = trees.text_of(node)
            bound = [entry.value for entry in self.document.root.entries if entry.key == name]
            if len(bound) == 1:
                return bound[0]
        return self.literals.value(node)

    def _extras(self, value: Node) -> None:
        if not isinstance(value, Table):
            self._unread("extras_require", value)
            return
        if value.open:
            self._unread("extras_require", value)
        for entry in value.entries:
            section = Section("extra", package(entry.key.partition(":")[0]))
            self._list(entry.value, (section,), "extras_require")

    def _list(self, value: Node, sections: tuple[Section, ...], name: str) -> None:
        texts: list[tuple[str, Node]] = []
        if isinstance(value, Scalar) and value.kind == "string":
            texts = [(line.strip(), value) for line in value.text.split("\n")]
        elif isinstance(value, Sequence):
            texts = [(i.text, i) for i in value.items if isinstance(i, Scalar)]
            if value.open or any(isinstance(item, Opaque) for item in value.items):
                self._unread(name, value)
        else:
            self._unread(name, value)
        for text, node in texts:
            if not text or text.startswith("#"):
                continue
            place = self.document.place(node.span)
            found = pep508.declare(text, place, sections, not sections)
            if isinstance(found, Gap):
                self.gaps.append(found)
            else:
                self.declared.append(found)

    def _unread(self, name: str, value: Node) -> None:
        place = self.document.place(value.span)
        self.gaps.append(Gap(f"its `{name}` is no literal", place))

    def _gap(self, reason: str, node: "TreeNode") -> None:
        place = self.document.place(trees.span_of(node, self.content))
        self.gaps.append(Gap(reason, place))
