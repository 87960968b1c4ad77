"""Programs in TypeScript and JavaScript whose names collide with what the constraints ban."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

FOLDERS = ("web", "web/ui", "web/ui/parts", "web/store", "web/core", "web/core/deep")
PACKAGES = tuple(
    """
    axios axios/lib axios-mock react react/jsx-runtime reactx @acme/ui @acme/ui/button @acme/uix
    lodash lodash/fp lodash/fp/get lodash.get fs node:fs fs/promises zod ./axios ../react .
    """.split()  # noqa: SIM905 - reads better as running text
)
PATHS = (
    "./store/db",
    "../store/db",
    "../store",
    "../../store/db.js",
    "./db",
    "../ui/button",
    "../core/deep/a",
    "./deep/a",
    "../storex/db",
    "./index",
    "..",
    "../stores",
)
MEMBERS = ("get", "env", "readFile", "fetch", "risky", "Component", "one")
VARIABLES = ("a", "b", "client", "axios", "fs", "fetch", "process", "other")
CALLEES = (
    "fetch",
    "risky",
    "axios.get",
    "fs.readFile",
    "client.get",
    "client.fetch",
    "axios.post",
    "guard",
    "console.log",
    "a.b.get",
    "window.fetch",
    "fs.promises.readFile",
)
READS = (
    "process.env",
    "process.env.A",
    "globalThis.process.env",
    "axios.get",
    "a.env",
    "fetch",
    "mine.process.env",
)
WORDS = (
    "process.env",
    "fetch(1)",
    "import axios from 'axios'",
    "@Injectable()",
    "require('axios')",
)
CLASSES = ("Shop", "bad_name", "ShopService", "HttpService", "Component", "base")
BASES = ("Component", "React.Component", "Base", "Other", "ShopService")
NAMES = ("goodName", "BadName", "bad_name", "get", "one")
ARGUMENTS = (
    "",
    "",
    "1",
    "u, { timeout: 1 }",
    "{ cache: true }",
    "{ cache: false, timeout }",
    "{ ...rest }",
    "...args",
    "u, { 'timeout': 3 }",
    "risky()",
    "() => risky(1)",
    "process.env",
    "async () => { await fetch(u); }",
    "`${process.env.B} fetch(1)`",
    "fetch",
    "function () { return client.get(u, { cache: true }); }",
)


@dataclass
class Program:
    """One program while it is being written."""

    random: Random
    typed: bool
    plain: bool = False
    lines: list[str] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def one(self, options: tuple[str, ...] | list[str]) -> str:
        return self.random.choice(options)

    def likely(self, share: float) -> bool:
        return self.random.random() < share

    def write(self, depth: int, text: str) -> None:
        self.lines.append("  " * depth + text)

    def new(self) -> str:
        """Return a name that nothing else has at this place."""
        name = self.one(VARIABLES)
        if self.plain or name in self.taken:
            name = f"v{len(self.taken)}"
        self.taken.add(name)
        return name


def programs(
    seed: int, count: int, *, typed: bool, plain: bool = False
) -> Iterator[tuple[str, str]]:
    """Yield paths and texts; the same for the same seed."""
    random = Random(seed)
    endings = ("ts", "ts", "ts", "tsx") if typed else ("js", "js", "jsx", "mjs")
    yield f"web/store/db.{endings[0]}", "export const db = 1;\n"
    for number in range(count):
        folder = random.choice(FOLDERS)
        made = Program(random, typed, plain)
        for _ in range(random.choice((0, 1, 1, 2, 3))):
            made.write(0, an_import(made))
        for _ in range(random.choice((1, 2, 3, 4))):
            statement(made, 0)
        yield (
            f"{folder}/{'plain' if plain else 'm'}{number}.{random.choice(endings)}",
            "\n".join(made.lines) + "\n",
        )


def an_import(made: Program) -> str:
    """Return a declaration at the top of a module."""
    source = made.one(PATHS) if made.likely(0.35) else made.one(PACKAGES)
    quote = made.one(("'", '"'))
    source = f"{quote}{source}{quote}"
    forms = [
        lambda: f"import {made.new()} from {source};",
        lambda: f"import * as {made.new()} from {source};",
        lambda: f"import {{ {member(made)} }} from {source};",
        lambda: f"import {{ {member(made)}, {member(made)} }} from {source};",
        lambda: f"import {made.new()}, {{ {member(made)} }} from {source};",
        lambda: f"import {source};",
        lambda: f"export {{ {made.one(MEMBERS)} as {made.new()} }} from {source};",
        lambda: f"export * from {source};",
        lambda: f"export * as {made.new()} from {source};",
        lambda: f"const {made.new()} = require({source});",
        lambda: f"const {{ {made.one(MEMBERS)}: {made.new()} }} = require({source});",
        lambda: f"import {{\n  {member(made)},\n  {member(made)},\n}} from {source};",
    ]
    if made.typed:
        forms += [
            lambda: f"import type {{ {member(made)} }} from {source};",
            lambda: f"import type {made.new()} from {source};",
            lambda: f"import {{ type {member(made)} }} from {source};",
            lambda: f"import {{ type {member(made)}, {member(made)} }} from {source};",
            lambda: f"export type {{ {made.one(MEMBERS)} as {made.new()} }} from {source};",
            lambda: f"import {made.new()} = require({source});",
        ]
    return made.random.choice(forms)()


def member(made: Program) -> str:
    name = made.one(MEMBERS)
    if name in made.taken or made.plain or made.likely(0.3):
        return f"{name} as {made.new()}"
    made.taken.add(name)
    return name


def call(made: Program) -> str:
    found = f"{made.one(CALLEES)}({made.one(ARGUMENTS)})"
    form = made.random.randrange(10)
    if form == 0:
        return f"await {found}"
    if form == 1:
        return f"{found}.then(one)"
    if form == 2:
        return f"guard({found})"
    if form == 3:
        return f"new {found}"
    if form == 4:
        return found.replace("(", "?.(", 1)
    return found


def expression(made: Program) -> str:
    """Return an expression on one line."""
    form = made.random.randrange(12)
    source = made.one(PACKAGES)
    if form < 5:
        return call(made)
    if form < 7:
        return made.one(READS)
    return (
        f"`${{{made.one(READS)}}} {made.one(('fetch(1)', 'process.env'))}`",
        f'"{made.one(WORDS)}"',
        f"{made.one(READS)} ? {call(made)} : {made.one(READS)}",
        f'await import("{source}")',
        f'require("{source}")',
    )[form - 7]


def statement(made: Program, depth: int) -> None:
    """Write one statement, simple or compound."""
    if depth < 2 and made.likely(0.4):
        made.random.choice(_COMPOUND)(made, depth)
        return
    form = made.random.randrange(10)
    if form < 4:
        made.write(depth, f"{call(made)};")
    elif form < 7:
        made.write(depth, f"const {made.new()} = {expression(made)};")
    elif form == 7:
        made.write(depth, f"// {made.one(WORDS)}")
        made.write(depth, f"/* {made.one(WORDS)} */ one = {expression(made)};")
    elif form == 8 and depth == 0 and "default" not in made.taken:
        made.taken.add("default")
        made.write(
            depth, f"export default {made.one(('one', 'function () {}', 'class {}', '{ a: 1 }'))};"
        )
    else:
        made.write(depth, f"const {{ A: {made.new()} }} = {made.one(READS)};")


def block(made: Program, depth: int) -> None:
    before = set(made.taken)
    for _ in range(made.random.choice((1, 1, 2))):
        statement(made, depth + 1)
    made.taken = before


def an_if(made: Program, depth: int) -> None:
    made.write(depth, f"if ({made.one(READS)}) {{")
    block(made, depth)
    if made.likely(0.3):
        made.write(depth, "} else {")
        block(made, depth)
    made.write(depth, "}")


def a_try(made: Program, depth: int) -> None:
    made.write(depth, "try {")
    block(made, depth)
    form = made.random.randrange(4)
    if form < 3:
        made.write(depth, "} catch (error) {" if form else "} catch {")
        block(made, depth)
    if form in (2, 3):
        made.write(depth, "} finally {")
        block(made, depth)
    made.write(depth, "}")


def a_function(made: Program, depth: int) -> None:
    parameter = made.one(
        ("", "x", "x = 1", "{ x }") if made.plain else ("", "x", "fetch", "{ axios }")
    )
    typed = made.one(("", ": any")) if made.typed else ""
    name = f"{made.one(NAMES)}{len(made.taken)}{depth}x{made.random.randrange(1000)}"
    start = "export " if depth == 0 and made.likely(0.3) else ""
    form = made.random.randrange(4)
    if form < 2:
        made.write(
            depth, f"{start}{made.one(('', 'async '))}function {name}({parameter}){typed} {{"
        )
    elif form == 2:
        made.write(depth, f"{start}const {name} = async ({parameter}){typed} => {{")
    else:
        made.write(depth, f"{start}const {name} = function ({parameter}){typed} {{")
    block(made, depth)
    made.write(depth, "}" if form < 2 else "};")


def a_class(made: Program, depth: int) -> None:
    name = made.one(CLASSES)
    if name in made.taken:
        return
    made.taken.add(name)
    if made.typed and made.likely(0.4):
        made.write(depth, made.one(("@Injectable()", "@Injectable({ a: 1 })", "@Other()")))
    head = f"class {name}"
    if made.typed and made.likely(0.15):
        head = f"abstract {head}"
    if made.likely(0.5):
        head += f" extends {made.one(BASES)}"
        if made.typed and made.likely(0.2):
            head += "<A>"
    if made.typed and made.likely(0.15):
        head += f" implements {made.one(BASES)}"
    # A decorator stands before `export`, and Semgrep reads both orders alike.
    made.write(depth, f"{'export ' if depth == 0 and made.likely(0.3) else ''}{head} {{")
    for _ in range(made.random.choice((0, 1, 2))):
        if made.typed and made.likely(0.4):
            made.write(depth + 1, made.one(("@Get()", "@Get('/x')", "@Audited()", "@Post()")))
            if made.likely(0.3):
                made.write(depth + 1, made.one(("@Audited()", "@Audited({ a: 1 })")))
        modifier = made.one(
            ("", "async ", "static ", "private ") if made.typed else ("", "async ", "static ")
        )
        method = f"{made.one(('goodName', 'BadName', 'bad_name'))}{made.random.randrange(100)}"
        made.write(depth + 1, f"{modifier}{method}(x) {{")
        block(made, depth + 1)
        made.write(depth + 1, "}")
    if made.likely(0.2):
        made.write(depth + 1, f"field = {expression(made).replace('await ', '')};")
    made.write(depth, "}")


_COMPOUND = (an_if, a_try, a_try, a_function, a_function, a_class, a_class)
