"""The grammar is LALR(1) without conflict or collision, and its tables are those of its text."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from lark import Lark
from lark.exceptions import GrammarError, LexError
from pydantic import TypeAdapter
from tests.language.reading import codes

import bylaw_grammar
from bylaw import ir
from bylaw_grammar import tables
from bylaw_grammar.shapes import SHAPES, SUBJECTS

FOLDER = Path(bylaw_grammar.__file__).parent
GRAMMAR = (FOLDER / "constraint.lark").read_text("utf-8")


def test_it_builds_strictly() -> None:
    assert isinstance(tables.build(GRAMMAR), Lark)


def test_strictness_would_find_a_conflict() -> None:
    ambiguous = GRAMMAR.replace("-> ci\n", "-> ci\n        | CI -> also_ci\n")
    assert ambiguous != GRAMMAR
    with pytest.raises(GrammarError):
        tables.build(ambiguous)


def test_strictness_would_find_a_collision() -> None:
    colliding = GRAMMAR.replace("| CI ", "| OTHER -> other\n        | CI ") + "\nOTHER: /c[a-z]/i\n"
    assert colliding != GRAMMAR
    with pytest.raises(LexError, match="Collision"):
        tables.build(colliding)


def test_the_prebuilt_tables_are_what_the_grammar_makes() -> None:
    stored = (FOLDER / "constraint.tables").read_bytes()
    assert stored == tables.pack(GRAMMAR), "run `python -m bylaw_grammar.build`"


def test_the_tables_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "from hashlib import sha256; from pathlib import Path; from bylaw_grammar import tables; "
        f"text = Path({str(FOLDER)!r}, 'constraint.lark').read_text('utf-8'); "
        "print(sha256(tables.pack(text)).hexdigest())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(outputs) == 1


def test_tables_of_another_lark_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []

    def build(grammar: str) -> Lark:
        built.append(grammar)
        return Lark("start: /a/", parser="lalr")

    monkeypatch.setattr(tables, "build", build)
    tables.load()
    assert built == []
    monkeypatch.setattr("lark.__version__", "0.0.1")
    tables.load()
    assert built == [GRAMMAR]


def test_shapes_and_grammar_know_the_same_names() -> None:
    rules = set(tables.build(GRAMMAR).rules)
    aliases = {rule.alias for rule in rules if rule.alias}
    assert set(SHAPES) <= aliases
    assert set(SUBJECTS) - {"module"} <= aliases
    for shape in SHAPES.values():
        assert set(shape.subjects) <= set(SUBJECTS)


def test_each_predicate_of_the_grammar_is_in_the_table() -> None:
    predicates = {
        rule.alias
        for rule in tables.build(GRAMMAR).rules
        if rule.origin.name == "predicate" and rule.alias
    }
    assert predicates == set(SHAPES)


def test_the_node_types_have_a_json_schema() -> None:
    schema = TypeAdapter(ir.Decision).json_schema()
    assert "Import" in schema["$defs"]


def test_private_use_characters_cannot_be_smuggled_in() -> None:
    """They mark code spans in the grammar's input, so a file must not hold them."""
    assert codes("Modules in \ue000a\ue001 MUST NOT import `x`.") == ["BL032", "BL032"]
    assert codes("Modules in &#xE000;a&#xE001; MUST NOT import `x`.") == ["BL032", "BL032"]
    assert codes("Modules in `a\ue001` MUST NOT import `x`.") == ["BL032"]
