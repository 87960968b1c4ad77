"""Readers of configuration files: values are the ones written, and places point at their keys."""

import json
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bylaw.keys import BrokenFileError, format_of, read_documents
from bylaw.keys.find import TooManyError, find, steps_of
from bylaw.keys.model import Document, Node, Opaque, Scalar, Sequence, Table

# --- the law -----------------------------------------------------------------------------------

_KEYS = st.one_of(
    st.sampled_from(["name", "on", "a.b", "two words", "yes", "null", "3", "é", "名", "😀", "#x"]),
    st.text(alphabet="abcé🙂-_.", min_size=1, max_size=5),
)
_BARE = st.from_regex(r"[a-z][a-z_]{0,5}", fullmatch=True).filter(
    lambda name: name not in {"if", "in", "is", "or", "as", "not", "and", "for", "def", "del"}
)
_SCALARS = st.one_of(
    st.text(alphabet="aé😀'\" \\\n\t#:{}[],&*!|>%@`-", max_size=8),
    st.integers(-(10**12), 10**12),
    st.booleans(),
    st.decimals(-1000, 1000, places=2).map(float),
)


def _values(keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.recursive(
        _SCALARS,
        lambda below: st.one_of(
            st.lists(below, max_size=3), st.dictionaries(keys, below, max_size=3)
        ),
        max_leaves=8,
    )


def _trees(keys: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(keys, _values(keys), min_size=1, max_size=4)


def _inline(value: Any) -> str:
    """Write a value as TOML and HCL both have it, but for the sign between key and value."""
    if isinstance(value, dict):
        pairs = ", ".join(f"{json.dumps(k)} = {_inline(v)}" for k, v in value.items())
        return "{ " + pairs + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, float):
        return f"{value:.2f}"
    return json.dumps(value, ensure_ascii=False)


def _as_lines(tree: dict[str, Any], write: Any, sign: str = " = ") -> str:
    return "# é 😀\n" + "".join(f"{key}{sign}{write(value)}\n" for key, value in tree.items())


def _hcl(value: Any) -> str:
    return _inline(value).replace("%{", "%%{")


def _plain(node: Node) -> Any:
    """Return a node as Python has it; numbers as decimals."""
    if isinstance(node, Table):
        return {entry.key: _plain(entry.value) for entry in node.entries}
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    if node.kind == "number":
        return node.number
    return {"true": True, "false": False}[node.text] if node.kind == "boolean" else node.text


def _decimal(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _decimal(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_decimal(below) for below in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return Decimal(str(value))


def _check_places(document: Document) -> None:
    """Every key's place holds the key, written in one way or another."""
    lines = document.text.content.split("\n")
    waiting: list[Node] = [document.root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Sequence):
            waiting += node.items
        if not isinstance(node, Table):
            continue
        for entry in node.entries:
            waiting.append(entry.value)
            place = document.place(entry.span)
            assert place is not None
            assert place.line == place.end_line
            there = lines[place.line - 1][place.column - 1 : place.end_column - 1]
            known = {entry.key, repr(entry.key), json.dumps(entry.key)}
            known |= {json.dumps(entry.key, ensure_ascii=False)}
            assert there in known or yaml.safe_load(there) == entry.key, (there, entry.key)


def _check(path: str, content: str, tree: dict[str, Any]) -> None:
    (document,) = read_documents(path, content.encode())
    assert document.fault is None
    assert _plain(document.root) == _decimal(tree)
    _check_places(document)


@settings(max_examples=150, deadline=None)
@given(_trees(_KEYS), st.sampled_from([None, 1, 4]), st.booleans())
def test_json_is_read_as_written(tree: dict[str, Any], indent: int | None, plain: bool) -> None:
    content = "// é\n/* 😀 */ " + json.dumps(tree, indent=indent, ensure_ascii=plain)
    _check("a.json", content, tree)


@settings(max_examples=150, deadline=None)
@given(_trees(_KEYS), st.sampled_from([None, True, False]))
def test_yaml_is_read_as_written(tree: dict[str, Any], flow: bool | None) -> None:
    content = yaml.safe_dump(tree, default_flow_style=flow, allow_unicode=True, width=1000)
    _check("a.yml", content, tree)


@settings(max_examples=150, deadline=None)
@given(_trees(_BARE))
def test_toml_is_read_as_written(tree: dict[str, Any]) -> None:
    _check("a.toml", _as_lines(tree, _inline), tree)


@settings(max_examples=150, deadline=None)
@given(_trees(_BARE))
def test_python_is_read_as_written(tree: dict[str, Any]) -> None:
    _check("a.py", _as_lines(tree, repr), tree)


@settings(max_examples=150, deadline=None)
@given(_trees(_BARE).filter(lambda tree: "%%{" not in str(tree)))
def test_hcl_is_read_as_written(tree: dict[str, Any]) -> None:
    # Behind a percent sign the grammar takes the escape for a fault, which is "not evaluated".
    _check("a.tf", _as_lines(tree, _hcl), tree)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(_BARE, st.text(alphabet="aé😀 \"'#\\", max_size=6), min_size=1))
def test_environments_are_read_as_written(tree: dict[str, str]) -> None:
    quoted = {key: json.dumps(value, ensure_ascii=False) for key, value in tree.items()}
    _check(".env", _as_lines(quoted, str, "="), tree)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["a.json", "a.yml", "a.toml", "a.ini", ".env", "a.tf", "a.py"]),
    st.one_of(
        st.binary(max_size=40),
        st.text(alphabet="ab=:[]{}\"'\n \\#$&*!<>|-.,0é", max_size=40).map(str.encode),
    ),
)
def test_whatever_a_file_holds_it_is_read_or_said_to_be_broken(path: str, content: bytes) -> None:
    try:
        documents = read_documents(path, content)
    except BrokenFileError:
        return
    for document in documents:
        for key in ("a", "a.b", "**", "*[]", "**.a"):
            for found in find(document, key).found:
                document.place(found.span)


# --- single facts ------------------------------------------------------------------------------


def _value(path: str, content: str, key: str) -> Any:
    documents = read_documents(path, content.encode())
    (found,) = [one for document in documents for one in find(document, key).found]
    return _plain(found.value)


def _texts(path: str, content: str, key: str) -> list[str]:
    documents = read_documents(path, content.encode())
    found = [one for document in documents for one in find(document, key).found]
    return [one.value.text if isinstance(one.value, Scalar) else "" for one in found]


def _reason(path: str, content: bytes) -> tuple[str, int | None]:
    with pytest.raises(BrokenFileError) as caught:
        read_documents(path, content)
    place = caught.value.place
    return caught.value.reason, place.line if place else None


@pytest.mark.parametrize(
    ("path", "content", "line"),
    [
        ("a.toml", b"a = 1\nb = \n", 2),
        ("a.toml", b"a = 1\na = 2\n", 2),
        ("a.yml", b"a: 1\nb: [\n", 3),
        ("a.yml", b"a: 1\n b: 2\n", 2),
        ("a.yml", b"a: 1\nb: *nothing\n", 2),
        ("a.json", b'{\n"a": 1\n"b": 2}', 3),
        ("a.json", b'{\n"a": }', 2),
        ("a.json", b'{"a": 1}\n{}', 2),
        ("a.json", b'{\n"a": 1', 2),
        ("a.ini", b"a = 1\n[b\n", 2),
        ("a.ini", b"a = 1\n= 2\n", 2),
        (".env", b"A=1\nB C\n", 2),
        (".env", b"A=1\n-\n", 2),
        ("a.toml", b"a = 1\nb = '\xff'\n", 2),
        ("a.json", b"\0", None),
    ],
)
def test_a_broken_file_is_named_with_its_line(path: str, content: bytes, line: int | None) -> None:
    reason, where = _reason(path, content)
    assert where == line
    assert line is None or f"line {line}" in reason


@pytest.mark.parametrize(
    ("path", "content", "line"), [("a.py", "a = 1\nb = (\n", 2), ("a.tf", "a = 1\nb = [\n", 2)]
)
def test_code_with_a_fault_is_read_as_far_as_it_goes(path: str, content: str, line: int) -> None:
    (document,) = read_documents(path, content.encode())
    assert document.fault is not None
    assert document.fault.line >= line
    assert [one.path for one in find(document, "a").found] == ["a"]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("a.json", b"[" * 100_000),
        ("a.json", b'{"a":' * 100_000),
        ("a.yml", b"[" * 100_000),
        ("a.yml", b"- " * 100_000),
        ("a.toml", b"a = " + b"[" * 100_000),
        ("a.py", b"a = " + b"[" * 5_000 + b"]" * 5_000),
        ("a.tf", b"a = " + b"[" * 5_000 + b"]" * 5_000),
        ("a.tf", b"a {\n" * 5_000 + b"}\n" * 5_000),
    ],
)
def test_what_is_nested_without_end_is_no_traceback(path: str, content: bytes) -> None:
    try:
        (document,) = read_documents(path, content)
    except BrokenFileError:
        return
    find(document, "**.a")


def test_aliases_that_multiply_are_shared_and_a_search_of_them_ends() -> None:
    bomb = ["a0: &a0 [x, x]"]
    bomb += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 8)}]" for n in range(1, 30)]
    (document,) = read_documents("a.yml", "\n".join(bomb).encode())
    with pytest.raises(TooManyError):
        find(document, "**.name")
    assert len(find(document, "a29[]").found) == 1


def test_an_alias_in_its_own_anchor_is_no_literal() -> None:
    (document,) = read_documents("a.yml", b"a: &a {b: *a}\n")
    (found,) = find(document, "a.b").found
    assert isinstance(found.value, Opaque)


def test_merges_that_multiply_end() -> None:
    base = ", ".join(f"k{n}: 1" for n in range(2_000))
    merges = "\n".join(f"m{n}: {{<<: *b}}" for n in range(2_000))
    reason, _ = _reason("a.yml", f"b: &b {{{base}}}\n{merges}\n".encode())
    assert "merge" in reason


def test_no_tag_makes_anything_run() -> None:
    content = b"a: !!python/object/apply:os.system ['exit 1']\nb: !Ref x\nc: !!str 3\n"
    (document,) = read_documents("a.yml", content)
    values = [find(document, key).found[0].value for key in "abc"]
    assert [type(value) for value in values] == [Opaque, Opaque, Scalar]


def test_yaml_is_that_of_version_1_2() -> None:
    content = "on: yes\noff: no\nn: 010\nt: 12:30:45\nx: 0x10\no: 0o10\nb: True\nz: ~\nd: 1_0\n"
    assert _texts("a.yml", content, "on") == ["yes"]
    assert _texts("a.yml", content, "off") == ["no"]
    assert _value("a.yml", content, "n") == 10
    assert _texts("a.yml", content, "t") == ["12:30:45"]
    assert _value("a.yml", content, "x") == 16
    assert _value("a.yml", content, "o") == 8
    assert _value("a.yml", content, "b") is True
    assert _texts("a.yml", content, "z") == ["null"]
    assert _texts("a.yml", content, "d") == ["1_0"]


def test_a_mark_and_carriage_returns_do_not_move_places() -> None:
    for path, content in (
        ("a.toml", 'a = 1\r\n"bé" = 2\r\n'),
        ("a.yml", "a: 1\r\nbé: 2\r\n"),
        ("a.ini", "a: 1\r\nbé: 2\r\n"),
        ("a.py", "a = 1\r\nbé = 2\r\n"),
    ):
        (document,) = read_documents(path, b"\xef\xbb\xbf" + content.encode())
        (found,) = find(document, '"bé"').found
        place = document.place(found.span)
        assert place is not None
        assert (place.line, place.column) == (2, 1)
        assert isinstance(found.value, Scalar)
        assert found.value.text == "2"


def test_the_place_of_a_table_is_in_its_header() -> None:
    content = '[a.b]\nx = 1\n[[c."d.e"]]\ny = 1\n[[c."d.e"]]\ny = 2\n[a.f]\ng.h = 1\n'
    (document,) = read_documents("a.toml", content.encode())
    lines = {
        key: [
            place.line for one in find(document, key).found if (place := document.place(one.span))
        ]
        for key in ("a.b.x", "a.b", 'c."d.e"[].y', 'c."d.e"[]', "a.f.g.h", "a.f.g")
    }
    assert lines == {
        "a.b.x": [2],
        "a.b": [1],
        'c."d.e"[].y': [4, 6],
        'c."d.e"[]': [3, 5],
        "a.f.g.h": [8],
        "a.f.g": [8],
    }


def test_a_key_written_twice_is_there_twice() -> None:
    assert _texts("a.json", '{"a": 1, "a": 2}', "a") == ["1", "2"]
    assert _texts("a.yml", "a: 1\na: 2\n", "a") == ["1", "2"]
    assert _texts("a.py", "a = 1\nif x:\n    a = 2\n", "a") == ["1", "2"]
    assert _texts("a.ini", "[s]\na = 1\n[s]\na = 2\n", "s.a") == ["1", "2"]


def test_documents_without_content_count_only_alone() -> None:
    assert len(read_documents("a.yml", b"---\na: 1\n---\n---\nb: 1\n---\n")) == 2
    assert len(read_documents("a.yml", b"# nothing\n")) == 1


def test_values_of_ini_go_on_in_indented_lines() -> None:
    assert _texts("a.cfg", "[s]\na =\n  x\n\n  # c\n  y\nb: 2\nc\n", "s.a") == ["x\ny"]
    assert _texts("a.cfg", "[s]\na =\n  x\nb: 2\nc\n", "s.b") == ["2"]
    assert _texts("a.cfg", "[s]\nc\n", "s.c") == ["null"]


def test_environments_have_quotes_comments_and_exports() -> None:
    content = "export A=x # c\nB='x # y'\nC=\"a\\nb\n c\"\nD=a#b\nE=\nF\n"
    assert [_texts(".env", content, key) for key in "ABCDEF"] == [
        ["x"],
        ["x # y"],
        ["a\nb\n c"],
        ["a#b"],
        [""],
        ["null"],
    ]


@pytest.mark.parametrize(
    ("statement", "is_literal"),
    [
        ("A = 60 * 60", False),
        ("A = -1", True),
        ("A: int = 0x10", True),
        ("A = f'x{y}'", False),
        ("A = f'x'", True),
        ("A = b'x'", False),
        ("A = ('x'\n  'y')", True),
        ("A = x", False),
        ("A, B = 1, 2", True),
        ("A, *B = 1, 2", False),
        ("A = 1\nA += 1", False),
        ("from x import A", False),
        ("A = 1j", False),
    ],
)
def test_only_literals_of_python_have_values(statement: str, is_literal: bool) -> None:
    (document,) = read_documents("a.py", (statement + "\n").encode())
    found = find(document, "A").found
    assert [isinstance(one.value, Opaque) for one in found] == [not is_literal]


def test_what_is_changed_later_may_hold_more() -> None:
    for change in ("A.append('y')", "A += ['y']", "A[0] = 'y'", "del A[0]"):
        (document,) = read_documents("a.py", f"A = ['x']\n{change}\n".encode())
        (found,) = find(document, "A").found
        assert isinstance(found.value, Sequence)
        assert found.value.open, change


def test_names_that_a_star_may_bring_are_unknown_and_not_missing() -> None:
    (document,) = read_documents("a.py", b"from base import *\nA = 1\n")
    assert find(document, "A").missing == ()
    answer = find(document, "B")
    assert (answer.missing, len(answer.unknown)) == ((), 1)


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (
            r"A = 'a\x41\u00e9\N{BULLET}\101\n\'\
b'",
            "aAé•A\n'b",
        ),
        (r"A = r'\n'", r"\n"),
        ("A = '''a\nb'''", "a\nb"),
    ],
)
def test_strings_of_python_have_their_escapes(statement: str, text: str) -> None:
    assert _texts("a.py", statement + "\n", "A") == [text]


def test_text_in_place_markers_of_hcl_is_text_only_without_expressions() -> None:
    content = (
        'a = <<-EOT\n    x\n      y\n  EOT\nb = "${c}"\nd = "$${c} \\u0041"\ne = <<E\n${x}\nE\n'
    )
    assert _texts("a.tf", content, "a") == ["x\n  y\n"]
    assert _texts("a.tf", content, "d") == ["${c} A"]
    (document,) = read_documents("a.tf", content.encode())
    assert isinstance(find(document, "b").found[0].value, Opaque)
    assert isinstance(find(document, "e").found[0].value, Opaque)


def test_a_dynamic_block_may_make_blocks_that_are_not_seen() -> None:
    (document,) = read_documents("a.tf", b'r "a" "b" {\n  dynamic "rule" {\n  }\n}\n')
    answer = find(document, "r.a.b.rule.on")
    assert (answer.missing, len(answer.unknown)) == ((), 1)


def test_formats_go_by_the_name_of_the_file() -> None:
    names = {
        "a/pyproject.toml": "toml",
        "Pipfile": "toml",
        ".github/workflows/ci.yml": "yaml",
        "tsconfig.json": "json",
        "a.JSON": "json",
        "setup.cfg": "ini",
        ".editorconfig": "ini",
        ".env": "env",
        ".env.example": "env",
        "prod.env": "env",
        "main.tf": "hcl",
        "settings.py": "python",
        "README.md": None,
        "LICENSE": None,
    }
    assert {name: format_of(name) for name in names} == names


def test_quoted_segments_are_no_wildcards() -> None:
    assert [step.wild for step in steps_of('a."*".*[]."[]".**')] == [
        False,
        False,
        True,
        True,
        False,
        True,
    ]
