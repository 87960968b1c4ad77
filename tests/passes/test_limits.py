"""What hostile or enormous input does to the passes: it ends, and says what was not done."""

import re
from time import process_time

import pytest

from bylaw.diagnostics import Report
from bylaw.passes import PROGRAM_PASSES
from bylaw.passes.compare.backtracking import explodes
from bylaw.passes.compare.company import MOST_PAIRS
from tests.passes.building import adr, check, compile_files


def test_thousands_of_the_same_constraint_end_with_a_word_about_it() -> None:
    items = [f"[c{n}] Code in `shop/**` MUST NOT call `f{n % 2}`." for n in range(120)]
    found = check({"docs/adr/0001-a.md": adr(1, *items)})
    duplicates = [d for d in found if d.code == "BL232"]
    assert len(duplicates) == 118
    assert not [d for d in found if d.code == "BL234"]


def test_what_is_not_compared_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_PAIRS >= 10_000
    monkeypatch.setattr("bylaw.passes.compare.company.MOST_PAIRS", 50)
    items = [f"[c{n}] Code in `shop/**` MUST NOT call `print`." for n in range(40)]
    assert "BL234" in {d.code for d in check({"docs/adr/0001-a.md": adr(1, *items)})}


THOUSANDS = [
    "Only modules in `shop.a{n}` MAY import `sqlalchemy`.",
    "Files in `shop/**/a{n}*b` MUST contain `x`.",
    "Key `a.*` in `x.toml` MUST be `{n}`.",
    "Functions in `shop/**` MUST be named `a{n}*`.",
    "`shop.a{n}`, `shop.b`, `shop.c{n}` and `shop.d` MUST be layered.",
]


@pytest.mark.parametrize("sentence", THOUSANDS)
def test_three_thousand_constraints_of_one_place_are_done_with_soon(sentence: str) -> None:
    items = [f"[c{n}] {sentence.format(n=n)}" for n in range(3000)]
    program, _ = compile_files({"docs/adr/0001-a.md": adr(1, *items)})
    report = Report()
    start = process_time()
    for check_program in PROGRAM_PASSES:
        check_program(program, report)
    assert process_time() - start < 2
    assert "BL234" in {d.code for d in report}


EXPLODING = [
    r"(a+)+b",
    r"(a|aa)+b",
    r"(a|ab|b)*c",
    r"([a-z]+)*=",
    r"(\w+\s?)*!",
    r"(x+x+)+y",
    r"((ab)*|a)*(ba?)*c|(a*)*d",
    r"(.*a){12}",
    r"(a{1,20}){1,20}b",
    r"([a-z]+_?)+!",
    r"(\d+|\w+)*!",
    r"(?:(?:a|b)+,?)+;",
]
HARMLESS = [
    r"a+b+c+",
    r"[a-z]+(-[a-z]+)*",
    r"([a-z]+_)+",
    r"(ab|cd)*",
    r".*@sha256:[0-9a-f]{64}",
    r"([0-9a-f]{64})+",
    r"(\d{1,3}\.){3}\d{1,3}",
    r"(a[^a]*)*",
    r"\bTODO\b",
    r"feature/[A-Z]+-\d+(/[a-z0-9-]+)?",
    r"(\s*,\s*x)*",
]


@pytest.mark.parametrize("expression", EXPLODING)
def test_an_ambiguous_repetition_explodes(expression: str) -> None:
    assert explodes(expression)


@pytest.mark.parametrize("expression", HARMLESS)
def test_a_repetition_that_is_told_apart_does_not(expression: str) -> None:
    assert not explodes(expression)


def test_a_search_that_can_stop_in_the_repetition_does_not_go_back() -> None:
    assert not explodes(r"(a+)+", searched=True)
    assert explodes(r"(a+)+b", searched=True)


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 5000,
        "(a" * 400 + ")*" * 400,
        "a{1000}{1000}{1000}",
        "(a|b|c|d|e|f|g|h)*" * 60,
        "[" + "".join(map(chr, range(0x4E00, 0x4E00 + 1500))) + "]*x",
        r"(\pL+|[[:alpha:]]+)*x",
    ],
)
def test_a_monstrous_expression_is_given_up_on_soon(expression: str) -> None:
    start = process_time()
    explodes(expression)
    assert process_time() - start < 2


def test_python_agrees_that_the_one_explodes_and_the_other_does_not() -> None:
    """Twenty characters are enough to tell a million ways from a few, and few enough to wait."""

    def seconds(expression: str, length: int) -> float:
        start = process_time()
        assert re.fullmatch(expression, "a" * length + "!") is None
        return process_time() - start

    assert seconds("(a+)+b", 22) > 20 * seconds("(a+b?c)+b", 22)
