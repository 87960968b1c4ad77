"""What a person sees of a run."""

import re
from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion
from tests.render.runs import HOSTILE, clean, everything, many, on_terminal, one, render

from bylaw.check.verdict import Judgement, NotEvaluated, Verdicts
from bylaw.facts.model import Place
from bylaw.render.characters import cells
from bylaw.render.verdicts import Setting
from bylaw.render.verdicts.text import MOST_IN_FULL, MOST_LISTED


def test_everything_that_a_run_can_say(snapshot: SnapshotAssertion) -> None:
    assert render(everything(), "text", on_terminal()) == snapshot


def test_a_clean_run_is_one_line() -> None:
    assert render(clean(), "text") == "checked 1 constraint of 1 decision on 3 files: 1 holds"


def test_a_run_without_constraints_does_not_look_clean() -> None:
    assert render(Verdicts(()), "text") == "no constraint was checked on 0 files"


def test_colours_are_only_an_addition() -> None:
    coloured = render(everything(), "text", on_terminal(colour=True))
    assert "\x1b[1;31m" in coloured
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == render(everything(), "text", on_terminal())


def test_what_was_not_evaluated_is_never_left_out_and_ends_with_a_word_of_warning() -> None:
    run = everything()
    unjudged = tuple(replace(j, violations=(), excused=()) for j in run.judgements)
    shown = render(replace(run, judgements=unjudged), "text")
    assert "not evaluated[0009-team/dba]: Changes to" in shown
    assert "not evaluated[0007-domain/short]: Files in" in shown
    assert "no approvals were handed in" in shown
    assert shown.endswith("what was not evaluated may be: status 3, or 0 with `--lenient`")


def test_a_strict_run_says_why_warnings_fail_it() -> None:
    run = one("shop/a.py", sentence="- [gone] Files in `shop/**` SHOULD NOT exist.")
    assert "because it is strict" not in render(run, "text")
    assert render(run, "text", Setting(strict=True)).endswith(
        "warnings fail this run, because it is strict"
    )


def test_many_violations_are_folded_into_rows_by_file() -> None:
    shown = render(many(200, 40), "text", on_terminal())
    assert shown.count("| ^") == 0  # there are no lines to show
    assert " --> shop/file0007.py:1, 2, 3, 4, 5: is `there`" in shown
    named = len(re.findall("^ --> ", shown, re.MULTILINE))
    assert named == MOST_IN_FULL + MOST_LISTED
    left = re.search(r"and (\d+) more in (\d+) files; `--format json` names them all", shown)
    assert left is not None
    rows = re.findall(r"^ --> shop/file\d+\.py:(.*): is", shown, re.MULTILINE)
    listed = MOST_IN_FULL + sum(row.count(",") + 1 for row in rows)
    assert listed + int(left[1]) == 200


def test_nothing_is_folded_where_everything_is_asked_for() -> None:
    shown = render(many(200, 40), "text", Setting(everything=True))
    assert len(re.findall("^ --> ", shown, re.MULTILINE)) == 200
    assert "more in" not in shown


def test_files_that_could_not_be_evaluated_for_one_reason_are_one_list() -> None:
    run = one("shop/a.py")
    (judgement,) = run.judgements
    some = tuple(
        NotEvaluated(
            judgement.scoped.full_id, "it is binary", f"shop/{n}.bin", Place(n + 1, 2, 3, 4)
        )
        for n in range(40)
    )
    shown = render(Verdicts((Judgement(judgement.scoped, "x", (), some),)), "text")
    assert shown.count("it is binary") == 1
    assert "not evaluated in 40 files: it is binary" in shown
    assert " --> shop/3.bin:4:2\n" in shown
    assert f"and {40 - MOST_LISTED} more;" in shown


def test_constraints_with_one_reason_not_to_be_evaluated_share_it() -> None:
    run = many(0, 1, 4)
    why = "no agent is said to have made the change"
    judgements = tuple(
        replace(j, not_evaluated=(NotEvaluated(j.scoped.full_id, why, help="name it"),))
        for j in run.judgements
    )
    shown = render(replace(run, judgements=judgements), "text")
    assert f"not evaluated: {why} (4 constraints)\n" in shown
    assert " ::: docs/adr/0001-one.md:7: [0001-one/gone-2] Files in `shop/2/**` MUST NOT" in shown
    assert shown.count("help: name it") == 1
    two = render(replace(run, judgements=judgements[:2]), "text")
    assert two.count(why) == 2


@pytest.mark.parametrize("width", [1, 40, 80, 200])
def test_sentences_are_wrapped_and_keep_every_word(width: int) -> None:
    words = " ".join(f"word{number}" for number in range(60))
    run = one("shop/a.py", sentence=f"- [gone] Files in `shop/**` MUST NOT exist, because {words}.")
    shown = render(run, "text", on_terminal(width))
    sentence = shown[shown.index("error[") : shown.index(":::")]
    assert " ".join(sentence.split()).endswith(words + ".")
    if width > 40:
        assert max(cells(row) for row in sentence.split("\n")) <= width


@pytest.mark.parametrize("place", [None, Place(1, 1, 1, 4), Place(900, 80, 901, 2)])
@pytest.mark.parametrize("path", HOSTILE)
def test_nothing_of_a_tree_reaches_the_terminal_as_a_command(
    path: str, place: Place | None
) -> None:
    detail = f"holds `{path}`"
    for source in (None, [], [path], [f"x = {path}"] * 3):
        shown = render(one(path, detail, place), "text", on_terminal(), lambda _, s=source: s)  # type: ignore[misc]
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", shown)
        shown.encode()


def test_a_line_of_a_million_characters_is_trimmed_around_the_caret() -> None:
    line = "x" * 500_000 + "TOKEN" + "y" * 500_000
    run = one("shop/a.py", place=Place(1, 500_001, 1, 500_006))
    shown = render(run, "text", on_terminal(80), lambda _: [line])
    assert "TOKEN" in shown
    assert len(shown) < 2_000
