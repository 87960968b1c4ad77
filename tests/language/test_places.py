"""Every node and every diagnostic stands where it says, whatever the bytes of the file are."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.language.reading import read

from bylaw import ir
from bylaw.diagnostics import Span
from bylaw.source import Source

SENTENCES = [
    "- [no-orm] Modules in `shop.domain` MUST NOT import `sqlalchemy`, except `a.types`.\n",
    '- [no-orm] **Modules** in [`shop.domain`](x.md "t") MUST&nbsp;NOT *import* ``sqlalchemy``.\n',
    "-\t[no-orm] Modules in `shop.a`\n  \tMUST NOT\n  import `sqlalchemy` <!-- c --> or `b`.\n",
    "- [x] [no-orm] Modules in `shop.domain` MUST NOT import `sqlalchemy`, because für `é` 漢字.\n",
    "1.  [no-orm] Modules in\u00a0`shop.domain`  MUST   NOT import `sqlalchemy` or\\\n    `ü`.\n",
    "- [no-orm] Modules in `shop.domain` MUST NOT import [`sqlalchemy`][r].\n",
    "- [no-orm] Only modules in `shop.domain` MAY import `sqlalchemy`; use `日本` instead.\n",
]
TAIL = "\n[r]: http://x\n[no-orm]: http://y\n"


def operands(node: object) -> Iterator[ir.Operand]:
    """Yield every operand below a node."""
    if isinstance(node, ir.Operand):
        yield node
    if isinstance(node, ir.Node):
        for _, value in node:
            yield from operands(value)
    if isinstance(node, tuple):
        for value in node:
            yield from operands(value)


def check(text: str, data: bytes) -> None:
    statements, _ = read(data)
    assert statements
    source = Source("a.md", data)
    for statement in statements:
        assert isinstance(statement, ir.ConstraintNode), (text, statement)
        found = list(operands(statement))
        assert len(found) >= 2
        for operand in found:
            assert at(source, operand.span) == operand.text, (text, operand)
        assert statement.id_span is not None
        assert at(source, statement.id_span) == statement.id
        assert at(source, statement.modal_span).startswith(("MUST", "MAY"))


def at(source: Source, span: Span) -> str:
    """Return what stands at a span, by its bytes and by its lines alike."""
    by_bytes = source.data[span.offset : span.end_offset].decode()
    by_bytes = by_bytes.replace("\r\n", "\n").replace("\r", "\n")
    lines = source.lines[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    assert by_bytes == "\n".join(lines)
    return by_bytes


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "bom"])
@pytest.mark.parametrize("head", ["# T\n\n", "# Ä 漢\n\nÉté\tà\n\n"], ids=["ascii", "wide"])
def test_operands_ids_and_modals(sentence: str, end: str, mark: bytes, head: str) -> None:
    text = f"{head}## Constraints\n\n{sentence}{TAIL}"
    check(text, mark + text.replace("\n", end).encode())


WORDS = st.sampled_from(
    ["`a`", "**b**", "é", "漢字", "&amp;", "\\*", "<!-- x -->", "\n  ", "\t", " "]
)


@given(st.lists(WORDS, max_size=12))
def test_any_text_around_the_operands_leaves_them_in_place(words: list[str]) -> None:
    reason = "".join(words)
    text = (
        "# T\n\n## Constraints\n\n"
        f"- [no-orm] Modules in `shop.ü` MUST NOT import `漢`, because it is so {reason} z.\n"
    )
    check(text, text.encode())


def test_a_caret_under_a_fault_on_a_later_line_of_the_item() -> None:
    text = "# T\n\n## Constraints\n\n-   Modules in `a`\n    MUST NOT import\n    sqlalchemy.\n"
    _, (diagnostic,) = read(text)
    assert diagnostic.span is not None
    assert (diagnostic.span.line, diagnostic.span.column) == (7, 5)
    assert at(Source("a.md", text.encode()), diagnostic.span) == "sqlalchemy"


@pytest.mark.parametrize("indent", ["", " ", "\t", "    "])
def test_tabs_before_and_within_an_item(indent: str) -> None:
    item = f"1.\t[no-orm] Modules in\t`shop`\n{indent}MUST NOT\timport `x`\n"
    text = f"# T\n\n## Constraints\n\n- a\n\n{item}"
    statements, _ = read(text)
    node = statements[-1]
    assert isinstance(node, ir.ConstraintNode)
    source = Source("a.md", text.encode())
    for operand in operands(node):
        assert at(source, operand.span) == operand.text
