"""A sentence that does not parse is answered with what was expected, a shape and an example."""

import re
from pathlib import Path

import pytest

from bylaw.editing.nearest import CODES, Nearest, nearest
from bylaw.source import Source
from bylaw_grammar.shapes import SHAPES
from tests.language.reading import HEAD, PATH, read, read_items

FAULTS = sorted((Path(__file__).parents[1] / "language" / "faults").glob("*.md"))
_COMMENT = re.compile(r" ?<!-- error: .*? -->")


def found(text: str) -> dict[str, Nearest]:
    """Return what is nearest to each sentence of a file that is wrong in its form."""
    source = Source(PATH, text.encode())
    diagnostics = read(text)[1]
    some = nearest(source, diagnostics)
    lines = text.split("\n")
    return {lines[d.span.line - 1]: each for d, each in some.items() if d.span is not None}


def near(item: str) -> Nearest:
    (each,) = found(f"{HEAD}- {item}\n").values()
    return each


@pytest.mark.parametrize("path", FAULTS, ids=lambda path: path.stem)
def test_each_broken_sentence_of_the_corpus_gets_an_example_that_parses(path: Path) -> None:
    text = _COMMENT.sub("", path.read_text("utf-8"))
    source = Source(PATH, text.encode())
    diagnostics = [each for each in read(text)[1] if each.code in CODES]
    some = nearest(source, diagnostics)
    assert some.keys() == set(diagnostics)
    for diagnostic, each in some.items():
        assert each.expected, diagnostic
        assert all(word and "\ue000" not in word for word in each.expected), diagnostic
        assert each.shape
        fence = "\n\n  ```semgrep\n  execute($X)\n  ```" if each.example.endswith("match:") else ""
        if each.example.startswith("In "):
            parsed = read(f"{HEAD}{each.example}\n\n- Files in `a` MUST exist.\n")[1]
        else:
            parsed = read_items(f"{each.example}{fence}")[1]
        assert not parsed, (each.example, parsed)


@pytest.mark.parametrize(
    ("item", "expected", "shape"),
    [
        ("Modules in `shop` MUST NOT imprt `x`.", "import `X`", "import"),
        ("[a-b] Modules in `shop` must not import `x`.", "`MUST NOT`", "import"),
        ("[a-b] The domain is kept free of SQL.", "`MUST`", ""),
        ("Modls in `shop` MUST NOT import `x`.", "Modules in `M`", "import"),
        ("Modules in `shop` MUST NOT import", "a code span", "import"),
        ("Modules in `shop` MUST NOT import x.", "a code span", "import"),
        ("Each class in `a/**` MUST inherit `B`.", "inherit from `P`", "inherit"),
        ("Code in `a/**` MUST NOT call `x` in `b`.", "the end of the sentence", "call"),
        ("Agents MUST change at most `20` files.", "a number", "change_limit"),
        ("Each class in `a/**` MUST be anotated.", "be annotated", "annotated"),
        ("Modules in `a` MUST NOT be pinned.", "import `X`", ""),
        ("Modules in `a` MUST import `b`.", "`MUST NOT`", "import"),
        ("Files in `a` MUST shine brightly.", "exist", ""),
    ],
)
def test_what_was_expected_and_the_shape_are_the_ones_that_were_meant(
    item: str, expected: str, shape: str
) -> None:
    each = near(item)
    assert expected in each.expected, each
    if shape:
        assert SHAPES[shape].form in each.shape
        assert each.example == SHAPES[shape].example


def test_what_comes_first_is_the_likeliest() -> None:
    assert near("Each class in `a/**` MUST be anotated.").expected[0] == "be annotated"
    assert near("Modls in `shop` MUST NOT import `x`.").expected[0] == "Modules in `M`"


def test_only_what_the_subject_can_do_is_expected() -> None:
    expected = near("Branch names MUST shine.").expected
    assert expected == ("match `/R/`",)
    after_be = near("Each class in `a/**` MUST be `x` by.").expected
    assert "the end of the sentence" in after_be or "be annotated" in after_be


def test_waivers_and_lead_ins_have_examples_of_their_own() -> None:
    waiver = near("Waiver for [no-orm]: `a.py` till 2030-01-01.")
    assert waiver.example.startswith("Waiver for [")
    assert "`until` and a day" in waiver.expected
    (lead_in,) = found(f"{HEAD}In `a/**` and so:\n\n- Files in `b` MUST exist.\n").values()
    assert lead_in.example.startswith("In `")


def test_what_parses_and_what_stands_elsewhere_has_none() -> None:
    assert found(f"{HEAD}- Files in `a` MUST exist.\n") == {}
    text = f"{HEAD}- Files in `a` MUST `exist.\n"
    source = Source(PATH, text.encode())
    assert nearest(source, read(text)[1]) == {}
    assert nearest(Source("other.md", text.encode()), read(text)[1]) == {}
