"""Facts of Go: what a text says, name by name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bylaw.facts.go import extract
from bylaw.facts.model import FileFacts, Place, Where

PACKAGE = "package shop\n"


def facts(text: str) -> FileFacts:
    return extract((PACKAGE + text).encode(), ".go")


def meaning(text: str, of: str) -> str | None:
    """Name of the last use that is written so."""
    return [use.name for use in facts(text).uses if ".".join(use.chain) == of][-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('import "net/http"', [("net/http", "import", "http")]),
        ("import `os`", [("os", "import", "os")]),
        ('import h "net/http"', [("net/http", "import", "h")]),
        ('import _ "net/http/pprof"', [("net/http/pprof", "import", None)]),
        ('import . "os"', [("os", "wildcard", None)]),
        ('import (\n"a/b"\nc "d"\n)', [("a/b", "import", "b"), ("d", "import", "c")]),
        ("import ()", []),
        ('// import "a"', []),
        ('var a = "import \\"a\\""', []),
    ],
)
def test_every_form_of_import_is_seen(
    text: str, expected: list[tuple[str, str, str | None]]
) -> None:
    found = facts(text)
    assert [(i.name, i.form, i.bound) for i in found.imports] == expected
    assert all(i.module == i.name for i in found.imports)


def test_an_import_s_place_is_its_own_line() -> None:
    assert [i.place.line for i in facts('import (\n\t"a"\n\n\tb "c"\n)').imports] == [3, 5]


@pytest.mark.parametrize(
    ("path", "package"),
    [
        ("os/exec", "exec"),
        ("gopkg.in/yaml.v3", "yaml"),
        ("example.com/shop/v2", "shop"),
        ("example.com/go-yaml", "yaml"),
        ("example.com/yaml-go", "yaml"),
        ("example.com/yaml.go", "yaml"),
        ("example.com/go-sqlite3/v3", "sqlite3"),
        ("C", "C"),
    ],
)
def test_a_package_is_told_by_its_path(path: str, package: str) -> None:
    assert meaning(f'import "{path}"\nvar a = {package}.B', f"{package}.B") == f"{path}#B"


@pytest.mark.parametrize(
    ("text", "of", "expected"),
    [
        ('import "os"\nfunc f() { os.Getenv("A") }', "os.Getenv", "os#Getenv"),
        ('import o "os"\nfunc f() { o.Getenv("A") }', "o.Getenv", "os#Getenv"),
        ('import o "os"\nfunc f() { os.Getenv("A") }', "os.Getenv", "os.Getenv"),
        ('import . "os"\nfunc f() { Getenv("A") }', "Getenv", "os#Getenv"),
        ('import . "os"\nfunc f() { getenv("A") }', "getenv", "getenv"),
        ('import . "os"\nfunc Getenv() {}\nfunc f() { Getenv() }', "Getenv", ":Getenv"),
        ('import "os"\nfunc f(os T) { os.Getenv() }', "os.Getenv", None),
        ('import "os"\nfunc (os T) f() { os.Getenv() }', "os.Getenv", None),
        ('import "os"\nfunc f() (os T) { return os.Getenv() }', "os.Getenv", None),
        ('import "os"\nfunc f() { os := g(); os.Getenv() }', "os.Getenv", None),
        ('import "os"\nfunc f() { var os = g(); os.Getenv() }', "os.Getenv", None),
        ('import "os"\nfunc f() { for _, os := range a { os.Getenv() } }', "os.Getenv", None),
        ('import "os"\nfunc f() { if os := g(); os.Getenv() {} }', "os.Getenv", None),
        (
            'import "os"\nfunc f() { switch os := a.(type) { case B: os.Getenv() } }',
            "os.Getenv",
            None,
        ),
        ('import "os"\nfunc f() { select { case os := <-a: os.Getenv() } }', "os.Getenv", None),
        ('import "os"\nvar f = func(os T) { os.Getenv() }', "os.Getenv", None),
        ('import "os"\nfunc f() { { os := 1; _ = os }; os.Getenv() }', "os.Getenv", "os#Getenv"),
        ('import "os"\nfunc f() { os.Getenv(); os := 1; _ = os }', "os.Getenv", "os#Getenv"),
        ('import "os"\nfunc f() { os := os.Getenv(); _ = os }', "os.Getenv", "os#Getenv"),
        ("func g() {}\nfunc f() { g() }", "g", ":g"),
        ("func f() { g() }\nfunc g() {}", "g", ":g"),
        ('func f() { panic("x") }', "panic", "panic"),
        ("func f() { a().b() }", "a.().b", None),
        ("func f() { a[0].b() }", "a.[].b", None),
        ("func f() { (a.b)(1) }", "a.b", "a.b"),
        ('import "x/slices"\nfunc f() { slices.Map[int](a) }', "slices.Map", "x/slices#Map"),
    ],
)
def test_a_name_means_what_stands_before_it(text: str, of: str, expected: str | None) -> None:
    assert meaning(text, of) == expected
    assert facts(text).faults == ()


def test_with_two_dot_imports_a_name_may_be_of_either() -> None:
    found = facts('import . "os"\nimport . "fmt"\nfunc f() { Getenv("A") }')
    assert [use.name for use in found.uses] == ["os#Getenv", "fmt#Getenv"]
    assert [found.uses[call.use].call for call in found.calls] == [0, 1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("var a = b.C", [("b.C", "read")]),
        ("var a b.C", [("b.C", "annotation")]),
        ("var a = b.C{d: e.F}", [("b.C", "annotation"), ("e.F", "read")]),
        ("var a = []b{{c: d}}", [("b", "annotation"), ("d", "read")]),
        (
            "var a = map[b]c{d: e}",
            [("b", "annotation"), ("c", "annotation"), ("d", "read"), ("e", "read")],
        ),
        ("func f() { a.b = c }", [("a.b", "write"), ("c", "read")]),
        ("func f() { a.b++ }", [("a.b", "write")]),
        ("func f() { go a.b(c...) }", [("a.b", "call"), ("c", "read")]),
        ("func f() { a[0](c) }", [("a", "read"), ("a.[]", "call"), ("c", "read")]),
        ("func f() { a[b](c) }", [("a", "call"), ("b", "annotation"), ("c", "read")]),
        ("type a struct { b.C; d *e.F }", [("b.C", "base"), ("e.F", "annotation")]),
        ("type a interface { b.C; d(e F) }", [("b.C", "annotation"), ("F", "annotation")]),
        ("func f[a b.C](d a) {}", [("b.C", "annotation"), ("a", "annotation")]),
        ("func f() { _ = a; b: for { break b } }", [("a", "read")]),
    ],
)
def test_a_use_has_its_role(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(".".join(use.chain), use.role) for use in facts(text).uses] == expected


def test_definitions_are_functions_methods_and_structs() -> None:
    text = """
// Struct does.
type Struct struct {
	Base
	*pkg.Other
	a, b int
}

type (
	// Inner does.
	Inner struct{}
	alias = Struct
)

//go:generate x
func plain() {
	lambda := func() {}
}

// Method does.
//go:noinline
func (s *Struct) Method() { inside() }

var last = 1 // trailing
func (s Elsewhere) Other() {}
"""
    found = facts(text)
    assert [(d.kind, d.name, d.parent, d.documented) for d in found.definitions] == [
        ("class", "Struct", -1, True),
        ("class", "Inner", -1, True),
        ("function", "plain", -1, False),
        ("method", "Method", 0, True),
        ("method", "Other", -1, False),
    ]
    assert found.definitions[0].members == ("Base", "Other", "a", "b", "Method")
    assert [base.name for base in found.definitions[0].bases] == ["Base", "pkg.Other"]
    assert found.names == ("Struct", "Inner", "alias", "plain", "last")
    (inside,) = [use for use in found.uses if use.chain == ("inside",)]
    assert (inside.entity, inside.where) == (3, Where.FUNCTION)


def test_a_package_s_comment_documents_it() -> None:
    assert extract(b"// Package a does.\npackage a\n", ".go").documented
    assert not extract(b"// Copyright\n\npackage a\n", ".go").documented


def test_calls_know_their_arguments_and_what_they_stand_in() -> None:
    found = facts('import "a"\nfunc f() { a.B(1, c(d...)) }')
    assert [(call.positional, call.star, call.wrappers) for call in found.calls] == [
        (2, False, ()),
        (1, True, ("a#B",)),
    ]


def test_places_count_characters() -> None:
    found = facts('var é = "ü" + ß.B\r\n')
    assert found.uses[0].place == Place(2, 15, 2, 18)


def test_a_fault_is_told_and_the_rest_is_read() -> None:
    found = facts('import "a"\nvar = = 1\nfunc f() { a.B() }\n')
    assert found.faults
    assert found.faults[0].place.line == 3
    assert "a#B" in [use.name for use in found.uses]


@pytest.mark.parametrize(
    "text",
    [
        "func f() { " + "f(" * 20000 + "a" + ")" * 20000 + "}",
        "var a = b" + ".c(1)" * 20000,
        "func f() { " + "{a:=1;b;a;" * 5000 + "}" * 5000 + "}",
        "var a = " + "func(){a;" * 5000 + "}" * 5000,
        "var a = " + "A{" * 20000 + "}" * 20000,
        "var a " + "[]" * 20000 + "int",
        "//go:x\n" * 20000 + "func f() {}",
        "@# " * 20000,
    ],
)
def test_no_depth_is_too_deep(text: str) -> None:
    assert facts(text) is not None


_KEYWORDS = """
package import func type struct interface var const a
b case switch select for range if else go
"""
_SIGNS = '( ) { } [ ] := = . "m" ` , * <- ... // é :'
_WORDS = st.sampled_from([*_KEYWORDS.split(), *_SIGNS.split(), "\n"])


@settings(max_examples=200, deadline=None)
@given(st.lists(_WORDS, max_size=40))
def test_no_text_is_too_odd(words: list[str]) -> None:
    text = " ".join(words)
    found = facts(text)
    for number, call in enumerate(found.calls):
        assert found.uses[call.use].call == number
    for use in found.uses:
        assert use.place[:2] < use.place[2:]
    assert found == facts(text)
