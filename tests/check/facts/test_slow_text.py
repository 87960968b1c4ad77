"""Text that is made to be read slowly is given up on, and said not to have been read."""

from time import monotonic

import pytest

from bylaw.facts import extractor, source


@pytest.mark.parametrize(
    ("language", "ending", "text"),
    [("python", ".py", 'f"{a?b:'), ("typescript", ".tsx", 'f"{'), ("go", ".go", 'f"{')],
)
def test_a_text_that_takes_too_many_steps_is_given_up_on(
    language: str, ending: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "_BYTES_PER_CALL", 10_000)
    found = extractor(language)(text.encode() * 100_000, ending)
    assert [fault.reason for fault in found.faults] == ["reading it takes too long"]


CIRCLES = b'm"o/*\nconst{A:v t{(}d(r#n C*/n'


def test_a_text_on_which_a_parser_goes_in_circles_is_given_up_on() -> None:
    start = monotonic()
    found = extractor("typescript")(CIRCLES, ".tsx")
    assert [fault.reason for fault in found.faults] == ["reading it takes too long"]
    assert monotonic() - start < 5


def test_javascript_that_another_grammar_goes_in_circles_on_is_read_by_its_own() -> None:
    found = extractor("javascript")(b'import "x";\n' + CIRCLES, ".js")
    assert [imported.name for imported in found.imports] == ["x"]
    assert found.faults


def test_java_with_too_many_open_types_is_not_read() -> None:
    start = monotonic()
    found = extractor("java")(b"a<" * 100_000, ".java")
    assert [fault.reason for fault in found.faults] == ["reading it takes too long"]
    assert monotonic() - start < 5


def test_java_with_many_types_and_comparisons_is_read() -> None:
    lines = "".join(f"List<Map<A,B>> x{n}; boolean b{n} = {n} < 1;\n" for n in range(1000))
    found = extractor("java")(f"class A {{\n{lines}}}\n".encode(), ".java")
    assert found.faults == ()


def test_a_call_of_nothing_in_broken_java_is_a_fault() -> None:
    assert extractor("java")(b'""t(e=<extends e(t())', ".java").faults
