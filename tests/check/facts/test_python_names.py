"""What a name in a Python file means where it stands."""

import pytest

from bylaw.facts.model import FileFacts
from bylaw.facts.python import extract


def facts_of(text: str) -> FileFacts:
    """Return the facts of a Python text that has no fault."""
    facts = extract(text.encode(), ".py")
    assert facts.faults == ()
    return facts


def called(text: str) -> list[str | None]:
    """Return the names of what a text calls, in its order."""
    facts = facts_of(text)
    return [facts.uses[call.use].name for call in facts.calls]


def named(text: str, role: str = "read") -> list[str | None]:
    """Return the names that a text uses in a role, in its order."""
    return [use.name for use in facts_of(text).uses if use.role == role]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import a\na.f()", "a.f"),
        ("import a as x\nx.f()", "a.f"),
        ("import a.b\na.b.f()", "a.b.f"),
        ("import a.b\na.c.f()", "a.c.f"),
        ("import a.b as x\nx.f()", "a.b.f"),
        ("import a.b, a.c\na.b.f()", "a.b.f"),
        ("from a import f\nf()", "a.f"),
        ("from a.b import f as g\ng()", "a.b.f"),
        ("from a.b import c\nc.f()", "a.b.c.f"),
        ("from . import c\nc.f()", ".c.f"),
        ("from .c import f\nf()", ".c.f"),
        ("from ...c.d import f\nf()", "...c.d.f"),
        ("from . . import c\nc.f()", "..c.f"),
        ("from a import *\nf()", "f"),
        ("f()", "f"),
        ("self.f()", "self.f"),
        ("import builtins\nbuiltins.print()", "print"),
        ("builtins.print()", "print"),
        ("from builtins import print as p\np()", "print"),
        ("import builtins as b\nb.open().x", "open"),
        ("def f(): pass\nf()", ":f"),
        ("class C: pass\nC.make()", ":C.make"),
        ("f = 1\ndef g(): f()", ":f"),
        ("def g(): f()\nf = 1", ":f"),
        ("a . b  .c()", "a.b.c"),
        ("(a\n .b\n .c)()", "a.b.c"),
        ("(a)()", "a"),
        ("a.\\\n b()", "a.b"),
        ("\N{FULLWIDTH LATIN SMALL LETTER A}.b()", "a.b"),
        ("café()", "café"),
    ],
)
def test_a_name_resolves_through_the_imports_of_its_file(text: str, name: str) -> None:
    assert called(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "import f\ndef g(f): f()",
        "import f\ndef g(*f): f()",
        "import f\ndef g(*, f=1): f()",
        "import f\ndef g(**f): f()",
        "import f\ndef g(f: int): f()",
        "import f\nlambda f: f()",
        "import f\ndef g():\n f()\n f = 1",
        "import f\ndef g():\n f: int\n f()",
        "import f\ndef g():\n f += 1\n f()",
        "import f\ndef g():\n (x, [*f]) = y\n f()",
        "import f\ndef g():\n for f, x in y: f()",
        "import f\nasync def g():\n async for f in y: f()",
        "import f\ndef g():\n with x as (f, y): f()",
        "import f\ndef g():\n try: pass\n except X as f: f()",
        "import f\ndef g():\n match x:\n  case [f, *y]: f()",
        "import f\ndef g():\n match x:\n  case A(b=f): f()",
        "import f\ndef g():\n match x:\n  case {'k': 1, **f}: f()",
        "import f\ndef g():\n match x:\n  case A() as f: f()",
        "import f\ndef g():\n if (f := 1): f()",
        "import f\ndef g():\n [f := 1 for x in y]\n f()",
        "import f\ndef g():\n del f\n f()",
        "import f\ndef g():\n def f(): pass\n f()",
        "import f\ndef g():\n class f: pass\n f()",
        "import f\ndef g():\n type f = int\n f()",
        "import f\n[f() for f in y]",
        "import f\n{f(): 1 for x in y for f in x}",
        "import f\ndef g(f):\n def h():\n  return [f() for x in y]",
        "import f\ndef g[f](x): f()",
        "import f\nclass C[f]:\n def g(self): f()",
    ],
)
def test_a_local_name_hides_an_import(text: str) -> None:
    assert called(text) == [None]


@pytest.mark.parametrize(
    "text",
    [
        "import f\ndef g():\n global f\n f()\n f = 1",
        "def g():\n import f\n def h():\n  nonlocal f\n  f()\n  f = 1",
        "def g():\n import f\n f()",
        "import f\nclass C:\n f = 1\n def g(self): f()",
        "import f\nclass C:\n def f(self): f()",
        "import f\nclass C:\n f = 1\n x = [f() for y in z]",
        "import f\nclass C:\n x = f()\n f = 1",
        "import f\nclass C:\n f = f()",
        "import f\n[x for f in f()]",
        "import f\n[x for f in y]\nf()",
        "import f\n(lambda f: 1)\nf()",
        "import f\ndef g(f=f()): pass",
        "import f\ndef g(f) -> f(): pass",
        "import f\n@f()\ndef f2(f): pass",
        "try:\n import f\nexcept ImportError:\n f = None\nf()",
        "try:\n import f\nexcept ImportError:\n def f(): pass\nf()",
        "def g(f):\n import f\n f()",
        "match f():\n case g: pass",
        "match x:\n case f.y: f()\nimport f",
        "match x:\n case g(f=1): f()\nimport f",
        "g(f=1)\nimport f\nf()",
    ],
)
def test_an_import_is_seen_past_names_that_do_not_hide_it(text: str) -> None:
    assert called(text)[-1] == "f"


def test_names_of_a_class_are_seen_in_its_body_alone() -> None:
    text = "class C:\n def f(): pass\n x = f()\n def g(self): f()"
    assert called(text) == [None, "f"]


def test_before_a_module_binds_a_name_it_is_free() -> None:
    assert called("print(1)\nprint = print(2)\nprint(3)") == ["print", "print", ":print"]


def test_a_name_that_several_imports_bind_stands_for_each() -> None:
    text = "try:\n from a import f\nexcept ImportError:\n from b import f\nf()"
    facts = facts_of(text)
    assert called(text) == ["a.f", "b.f"]
    assert [facts.uses[call.use].call for call in facts.calls] == [0, 1]


def test_a_declaration_binds_nothing_at_the_top_level() -> None:
    assert called("print: object\nprint()") == ["print"]


def test_only_code_is_read() -> None:
    text = '"""f()"""\n# f()\nx = "f()" \'f()\' b"f()" r"{f()}"\ndef g(a: "f()") -> "f()": "f()"'
    assert called(text) == []
    assert named(text, "annotation") == []


def test_what_an_f_string_fills_in_is_code() -> None:
    assert called('f"{a()!r:>{b()}} {c()=}" rF"{d()}" "{e()}"') == ["a", "b", "c", "d"]
    assert called('t"{a()}"') == ["a"]


def test_a_chain_ends_at_calls_and_subscripts() -> None:
    facts = facts_of('a.b().c[0].d(1)(2)\n"x".e()\n(f or g).h')
    assert [(use.chain, use.role, use.name) for use in facts.uses] == [
        (("a", "b"), "call", "a.b"),
        (("a", "b", "()", "c"), "read", None),
        (("a", "b", "()", "c", "[]", "d"), "call", None),
        (("", "e"), "call", None),
        (("", "h"), "read", None),
        (("f",), "read", "f"),
        (("g",), "read", "g"),
    ]


def test_a_use_knows_its_role() -> None:
    text = (
        "@a.dec\n@a.made(1)\nclass C(a.Base, a.Generic[a.Arg], metaclass=a.Meta):\n"
        " x: a.Type = a.value\ntry: pass\nexcept (a.E, a.F) as e: pass\na.w = 1\ndel a.v\na.z += 1"
    )
    roles = {use.chain[1]: use.role for use in facts_of(text).uses}
    assert roles == {
        "dec": "decorator",
        "made": "call",
        "Base": "base",
        "Generic": "base",
        "Arg": "read",
        "Meta": "read",
        "Type": "annotation",
        "value": "read",
        "E": "catch",
        "F": "catch",
        "w": "write",
        "v": "write",
        "z": "read",
    }


def test_a_bound_name_is_told_from_a_free_one() -> None:
    uses = facts_of("import a\nb = 1\na.x\nb.x\nc.x\ndef f(d): d.x").uses
    assert [(use.chain[0], use.shadowed) for use in uses] == [
        ("a", False),
        ("b", True),
        ("c", False),
        ("d", True),
    ]


def test_a_use_knows_the_innermost_definition_around_it() -> None:
    text = "a()\n@b()\ndef f(x=c()):\n d()\n class K(e()):\n  g()\n  def m(self): h()"
    facts = facts_of(text)
    found = {u.name: facts.definitions[u.entity].name if u.entity >= 0 else "" for u in facts.uses}
    assert found == {"a": "", "b": "f", "c": "f", "d": "f", "e": "K", "g": "K", "h": "m"}


def test_columns_count_code_points() -> None:
    (use, *_) = facts_of("é = '🎉'; f('é')").uses
    assert use.place == (1, 10, 1, 11)
    (call,) = facts_of("\ufeffif x:\r\n\tf(\r\n'é')\r\n").calls
    assert call.place == (2, 2, 3, 5)


def test_the_last_line_needs_no_end() -> None:
    assert facts_of("x\nf()").calls[0].place == (2, 1, 2, 4)


def test_a_lone_carriage_return_ends_a_line() -> None:
    assert facts_of("import a\rimport b\r").imports[1].place.line == 2


def test_python_2_is_read() -> None:
    text = "print 'x', f()\nexec g\ntry: pass\nexcept A, e: pass\ndef h((a, b), c): raise A, 'x'"
    facts = facts_of(text)
    assert called(text) == ["print", "f", "exec"]
    assert facts.calls[0].positional == 2
    assert facts.catches[0].names == ("A", "e")
    assert facts.definitions[0].unannotated == ("(a, b)", "c", "return")


def test_what_looks_like_a_type_alias_is_a_call_of_type() -> None:
    assert called("type(x).y = f()") == ["type", "f"]
    assert named("type[x] = y") == ["type", "x", "y"]
