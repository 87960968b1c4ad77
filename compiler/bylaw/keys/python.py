"""Keys of Python modules: the names that are bound to literals at module level."""

from typing import TYPE_CHECKING

from bylaw.keys import trees
from bylaw.keys.model import Document, Entry, Node, Opaque, Scalar, Sequence, Table
from bylaw.keys.python_literals import Literals
from bylaw.keys.text import Text

if TYPE_CHECKING:
    from tree_sitter import Node as TreeNode

_DEFINITIONS = frozenset({"function_definition", "class_definition", "decorated_definition"})
_IMPORTS = frozenset({"import_statement", "import_from_statement", "future_import_statement"})
# Their statements are the module's own, whether or not they run.
_TRANSPARENT = frozenset(
    {
        "block", "if_statement", "elif_clause", "else_clause", "try_statement", "except_clause",
        "except_group_clause", "finally_clause", "with_statement", "for_statement",
        "while_statement", "match_statement", "case_clause", "expression_statement", "module",
    }
)  # fmt: skip


def read(text: Text) -> tuple[Document, ...]:
    """Return a Python module's one document; a name bound several times is there several times."""
    root = trees.parse(text, "tree_sitter_python")
    reader = _Reader(text)
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type in _TRANSPARENT:
            stack += [child for child in reversed(node.children) if child.is_named]
        else:
            reader.statement(node)
    return (Document(reader.document(), text, "python", trees.first_fault(root, text)),)


class _Reader:
    def __init__(self, text: Text) -> None:
        self.text = text
        self.literals = Literals(text)
        self.entries: list[Entry] = []
        self.changed: set[str] = set()
        """Names whose value a later statement changes in place."""
        self.star = False

    def document(self) -> Table:
        """Return the module's names."""
        entries = tuple(
            entry._replace(value=_opened(entry.value)) if entry.key in self.changed else entry
            for entry in self.entries
        )
        return Table(entries, (0, len(self.text.content)), open=self.star)

    def statement(self, node: "TreeNode") -> None:
        """Read one statement."""
        if node.type == "assignment":
            self._assignment(node)
        elif node.type == "augmented_assignment":
            self._note_change(node.child_by_field_name("left"))
        elif node.type in _DEFINITIONS:
            inner = node.child_by_field_name("definition") or node
            self._bind_code(inner.child_by_field_name("name"))
        elif node.type in _IMPORTS:
            self._import(node)
        elif node.type == "delete_statement":
            for child in node.named_children:
                self._note_change(child)
        elif node.type == "call":
            # `NAMES.append(…)` changes what NAMES holds.
            function = node.child_by_field_name("function")
            if function is not None and function.type == "attribute":
                self._note_change(function)

    def _assignment(self, node: "TreeNode") -> None:
        targets: list[TreeNode] = []
        value: TreeNode | None = node
        while value is not None and value.type == "assignment":
            left = value.child_by_field_name("left")
            if left is not None:
                targets.append(left)
            value = value.child_by_field_name("right")
        if value is None:
            # An annotation alone binds nothing.
            return
        for target in targets:
            self._bind(target, value)

    def _bind(self, target: "TreeNode", value: "TreeNode") -> None:
        if target.type == "identifier":
            node = self.literals.value(value)
            self.entries.append(Entry(trees.text_of(target), self._span(target), node))
            return
        if target.type in {"pattern_list", "tuple_pattern", "list_pattern"}:
            names = target.named_children
            parts = value.named_children
            paired = value.type in {"expression_list", "tuple", "list"} and len(names) == len(parts)
            starred = any("splat" in child.type for child in (*names, *parts))
            for index, name in enumerate(names):
                if paired and not starred:
                    self._bind(name, parts[index])
                elif name.type == "identifier":
                    opaque = Opaque(self._span(value))
                    self.entries.append(Entry(trees.text_of(name), self._span(name), opaque))
            return
        self._note_change(target)

    def _note_change(self, node: "TreeNode | None") -> None:
        while node is not None and node.type in {"attribute", "subscript", "call"}:
            node = node.children[0] if node.children else None
        if node is not None and node.type == "identifier":
            self.changed.add(trees.text_of(node))

    def _bind_code(self, name: "TreeNode | None") -> None:
        if name is not None:
            span = self._span(name)
            self.entries.append(Entry(trees.text_of(name), span, Opaque(span, code=True)))

    def _import(self, node: "TreeNode") -> None:
        self.star |= any(child.type == "wildcard_import" for child in node.children)
        named = node.children_by_field_name("name")
        for child in named:
            bound = child.child_by_field_name("alias") if child.type == "aliased_import" else child
            if bound is not None and bound.named_children:
                bound = bound.named_children[0]
            if node.type == "import_statement":
                self._bind_code(bound)
            elif bound is not None:
                # What another module calls a name may be any value.
                span = self._span(bound)
                self.entries.append(Entry(trees.text_of(bound), span, Opaque(span)))

    def _span(self, node: "TreeNode") -> tuple[int, int]:
        return trees.span_of(node, self.text)


def _opened(node: Node) -> Node:
    """Return a value as it may be after something has changed it in place."""
    if isinstance(node, Table | Sequence):
        return node._replace(open=True)
    return Opaque(node.span) if isinstance(node, Scalar) else node
