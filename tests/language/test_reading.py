"""An item is read from the Markdown inline tree, not from its raw line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.language.reading import HEAD, codes, only, read

from bylaw import ir
from bylaw.adr import inline
from bylaw.source import Source

PLAIN = "[no-orm] Modules in `shop` MUST NOT import `x`, except in tests."


def fields(sentence: str) -> tuple[object, ...]:
    node = only(sentence)
    assert isinstance(node, ir.Import)
    operands = tuple(getattr(operand, "text", None) for operand in node.operands)
    return node.id, node.modal, operands, [each.excepts for each in node.exceptions]


@pytest.mark.parametrize(
    "sentence",
    [
        "[no-orm] **Modules in `shop`** MUST NOT import `x`, except in tests.",
        "[no-orm] _Modules_ in `shop` **MUST NOT** import `x`, except in tests.",
        "[no-orm] Modules in [`shop`](shop.md) MUST NOT [import](i.md) `x`, except in tests.",
        "[ ] [no-orm] Modules in `shop` MUST NOT import `x`, except in tests.",
        "[x] [no-orm] Modules in `shop` MUST NOT import `x`, except in tests.",
        "[no-orm] Modules in ``shop`` MUST NOT import `` x ``, except in tests.",
        "[no-orm] Modules&#32;in `shop` MUST\u00a0NOT import `x`&comma; except in tests.",
        "[no-orm] Modules\n  in `shop` MUST  \n  NOT import\t`x`, except   in tests.",
        "[no-orm] Modules in `shop` <!-- why --> MUST NOT import `x`, except in tests\\.",
        "\\[no-orm\\] Modules in `shop` MUST NOT import `x`, except in tests.",
    ],
)
def test_markup_means_nothing(sentence: str) -> None:
    assert fields(sentence) == fields(PLAIN)


def test_a_leading_id_is_an_id_even_where_a_link_has_that_name() -> None:
    statements, diagnostics = read(f"{HEAD}- {PLAIN}\n\n[no-orm]: http://example.org\n")
    assert diagnostics == []
    assert getattr(statements[0], "id", None) == "no-orm"


def test_a_reference_may_be_a_link() -> None:
    node = only(
        "Waiver for [no-orm](0007-domain.md#constraints): `a.py` until 2026-12-31, "
        "approved by `@a`, because b."
    )
    assert isinstance(node, ir.Waiver)
    assert node.waives.id == "no-orm"


def test_a_link_at_the_start_of_prose_is_no_id() -> None:
    statements, diagnostics = read(f"{HEAD}- [kafka](http://example.org) is what we have.\n")
    assert statements == ()
    assert [diagnostic.code for diagnostic in diagnostics] == ["BL020"]


def test_a_code_span_keeps_backticks_and_case() -> None:
    node = only("[a-b] Files in `x` MUST NOT contain ``A`b`` or `*not* [emphasis](x) &amp;`.")
    assert isinstance(node, ir.Text)
    assert [text.text for text in node.texts] == ["A`b", "*not* [emphasis](x) &amp;"]
    assert "``A`b``" in node.sentence


def test_typographic_quotes_are_free_in_free_text() -> None:
    node = only("[a-b] CI MUST run `x`, because “why not” — it’s fast…")
    assert getattr(node, "because", None) == "“why not” — it’s fast…"


WORDS = """
Modules Code Each class in Files matching Only MUST NOT SHOULD only MAY import be layered pass
except for new code from until because use instead `a` `b/**` `/x/` `a->b` , ; . : or and [a-b] [x]
Waiver Note: Guidance: 2026-12-31 20 lines When changes For each project The ` ** ~~ <b> &amp;
\\ ![ ]( ) [ ] > | # - \u200b \ue000 \u00e9 \n
"""
TOKENS = st.sampled_from([*WORDS.split(), "\n  "])


@given(st.lists(TOKENS, max_size=25))
@settings(max_examples=300)
def test_no_soup_of_tokens_is_too_much(tokens: list[str]) -> None:
    text = f"{HEAD}- [a-b] CI MUST run `x`.\n- {' '.join(tokens)}\n"
    statements, diagnostics = read(text)
    assert read(text) == (statements, diagnostics)
    for statement in statements:
        if isinstance(statement, ir.Rejected):
            assert statement.codes


PLAIN_WORDS = st.sampled_from(
    [
        "`a`",
        "`*a* &amp; <b>`",
        "MUST",
        "[a-b]",
        "[x]",
        " ",
        "é",
        ".",
        ",",
        "` `",
        "!",
        "(b)",
        "`",
        "#",
    ]
)


@given(st.lists(PLAIN_WORDS, max_size=20))
def test_paragraphs_without_markup_read_the_same_with_and_without_markdown(
    words: list[str],
) -> None:
    content = " ".join(words).strip()
    plain = inline._read_plain(content)
    if plain is not None:
        full = inline._read(content, {})
        assert (plain.finish(), plain.faults) == (full.finish(), full.faults)
        assert places(plain) == places(full)


def places(line: inline._Line) -> list[tuple[str, int]]:
    """Return each character of a line and where it stands in the content."""
    source = Source("a.md", line.content.encode())
    text = line.finish()
    read = inline.Inline(source, [(0, 0, 0, -1)], line.content, text, line.pieces)
    return [(char, read.span(at, at + 1).column) for at, char in enumerate(text)]


def test_most_sentences_need_no_markdown() -> None:
    assert inline._read_plain(PLAIN) is not None


@given(st.text(max_size=200))
def test_no_text_is_too_much(text: str) -> None:
    read(f"{HEAD}- CI MUST run `x`.\n- {text}\n".encode("utf-8", "replace"))


@pytest.mark.parametrize(
    "item",
    [
        "[" * 3900,
        "[a](" * 900,
        "*a_ " * 900,
        "`" * 3900,
        "".join("`" * n + " " for n in range(1, 80)),
        "<a " * 1200,
        "> " * 1500,
        "&amp;" * 700,
        "\\[" * 1900,
        ", ".join(["`a`"] * 750),
        "; use a" * 500,
        "\u202e" * 3000,
        "MUST " * 700,
    ],
)
def test_hostile_items_end_in_a_diagnostic(item: str) -> None:
    assert codes(f"MUST {item}")


def test_deep_nesting_ends_in_a_diagnostic() -> None:
    text = HEAD + "".join("  " * depth + "- Modules MUST\n" for depth in range(300))
    assert read(text)[1]


def test_a_comment_comes_between_no_lead_in_and_its_list() -> None:
    lead_in = "In `shop/legacy/**`:\n\n<!-- prettier-ignore -->\n"
    statements, diagnostics = read(f"{HEAD}{lead_in}- {PLAIN}\n")
    assert diagnostics == []
    node = statements[0]
    assert isinstance(node, ir.Import)
    assert node.lead_in is not None
    assert [glob.text for glob in node.lead_in.globs] == ["shop/legacy/**"]


def test_quotes_and_tables_under_an_item_are_not_read() -> None:
    under = "  > Clients MUST wait.\n\n  | a |\n  | - |\n  | MUST |\n"
    statements, diagnostics = read(f"{HEAD}- {PLAIN}\n\n{under}\n  Plain prose.\n")
    assert diagnostics == []
    assert getattr(statements[0], "prose", None) == "Plain prose."


def test_a_paragraph_instead_of_an_item_is_said_to_bind_nobody() -> None:
    statements, diagnostics = read(f"{HEAD}{PLAIN}\n")
    assert statements == ()
    assert [diagnostic.code for diagnostic in diagnostics] == ["BL020"]


def test_an_example_may_stand_under_a_nested_item() -> None:
    fence = "    ```python violates path=shop/a.py\n    import x\n    ```\n"
    statements, diagnostics = read(f"{HEAD}- {PLAIN}\n  - such as\n\n{fence}")
    assert diagnostics == []
    assert [each.path for each in getattr(statements[0], "examples", ())] == ["shop/a.py"]
