"""Imports, calls, handlers and definitions of a Python file."""

import marshal
import string
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bylaw.facts.model import Definition, FileFacts, Where
from bylaw.facts.packing import pack
from bylaw.facts.python import extract, normal_literal
from tests.check.facts.test_python_names import facts_of


def test_each_form_of_import_says_what_it_imports() -> None:
    text = (
        "import a.b, c as d\nfrom e.f import g as h\nfrom . import i\nfrom ..j import k\n"
        "from l import *\nfrom .. import *\nfrom __future__ import annotations\n"
    )
    assert [(i.form, i.name, i.module, i.bound) for i in facts_of(text).imports] == [
        ("import", "a.b", "a.b", "a"),
        ("import", "c", "c", "d"),
        ("from", "e.f.g", "e.f", "h"),
        ("from", ".i", ".", "i"),
        ("from", "..j.k", "..j", "k"),
        ("wildcard", "l", "l", None),
        ("wildcard", "..", "..", None),
        ("from", "__future__.annotations", "__future__", "annotations"),
    ]


def test_an_import_stands_in_the_first_line_of_its_statement() -> None:
    facts = facts_of("from a import (  # why\n    b,\n    c,\n)\nimport d, e\n")
    assert [i.place for i in facts.imports] == [
        (1, 1, 1, 23),
        (1, 1, 1, 23),
        (5, 8, 5, 9),
        (5, 11, 5, 12),
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('importlib.import_module("a.b")', ["a.b"]),
        ("importlib.import_module(name='a')", ["a"]),
        ("importlib.import_module('a' '.b')", ["a.b"]),
        (r"importlib.import_module('\x61')", ["a"]),
        ("importlib.import_module(f'a')", ["a"]),
        ("importlib.import_module(f'a{x}')", []),
        ("importlib.import_module(x)", []),
        ("importlib.import_module(b'a')", []),
        ("importlib.import_module('.c', 'a.b')", ["a.b.c"]),
        ("importlib.import_module('..c', package='a.b')", ["a.c"]),
        ("importlib.import_module('...c', 'a')", []),
        ("importlib.import_module('.c', __package__)", [".c"]),
        ("from importlib import import_module as m\nm('a')", ["a"]),
        ("import importlib as i\ni.import_module('a')", ["a"]),
        ("__import__('a')", ["a"]),
        ("builtins.__import__('a')", ["a"]),
        ("__import__('a', g, l, ['b', 'c'])", ["a.b", "a.c"]),
        ("__import__('a', fromlist=('b',), level=1)", [".a.b"]),
        ("__import__(*['a'])", []),
        ("import_module('a')", []),
        ("x.import_module('a')", []),
        ("def import_module(x): pass\nimport_module('a')", []),
        (r"__import__('\ud800')", []),
    ],
)
def test_a_call_with_a_literal_imports_it(text: str, names: list[str]) -> None:
    assert [i.name for i in facts_of(text).imports if i.form == "dynamic"] == names


def test_what_a_function_imports_does_not_run_with_the_module() -> None:
    text = (
        "import a\nclass K:\n import b\n def f(self, x=__import__('c')): import d\n"
        "lambda: __import__('e')\nif a: import f"
    )
    late = [i.name for i in facts_of(text).imports if i.where & Where.FUNCTION]
    assert late == ["d", "e"]


@pytest.mark.parametrize(
    ("condition", "then", "otherwise"),
    [
        ("TYPE_CHECKING", True, False),
        ("typing.TYPE_CHECKING", True, False),
        ("t.TYPE_CHECKING", True, False),
        ("TC", True, False),
        ("(TYPE_CHECKING)", True, False),
        ("not TYPE_CHECKING", False, True),
        ("not (not TYPE_CHECKING)", True, False),
        ("TYPE_CHECKING and x", True, False),
        ("TYPE_CHECKING or x", False, False),
        ("not TYPE_CHECKING or x", False, True),
        ("x", False, False),
        ("f(TYPE_CHECKING)", False, False),
        ("TYPE_CHECKING == x", False, False),
    ],
)
def test_branches_for_the_type_checker_are_told_apart(
    condition: str, then: bool, otherwise: bool
) -> None:
    text = f"from typing import TYPE_CHECKING as TC\nif {condition}:\n import a\nelse:\n import b"
    found = {i.name: bool(i.where & Where.TYPE_CHECKING) for i in facts_of(text).imports}
    assert (found["a"], found["b"]) == (then, otherwise)


def test_branches_after_one_that_is_not_for_the_type_checker_are() -> None:
    text = (
        "if not TYPE_CHECKING: import a\nelif x: import b\nelse: import c\n"
        "if x: import d\nelif TYPE_CHECKING: import e\nelse: import f\n"
    )
    typed = [i.name for i in facts_of(text).imports if i.where & Where.TYPE_CHECKING]
    assert typed == ["b", "c", "e"]


def test_code_knows_what_wraps_it() -> None:
    text = (
        "import m\nfrom m import retry as r\n"
        "try:\n f1()\n def g(): f2()\nexcept E: f3()\nelse: f4()\nfinally: f5()\n"
        "with m.lock, r(3) as x: f6()\n"
        "with f7() as y, f8(): pass\n"
        "r(f9(), lambda: f10(), k=[f11()])\n"
        "r(1)(f12())\nf13()(r)\n"
        "def h(local):\n with local.lock, local: f14()\n local(f15())\n"
        "r(f'{f16()}')\n"
    )
    facts = facts_of(text)
    wrappers = {facts.uses[c.use].name: c.wrappers for c in facts.calls}
    assert {k: v for k, v in wrappers.items() if k and k.startswith("f")} == {
        "f1": ("try",),
        "f2": ("try",),
        "f3": (),
        "f4": (),
        "f5": (),
        "f6": ("m.lock", "m.retry"),
        "f7": (),
        "f8": ("f7",),
        "f9": ("m.retry",),
        "f10": ("m.retry",),
        "f11": ("m.retry",),
        "f12": ("m.retry",),
        "f13": (),
        "f14": ("?.lock",),
        "f15": (),
        "f16": ("m.retry",),
    }


def test_a_handler_says_what_it_catches() -> None:
    text = (
        "from e import A as B\n"
        "try: pass\nexcept B: pass\nexcept (x.C, (D), *E) as e: pass\nexcept f(): pass\n"
        "except: pass\ntry: pass\nexcept* G: pass\ntry: pass\nexcept H, I: pass\n"
    )
    assert [(c.names, c.place.line) for c in facts_of(text).catches] == [
        (("e.A",), 3),
        (("x.C", "D", "E"), 4),
        ((None,), 5),
        (("BaseException",), 6),
        (("G",), 8),
        (("H", "I"), 10),
    ]


def test_arguments_are_counted_and_named() -> None:
    (call,) = facts_of("f(1, x, *a, b=2, **c)").calls
    assert (call.positional, call.star, call.spread) == (2, True, True)
    assert call.arguments == (("b", "2"),)
    (call, *_) = facts_of("f(x for x in y)").calls
    assert call.positional == 1


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("True", "True"),
        ("None", "None"),
        ("5", "5"),
        ("0x5", "5"),
        ("1_000", "1000"),
        ("-5", "-5"),
        ("+5", "5"),
        ("-0", "0"),
        ("1.50", "1.5"),
        ("1e3", "1000.0"),
        ("2j", "2j"),
        ('"x"', "'x'"),
        ("'''x'''", "'x'"),
        ("'a' \"b\"", "'ab'"),
        (r"'\x41\t\N{BULLET}\101'", r"'A\t•A'"),
        (r"r'\x'", r"'\\x'"),
        (r"b'\x00'", r"b'\x00'"),
        ("f'x'", "'x'"),
        ("('x')", "'x'"),
        ("['GET', 'POST']", "['GET', 'POST']"),
        ("('a',)", "('a',)"),
        ("[]", "[]"),
        ("f'{x}'", None),
        ("x", None),
        ("not True", None),
        ("[x]", None),
        ("f()", None),
        ("1 + 1", None),
    ],
)
def test_literals_have_a_normal_form(written: str, value: str | None) -> None:
    assert facts_of(f"f(a={written})").calls[0].arguments == (("a", value),)
    assert normal_literal(written) == value


def definitions(text: str) -> dict[str, Definition]:
    """Return the definitions of a text by their names."""
    return {d.name: d for d in facts_of(text).definitions}


def test_functions_stand_outside_a_class_and_methods_in_one() -> None:
    found = definitions(
        "def f():\n def g(): pass\nclass K:\n if x:\n  def m(self):\n   def n(): pass\n"
        " class L:\n  async def o(self): pass\nh = lambda: 1\n"
    )
    assert {name: (d.kind, d.parent) for name, d in found.items()} == {
        "f": ("function", -1),
        "g": ("function", 0),
        "K": ("class", -1),
        "m": ("method", 2),
        "n": ("function", 3),
        "L": ("class", 2),
        "o": ("method", 5),
    }


def test_members_are_what_a_class_body_binds() -> None:
    found = definitions(
        "class K:\n a = b = 1\n c: int\n d, *e = x\n import os\n if x:\n  def m(self):\n"
        "   self.no = 1\n   no = 2\n for f in y: pass\n class L: no = 1\n __slots__ = ()\n"
        " try: pass\n except X as no: pass\n [no for no in x]\n"
    )
    members = ("a", "b", "c", "d", "e", "m", "f", "L", "__slots__")
    assert found["K"].members == members


def test_a_module_defines_what_its_top_level_binds_but_not_what_it_imports() -> None:
    text = (
        "import a\nfrom b import c\nd = 1\nif x:\n def e(): no = 1\nelse:\n class f: no = 1\n"
        "no: int\ng: int = 1\n(h := 1)\nwith x as i: pass\ndef j():\n global no\n no = 1\n"
    )
    assert facts_of(text).names == ("d", "e", "f", "g", "h", "i", "j")


def test_bases_are_named_without_their_arguments() -> None:
    found = definitions(
        "from m import B as C\nclass K(C, x.D[int], (E), make(F), *rest, metaclass=M, **kw): pass"
    )
    assert [b.name for b in found["K"].bases] == ["m.B", "x.D", "E", None, None]


def test_decorators_have_names_and_arguments() -> None:
    found = definitions(
        "from m import d\n@d\n@x.e(1, 'a', y, auth=True)\n@f()()\n@(d)\ndef g(): pass"
    )
    assert [(d.name, d.positional, d.arguments) for d in found["g"].decorators] == [
        ("m.d", (), ()),
        ("x.e", ("1", "'a'", None), (("auth", "True"),)),
        (None, (), ()),
        ("m.d", (), ()),
    ]
    assert found["g"].place[:2] == (6, 5)
    assert found["g"].body[:2] == (2, 1)


def test_parameters_and_results_without_annotation_are_named() -> None:
    found = definitions(
        "def f(self, a, /, b: int, c=1, d: int=2, *e, g, **h): pass\n"
        "def i(cls, *args: int, **kw: int) -> None: pass\n"
        "def j(*, x) -> int: return lambda y: 1\n"
    )
    assert found["f"].unannotated == ("a", "c", "e", "g", "h", "return")
    assert found["i"].unannotated == ()
    assert found["j"].unannotated == ("x",)


@pytest.mark.parametrize(
    ("first", "documented"),
    [
        ("'x'", True),
        ("r'''x'''", True),
        ("u'x'", True),
        ("('x')", True),
        ("'x' 'y'", True),
        ("# why\n '''x'''", True),
        ("f'x'", False),
        ("b'x'", False),
        ("'x'.y", False),
        ("'x', 'y'", False),
        ("x = 'y'", False),
        ("pass", False),
        ("'x' f'y'", False),
    ],
)
def test_a_docstring_is_the_first_statement(first: str, documented: bool) -> None:
    assert definitions(f"def f():\n {first}\n pass")["f"].documented is documented
    assert facts_of(f"{first.replace(chr(10) + ' ', chr(10))}\n").documented is documented


# --- what is not Python, or only just ----------------------------------------------------------


def test_what_is_around_an_error_is_found() -> None:
    facts = extract(b"import a\nx = = 1\ndef f():\n  import b\n  y = (\nimport c\n", ".py")
    assert facts.faults
    assert {"a", "b"} <= {i.name for i in facts.imports}


def test_very_many_errors_reach_to_the_end() -> None:
    facts = extract(b"x = = 1\n" * 100 + b"import a\n", ".py")
    assert facts.faults[-1].place.end_line >= 101
    assert len(facts.faults) < 100


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\xef\xbb\xbfimport a", "a"),
        (b"# coding: latin-1\nimport caf\xe9", "café"),
        (b"#!/bin/x\n# -*- coding: utf8 -*-\nimport caf\xc3\xa9", "café"),
        (b"# vim: set fileencoding=cp1252 :\nimport caf\xe9", "café"),
        (b"x = '\xff' # \xfe\nimport a", "a"),
        (b"\x0cimport a\x0c\n", "a"),
    ],
)
def test_encodings_are_read(data: bytes, name: str) -> None:
    facts = extract(data, ".py")
    assert [i.name for i in facts.imports] == [name]
    assert facts.faults == ()


@pytest.mark.parametrize(
    "encoding", [b"utf-7", b"rot13", b"punycode", b"no-such", b"unicode_escape"]
)
def test_an_encoding_that_can_hide_code_is_a_fault(encoding: bytes) -> None:
    assert extract(b"# coding: " + encoding + b"\nimport a", ".py").faults


_DEEP = 20_000


@pytest.mark.parametrize(
    "text",
    [
        "(" * _DEEP + ")" * _DEEP,
        "[" * _DEEP,
        "f(" * _DEEP + ")" * _DEEP,
        "a" + ".b" * _DEEP,
        "a" + " .b" * _DEEP,
        "a" + ".b()" * _DEEP,
        "a" + "[0].b" * _DEEP,
        "lambda: " * _DEEP + "x",
        "not " * _DEEP + "x",
        "if " + "not " * _DEEP + "TYPE_CHECKING: import x",
        "x" + " + x" * _DEEP,
        "x: " + "a[" * _DEEP + "b" + "]" * _DEEP,
        "(" * _DEEP + "a" + ")" * _DEEP + " = 1",
        "try: pass\nexcept " + "(" * _DEEP + "A" + ")" * _DEEP + ": pass",
        "with " + "(" * _DEEP + "a" + ")" * _DEEP + ": f()",
        "match x:\n case " + "B(" * _DEEP + ")" * _DEEP + ": pass",
        "@a\n" * _DEEP + "def f(): pass",
        "f(a=" + "(" * _DEEP + "1," + ")" * _DEEP + ")",
        "type(x)" + "[0]" * _DEEP + ".y = 1",
        "import " + "a." * _DEEP + "b",
        "from " + "." * _DEEP + " import x",
        "x = ['é', " + "f('é'), " * _DEEP + "]",
        "".join(f"from a{i} import x\n" for i in range(2000)) + "x()\n" * 2000,
        "\0" * _DEEP,
    ],
    ids=range(24),
)
def test_no_text_is_too_deep_or_too_long(text: str) -> None:
    assert pack(extract(text.encode(), ".py"))


def test_code_that_is_nested_too_deeply_is_a_fault_and_not_a_wrong_answer() -> None:
    assert extract(b"f(" * 1000 + b")" * 1000, ".py").faults


_WORDS = [
    *("import a", "from . import b", "def f(", "class C", "):", ":", "\n", "\n ", "\n  ", "(", ")"),
    *("[", "]", "f'{", "}'", "'''", "x", ".y", "=", ",", "*", "try:", "except", "as e", "lambda"),
    *("with", "match x:", "case", "if", "else", "TYPE_CHECKING", "@d", "type X", "é", "\0", "\\\n"),
    *("\r", "\t", "global x", "del", "for", "in", "print", "exec", "await", "async", "not", "`"),
    *("__import__('a')", "#", ":=", "**", "->", "{", "}"),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=40).map(" ".join) | st.text(string.printable))
def test_any_text_has_facts_that_can_be_kept(text: str) -> None:
    facts = extract(text.encode(), ".py")
    assert marshal.loads(pack(facts))
    assert _is_sound(facts)


def _is_sound(facts: FileFacts) -> bool:
    """Tell whether indexes point to each other, and all stands in the order of the text."""
    calls = all(facts.uses[call.use].call == n for n, call in enumerate(facts.calls))
    parents = all(d.parent < n for n, d in enumerate(facts.definitions))
    entities = all(-1 <= use.entity < len(facts.definitions) for use in facts.uses)
    order = all(a.place <= b.place for a, b in pairwise(facts.uses))
    return calls and parents and entities and order
