"""Where keys and values stand in a TOML file."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.toml import KeyPath, places

Strings = st.SearchStrategy[str]

names = st.text("ab-_1", min_size=1, max_size=3)
keys = names | names.map(lambda name: f'"{name}.x"') | names.map(lambda name: f"'{name} y'")
spaces = st.sampled_from(["", " ", "\t", " \t "])
breaks = st.sampled_from(["", " ", "\n", " # a ] comment, with = signs\n", "\n\n  "])
scalars = st.sampled_from(
    [
        "1",
        "0x1F",
        "1_000.5e3",
        "true",
        "inf",
        '"a, ] } # b"',
        "'c:\\x'",
        '"""m\n# ]\\""" , """',
        "'''l\n''l'''",
        '""',
        '""""quoted""""',
        "1979-05-27T07:32:00Z",
        "1979-05-27 07:32:00",
        "07:32:00",
    ]
)


def _array(inner: Strings) -> Strings:
    element = st.tuples(breaks, inner, breaks).map("".join)
    return st.lists(element, max_size=3).map(lambda parts: "[" + ",".join(parts) + "]")


def _inline(inner: Strings) -> Strings:
    pairs = st.dictionaries(keys, inner, max_size=3)
    return pairs.map(lambda d: "{ " + ", ".join(f"{k} = {v}" for k, v in d.items()) + " }")


values = st.recursive(scalars, lambda inner: _array(inner) | _inline(inner), max_leaves=6)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A valid TOML file in some of the ways there are to write one."""
    lines = []
    for table in [None, *draw(st.lists(names, max_size=3, unique=True))]:
        if table is not None:
            form = draw(st.sampled_from(["[%s]", "[[%s]]", "[ %s . sub ]", "[t.%s]"]))
            lines.append(draw(spaces) + form % table + draw(spaces) + "# x")
        for key, value in draw(st.dictionaries(keys, values, max_size=3)).items():
            gap = draw(spaces)
            lines.append(f"{draw(spaces)}{key}{gap}={draw(spaces)}{value}{draw(spaces)}")
    text = "\n".join(lines) + draw(st.sampled_from(["", "\n"]))
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return ""
    return text


def paths(value: object, prefix: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    """Every key path of a parsed file."""
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, each in items:
        yield (*prefix, key), each
        yield from paths(each, (*prefix, key))


@given(documents())
def test_every_key_and_every_value_has_its_place(text: str) -> None:
    found = places(text)
    for path, value in paths(tomllib.loads(text)):
        place = found[path]
        written = text[slice(*place.value)]
        if not isinstance(value, dict | list) or written[:1] in {"[", "{"}:
            again = tomllib.loads(f"x={written}")["x"]
            assert again == value
        if place.key is not None and isinstance(path[-1], str):
            assert path[-1] in text[slice(*place.key)]


@given(st.text(max_size=80))
def test_text_that_is_no_toml_does_no_harm(text: str) -> None:
    places(text)


@pytest.mark.parametrize("text", ["[" * 5000, "a = " + "[" * 5000, "a = {" * 5000, "[a", "a = '"])
def test_broken_and_deep_text_has_no_places(text: str) -> None:
    assert isinstance(places(text), dict)
