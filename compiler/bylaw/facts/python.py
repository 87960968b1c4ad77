"""Facts of Python files."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from tree_sitter import Parser

from bylaw.facts import python_chains as chains
from bylaw.facts import python_definitions as definitions
from bylaw.facts import python_statements as statements
from bylaw.facts import python_targets as targets
from bylaw.facts.model import FileFacts
from bylaw.facts.python_finish import finish
from bylaw.facts.python_kinds import ERROR, GRAMMAR, LEAVES, number
from bylaw.facts.python_literals import literal
from bylaw.facts.python_text import as_utf8
from bylaw.facts.python_walk import Action, Walk
from bylaw.facts.source import parse, too_large

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST_FAULTS = 20


def extract(data: bytes, ending: str) -> FileFacts:  # noqa: ARG001 - every language's is called so
    """Return the facts of a Python file."""
    large = too_large(data)
    if large is not None:
        return large
    source, reason = as_utf8(data)
    root = parse(source, GRAMMAR).root_node
    walk = Walk(source)
    if reason is not None:
        walk.fault(0, len(source), reason)
    _note_faults(walk, root)
    walk.run(root, _actions())
    return finish(walk, documented=definitions.has_docstring(root))


def normal_literal(text: str) -> str | None:
    """Return a literal in the form of `Argument.value`, None where the text is no literal."""
    source = text.encode()
    root = _parser().parse(source).root_node
    if root.has_error or root.named_child_count != 1:
        return None
    statement = root.named_children[0]
    if statement.type != "expression_statement" or statement.named_child_count != 1:
        return None
    return literal(statement.named_children[0], source)


def _parser() -> Parser:
    # A parser is cheap to make, and unlike the language it is not safe to share among threads.
    return Parser(GRAMMAR)


def _note_faults(walk: Walk, root: "Node") -> None:
    """Note where the grammar found an error, or missed something.

    After very many the rest of the file is one, for what stands there is anybody's guess.
    """
    waiting = [root] if root.has_error else []
    while waiting:
        node = waiting.pop()
        if not node.is_error and not node.is_missing:
            if node.has_error:
                waiting.extend(reversed(node.children))
            continue
        last = len(walk.faults) == _MOST_FAULTS
        walk.fault(node.start_byte, root.end_byte if last else node.end_byte, _reason(walk, node))
        if last:
            break


def _reason(walk: Walk, node: "Node") -> str:
    if node.is_missing:
        return f"`{node.type}` is missing"
    words = walk.text(node)[:_SHOWN].split()
    return f"syntax error at `{words[0]}`" if words and node.parent is not None else "syntax error"


_SHOWN = 30


def _not_python(walk: Walk, node: "Node") -> None:
    """Walk the whole statements of what is no Python as a whole."""
    walk.push([child for child in node.named_children if child.type.endswith(_WHOLE)])


def _declare_outward(walk: Walk, node: "Node") -> None:
    """Note the names of `global` and `nonlocal`."""
    scope = walk.context.scope
    if scope.kind == "module":
        return
    for child in node.named_children:
        if child.type == "identifier":
            scope.outward[walk.name(child)] = node.type.partition("_")[0]


def _keyword_argument(walk: Walk, node: "Node") -> None:
    walk.push(node.named_children[-1:])  # type: ignore[arg-type]


_WHOLE = ("_statement", "_definition", "block", "ERROR")

_ACTIONS: Mapping[str, Action] = {
    "attribute": chains.attribute,
    "call": chains.call,
    "subscript": chains.linked,
    "member_type": chains.linked,
    "string": chains.string,
    "print_statement": chains.statement_call,
    "exec_statement": chains.statement_call,
    "keyword_argument": _keyword_argument,
    "import_statement": statements.import_statement,
    "import_from_statement": statements.import_from,
    "future_import_statement": statements.import_from,
    "if_statement": statements.if_statement,
    "try_statement": statements.try_statement,
    "except_clause": statements.except_clause,
    "except_group_clause": statements.except_clause,
    "with_statement": statements.with_statement,
    "global_statement": _declare_outward,
    "nonlocal_statement": _declare_outward,
    "assignment": targets.assignment,
    "augmented_assignment": targets.augmented,
    "named_expression": targets.named_expression,
    "delete_statement": targets.deletion,
    "for_statement": targets.loop,
    "as_pattern": targets.as_pattern,
    "list_comprehension": targets.comprehension,
    "set_comprehension": targets.comprehension,
    "dictionary_comprehension": targets.comprehension,
    "generator_expression": targets.comprehension,
    "case_pattern": targets.case_pattern,
    "decorated_definition": definitions.decorated,
    "class_definition": definitions.class_definition,
    "function_definition": definitions.function_definition,
    "lambda": definitions.lambda_expression,
    "type": definitions.annotation,
    "type_alias_statement": definitions.type_alias,
}


@cache
def _actions() -> Mapping[int, Action | None]:
    """Return the actions by the numbers that the grammar gives to kinds of nodes."""
    found: dict[int, Action | None] = dict.fromkeys(LEAVES)
    found |= {number(kind): action for kind, action in _ACTIONS.items()}
    found[ERROR] = _not_python
    return found


__all__ = ["extract", "normal_literal"]
