"""What is found in the text of files, however the text is written."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.check.judges.texts import CONTAIN, MATCH
from bylaw.check.search import (
    MOST_LINES,
    count_lines,
    count_words,
    find_literal,
    find_regex,
    head_of,
    place_in,
)
from bylaw.check.verdict import NotEvaluated, Violation
from tests.check.judging import evidence_of, judge, only
from tests.targets.compiled import scoped


def lines(sentence: str, text: str | bytes) -> list[int]:
    (found,) = judge(f"- [it] {sentence}", {"a.txt": text}).values()
    assert all(isinstance(finding, Violation) for finding in found)
    return [finding.place.line if finding.place else 0 for finding in found]


# --- match -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "text", "expected"),
    [
        ("end$", "the end\r\nthe end.\r\nend\r\n", [1, 3]),
        ("^# Title$", "\ufeff# Title\r\n", [1]),
        (r"\r", "a\r\nb\nc\r\n", [1, 3]),
        (r"^\x{FEFF}", "\ufeffx", [1]),
        (r"a\nb", "x\r\na\r\nb\r\n", [2]),
        ("^$", "a\n\nb\n", [2]),
        ("^$", "a\r\n\r\nb\r\n", [2]),
        ("x*", "a\nb", [1, 2]),
        ("(?i)todo", "TODO\nToDo\nto do\n", [1, 2]),
        (r"\Astart", "start\nstart\n", [1]),
        (r"end\z", "end\nend", [2]),
        ("a.b", "a\nb", []),
        ("(?s)a.b", "a\nb", [1]),
        ("ü+", "x\nÜü\n", [2]),
        (r"^\p{Lu}", "x\nÜber\n", [2]),
        ("a|b", "b\na\n", [1, 2]),
        ("todo", "no\n", []),
    ],
)
def test_an_expression_is_searched_with_line_ends_as_a_reader_sees_them(
    expression: str, text: str, expected: list[int]
) -> None:
    assert lines(f"Files in `a.txt` MUST NOT match `/{expression}/`.", text) == expected


def test_what_is_no_utf8_is_replaced_and_the_rest_is_searched() -> None:
    text = b"\xff\xfe TODO \xc3\nTODO\n\xc3\xa9"
    assert lines("Files in `a.txt` MUST NOT match `/TODO/`.", text) == [1, 2]
    assert lines("Files in `a.txt` MUST NOT contain `é`.", text) == [3]
    assert lines(r"Files in `a.txt` MUST NOT match `/\x{FFFD}/`.", text) == [1]
    assert lines("Files in `a.txt` MUST NOT contain `\ufffd`.", text) == [1]


def test_the_detail_holds_what_was_matched_and_no_layout() -> None:
    long = "TODO " + "word " * 100
    files = {"a.txt": f"# TODO:\t  fix\t it\n{long}\n"}
    found = judge(r"- [it] Files in `a.txt` MUST NOT match `/TODO.*$/`.", files)["it"]
    first, second = found
    assert isinstance(first, Violation)
    assert isinstance(second, Violation)
    assert first.detail == "matches `TODO: fix it`"
    assert first.place == (1, 3, 1, 18)
    assert len(second.detail) < 100
    assert second.detail.endswith("…`")


def test_columns_count_characters_and_no_byte_order_mark() -> None:
    found = judge("- [it] Files in `a.txt` MUST NOT contain `TODO`.", {"a.txt": "\ufeffüü TODO"})
    violation = only(found["it"])
    assert isinstance(violation, Violation)
    assert violation.place == (1, 4, 1, 8)


def test_the_fingerprint_stays_when_lines_move_and_files_grow() -> None:
    sentences = (
        "- [todo] Files in `a.txt` MUST NOT contain `TODO`.\n"
        "- [short] Files in `a.txt` MUST have at most 2 lines."
    )
    before = judge(sentences, {"a.txt": "TODO\n\n\n"})
    after = judge(sentences, {"a.txt": "\n\n\n\n    TODO later\n"})
    for identity in ("todo", "short"):
        one, other = only(before[identity]), only(after[identity])
        assert isinstance(one, Violation)
        assert isinstance(other, Violation)
        assert one.fingerprint == other.fingerprint
    assert only(after["short"]).note == "it has 5"  # type: ignore[union-attr] # a violation


@given(st.text(alphabet="ab\r\n\ufeffü ", max_size=40), st.sampled_from(["a", "ab", "ü", " a"]))
def test_a_literal_and_its_expression_are_found_on_the_same_lines(text: str, wanted: str) -> None:
    data = text.encode()
    by_line = [n for n, line in enumerate(text.split("\n")) if wanted in line]
    for spans in (list(find_literal(data, wanted)), list(find_regex(data, wanted))):
        places = [place_in(data)(*span) for span in spans]
        assert [place.line - 1 for place in places] == by_line
        assert all(data[start:end].decode() == wanted for start, end in spans)


# --- start with --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("# Licence\n", True),
        ("\ufeff# Licence\n", True),
        ("#!/bin/sh\n# Licence\n", True),
        ("\ufeff#!/bin/sh\r\n# Licence\n", True),
        ("\n# Licence\n", False),
        ("", False),
        ("#!/bin/sh", False),
        ("#!/bin/sh\n#!/bin/sh\n# Licence", False),
        ("# Lic", False),
    ],
)
def test_a_text_starts_behind_its_mark_and_its_shebang(text: str, starts: bool) -> None:
    assert bool(lines("Files in `a.txt` MUST start with `# Licence`.", text)) is not starts
    assert bool(lines("Files in `a.txt` MUST NOT start with `# Licence`.", text)) is starts


def test_a_shebang_can_be_asked_for() -> None:
    assert head_of(b"#!/bin/sh\nx") == (0, 10)
    assert lines("Files in `a.txt` MUST start with `#!/bin/sh`.", "#!/bin/sh\nx") == []
    assert lines("Files in `a.txt` MUST start with `#!/bin/sh` or `x`.", "#!/bin/bash\nx") == []
    assert lines("Files in `a.txt` MUST start with `#!/bin/sh` and `x`.", "#!/bin/sh\nx") == []


# --- size --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "count"),
    [(b"", 0), (b"a", 1), (b"a\n", 1), (b"a\nb", 2), (b"\n\n", 2), (b"a\r\nb\r\n", 2)],
)
def test_a_line_feed_ends_a_line_and_starts_none(data: bytes, count: int) -> None:
    assert count_lines(data) == count


@given(st.text(alphabet="ab \n\t\u00a0\u2003", max_size=60), st.integers(1, 7))
def test_words_are_counted_in_pieces_as_in_one(text: str, size: int) -> None:
    whole = len(text.split())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bylaw.check.search._CHUNK_CHARACTERS", size)
        assert count_words(text.encode()) == whole


def test_a_bound_is_inclusive() -> None:
    for bound, text, found in (
        ("at most 2 lines", "a\nb\n", []),
        ("at most 2 lines", "a\nb\nc", [0]),
        ("at least 2 words", "a b", []),
        ("at least 2 words", "a", [0]),
    ):
        assert lines(f"Files in `a.txt` MUST have {bound}.", text) == found


# --- words, and what would take long -----------------------------------------------------------


def test_only_what_bans_literals_says_which_words_matter() -> None:
    sentences = (
        "- [ban] Files in `a` MUST NOT contain `one` or `zwölf`.\n"
        "- [door] Only files in `b` MAY contain `one`.\n"
        "- [need] Files in `a` MUST contain `one`.\n"
        "- [odd] Files in `a` MUST NOT contain `\ufffd`."
    )
    ban, door, need, odd = scoped(sentences).constraints
    layout = evidence_of({}).layout
    words = CONTAIN.words(ban, layout)
    assert words is not None
    assert words.any_of == {b"one", "zwölf".encode()}
    assert CONTAIN.words(door, layout) is not None
    assert CONTAIN.words(need, layout) is None
    assert CONTAIN.words(odd, layout) is None
    assert MATCH.words(ban, layout) is None


@pytest.mark.parametrize(
    "expression", ["(a|aa)+$", "(x+x+)+y", r"\bTODO\b", "(?s)z.*z", "a{1,50}b", ".*.*=.*"]
)
def test_one_line_of_fifty_megabytes_is_searched_in_linear_time(expression: str) -> None:
    data = b"a" * 50_000_000
    began = time.perf_counter()
    list(find_regex(data, expression))
    assert time.perf_counter() - began < 10


def test_a_long_line_is_judged_by_every_text_constraint() -> None:
    text = "word " * 2_000_000 + "SECRET"
    sentences = (
        "- [contain] Files in `a.txt` MUST NOT contain `SECRET`.\n"
        "- [match] Files in `a.txt` MUST NOT match `/SEC\\w+/`.\n"
        "- [start] Files in `a.txt` MUST start with `word`.\n"
        "- [words] Files in `a.txt` MUST have at most 2000000 words.\n"
        "- [lines] Files in `a.txt` MUST have at most 1 lines."
    )
    began = time.perf_counter()
    found = judge(sentences, {"a.txt": text})
    assert time.perf_counter() - began < 5
    assert {name for name, findings in found.items() if findings} == {"contain", "match", "words"}


def test_a_text_on_too_many_lines_is_said_to_be_too_much() -> None:
    text = "x\n" * (MOST_LINES + 5)
    for operand in ("contain `x`", "match `/x/`"):
        found = judge(f"- [it] Files in `a.txt` MUST NOT {operand}.", {"a.txt": text})["it"]
        assert len(found) == MOST_LINES + 1
        assert sum(isinstance(finding, NotEvaluated) for finding in found) == 1


def test_nothing_in_a_file_is_a_traceback() -> None:
    sentences = (
        "- [contain] Files in `**` MUST contain `x`.\n"
        "- [match] Files in `**` MUST NOT match `/^.*$/`.\n"
        "- [start] Files in `**` MUST start with `x`.\n"
        "- [size] Files in `**` MUST have at least 9 words.\n"
        "- [same] Files in `**` MUST be identical to `a`."
    )
    odd = [b"", b"\0", b"\xff" * 9, b"\r", b"\n", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"#!"]
    odd += [b"\r\r\n"]
    files: dict[str, str | bytes] = {chr(ord("a") + n): data for n, data in enumerate(odd)}
    found = judge(sentences, files)
    assert len(found["start"]) == len(found["contain"]) == len(odd)
    assert len(found["same"]) == len(odd) - 1
