"""Programs in Python, drawn from a grammar whose names collide with what the constraints ban."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from random import Random

FOLDERS = (
    "shop",
    "shop/web",
    "shop/web/forms",
    "shop/store",
    "shop/core",
    "shop/core/deep",
    "tools",
    "tools/tests",
)
"""Where programs lie; `tools` is no package."""

MODULES = tuple(
    """
    os os.path requests requests.adapters requests_mock sqlalchemy sqlalchemy.orm
    sqlalchemy.orm.session sqlalchemy.ormx sqlalchemy_utils attrs json typing functools shop
    shop.web shop.web.forms shop.web.models shop.web.modelsx shop.webx shop.store
    shop.store.models shop.core shop.core.models shop.core.deep shop.core.deep.models shopx
    mine.os mine.requests mine.shop.web django.db django
    """.split()  # noqa: SIM905 - reads better as running text
)
MEMBERS = tuple(
    """
    os environ requests get orm session sqlalchemy system getenv getpid cache route Repository
    Base Error lock retry web models store forms core deep adapters send db x print Session path
    """.split()  # noqa: SIM905 - reads better as running text
)
PLAIN = ("one", "two", "three")
NAMES = (*MEMBERS, "y", "value", "client", "Exception", "BaseException", "handle_x", "quiet_x")
FUNCTIONS = (
    "f",
    "test_it",
    "testIt",
    "handle_x",
    "quiet_x",
    "get",
    "Bad",
    "register",
    "_x",
    "send",
)
CLASSES = ("A", "bad_name", "OrderRepository", "OrderRepository", "Value", "Base", "_Private")
ARGUMENTS = ("timeout", "shell", "retries", "x")
EXCEPTIONS = tuple(
    """
    Exception BaseException ValueError orm.Error sqlalchemy.Error Error exc.Error
    builtins.Exception mine.Exception ExceptionGroup sqlalchemy.orm.Error
    """.split()  # noqa: SIM905 - reads better as running text
)
DECORATORS = (
    "route",
    "web.route",
    "web.route",
    "web.route(x)",
    "route(1)",
    "route()",
    "functools.cache",
    "cache",
    "cache()",
    "mine.cache",
    "functools.lru_cache",
    "secured",
    "secured(role=1)",
    "secured(role=2)",
    "secured(x, role=1)",
    "secured(role=1, **options)",
    "web.secured",
    "shop.web.secured",
    "staticmethod",
    "classmethod",
    "property",
)
BASES = tuple(
    """
    Base Repository store.Repository shop.store.Repository sqlalchemy.orm.Base orm.Base Value
    Repository[int] Generic[T] object mine.Repository
    """.split()  # noqa: SIM905 - reads better as running text
)
WORDS = (
    "import requests",
    "os.environ",
    "except Exception:",
    "requests.get(x)",
    "from . import web",
    "@route",
    "TODO",
    "print(1)",
)


@dataclass(frozen=True, slots=True)
class Place:
    """What the grammar must know of where a statement stands."""

    depth: int = 0
    function: bool = False
    coroutine: bool = False
    loop: bool = False
    body: bool = False
    """Directly in a class body."""


@dataclass
class Program:
    """One program while it is being written."""

    random: Random
    plain: bool = False
    """Whether names mean what they say: nothing binds a name that a constraint speaks of."""
    lines: list[str] = field(default_factory=list)

    def write(self, place: Place, text: str) -> None:
        indent = "    " * place.depth
        self.lines += [indent + line if line else "" for line in text.split("\n")]

    def one(self, options: tuple[str, ...] | list[str]) -> str:
        return self.random.choice(options)

    def new(self) -> str:
        """Return a name to bind."""
        return self.one(PLAIN if self.plain else NAMES)

    def likely(self, share: float) -> bool:
        return self.random.random() < share


def programs(seed: int, count: int, *, plain: bool = False) -> Iterator[tuple[str, str]]:
    """Yield paths and texts; the same for the same seed."""
    random = Random(seed)
    for folder in FOLDERS[:6]:
        yield f"{folder}/__init__.py", program(random, 2, plain=plain)
    for name in ("shop/web/models", "shop/store/models", "shop/core/models"):
        yield f"{name}.py", program(random, 2, plain=plain)
    for number in range(count):
        folder = random.choice(FOLDERS)
        stem = random.choice(("m", "m", "m", "test_m", "models")) + ("_plain" if plain else "")
        yield (
            f"{folder}/{stem}{number}.py",
            program(random, random.choice((1, 1, 2, 3)), plain=plain),
        )


def program(random: Random, length: int, *, plain: bool = False) -> str:
    """Return one program of so many statements."""
    made = Program(random, plain)
    place = Place()
    start = random.random()
    if start < 0.1:
        made.write(place, f'"""{made.one(WORDS)}"""')
    elif start < 0.15:
        made.write(place, f"# {made.one(WORDS)}")
    if made.likely(0.15):
        made.write(place, "from __future__ import annotations")
    for _ in range(made.random.choice((0, 1, 1, 2))):
        made.write(place, an_import(made, place))
    for _ in range(length):
        statement(made, place)
    text = "\n".join(made.lines) + "\n"
    ast.parse(text)
    return text


# --- imports -----------------------------------------------------------------------------------


def an_import(made: Program, place: Place) -> str:
    """Return an import of any form."""
    form = made.random.randrange(12)
    module = made.one(MODULES)
    if form < 3:
        return f"import {module}{alias(made)}"
    if form == 3:
        return f"import {module}{alias(made)}, {made.one(MODULES)}{alias(made)}"
    if form < 7:
        return f"from {module} import {members(made)}"
    if form < 9:
        dots = "." * made.random.choice((1, 1, 2, 2, 3, 4))
        below = made.one(("", "", "web", "models", "web.models", "store", "core", "forms", "deep"))
        if not place.function and not place.body and made.likely(0.2):
            return f"from {dots}{below} import *"
        return f"from {dots}{below} import {members(made)}"
    if form == 9:
        if place.function or place.body:
            return f"import {module}"
        return f"from {module} import *"
    if form == 10:
        call = made.one(
            (
                'importlib.import_module("{}")',
                '__import__("{}")',
                "importlib.import_module('{}', None)",
                'importlib.import_module(name="{}")',
                'import_module("{}")',
                'mine.import_module("{}")',
            )
        )
        return call.format(module)
    names = f"    {made.one(MEMBERS)},\n    {made.one(MEMBERS)}{alias(made)},\n"
    return f"from {module} import (\n{names})"


def alias(made: Program) -> str:
    return f" as {made.new()}" if made.likely(0.3) else ""


def members(made: Program) -> str:
    count = made.random.choice((1, 1, 1, 2, 3))
    return ", ".join(f"{made.one(MEMBERS)}{alias(made)}" for _ in range(count))


# --- expressions -------------------------------------------------------------------------------


def chain(made: Program) -> str:
    """Return a name and attributes of it."""
    fixed = made.one(
        (
            "get",
            "print",
            "session",
            "os.environ",
            "os.system",
            "os.getenv",
            "os.getpid",
            "os.path.get",
            "requests.get",
            "requests.Session",
            "sqlalchemy.orm.session",
            "shop.web.models",
            "os.environb",
        )
    )
    if made.likely(0.45):
        return fixed
    return ".".join(made.one(NAMES) for _ in range(made.random.choice((1, 1, 2, 2, 3))))


def arguments(made: Program, place: Place, depth: int) -> str:
    """Return the arguments of a call."""
    count = made.random.choice((0, 0, 1, 1, 2))
    parts = [expression(made, place, depth + 2) for _ in range(count)]
    if made.likely(0.08):
        parts.append("*args")
    if made.likely(0.35):
        parts.append(f"{made.one(ARGUMENTS)}={made.one(('True', 'False', '1', 'x', 'None'))}")
    if made.likely(0.06):
        parts.append("**options")
    if len(parts) > 1 and made.likely(0.1):
        return "\n    " + ",\n    ".join(parts) + ",\n"
    return ", ".join(parts)


def call(made: Program, place: Place, depth: int = 0) -> str:
    """Return a call."""
    form = made.random.random()
    if form < 0.85:
        target = chain(made)
    elif form < 0.92:
        target = f"{call(made, place, depth + 2)}.{made.one(MEMBERS)}" if depth < 3 else "get"
    else:
        target = f"{made.one(NAMES)}[{made.one(NAMES)}].{made.one(MEMBERS)}"
    return f"{target}({arguments(made, place, depth)})"


def string(made: Program) -> str:
    return made.one(("'{}'", '"{}"', 'r"{}"', 'b"{}"', '"""{}"""')).format(made.one(WORDS))


def expression(  # noqa: C901 - one branch for each form of the grammar
    made: Program, place: Place, depth: int = 0
) -> str:
    """Return an expression."""
    if depth > 1 or made.likely(0.3):
        return made.one((chain(made), chain(made), made.one(NAMES), "1", string(made), "None"))
    deeper: Callable[[], str] = lambda: expression(made, place, depth + 1)  # noqa: E731
    name = made.new()
    form = made.random.randrange(20)
    if form < 7:
        return call(made, place, depth)
    if form == 7:
        return f"{deeper()} + {deeper()}"
    if form == 8:
        return f"(lambda {name}: {deeper()})"
    if form == 9:
        return f"[{deeper()} for {name} in {deeper()} if {deeper()}]"
    if form == 10:
        return f"{{{name}: {deeper()} for {name} in ({deeper()})}}"
    if form == 11:
        return f'f"{{{chain(made)}}} {made.one(WORDS)}"'
    if form == 12:
        return f"({name} := {deeper()})"
    if form == 13:
        return f"({deeper()} if {deeper()} else {deeper()})"
    if form == 14:
        return f"{chain(made)}[{deeper()}]"
    if form == 15:
        return f"{{{deeper()}: {deeper()}}}"
    if form == 16:
        return f"(not {deeper()} and {deeper()})"
    if form == 17 and place.coroutine:
        return f"(await {call(made, place, depth)})"
    if form == 18:
        return f"(lambda {name}={chain(made)}, *args, **options: {deeper()})"
    return f"({deeper()}, {deeper()})"


# --- statements --------------------------------------------------------------------------------


def statement(made: Program, place: Place) -> None:
    """Write one statement, simple or compound."""
    if place.depth < 3 and made.likely(0.6 - 0.15 * place.depth):
        made.random.choice(_COMPOUND)(made, place)
    else:
        made.write(place, simple(made, place))


def simple(made: Program, place: Place) -> str:
    """Return a statement that holds no others."""
    form = made.random.randrange(24)
    name = made.new()
    if form < 5:
        return an_import(made, place)
    if form < 12:
        return call(made, place)
    if form < 15:
        return f"{name} = {expression(made, place)}"
    if form == 15:
        return f"{name}: {chain(made)} = {expression(made, place)}"
    if form == 16:
        return f"{chain(made)} = {expression(made, place)}"
    if form == 17:
        return f"# {made.one(WORDS)}\n{name} = 1  # {made.one(WORDS)}"
    if form == 18:
        return f"{name}, y = {expression(made, place)}"
    if form == 19:
        return f"{name} += {expression(made, place)}"
    if form == 20:
        return made.one((f"del {name}", "pass", f"assert {chain(made)}", f"raise {chain(made)}"))
    if form == 21:
        return string(made)
    if form == 22 and place.function:
        return f"return {expression(made, place)}"
    return made.one((f"__slots__ = ({string(made)},)", f"register = {chain(made)}", "__all__ = []"))


def block(made: Program, place: Place) -> None:
    """Write the statements of a block, one level deeper."""
    inner = replace(place, depth=place.depth + 1)
    for _ in range(made.random.choice((1, 1, 1, 2))):
        statement(made, inner)


def inside(place: Place, **changed: bool) -> Place:
    return replace(place, **{"body": False, **changed})


def an_if(made: Program, place: Place) -> None:
    test = made.one(
        ("TYPE_CHECKING", "typing.TYPE_CHECKING", "t.TYPE_CHECKING", "not TYPE_CHECKING")
        if made.likely(0.4)
        else (chain(made), f"{chain(made)} == 1")
    )
    made.write(place, f"if {test}:")
    block(made, place)
    if made.likely(0.15):
        made.write(place, f"elif {made.one((chain(made), 'TYPE_CHECKING'))}:")
        block(made, place)
    if made.likely(0.25):
        made.write(place, "else:")
        block(made, place)


def a_try(made: Program, place: Place) -> None:
    made.write(place, "try:")
    block(made, place)
    star = "*" if made.likely(0.06) else ""
    handlers = made.random.choice((0, 1, 1, 1, 2))
    for _ in range(handlers):
        caught = made.one(EXCEPTIONS)
        if made.likely(0.25):
            caught = f"({caught}, {made.one(EXCEPTIONS)})"
        made.write(place, f"except{star} {caught}{' as x' if made.likely(0.3) else ''}:")
        block(made, place)
    bare = not star and made.likely(0.15)
    if bare:
        made.write(place, "except:")
        block(made, place)
    if (handlers or bare) and made.likely(0.2):
        made.write(place, "else:")
        block(made, place)
    if not (handlers or bare) or made.likely(0.15):
        made.write(place, "finally:")
        block(made, place)


def a_with(made: Program, place: Place) -> None:
    start = "async with" if place.coroutine and made.likely(0.4) else "with"
    item = made.one(("lock", "lock()", "web.lock()", "retry(1)", chain(made), call(made, place)))
    more = f", {chain(made)} as value" if made.likely(0.2) else ""
    made.write(place, f"{start} {item}{' as ' + made.new() if made.likely(0.3) else ''}{more}:")
    block(made, place)


def a_loop(made: Program, place: Place) -> None:
    if made.likely(0.3):
        made.write(place, f"while {chain(made)}:")
    else:
        start = "async for" if place.coroutine and made.likely(0.4) else "for"
        made.write(place, f"{start} {made.new()} in {expression(made, place, 2)}:")
    block(made, replace(place, loop=True))
    if made.likely(0.1):
        made.write(place, "else:")
        block(made, place)


def a_match(made: Program, place: Place) -> None:
    if made.plain:
        made.write(place, simple(made, place))
        return
    made.write(place, f"match {chain(made)}:")
    inner = replace(place, depth=place.depth + 1)
    for _ in range(made.random.choice((1, 2))):
        case = made.one(
            ("1", "os.environ", "x", "[x, y]", '{"a": x}', "Base(x=1)", "orm.Error()", "_")
        )
        guard = f" if {chain(made)}"
        made.write(inner, f"case {case}{guard}:")
        block(made, inner)


def parameters(made: Program, *, method: bool) -> str:
    """Return the parameters of a definition."""
    found: list[str] = [made.one(("self", "self", "cls", "this"))] if method else []
    names = ("x", "y", "z") if made.plain else ("x", "y", "os", "get", "environ")
    for name in made.random.sample(names, made.random.choice((0, 1, 2))):
        form = made.random.randrange(5)
        annotation = made.one(("int", "os.environ", '"Base"', "orm.session"))
        if form < 2 and not any("=" in one for one in found):
            found.append(name)
        elif form < 3:
            found.append(f"{name}={made.one(('1', chain(made)))}")
        elif form < 4 and not any("=" in one for one in found):
            found.append(f"{name}: {annotation}")
        else:
            found.append(f"{name}: {annotation} = 1")
    if made.likely(0.1):
        found.append(
            made.one(("*args", "*args: int", "*")) + ", key" + made.one(("", ": int", "=1"))
        )
    if made.likely(0.08):
        found.append(made.one(("**options", "**options: int")))
    return ", ".join(found)


def a_function(made: Program, place: Place) -> None:
    for _ in range(made.random.choice((0, 0, 0, 1, 2))):
        made.write(place, f"@{made.one(DECORATORS)}")
    coroutine = made.likely(0.15)
    returns = made.one(("", "", " -> int", " -> None", " -> os.environ"))
    made.write(
        place,
        f"{'async ' if coroutine else ''}def {function_name(made)}"
        f"({parameters(made, method=place.body)}){returns}:",
    )
    inner = Place(place.depth + 1, function=True, coroutine=coroutine)
    documented(made, inner)
    if made.likely(0.08) and not made.plain:
        made.write(inner, f"global {made.one(('os', 'get', 'environ'))}")
    block(made, inside(place, function=True, coroutine=coroutine, loop=False))


def function_name(made: Program) -> str:
    name = made.one(FUNCTIONS)
    return f"{name}_{made.random.randrange(10000)}" if made.plain and name in MEMBERS else name


def documented(made: Program, inner: Place) -> None:
    form = made.random.random()
    if form < 0.25:
        made.write(inner, f'"""{made.one(WORDS)}"""')
    elif form < 0.32:
        made.write(inner, made.one(("'doc'", "b'no'", "f'no'", "r'''doc'''", "('doc')", "'a' 'b'")))


def a_class(made: Program, place: Place) -> None:
    for _ in range(made.random.choice((0, 0, 0, 1))):
        made.write(place, f"@{made.one(DECORATORS)}")
    bases = [made.one(BASES) for _ in range(made.random.choice((0, 0, 1, 1, 2)))]
    if made.likely(0.1):
        bases.append("metaclass=Base")
    head = f"({', '.join(bases)})" if bases or made.likely(0.1) else ""
    made.write(place, f"class {made.one(CLASSES[:5] if made.plain else CLASSES)}{head}:")
    documented(made, Place(place.depth + 1))
    block(made, Place(place.depth, body=True))


def one_line(made: Program, place: Place) -> None:
    made.write(place, f"if {chain(made)}: {call(made, place)}; {made.new()} = {chain(made)}")


_COMPOUND = (
    an_if,
    a_try,
    a_with,
    a_loop,
    a_match,
    a_function,
    a_function,
    a_function,
    a_function,
    a_class,
    a_class,
    one_line,
)
