"""Text that is made to be read slowly is given up on, and said not to have been read."""

from time import monotonic

import pytest

from bylaw.facts import extractor, source


@pytest.mark.parametrize(
    ("language", "ending", "text"),
    [
        ("python", ".py", 'f"{a?b:'),
        ("typescript", ".tsx", 'f"{'),
        ("go", ".go", 'f"{'),
        ("java", ".java", 'f"{'),
    ],
)
def test_a_text_that_takes_too_long_is_given_up_on(
    language: str, ending: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "SECONDS", 0.05)
    start = monotonic()
    found = extractor(language)(text.encode() * 200_000, ending)
    assert [fault.reason for fault in found.faults] == ["reading it takes too long"]
    assert monotonic() - start < 5


@pytest.mark.parametrize("ending", [".tsx", ".js"])
def test_a_text_on_which_a_parser_goes_in_circles_is_given_up_on(ending: str) -> None:
    start = monotonic()
    found = extractor("typescript")(b'm"o/*\nconst{A:v t{(}d(r#n C*/n', ending)
    assert found.faults
    assert monotonic() - start < 5


def test_java_with_too_many_open_types_is_not_read() -> None:
    start = monotonic()
    found = extractor("java")(b"a<" * 100_000, ".java")
    assert [fault.reason for fault in found.faults] == ["reading it takes too long"]
    assert monotonic() - start < 5


def test_java_with_many_types_and_comparisons_is_read() -> None:
    lines = "".join(f"List<Map<A,B>> x{n}; boolean b{n} = {n} < 1;\n" for n in range(1000))
    found = extractor("java")(f"class A {{\n{lines}}}\n".encode(), ".java")
    assert found.faults == ()
