"""The waiver that a report proposes is one that the compiler reads, for that file alone."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.render.runs import everything, one
from tests.targets.compiled import read

from bylaw.check.verdict import Judgement, Violation
from bylaw.globs import matcher
from bylaw.ir import Waiver
from bylaw.render.verdicts.phrases import in_code, spans_of, waiver_of

PATHS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=9)
    | st.text("[]{}*?!`'\" ,-aé", min_size=1, max_size=9),
    min_size=1,
    max_size=3,
).map("/".join)


def proposed(path: str) -> str | None:
    """Return the waiver that is proposed for a violation in a file."""
    run = one(path)
    return waiver_of(run.judgements[0], run.violations)


def filled(line: str) -> Waiver | None:
    """Return the waiver of a line whose blanks somebody has filled, None where it is none."""
    text = line.replace("YYYY-MM-DD", "2031-12-31").replace("…", "it is late")
    found = read(f"- [gone] Files in `shop/**` MUST NOT exist.\n{text}").statements[-1]
    return found if isinstance(found, Waiver) else None


@settings(deadline=None)
@given(PATHS)
def test_it_names_that_file_and_no_other(path: str) -> None:
    line = proposed(path)
    if line is None:
        return
    waiver = filled(line)
    assert waiver is not None, line
    (glob,) = waiver.globs
    assert matcher((glob.text,))(path)
    for other in (path + "x", "x" + path, path[:-1], path.replace("*", "b"), path.upper()):
        if other not in (path, "") and not other.startswith(path + "/"):
            assert not matcher((glob.text,))(other), (glob.text, other)


def test_it_names_several_files() -> None:
    judgement = everything().judgements[0]
    violations = [Violation("x", f"shop/{name}.py", "is there") for name in "aabc"]
    line = waiver_of(judgement, violations)
    assert line is not None
    waiver = filled(line.replace("0007-domain/no-orm", "gone"))
    assert waiver is not None
    assert [glob.text for glob in waiver.globs] == ["shop/a.py", "shop/b.py", "shop/c.py"]


def test_there_is_none_for_what_has_no_path_and_for_the_base() -> None:
    run = everything()
    by_id = {(j.scoped.full_id, j.by): j for j in run.judgements}

    def waiver(judgement: Judgement) -> str | None:
        return waiver_of(judgement, judgement.violations)

    assert waiver(by_id["0009-team/branches", "own"]) is None
    assert waiver(by_id["0007-domain/pure", "base"]) is None
    assert waiver(by_id["0007-domain/tiers", "own"]) is not None


@given(st.text())
def test_a_code_span_gives_back_what_it_holds(text: str) -> None:
    if "\n" in text or not text.strip():
        return
    assert list(spans_of(f"a {in_code(text)} b")) == [("a ", False), (text, True), (" b", False)]
