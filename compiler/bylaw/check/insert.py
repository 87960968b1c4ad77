"""Where a new import goes: behind those that stand at the head of the file."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from bylaw.languages import language_of

if TYPE_CHECKING:
    from tree_sitter import Language, Node

_PYTHON_IMPORTS = frozenset({"import_statement", "import_from_statement"})


def insert_imports(text: str, imports: Sequence[str], path: str) -> str | None:
    """Return a file's text with import lines that it lacks; None where it cannot be told where."""
    lines = text.split("\n")
    present = {line.strip().rstrip(";") for line in lines}
    missing = [line for line in imports if line.rstrip(";") not in present]
    if not missing:
        return text
    language = language_of(path)
    if language == "python":
        row = _python_row(text)
    elif language in ("typescript", "javascript"):
        row = _script_row(text, path)
    else:
        return None
    end = "\r" if lines and lines[0].endswith("\r") else ""
    added = [line + end for line in missing]
    after_imports = row > 0 and _is_import(lines[row - 1])
    if not after_imports and row < len(lines) and lines[row].strip():
        added.append(end)
    if row >= len(lines):
        # The last line has no end yet.
        lines[-1:] = [lines[-1], ""] if lines[-1] else [""]
        row = len(lines) - 1
    return "\n".join([*lines[:row], *added, *lines[row:]])


def _is_import(line: str) -> bool:
    return line.lstrip("\ufeff").startswith(("import ", "from ", "}", ")")) or " import " in line


def _python_row(text: str) -> int:
    """Return the row before which an import goes: after the last of the first imports.

    Where there are none, after the docstring and what stands above it.
    """
    import tree_sitter_python  # noqa: PLC0415 - only where something is fixed
    from tree_sitter import Language  # noqa: PLC0415 - as above

    row, imported = 0, False
    shared = _shared_rows(statements := _statements(text, Language(tree_sitter_python.language())))
    for node in statements:
        if node.start_point[0] in shared:
            # `import os; run()`: what follows on the line needs the new import, too.
            break
        if node.type == "comment":
            # A comment between imports, or above the first statement.
            if not imported:
                row = max(row, _head_row(node, row))
            continue
        if node.type == "future_import_statement":
            row = node.end_point[0] + 1
            continue
        if node.type in _PYTHON_IMPORTS:
            row, imported = node.end_point[0] + 1, True
            continue
        is_docstring = (
            node.type == "expression_statement"
            and node.start_point[0] >= row
            and not imported
            and node.named_child_count == 1
            and node.named_children[0].type == "string"
        )
        if not is_docstring:
            break
        row = node.end_point[0] + 1
    return row


def _shared_rows(statements: "list[Node]") -> set[int]:
    """Return the rows on which a statement stands beside another that is no import."""
    rows: set[int] = set()
    for first, second in pairwise(statements):
        beside = first.end_point[0] == second.start_point[0]
        if beside and second.type != "comment" and second.type not in _PYTHON_IMPORTS:
            rows.add(first.start_point[0])
    return rows


def _head_row(node: "Node", row: int) -> int:
    """Return the row after a comment of the file's head: `#!`, the encoding, a licence."""
    return node.end_point[0] + 1 if node.start_point[0] == row else row


def _script_row(text: str, path: str) -> int:
    import tree_sitter_typescript  # noqa: PLC0415 - only where something is fixed
    from tree_sitter import Language  # noqa: PLC0415 - as above

    plain = path.endswith((".ts", ".mts", ".cts"))
    grammar = (
        tree_sitter_typescript.language_typescript()
        if plain
        else tree_sitter_typescript.language_tsx()
    )
    row = 0
    for node in _statements(text, Language(grammar)):
        if node.type == "import_statement":
            row = node.end_point[0] + 1
        elif node.type == "hash_bang_line" or (
            node.type == "expression_statement" and node.text in _DIRECTIVES
        ):
            row = max(row, node.end_point[0] + 1)
        elif node.type != "comment":
            break
    return row


_DIRECTIVES = frozenset(
    f"{quote}{word}{quote}{end}".encode()
    for quote in "'\""
    for word in ("use strict", "use client", "use server")
    for end in ("", ";")
)


def _statements(text: str, language: "Language") -> "list[Node]":
    from tree_sitter import Parser  # noqa: PLC0415 - only where something is fixed

    return Parser(language).parse(text.encode("utf-8", "surrogatepass")).root_node.named_children
