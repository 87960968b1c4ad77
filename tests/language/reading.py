"""Compile the statements of a Markdown text, as the compiler does."""

from collections.abc import Sequence

from bylaw import ir
from bylaw.adr.markdown import parse_blocks
from bylaw.diagnostics import Diagnostic, Report
from bylaw.lower import lower_document
from bylaw.source import Source

PATH = "docs/adr/0007-domain.md"
HEAD = "# 7. Keep the domain pure\n\n## Constraints\n\n"


def read(text: str | bytes) -> tuple[Sequence[ir.Statement], list[Diagnostic]]:
    """Return the statements of a file, and what there is to say about them."""
    report = Report()
    source = Source(PATH, text.encode() if isinstance(text, str) else text)
    return lower_document(parse_blocks(source), "0007-domain", report), list(report)


def read_items(*items: str) -> tuple[Sequence[ir.Statement], list[Diagnostic]]:
    """Return the statements of a section with these items."""
    return read(HEAD + "".join(f"- {item}\n" for item in items))


def only(item: str) -> ir.Statement:
    """Return the statement of one item, in which nothing may be wrong."""
    statements, diagnostics = read_items(item)
    assert diagnostics == []
    (statement,) = statements
    return statement


def codes(item: str) -> list[str]:
    """Return the codes that one item gets."""
    return [diagnostic.code for diagnostic in read_items(item)[1]]
