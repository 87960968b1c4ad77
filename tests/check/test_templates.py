"""Globs with captures: how paths are read by them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.check.templates import _forms, _read, counterparts, filled, readings
from bylaw.diagnostics import Span
from bylaw.globs import matcher
from bylaw.ir import Template
from bylaw.places import template_glob
from bylaw.unevaluable import UnevaluableError

SPAN = Span("a.md", 1, 1, 0, 1, 1, 0)


def template(text: str) -> Template:
    captures = tuple(name for name in ("n", "m", "p", "q") if f"{name}>" in text)
    return Template(text=text, span=SPAN, captures=captures)


def read(text: str, path: str) -> list[dict[str, str]]:
    return [dict(reading) for reading in readings(template(text), path)]


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("src/<n>.py", "src/a.py", [{"n": "a"}]),
        ("src/<n>.py", "src/a.b.py", [{"n": "a.b"}]),
        ("src/<n>.py", "src/.py", []),
        ("src/<n>.py", "src/a/b.py", []),
        ("src/<**p>/<n>.py", "src/a.py", [{"n": "a", "p": ""}]),
        ("src/<**p>/<n>.py", "src/a/b/c.py", [{"n": "c", "p": "a/b"}]),
        ("<**p>/x", "a/b/x", [{"p": "a/b"}]),
        ("<**p>/x", "x", [{"p": ""}]),
        ("a/<**p>", "a/b/c", [{"p": "b/c"}]),
        ("<n>/<n>.c", "list/list.c", [{"n": "list"}]),
        ("<n>/<n>.c", "list/map.c", []),
        ("<n>_<m>", "x_y_z", [{"n": "x_y", "m": "z"}, {"n": "x", "m": "y_z"}]),
        ("<n>_<m>/<n>", "x_y_z/x", [{"n": "x", "m": "y_z"}]),
        ("<n>*.py", "ab.py", [{"n": "ab"}, {"n": "a"}]),
        ("[ab]<n>?.py", "axyz.py", [{"n": "xy"}]),
        ("[!ab]<n>.py", "ax.py", []),
        ("{src,lib}/<n>.{py,pyi}", "lib/a.pyi", [{"n": "a"}]),
        ("<**p>/<**q>/x", "a/x", [{"p": "a", "q": ""}, {"p": "", "q": "a"}]),
        ("docs/<n>", "docs/a/b/c.md", [{"n": "a"}]),
        ("docs/<n>/", "docs/a/b.md", [{"n": "a"}]),
        ("docs/<n>/", "docs/a", []),
        ("src/<n>/**", "src/a/b/c", [{"n": "a"}]),
        ("src/**/<n>.py", "src/a/b/c.py", [{"n": "c"}]),
        ("a.b/<n>", "axb/c", []),
        ("a\n/<n>", "a\n/b\n", [{"n": "b\n"}]),
    ],
)
def test_a_path_is_read_in_every_way_that_there_is(
    text: str, path: str, expected: list[dict[str, str]]
) -> None:
    found = read(text, path)
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert found[:1] == expected[:1]


PATHS = st.lists(st.text("ab_.", min_size=1, max_size=4), min_size=1, max_size=4).map("/".join)
SEGMENTS = st.sampled_from(
    ["a", "<n>", "<m>", "<n>_<m>", "a<n>", "<n>.a", "*", "a*", "?<n>", "<**p>", "**"]
)


@given(st.lists(SEGMENTS, min_size=1, max_size=4).map("/".join), PATHS)
def test_the_short_way_to_read_is_the_long_one(text: str, path: str) -> None:
    for form in _forms(text):
        if form.test(path):
            long = [dict(known) for known in _read(form.parts, path.split("/"))]
            unique = [dict(items) for items in {tuple(sorted(known.items())) for known in long}]
            assert sorted(form.read(path), key=str) == sorted(
                long if form._plain is None else unique, key=str
            )


@given(st.lists(SEGMENTS, min_size=1, max_size=4).map("/".join), PATHS)
def test_what_is_read_is_matched_by_the_glob_and_holds_what_it_was_read_from(
    text: str, path: str
) -> None:
    glob = template_glob(text)
    for reading in readings(template(text), path):
        assert matcher((glob, f"{glob}/**"))(path)
        full = filled(template(text), dict(reading))
        assert matcher((full, f"{full}/**"))(path)


def test_partners_are_those_in_which_the_captures_are_the_same() -> None:
    partners = counterparts(template("t/<**p>/test_<n>.py"), ["t/a/test_b.py", "t/test_[id].py"])
    assert partners.holds({"p": "a", "n": "b", "m": "whatever"})
    assert partners.holds({"p": "", "n": "[id]"})
    assert not partners.holds({"p": "", "n": "b"})


def test_no_path_is_read_for_long() -> None:
    text = "/".join(["<**p>", "**"] * 8 + ["x"])
    with pytest.raises(UnevaluableError):
        readings(template(text), "/".join("a" * 40) + "/x")
    assert readings(template("<**p>/" + "*a" * 30), "b/" + "a" * 200 + "b") == ()
