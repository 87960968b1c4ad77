"""`fmt` writes ids and the normal form, and changes nothing else."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.language.reading import HEAD, PATH, read

from bylaw.fmt import format_source, meaning
from bylaw.source import Source

FAULTS = sorted((Path(__file__).parent / "faults").glob("*.md"))


def fmt(text: str) -> str:
    data = format_source(Source(PATH, text.encode()))
    return text if data is None else data.decode()


def item(text: str) -> str:
    """Return an item in its normal form."""
    formatted = fmt(f"{HEAD}- {text}\n")
    assert formatted.startswith(f"{HEAD}- ")
    return formatted[len(HEAD) + 2 : -1]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Code in `a` MUST NOT call `b`.", "[no-call-b] Code in `a` MUST NOT call `b`."),
        ("[ ] CI MUST run `x y`", "[ ] [ci-run-x-y] CI MUST run `x y`"),
        ("**CI** MUST run `x`", "[ci-run-x] **CI** MUST run `x`"),
        ("[a-b] CI SHALL NOT run `x`", "[a-b] CI MUST NOT run `x`"),
        (
            "[a-b] Classes in `x` extending `y` MUST implement `z`",
            "[a-b] Classes in `x` inheriting from `y` MUST inherit from `z`",
        ),
        (
            "[a-b] CI MUST run `y`; use `z` instead until 2027-01-01, from 2026-01-01 because a; b",
            "[a-b] CI MUST run `y` from 2026-01-01 until 2027-01-01; use `z` instead, because a; b",
        ),
        (
            "[a-b] Code in `x` MUST NOT call `y`, for new code except `y.z` except in tests.",
            "[a-b] Code in `x` MUST NOT call `y`, except in tests, except `y.z` for new code.",
        ),
        (
            "[a-b] Modules in `x` MUST NOT import `y`, except `y.z`, except in `x.a`.",
            "[a-b] Modules in `x` MUST NOT import `y`, except in `x.a`, except `y.z`.",
        ),
        (
            "Waiver for [a-b]: `x`, ticket `T` approved by `@a` until 2027-01-01, because z",
            "Waiver for [a-b]: `x` until 2027-01-01, approved by `@a`, ticket `T`, because z",
        ),
        (
            "[a-b] Modules in `x` MAY import `y` until 2027-01-01, despite [c-d].",
            "[a-b] Modules in `x` MAY import `y`, despite [c-d] until 2027-01-01.",
        ),
    ],
)
def test_the_normal_form(written: str, normal: str) -> None:
    assert item(written) == normal
    assert item(normal) == normal


@pytest.mark.parametrize(
    "text",
    [
        "[a-b] Modules in `x`  MUST NOT   import `y` .",
        "Note: SHALL is a synonym.",
        "Guidance: keep it small.",
        "Nonsense SHALL be left alone; it MUST not parse.",
        "[a-b] Files in `x` MUST contain `SHALL`, because they extend it; and more.",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert item(text) == text


def test_other_bytes_stay_as_they_are() -> None:
    head = b"\xef\xbb\xbf# T\t \r\n\r\n## Constraints\r\n\r\n"
    tail = b"\r\n\r\n* * *\r\ntext\t\n\n\n"
    formatted = format_source(Source(PATH, head + b"- CI SHALL run `x` <!-- c -->" + tail))
    assert formatted == head + b"- [ci-run-x] CI MUST run `x` <!-- c -->" + tail


def test_the_id_written_is_the_one_that_was_compiled() -> None:
    text = HEAD + "- CI MUST run `x`.\n- [ci-run-x] CI MUST run `y`.\n- CI MUST run `x`.\n"
    before = [getattr(statement, "id", None) for statement in read(text)[0]]
    after = [getattr(statement, "id", None) for statement in read(fmt(text))[0]]
    assert before == after == ["ci-run-x-2", "ci-run-x", "ci-run-x-3"]


@pytest.mark.parametrize("path", FAULTS, ids=lambda path: path.stem)
def test_rejected_items_are_left_alone(path: Path) -> None:
    text = path.read_text("utf-8")
    changed = set(fmt(text).splitlines()) - set(text.splitlines())
    for line in changed:
        assert "error: BL1" not in line
        assert "error: BL01" not in line


TAILS = [
    ", except in tests",
    ", except in `shop.a`",
    ", except `y.z`",
    " except under `TYPE_CHECKING`",
    ", for new code",
    " from 2026-01-01",
    ", until\n  2027-01-01",
    "; use `z` instead",
]


@given(
    st.permutations(TAILS),
    st.integers(0, len(TAILS)),
    st.sampled_from(["MUST", "SHALL", "SHOULD"]),
    st.sampled_from(["", "[a-b] ", "[x] ", "**", "<!-- c --> "]),
    st.sampled_from(["", ".", ". More.", " because `a`; b"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_formatting_keeps_the_meaning_and_is_idempotent(
    tails: list[str], count: int, modal: str, start: str, end: str, newline: str
) -> None:
    close = "**" if start == "**" else ""
    text = f"{HEAD}- {start}Modules{close} in `shop` {modal} NOT import `y`{''.join(tails[:count])}"
    data = f"{text}{end}\n- CI SHALL run `x`.\n".replace("\n", newline).encode()
    formatted = format_source(Source(PATH, data)) or data
    assert format_source(Source(PATH, formatted)) is None
    assert [meaning(s) for s in read(formatted)[0]] == [meaning(s) for s in read(data)[0]]
    assert re.sub(rb"\s", b"", formatted).count(b"`") == data.count(b"`")


@pytest.mark.parametrize(
    "text",
    [
        "[a-b] Code in `x` MUST NOT call [`y`](z.md) until 2027-01-01, for new code.",
        "[a-b] Code in `x` MUST NOT call `y` <!-- one, two --> , except in tests, because z.",
        "[a-b] **Code in `x` MUST NOT call `y`** because z.",
        "[a-b] Code in `x` MUST NOT call [`y`](p,q.md) because z.",
    ],
)
def test_tails_move_across_no_markup(text: str) -> None:
    assert item(text) == text
