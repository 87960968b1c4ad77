"""Facts of Java: what a text says, name by name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bylaw.facts.java import extract
from bylaw.facts.model import Argument, FileFacts, Place, Where


def facts(text: str) -> FileFacts:
    return extract(text.encode(), ".java")


def within(code: str, head: str = "") -> FileFacts:
    """Facts of statements in a method."""
    return facts(f"{head} class Own {{ void own() {{ {code} }} }}")


def meaning(code: str, of: str, head: str = "") -> str | None:
    """Name of the last use that is written so, in a method."""
    return [u.name for u in within(code, head).uses if ".".join(u.chain) == of][-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import java.util.List;", [("java.util.List", "java.util", "import", "List")]),
        ("import java.util.*;", [("java.util", "java.util", "wildcard", None)]),
        ("import static a.B.c;", [("a.B.c", "a.B", "from", "c")]),
        ("import static a.B.*;", [("a.B", "a.B", "wildcard", None)]),
        ("import module java.base;", [("java.base", "java.base", "wildcard", None)]),
        ("import a . b . C ;", [("a.b.C", "a.b", "import", "C")]),
        ("// import a.B;", []),
        ('class A { String s = "import a.B;"; }', []),
        ("class A { a.b.C d; }", [("a.b.C", "a.b", "qualified", None)]),
        (
            "class A { a.B<c.D> e; }",
            [("a.B", "a", "qualified", None), ("c.D", "c", "qualified", None)],
        ),
        ("class A { Object b = a.B.c.d(); }", [("a.B", "a", "qualified", None)]),
        ("class A { Object b = a.B.C.D; }", [("a.B.C.D", "a", "qualified", None)]),
        ("class A { Object b = new a.B(); }", [("a.B", "a", "qualified", None)]),
        ("class A { @a.B void c() {} }", [("a.B", "a", "qualified", None)]),
        ("class A extends a.B {}", [("a.B", "a", "qualified", None)]),
        ("class A { Object b = a.B::c; }", [("a.B", "a", "qualified", None)]),
        ("class A { Object a, b = a.B.c; }", []),
        ("class A { Object b(C a) { return a.B.c(); } }", []),
        ("class A { Map.Entry b = a.b.c(); }", []),
        ('class A { Object b = Class.forName("a.B"); }', [("a.B", "a", "dynamic", None)]),
        ('class A { Object b = Class.forName("a.B$C"); }', [("a.B.C", "a.B", "dynamic", None)]),
        ("class A { Object b = Class.forName(c); }", []),
    ],
)
def test_every_form_of_import_is_seen(
    text: str, expected: list[tuple[str, str, str, str | None]]
) -> None:
    found = facts(text)
    assert [(i.name, i.module, i.form, i.bound) for i in found.imports] == expected
    assert found.faults == ()


@pytest.mark.parametrize(
    ("head", "code", "of", "expected"),
    [
        ("import a.B;", "B.c();", "B.c", "a.B.c"),
        ("import a.B;", "B.C.d();", "B.C.d", "a.B.C.d"),
        ("import static a.B.c;", "c();", "c", "a.B.c"),
        ("import static a.B.D;", "use(D);", "D", "a.B.D"),
        ("import static java.lang.System.exit;", "exit(1);", "exit", "System.exit"),
        ("", "System.exit(1);", "System.exit", "System.exit"),
        ("", "java.lang.System.exit(1);", "java.lang.System.exit", "System.exit"),
        (
            "",
            "java.lang.reflect.Array.get(a, 1);",
            "java.lang.reflect.Array.get",
            "java.lang.reflect.Array.get",
        ),
        ("", "Other.b();", "Other.b", "Other.b"),
        ("", "Own.b();", "Own.b", ":Own.b"),
        ("", "own();", "own", None),
        ("", "inherited();", "inherited", "inherited"),
        ("import static a.B.c;", "int c = 1; c();", "c", "a.B.c"),
        ("import static a.B.c;", "int c = 1; use(c);", "c", None),
        ("", "int mine = 1; mine.x();", "mine.x", None),
        ("", "for (var mine : all) mine.x();", "mine.x", None),
        ("", "try (var mine = open()) { mine.x(); }", "mine.x", None),
        ("", "try { } catch (E mine) { mine.x(); }", "mine.x", None),
        ("", "use(mine -> mine.x());", "mine.x", None),
        ("", "use((a, mine) -> mine.x());", "mine.x", None),
        ("", "use((A mine) -> mine.x());", "mine.x", None),
        ("", "if (a instanceof B mine) mine.x();", "mine.x", None),
        ("", "switch (a) { case P(var mine) -> mine.x(); }", "mine.x", None),
        ("", "{ int mine; } mine.x();", "mine.x", "mine.x"),
        ("", "this.a.b();", "this.a.b", None),
        ("", "a().b();", "a.().b", None),
        ("", "a[0].b();", "a.[].b", None),
        ("import a.B;", "((B) c).d();", ".d", None),
    ],
)
def test_a_name_means_what_the_file_says(
    head: str, code: str, of: str, expected: str | None
) -> None:
    assert meaning(code, of, head) == expected
    assert within(code, head).faults == ()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("a.b(c);", [("a.b", "call"), ("c", "read")]),
        ("new A<B>(c);", [("A", "call"), ("B", "annotation"), ("c", "read")]),
        ("use(A::b);", [("use", "call"), ("A.b", "read")]),
        ("a.b = c;", [("a.b", "write"), ("c", "read")]),
        ("a.b++;", [("a.b", "write")]),
        ("A.B<C> d;", [("A.B", "annotation"), ("C", "annotation")]),
        ("var d = (A) b;", [("A", "annotation"), ("b", "read")]),
        ("use(A.class);", [("use", "call"), ("A", "annotation")]),
        ("try {} catch (A | b.C e) {}", [("A", "catch"), ("b.C", "catch")]),
        ("a: while (true) break a;", []),
    ],
)
def test_a_use_has_its_role(code: str, expected: list[tuple[str, str]]) -> None:
    assert [(".".join(u.chain), u.role) for u in within(code).uses] == expected


def test_handlers_name_what_they_catch() -> None:
    head = "import java.io.IOException;"
    found = within(
        "try {} catch (final IOException | Exception e) {} catch (java.lang.E e) {}", head
    )
    assert [c.names for c in found.catches] == [("java.io.IOException", "Exception"), ("E",)]


def test_definitions_are_classes_records_and_their_methods() -> None:
    found = facts("""
    /** A does. */
    @Table(name = "a", size = 1_0L, on = true, other = B.C) @Mark @a.Path("x")
    public class A<T> extends Base<T> implements I, j.K {
      int field, other;
      A() { inside(); }
      /** m does. */
      @Get int m() { Runnable r = () -> {}; return new Object() { int anonymous() { return 1; } }; }
      class Inner { void deep() {} }
    }
    record R(int x) implements Z { void of() {} }
    enum No { X; void inEnum() {} }
    interface Nor { void none(); default void neither() {} }
    @interface Neither { int no(); }
    """)
    assert [(d.kind, d.name, d.parent, d.documented) for d in found.definitions] == [
        ("class", "A", -1, True),
        ("method", "m", 0, True),
        ("method", "anonymous", 1, False),
        ("class", "Inner", 0, False),
        ("method", "deep", 3, False),
        ("class", "R", -1, False),
        ("method", "of", 5, False),
        ("method", "inEnum", -1, False),
    ]
    first = found.definitions[0]
    assert [base.name for base in first.bases] == ["Base", "I", "j.K"]
    assert first.members == ("field", "other", "m")
    assert found.definitions[5].members == ("x", "of")
    table, mark, path = first.decorators
    assert table.arguments == (
        Argument("name", "'a'"),
        Argument("size", "10"),
        Argument("on", "true"),
        Argument("other"),
    )
    assert (mark.name, path.name, path.positional) == ("Mark", "a.Path", ("'x'",))
    assert found.names == ("A", "R", "No", "Nor", "Neither")
    (inside,) = [u for u in found.uses if u.chain == ("inside",)]
    assert (inside.entity, inside.where) == (0, Where.FUNCTION)


def test_calls_know_what_they_stand_in() -> None:
    found = within("try { a.b(risky(1, 2)); } catch (E e) { risky(); } finally { risky(); }")
    risky = [c for c in found.calls if found.uses[c.use].chain == ("risky",)]
    assert [(c.positional, c.wrappers) for c in risky] == [(2, ("try", "a.b")), (0, ()), (0, ())]


def test_places_count_characters() -> None:
    found = facts('class A { String é = "ü" + ß.B; }\r\n')
    assert found.uses[-1].place == Place(1, 28, 1, 31)


def test_a_fault_is_told_and_the_rest_is_read() -> None:
    found = facts("import a.B;\nclass A {\n  int = = 3;\n  B b;\n}\n")
    assert [fault.place.line for fault in found.faults] == [3]
    assert "a.B" in [use.name for use in found.uses]


@pytest.mark.parametrize(
    "text",
    [
        "class A { int x = " + "f(" * 20000 + "a" + ")" * 20000 + "; }",
        "class A { int x = a" + ".b(1)" * 20000 + "; }",
        "class A {" * 15000 + "}" * 15000,
        "class A { X x = " + "new B() { X x = " * 4000 + "1;}" * 4000 + "; }",
        "class A { {" + "{int a;b=a;" * 5000 + "}" * 5000 + "} }",
        "class A { X x = " + "() ->" * 10000 + "a; }",
        "class A { " + "L<" * 15000 + "B" + ">" * 15000 + " x; }",
        "@A " * 20000 + "class B {}",
        "@# " * 20000,
    ],
)
def test_no_depth_is_too_deep(text: str) -> None:
    assert facts(text) is not None


_KEYWORDS = """
import static class record enum interface new a.B a
B try catch int void case switch instanceof var
"""
_SIGNS = '. ( ) { } [ ] < > = -> :: , ; @A * | "s" // /* */ é'
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
