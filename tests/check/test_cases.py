"""Every case: what its lines say is what the judges find, no less and no more."""

import pytest

from tests.check.judging import CASES, judge, marks_of, read_case


@pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("*.md")))
def test_the_judges_find_what_the_case_marks(name: str) -> None:
    sentences, files, expected = read_case((CASES / f"{name}.md").read_text(encoding="utf-8"))
    assert expected, "a case that expects nothing shows nothing"
    found = marks_of(judge(sentences, files))
    assert sorted(found, key=str) == sorted(expected, key=str)
