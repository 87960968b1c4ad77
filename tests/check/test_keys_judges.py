"""Verdicts on keys: what is said of a value, and what becomes of files that cannot be read."""

import pytest

from bylaw.check.verdict import NotEvaluated, Violation
from tests.check.judging import judge, marks_of, only


def _detail(sentence: str, path: str, content: str) -> str:
    found = only(judge(f"- [rule] {sentence}", {path: content})["rule"])
    assert isinstance(found, Violation)
    return found.detail


@pytest.mark.parametrize(
    ("predicate", "value", "said"),
    [
        ("MUST be at least `20`", '">=18"', "is `>=18`, not at least `20`"),
        ("MUST be at least `3.3`", "3.20", "is `3.2`, not at least `3.3`"),
        ("MUST be `x` or `y`", "z", "is `z`, not `x` or `y`"),
        ("MUST be `x`", "[x]", "is a list, not `x`"),
        ("MUST be `x`", "{x: 1}", "is a table, not `x`"),
        ("MUST be `x`", "''", "is empty, not `x`"),
        ("MUST be `x`", '"a\\nb   c"', "is `a b c`, not `x`"),
        ("MUST be `x`", "'a`b'", "is `` a`b ``, not `x`"),
        ("MUST NOT be `x`", "x", "is `x`"),
        ("MUST match `/x+/`", "y", "is `y`, which does not match `/x+/`"),
        ("MUST NOT match `/x+/`", "xx", "is `xx`, which matches `/x+/`"),
        ("MUST contain `x`", "[y]", "does not contain `x`"),
        ("MUST NOT contain `x`", "[x]", "contains `x`"),
        ("MUST NOT exist", "", "is there"),
        ("MUST exist", None, "is missing"),
        ("MUST equal key `b` in `a.yml`", "1", "is `1`, and `b` in `a.yml` is `2`"),
        ("MUST equal key `c` in `a.yml`", "1", "has no `c` in `a.yml` to equal"),
    ],
)
def test_a_detail_says_what_is_there_and_what_was_asked(
    predicate: str, value: str | None, said: str
) -> None:
    content = f"a: {value}\nb: 2\n" if value is not None else "b: 2\n"
    assert _detail(f"Key `a` in `a.yml` {predicate}.", "a.yml", content) == f"`a` {said}"


def test_a_detail_does_not_change_when_lines_and_elements_move() -> None:
    sentence = "Each key `jobs[].image` in `a.yml` MUST be `x`."
    before = _detail(sentence, "a.yml", "jobs:\n- image: y\n")
    after = _detail(sentence, "a.yml", "# c\n\njobs: [{image: x}, {image: y}]\n")
    assert before == after == "`jobs[].image` is `y`, not `x`"


def test_values_of_an_environment_are_not_repeated() -> None:
    sentences = "\n".join(
        f"- [rule{number}] Each key `TOKEN` in `.env` MUST {predicate}."
        for number, predicate in enumerate(["be `x`", "match `/x/`", "be at most `3`"])
    )
    found = [only(some) for some in judge(sentences, {".env": "TOKEN=4f1c9a\n"}).values()]
    assert len(found) == 3
    assert "4f1c9a" not in repr(found)


def test_a_broken_file_has_no_verdict_and_the_others_have_theirs() -> None:
    files: dict[str, str | bytes] = {
        "a/a.toml": "x = 1\nx = 2\n",
        "a/b.yml": "x: [\n",
        "a/c.json": '{"x": 2}',
        "a/d.py": "x = 2\ny = (\n",
        "a/e.py": "x = 1\ny = (\n",
        "a/f.yml": b"x: \xff",
    }
    assert marks_of(judge("- [one] Each key `x` in `a/**` MUST be `1`.", files)) == {
        ("unevaluated", "one", "a/a.toml", 2),
        ("unevaluated", "one", "a/b.yml", 2),
        ("violation", "one", "a/c.json", 1),
        ("violation", "one", "a/d.py", 1),
        ("unevaluated", "one", "a/e.py", 2),
        ("unevaluated", "one", "a/f.yml", 1),
    }


def test_a_key_behind_a_value_that_is_computed_is_not_missing() -> None:
    files = {"settings.py": "DATABASES = read()\nCACHES = {**base}\n"}
    for key in ("DATABASES.default.ENGINE", "CACHES.default"):
        for modal in ("MUST", "MUST NOT"):
            found = judge(f"- [rule] Key `{key}` in `settings.py` {modal} be `x`.", files)["rule"]
            assert [type(one) for one in found] == [NotEvaluated], (key, modal)


def test_a_search_that_does_not_end_is_not_evaluated() -> None:
    bomb = ["a0: &a0 [x, x]"]
    bomb += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 8)}]" for n in range(1, 30)]
    found = judge("- [rule] Each key `**.x` in `a.yml` MUST be `1`.", {"a.yml": "\n".join(bomb)})
    assert isinstance(only(found["rule"]), NotEvaluated)
