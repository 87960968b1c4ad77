"""Facts of TypeScript and JavaScript: what a text says, name by name."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bylaw.facts.model import Argument, FileFacts, Place, Use, Where
from bylaw.facts.script import extract


def facts(text: str, ending: str = ".ts") -> FileFacts:
    return extract(text.encode(), ending)


def names(text: str, ending: str = ".ts") -> list[str | None]:
    """Names of the uses in a text that have one, or are hidden, in order."""
    return [use.name for use in facts(text, ending).uses]


def meaning(text: str, of: str, ending: str = ".ts") -> str | None:
    """Name of the last use that is written so."""
    found = [use for use in facts(text, ending).uses if ".".join(use.chain) == of]
    return found[-1].name


def taken(text: str, ending: str = ".ts") -> list[tuple[str, str, str | None, str | None]]:
    return [(i.name, i.form, i.member, i.bound) for i in facts(text, ending).imports]


def called(text: str, ending: str = ".ts") -> list[str]:
    found = facts(text, ending)
    return [".".join(found.uses[call.use].chain) for call in found.calls]


# --- imports -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('import d from "m"', [("m", "from", "default", "d")]),
        ('import {a, b as c} from "m"', [("m", "from", "a", "a"), ("m", "from", "b", "c")]),
        ('import {default as d} from "m"', [("m", "from", "default", "d")]),
        ('import {"a b" as c} from "m"', [("m", "from", "a b", "c")]),
        ('import * as n from "m"', [("m", "wildcard", "*", "n")]),
        ('import d, * as n from "m"', [("m", "from", "default", "d"), ("m", "wildcard", "*", "n")]),
        ('import "m"', [("m", "import", None, None)]),
        ('import {} from "m"', [("m", "import", None, None)]),
        ('import x = require("m")', [("m", "import", "*", "x")]),
        ('export {a as b} from "m"', [("m", "re-export", "a", "b")]),
        ('export {} from "m"', [("m", "re-export", None, None)]),
        ('export * from "m"', [("m", "re-export", "*", None)]),
        ('export * as n from "m"', [("m", "re-export", "*", "n")]),
        ('export * as default from "m"', [("m", "re-export", "*", "default")]),
        ('const r = require("m")', [("m", "dynamic", "*", "r")]),
        (
            'const {a, b: c} = require("m")',
            [("m", "dynamic", "a", "a"), ("m", "dynamic", "b", "c")],
        ),
        ('const {a: {b}} = require("m")', [("m", "dynamic", "a.b", "b")]),
        (
            'const {a, ...rest} = require("m")',
            [("m", "dynamic", "a", "a"), ("m", "dynamic", "*", "rest")],
        ),
        ('const x = require("m").a.b', [("m", "dynamic", "a.b", "x")]),
        ('require("m")', [("m", "dynamic", "*", None)]),
        ("require(`m`)", [("m", "dynamic", "*", None)]),
        ('require?.("m")', [("m", "dynamic", "*", None)]),
        ('require(/* why */ "m")', [("m", "dynamic", "*", None)]),
        ('const k = await import("m")', [("m", "dynamic", "*", "k")]),
        ('const {a} = await import("m")', [("m", "dynamic", "a", "a")]),
        ('import("m", {with: {type: "json"}})', [("m", "dynamic", "*", None)]),
        ("import(`m`)", [("m", "dynamic", "*", None)]),
        ('let x; x = require("m")', [("m", "dynamic", "*", "x")]),
        ('import j from "./a.json" with {type: "json"}', [("./a.json", "from", "default", "j")]),
        ('type T = import("m").A', [("m", "qualified", "*", None)]),
        ('let x: typeof import("m")', [("m", "qualified", "*", None)]),
        (r'import a from "\x6dod"', [("mod", "from", "default", "a")]),
        ('import "\\u{6d}"', [("m", "import", None, None)]),
    ],
)
def test_every_form_of_import_is_seen(
    text: str, expected: list[tuple[str, str, str | None, str | None]]
) -> None:
    assert taken(text) == expected
    assert not facts(text).faults


@pytest.mark.parametrize(
    "text",
    [
        "require(name)",
        "import(name)",
        "require(`a${b}`)",
        'require("a" + b)',
        'require.resolve("a")',
        'x.require("a")',
        'jest.mock("a")',
        '// import a from "a"',
        '/* require("a") */',
        "s = 'import a from \"a\"'",
        "function require(x) {} require('a')",
        'declare module "a" {}',
    ],
)
def test_what_names_no_module_is_no_import(text: str) -> None:
    assert facts(text).imports == ()


@pytest.mark.parametrize(
    "text",
    [
        'define(function (require) { require("a") })',
        'const require = createRequire(import.meta.url); require("a")',
        'const require = module.createRequire(x); require("a")',
    ],
)
def test_a_require_that_is_handed_in_imports(text: str) -> None:
    assert [i.name for i in facts(text).imports] == ["a"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('import type {A} from "m"', [True]),
        ('import type A from "m"', [True]),
        ('import type * as A from "m"', [True]),
        ('import type A = require("m")', [True]),
        ('import {type A, b} from "m"', [True, False]),
        ('export type {A} from "m"', [True]),
        ('export type * from "m"', [True]),
        ('export type * as A from "m"', [True]),
        ('let x: import("m").A<B>', [True]),
        ('import type from "m"', [False]),
        ('import {type} from "m"', [False]),
        ('import {type as as} from "m"', [False]),
        ('import typed from "m"', [False]),
    ],
)
def test_type_only_imports_are_told_apart(text: str, expected: list[bool]) -> None:
    found = facts(text)
    assert [bool(i.where & Where.TYPE_CHECKING) for i in found.imports] == expected
    assert not found.faults


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('require("m")', False),
        ('if (x) { require("m") }', False),
        ('class A { static x = require("m") }', False),
        ('function f() { require("m") }', True),
        ('const f = () => import("m")', True),
        ('const f = function () { require("m") }', True),
        ('class A { m() { return import("m") } }', True),
        ('x = { m() { require("m") } }', True),
        ('function f(a = require("m")) {}', True),
    ],
)
def test_imports_inside_functions_are_told_apart(text: str, inside: bool) -> None:
    (found,) = facts(text).imports
    assert bool(found.where & Where.FUNCTION) == inside


def test_an_import_s_place_is_its_statement() -> None:
    found = facts('import {\n  a,\n  b,\n} from "m";\n')
    assert [i.place for i in found.imports] == [Place(1, 1, 4, 12)] * 2


def test_what_an_import_stands_in_is_known() -> None:
    text = 'try { lazy(() => import("a")) } catch { require("b") } finally { require("c") }'
    assert [(i.name, i.wrappers) for i in facts(text).imports] == [
        ("a", ("try", "lazy")),
        ("b", ()),
        ("c", ()),
    ]


# --- names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "of", "expected"),
    [
        ('import d from "m"; d.get()', "d.get", "m#default.get"),
        ('import d from "m"; d()', "d", "m#default"),
        ('import * as n from "m"; n.get()', "n.get", "m#get"),
        ('import * as n from "m"; n', "n", "m"),
        ('import * as n from "m"; n.default.get', "n.default.get", "m#default.get"),
        ('import {a} from "m"; a.b.c', "a.b.c", "m#a.b.c"),
        ('import {a as b} from "./m"; b', "b", "./m#a"),
        ('import x = require("m"); x.get', "x.get", "m#get"),
        ('const r = require("m"); r.get()', "r.get", "m#get"),
        ('const {a: {b}} = require("m"); b()', "b", "m#a.b"),
        ('const {a, ...rest} = require("m"); rest.c', "rest.c", "m#c"),
        ('const b = require("m").a; b.c', "b.c", "m#a.c"),
        ('require("m").get()', "require.().get", "m#get"),
        ('(await import("m")).get()', "import.().get", "m#get"),
        ('const {a} = await import("m"); a', "a", "m#a"),
        ('let x; try { x = require("m") } catch {} x.a', "x.a", "m#a"),
        ('import a from "#own/m"; a.b', "a.b", "#own/m#default.b"),
        ("process.env.A", "process.env.A", "process.env.A"),
        ('process["env"].A', "process.env.A", "process.env.A"),
        ("globalThis.fetch()", "globalThis.fetch", "globalThis.fetch"),
        ("a?.b?.c", "a.b.c", "a.b.c"),
        ("a!.b!.c", "a.b.c", "a.b.c"),
        ("(a as any).b", "a.b", "a.b"),
        ("(<any>a).b", ".b", None),
        ("a<string>.b", "a.b", "a.b"),
        ("function f() {} f.a", "f.a", ":f.a"),
        ("const f = 1; f.a", "f.a", ":f.a"),
        ("class A {} new A()", "A", ":A"),
        ("enum E {A} E.A", "E.A", ":E.A"),
        ("namespace N {} N.a", "N.a", ":N.a"),
        ("declare const process: any; process.env", "process.env", "process.env"),
        ("this.a.b", "this.a.b", None),
        ("f().g", "f.().g", None),
        ("f[0].g", "f.[].g", None),
        ("import.meta.env.A", "import.meta.env.A", None),
        ('import("m").then', "import.().then", None),
        ("\\u0066etch()", "fetch", "fetch"),
    ],
)
def test_a_name_means_what_the_file_says(text: str, of: str, expected: str | None) -> None:
    assert meaning(text, of) == expected


HIDING = [
    "function f(fetch) { fetch.x }",
    "function f({fetch}) { fetch.x }",
    "function f({a: [fetch]}) { fetch.x }",
    "function f(...fetch) { fetch.x }",
    "function f(a, fetch = 1) { fetch.x }",
    "const f = fetch => fetch.x",
    "const f = (fetch) => { fetch.x }",
    "const f = async (a, fetch) => fetch.x",
    "function f() { fetch.x; var fetch }",
    "function f() { if (a) { var fetch = 1 } fetch.x }",
    "function f() { for (var fetch of a) {} fetch.x }",
    "function f() { fetch.x; function fetch() {} }",
    "function f() { let fetch = 1; fetch.x }",
    "{ const fetch = 1; fetch.x }",
    "{ class fetch {} fetch.x }",
    "for (let fetch = 0;;) { fetch.x }",
    "for (const fetch of a) { fetch.x }",
    "for (const [a, fetch] of b) fetch.x",
    "try {} catch (fetch) { fetch.x }",
    "try {} catch ({fetch}) { fetch.x }",
    "switch (a) { case 1: let fetch; fetch.x }",
    "(function fetch() { fetch.x })",
    "(class fetch { m() { fetch.x } })",
    "class A { m(fetch) { fetch.x } }",
    "class A { set a(fetch) { fetch.x } }",
    "class A { static { let fetch; fetch.x } }",
    "x = { m(fetch) { fetch.x } }",
    "function f() { const {a: fetch} = b; fetch.x }",
    "function f() { const {...fetch} = b; fetch.x }",
    "function f() { const {a = 1, fetch = 2} = b; fetch.x }",
]


@pytest.mark.parametrize("text", HIDING)
def test_a_local_name_hides_a_global_one(text: str) -> None:
    (use,) = [use for use in facts(text).uses if use.chain == ("fetch", "x")]
    assert (use.name, use.shadowed) == (None, True)


@pytest.mark.parametrize("text", HIDING)
def test_a_local_name_hides_nothing_elsewhere(text: str) -> None:
    assert meaning(text + "\n;fetch.y()", "fetch.y") == "fetch.y"


@pytest.mark.parametrize("text", HIDING)
def test_a_local_name_hides_an_import(text: str) -> None:
    head = 'import fetch from "m";\n'
    assert meaning(head + text, "fetch.x") is None
    assert meaning(head + text + "\n;fetch.y()", "fetch.y") == "m#default.y"


def test_what_binds_no_value_is_no_use() -> None:
    text = """
    type A<T> = { [key: string]: T; m(a: number): void; new (b: T): A<T> };
    type B = (c: string) => void; type C = [d: string]; type D<T> = T extends infer U ? U : never;
    type E<T> = { [K in keyof T]: K };
    label: for (;;) { break label }
    x = { a: 1, b() {}, "c": 2 }; y.d = 1;
    """
    unknown = [use.name for use in facts(text).uses if use.name and not use.shadowed]
    assert unknown == ["x", "y.d"]


def test_reading_by_a_pattern_is_a_use() -> None:
    assert names("const {env, pid: p} = process") == ["process.env", "process.pid", "process"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f()", [("f", "call")]),
        ("new f()", [("f", "call")]),
        ("new f", [("f", "call")]),
        ("f`a${b}`", [("f", "call"), ("b", "read")]),
        ("a?.b()", [("a.b", "call")]),
        ("a.b?.()", [("a.b", "call")]),
        ("a.b = c", [("a.b", "write"), ("c", "read")]),
        ("a.b += 1", [("a.b", "write")]),
        ("a.b++", [("a.b", "write")]),
        ("delete a.b", [("a.b", "write")]),
        ("typeof a.b", [("a.b", "read")]),
        ("[a, b.c] = d", [("a", "write"), ("b.c", "write"), ("d", "read")]),
        ("({a, b: c.d} = e)", [("a", "write"), ("c.d", "write"), ("e", "read")]),
        ("for (a.b of c) {}", [("a.b", "write"), ("c", "read")]),
        ("x = {a, ...b}", [("x", "write"), ("a", "read"), ("b", "read")]),
        ("`${a.b}`", [("a.b", "read")]),
        ("let x: A.B<C>", [("A.B", "annotation"), ("C", "annotation")]),
        ("let x: typeof a.b", [("a.b", "annotation")]),
        ("function f(): a is B { }", [("a", "annotation"), ("B", "annotation")]),
        (
            "class A extends B.C<D> implements E {}",
            [("B.C", "base"), ("D", "annotation"), ("E", "base")],
        ),
        ("class A extends f(B) {}", [("f", "call"), ("B", "read")]),
        ("interface A extends B<C> {}", [("B", "base"), ("C", "annotation")]),
        ("@a class A {}", [("a", "decorator")]),
        ("class A { @a.b(c) m() {} }", [("a.b", "decorator"), ("c", "read")]),
        ("class A { m(@a x: B) {} }", [("a", "decorator"), ("B", "annotation")]),
        ("export {a}; export default b", [("a", "read"), ("b", "read")]),
        ("f<A>(b)", [("f", "call"), ("A", "annotation"), ("b", "read")]),
        (
            "a as B; a satisfies C",
            [("a", "read"), ("B", "annotation"), ("a", "read"), ("C", "annotation")],
        ),
    ],
)
def test_a_use_has_its_role(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(".".join(use.chain), use.role) for use in facts(text).uses] == expected


def test_elements_refer_to_components_not_to_tags() -> None:
    text = 'const a = <A.B x={c} {...d}><div e="f">{g}</div><Foo/><my-tag/><svg:rect/></A.B>;'
    for ending in (".tsx", ".jsx", ".js"):
        found = facts(text, ending)
        assert not found.faults
        assert [".".join(u.chain) for u in found.uses] == ["A.B", "c", "d", "g", "Foo"]


def test_a_chain_goes_on_after_a_call_as_another_use() -> None:
    found = facts("a.b(x).c[0].d(y)")
    assert [(use.chain, use.role) for use in found.uses] == [
        (("a", "b"), "call"),
        (("a", "b", "()", "c"), "read"),
        (("a", "b", "()", "c", "[]", "d"), "call"),
        (("x",), "read"),
        (("y",), "read"),
    ]
    assert [found.uses[call.use].call for call in found.calls] == [0, 1]


def test_places_count_characters_and_skip_no_mark() -> None:
    found = facts("\ufeffé.x();\r\n'üü' + ß.fetch()\r\n")
    assert [use.place for use in found.uses] == [Place(1, 2, 1, 5), Place(2, 8, 2, 15)]


def test_a_use_knows_the_definition_it_is_in() -> None:
    text = "a; function f() { b; class C { m() { c } d = e } }"
    found = facts(text)
    inside = {u.chain[0]: found.definitions[u.entity].name for u in found.uses if u.entity >= 0}
    assert inside == {"b": "f", "c": "m", "e": "C"}


# --- calls -------------------------------------------------------------------------------------


def test_arguments_are_properties_of_objects() -> None:
    text = """
    f(u, {a: 3, "b": -1.50, c, d: "x'", e: true, g: null, [h]: 1, i() {}, j: k, l: `t`}, ...m)
    """
    (call, *_) = facts(text).calls
    assert call.arguments == (
        Argument("a", "3"),
        Argument("b", "-1.5"),
        Argument("c"),
        Argument("d", '"x\'"'),
        Argument("e", "true"),
        Argument("g", "null"),
        Argument("i"),
        Argument("j"),
        Argument("l", "'t'"),
    )
    assert (call.positional, call.spread, call.star) == (2, False, True)


def test_a_spread_in_an_object_may_hold_anything() -> None:
    (call, *_) = facts("f({...a})").calls
    assert (call.spread, call.star) == (True, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("try { risky() } catch {}", ("try",)),
        ("try { if (a) { (() => risky())() } } finally {}", ("try",)),
        ("try {} catch { risky() }", ()),
        ("try {} finally { risky() }", ()),
        ("guard(risky())", ("guard",)),
        ("guard(() => { risky() })", ("guard",)),
        ("a.guard({x: [risky()]})", ("a.guard",)),
        ("retry(3)(risky())", ("retry",)),
        ("risky()(guard)", ()),
        ("new Promise(() => risky())", ("Promise",)),
        ("this.guard(risky())", ("?.guard",)),
        ("try { guard(() => { try { risky() } catch {} }) } catch {}", ("try", "guard")),
        ('import {g} from "m"; g(risky())', ("m#g",)),
    ],
)
def test_what_a_call_stands_in_is_known(text: str, expected: tuple[str, ...]) -> None:
    found = facts(text)
    (call,) = [c for c in found.calls if found.uses[c.use].chain == ("risky",)]
    assert call.wrappers == expected


# --- definitions -------------------------------------------------------------------------------


def defined(text: str, ending: str = ".ts") -> list[tuple[str, str]]:
    return [(d.kind, d.name) for d in facts(text, ending).definitions]


def test_what_defines_something() -> None:
    text = """
    function f() { function g() {} }
    async function* h() {}
    export default function i() {}
    const no = () => 1, neither = function () {}, nor = function x() {};
    const o = { j() {}, no: () => 1 };
    class A {
      constructor() {} k() {} static l() {} get m() { return 1 } async *n() {} #p() {} "q"() {}
      no = () => 1; abstract r(): void;
    }
    abstract class B {}
    const C = class {};
    const D = class E {};
    call(class {});
    interface No { no(): void }
    enum Nor { a }
    declare function nothing(): void;
    """
    assert defined(text) == [
        ("function", "f"),
        ("function", "g"),
        ("function", "h"),
        ("function", "i"),
        ("function", "j"),
        ("class", "A"),
        *(("method", name) for name in ("constructor", "k", "l", "m", "n", "#p", "q", "r")),
        ("class", "B"),
        ("class", "C"),
        ("class", "E"),
    ]


def test_an_anonymous_default_class_has_no_name() -> None:
    assert defined("export default class extends A {}") == [("class", "")]


@pytest.mark.parametrize("ending", [".ts", ".js"])
def test_decorators_belong_to_what_follows(ending: str) -> None:
    text = """
    @a @b.c({x: 1}, "y") export class A { @d() m() {} @e f = 1; g() {} }
    export @h class B {}
    """
    found = facts(text, ending)
    assert not found.faults
    by_name = {d.name: [dec.chain for dec in d.decorators] for d in found.definitions}
    assert by_name == {"A": [("a",), ("b", "c")], "m": [("d",)], "g": [], "B": [("h",)]}
    given = found.definitions[0].decorators[1]
    assert (given.positional, given.arguments) == ((None, "'y'"), (Argument("x", "1"),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("class A extends B {}", ["B"]),
        ("class A extends b.B<C> implements D, e.E<F> {}", ["b.B", "D", "e.E"]),
        ('import {B} from "m"; class A extends B {}', ["m#B"]),
        ('import * as m from "m"; class A extends m.B {}', ["m#B"]),
        ("class B {} class A extends B {}", [":B"]),
        ("class A extends mix(B) {}", [None]),
    ],
)
def test_bases_are_those_that_are_named(text: str, expected: list[str | None]) -> None:
    assert [base.name for base in facts(text).definitions[-1].bases] == expected


def test_members_are_fields_and_methods() -> None:
    text = "class A { constructor(private a: B, readonly b: C, c) {} d = 1; static e; #f; g() {} }"
    assert facts(text).definitions[0].members == ("constructor", "a", "b", "d", "e", "#f", "g")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/** d */\nfunction f() {}", True),
        ("/** d */\nexport default function f() {}", True),
        ("/** d */\n@a\nexport class F {}", True),
        ("@a\n/** d */\nclass F {}", True),
        ("class A {\n  /** d */\n  @a m() {}\n}", True),
        ("/* d */\nfunction f() {}", False),
        ("/** d */\nx();\nfunction f() {}", False),
        ("/**/ function f() {}", False),
    ],
)
def test_a_doc_comment_stands_right_before(text: str, expected: bool) -> None:
    assert facts(text).definitions[-1].documented == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('/** d */\nimport "a"', True),
        ("#!/usr/bin/env node\n/** d */\n\nfunction f() {}", True),
        ("/** @file d */\nfunction f() {}", True),
        ("/** d */\nfunction f() {}", False),
        ("// d\n\nfunction f() {}", False),
    ],
)
def test_a_module_s_doc_comment_is_its_own(text: str, expected: bool) -> None:
    assert facts(text, ".js").documented == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("function f(a, b: string, c?: number, {d}, ...e) {}", ("a", "{d}", "e", "return")),
        ("function f(this: A, a: B): void {}", ()),
        ("class A { constructor(a: B) {} }", ()),
        ("class A { set a(b: C) {} }", ()),
        ("class A { get a() { return 1 } }", ("return",)),
    ],
)
def test_what_has_no_type_is_told(text: str, expected: tuple[str, ...]) -> None:
    assert facts(text).definitions[-1].unannotated == expected


# --- exports -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("export const a = 1, {b, c: [d]} = e", ["a", "b", "d"]),
        ("export function f() {} export class C {} export enum E {}", ["f", "C", "E"]),
        ("export interface I {} export type T = A; export namespace N {}", ["I", "T", "N"]),
        ("export abstract class A {} export declare const b: number", ["A", "b"]),
        ("export {a as b, c}", ["b", "c"]),
        ('export {a as b} from "m"; export * as n from "m"; export * from "q"', ["b", "n"]),
        ("export default 1", ["default"]),
        ("exports.a = 1; module.exports.b = 2", ["a", "b"]),
        ('module.exports = {a, b: 1, c() {}, "d": 2}', ["a", "b", "c", "d"]),
        ("const a = 1; function f() {}", []),
    ],
)
def test_names_are_what_is_exported(text: str, expected: list[str]) -> None:
    assert list(facts(text).names) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("export default 1", 1),
        ("export default class {}", 1),
        ("export {a as default}", 1),
        ('export {default} from "m"', 1),
        ('export * as default from "m"', 1),
        ('export {default as a} from "m"', 0),
        ("export const a = 1", 0),
    ],
)
def test_default_exports_are_found(text: str, count: int) -> None:
    assert len(facts(text).default_exports) == count


# --- texts that are hard to read ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("#!/usr/bin/env node\nrequire('m')", ".js"),
        ("interface A<in T, out U, in out V> {}\nimport 'm'", ".ts"),
        ("interface A<\n  out T = unknown,\n  in U extends B,\n> {}\nimport 'm'", ".ts"),
        ("class A { static accessor b = 1 }\nimport 'm'", ".ts"),
        ("class A { accessor b = 1 }\nimport 'm'", ".js"),
        ("import defer * as a from 'm'", ".js"),
        ("import source a from 'm'", ".js"),
        ("await using a = b()\nimport 'm'", ".ts"),
        ("export type * from 'm'", ".ts"),
        ("import type {A} from 'm'; function f(a: ?string): A { return <b/> }", ".js"),
        ("import typeof A from 'm'; type B = {| a: string |}", ".js"),
        ("const a: A = <B/>; require('m')", ".jsx"),
        ("export const a = <T,>(b: T) => b; import 'm'", ".tsx"),
        ("@(a.b()) class A { @c static async *[d]() {} }\nimport 'm'", ".ts"),
    ],
)
def test_what_the_grammars_lack_is_read_all_the_same(text: str, ending: str) -> None:
    found = facts(text, ending)
    assert found.faults == ()
    assert [i.name for i in found.imports] == ["m"]


def test_a_fault_is_told_and_the_rest_is_read() -> None:
    found = facts('import "a";\nlet = = 3;\nimport "b";\n')
    assert [fault.place.line for fault in found.faults] == [2]
    assert [i.name for i in found.imports] == ["a", "b"]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 20000 + "a" + ")" * 20000,
        "f(" * 20000 + "a" + ")" * 20000,
        "a" + ".b(1)" * 20000,
        "a" + "[b].c" * 20000,
        "{let a;" * 10000 + "b;a" + "}" * 10000,
        "a=>" * 20000 + "b",
        "function f(){x;" * 5000 + "}" * 5000,
        "class A{m(){" * 3000 + "}}" * 3000,
        "const " + "{a:" * 4000 + "b" + "}" * 4000 + '=require("x")',
        "x=" + "{a:" * 20000 + "1" + "}" * 20000,
        "(" * 20000,
        "`${" * 5000,
        "/** */" * 20000 + "function f(){}",
        "if(a)" * 20000 + "b",
    ],
)
def test_no_depth_is_too_deep(text: str) -> None:
    started = time.process_time()
    assert facts(text, ".tsx") is not None
    assert time.process_time() - started < 4


def test_a_line_of_a_million_letters_is_read() -> None:
    line = ";".join('a.b(c,{d:1});é=require("m")' for _ in range(4000))
    found = facts(f"x = '{'ü' * 900_000}';{line}", ".js")
    assert len(found.calls) == 8000
    assert found.calls[-1].place.end_column == 900_008 + len(line)


def test_a_file_that_nobody_wrote_is_refused() -> None:
    found = facts("a;" * 2_100_000)
    assert [fault.reason for fault in found.faults] == ["it is larger than 4 MB"]


_KEYWORDS = """
import export default from as type require class function const let a b c extends async new
await try catch interface in out accessor
"""
_SIGNS = '( ) { } [ ] < > = => , ; . ?. : @ "m" `a${ /* */ // \' \\u0061 é <A/>'
_WORDS = st.sampled_from([*_KEYWORDS.split(), *_SIGNS.split(), "\n"])


@settings(max_examples=300, deadline=None)
@given(st.lists(_WORDS, max_size=40), st.sampled_from([".ts", ".tsx", ".js"]))
def test_no_text_is_too_odd(words: list[str], ending: str) -> None:
    text = " ".join(words)
    found = facts(text, ending)
    lines = text.split("\n")
    for use in found.uses:
        _check(use, lines)
    for number, call in enumerate(found.calls):
        assert found.uses[call.use].call == number
    assert found == facts(text, ending)


def _check(use: Use, lines: list[str]) -> None:
    line, column, end_line, end_column = use.place
    assert (line, column) < (end_line, end_column)
    # The name that a faulty text lacks stands on the empty line where it should be.
    assert 1 <= column <= max(1, len(lines[line - 1]))
    assert end_column <= len(lines[end_line - 1]) + 1


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_are_too_odd(data: bytes) -> None:
    assert extract(data, ".ts") == extract(data, ".ts")
