"""Syntax trees of configuration that is code: made by tree-sitter, with their first fault."""

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from bylaw.facts import source
from bylaw.facts.model import Place
from bylaw.keys.model import BrokenFileError
from bylaw.keys.text import Text

if TYPE_CHECKING:
    from tree_sitter import Language
    from tree_sitter import Node as TreeNode


@cache
def _language(grammar: str) -> "Language":
    from tree_sitter import Language  # noqa: PLC0415 - few constraints are about keys

    return Language(import_module(grammar).language())


def parse(text: Text, grammar: str) -> "TreeNode":
    """Return the root of a text's syntax tree; `grammar` is a module such as `tree_sitter_hcl`."""
    try:
        return source.parse(text.encoded, _language(grammar)).root_node
    except source.TooSlowError:
        raise BrokenFileError("reading it takes too long") from None


def first_fault(root: "TreeNode", text: Text) -> Place | None:
    """Return the place of the first syntax error, or None."""
    node = root
    if not node.has_error:
        return None
    while not (node.is_error or node.is_missing):
        below = [child for child in node.children if child.has_error or child.is_missing]
        if not below:
            break
        node = below[0]
    return text.place(*text.span_of_bytes(node.start_byte, node.end_byte))


def span_of(node: "TreeNode", text: Text) -> tuple[int, int]:
    """Return the range of characters of a syntax node."""
    return text.span_of_bytes(node.start_byte, node.end_byte)


def text_of(node: "TreeNode") -> str:
    """Return the text of a syntax node."""
    return (node.text or b"").decode("utf-8", "replace")
