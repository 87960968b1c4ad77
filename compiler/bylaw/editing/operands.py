"""The operands that may stand in a code span, from the names of the repository."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from bylaw import builtin_names
from bylaw.config import LEVELS
from bylaw.editing.model import Kind
from bylaw.editing.names import Names
from bylaw.editing.sorts import Sort, examples
from bylaw.keys import format_of
from bylaw.manifests import kind_of
from bylaw.tree import Tree
from bylaw_grammar.spelling import spellings

MOST = 100
_NAMED_FILE = re.compile(r"[^`]*` in `([^`]+)`")
_WORST = re.compile(r"(?:Error|Exception|Warning|Interrupt|Exit)\Z")


@dataclass(frozen=True, slots=True)
class Operand:
    """What may stand in a code span; an `open` one goes on where it ends.

    `more` is what follows the span: the file that a key is of.
    """

    text: str
    kind: Kind
    detail: str = ""
    open: bool = False
    more: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: the sort, what is typed of it, and what else the sentence names.

    `named` are the operands before it in the sentence, `after` the rest of the line behind it.
    """

    sort: Sort
    typed: str = ""
    named: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    after: str = ""


def operands(names: Names, wanted: Wanted) -> list[Operand]:
    """Return what fits, likeliest first, each text once; none that the list has already."""
    found: dict[str, Operand] = {}
    some = _SOURCES.get(wanted.sort, _nothing)(names, wanted)
    typed = wanted.typed.casefold()
    for each in some:
        # What was found by a last name begins otherwise.
        fits = each.text.casefold().startswith(typed) or each.detail == _BY_LAST_NAME
        if each.text in wanted.listed or not fits:
            continue
        found.setdefault(each.text + each.more, each)
        if len(found) >= MOST:
            break
    if not found and not typed:
        return [each for each in _samples(wanted) if each.text not in wanted.listed]
    return list(found.values())


_BY_LAST_NAME = "by its last name"


def _nothing(names: Names, wanted: Wanted) -> Iterator[Operand]:
    del names, wanted
    return iter(())


def _samples(wanted: Wanted) -> Iterator[Operand]:
    """Yield the operands of the language's own examples, where the repository has none."""
    for text in examples().get(wanted.sort, ()):
        yield Operand(text, "value", "as in the language's examples")


# --- names in code -----------------------------------------------------------------------------


def _modules(names: Names, wanted: Wanted) -> Iterator[Operand]:
    typed = wanted.typed
    parent = typed.rpartition(".")[0]
    start = parent.replace(".", "/") + "/" if parent else ""
    for name in names.modules.children(start):
        yield Operand(f"{parent}.{name}" if parent else name, "module")
    if not parent and len(typed) >= 2:
        for name in names.modules_by_last_name.starting(typed, MOST):
            yield Operand(name, "module", _BY_LAST_NAME)


def _imported(names: Names, wanted: Wanted) -> Iterator[Operand]:
    for name in names.imported:
        yield Operand(name, "package", "imported here")
    for name, path in names.declared.items():
        if re.fullmatch(r"[@\w][\w./@$-]*", name):
            yield Operand(name, "package", f"declared in {path}")
    yield from _modules(names, wanted)


def _layers(names: Names, wanted: Wanted) -> Iterator[Operand]:
    for name in names.facts.packages:
        yield from _modules(names, Wanted("module", wanted.typed or f"{name}."))
        yield Operand(f"{name}.*", "module", "each module directly in it")
    yield from _manifests(names, wanted)


def _patterns(names: Names, wanted: Wanted) -> Iterator[Operand]:
    del wanted
    python = sorted(builtin_names.PYTHON) if "python" in names.facts.languages else []
    script = sorted(builtin_names.SCRIPT - builtin_names.PYTHON)
    if not {"javascript", "typescript"} & set(names.facts.languages):
        script = []
    usual = ("print", "eval", "exec", "open", "input", "console.log", "fetch")
    lower = [name for name in (*python, *script) if not name.startswith("_") and name[0].islower()]
    known = [name for name in usual if name.partition(".")[0] in {*python, *script}]
    for name in dict.fromkeys((*known, *lower)):
        yield Operand(name, "value", "of the language itself")
    for name in names.imported:
        yield Operand(f"{name}.", "package", "a name in it", open=True)


def _exceptions(names: Names, wanted: Wanted) -> Iterator[Operand]:
    del wanted
    if "python" in names.facts.languages:
        some = sorted(n for n in builtin_names.PYTHON if _WORST.search(n))
        for name in dict.fromkeys(("Exception", "BaseException", *some)):
            yield Operand(name, "value", "of the language itself")


def _styles(names: Names, wanted: Wanted) -> Iterator[Operand]:
    del names, wanted
    for style in spellings()["STYLE"]:
        yield Operand(style, "value", "a style")


# --- paths -------------------------------------------------------------------------------------


def _folders(names: Names, wanted: Wanted) -> Iterator[Operand]:
    head = wanted.typed.rpartition("/")[0]
    start = head + "/" if head else ""
    if start and names.tree.folders.has(head):
        yield Operand(start, "folder", "everything below it")
    for name in _starting(names.tree.folders, wanted.typed, start):
        yield Operand(f"{start}{name}/", "folder", open=True)


def _starting(tree: Tree, typed: str, start: str) -> Iterator[str]:
    tail = typed[len(start) :].casefold()
    return (name for name in tree.children(start) if name.casefold().startswith(tail))


def _globs(names: Names, wanted: Wanted) -> Iterator[Operand]:
    typed = wanted.typed
    head = typed.rpartition("/")[0]
    start = head + "/" if head else ""
    if typed == start and start and names.tree.folders.has(head):
        yield Operand(f"{start}**", "folder", "everything below it")
    yield from _paths(names, wanted, _any)


def _any(path: str) -> bool:
    return bool(path)


def _paths(names: Names, wanted: Wanted, test: Callable[[str], object]) -> Iterator[Operand]:
    """Yield the folders, then the files, where the path has got to."""
    typed = wanted.typed
    head = typed.rpartition("/")[0]
    start = head + "/" if head else ""
    some = list(islice(_starting(names.tree, typed, start), 2 * MOST))
    folders = [name for name in some if names.tree.folders.has(start + name)]
    for name in folders:
        yield Operand(f"{start}{name}/", "folder", open=True)
    for name in some:
        path = start + name
        if names.tree.has(path) and test(path):
            yield Operand(path, "path")
    if not start and len(typed) >= 2:
        for path in names.by_last_name.starting(typed, MOST):
            if test(path):
                yield Operand(path, "path", _BY_LAST_NAME)


def _path(names: Names, wanted: Wanted) -> Iterator[Operand]:
    return _paths(names, wanted, _any)


def _manifests(names: Names, wanted: Wanted) -> Iterator[Operand]:
    for path in names.manifests:
        yield Operand(path, "path", "a manifest")
    if "/" in wanted.typed:
        yield from _paths(names, wanted, kind_of)


def _configurations(names: Names, wanted: Wanted) -> Iterator[Operand]:
    holding = [path for path in names.configurations if _has(names, path, wanted.named[-1:])]
    for path in holding:
        yield Operand(path, "path", "has the key")
    for path in names.configurations:
        yield Operand(path, "path")
    if "/" in wanted.typed:
        yield from _paths(names, wanted, format_of)


def _has(names: Names, path: str, key: Iterable[str]) -> bool:
    return any(each in names.keys(path) for each in key)


def _entries(names: Names, wanted: Wanted) -> Iterator[Operand]:
    del wanted
    for name in ("README.md", "OWNERS", "__init__.py", "package.json", "LICENSE"):
        if names.by_last_name.starting(name, 1):
            yield Operand(name, "path")
    yield Operand("README.md", "path")


# --- configuration, commands, people -----------------------------------------------------------


def _keys(names: Names, wanted: Wanted) -> Iterator[Operand]:
    named = _NAMED_FILE.match(wanted.after)
    if named is not None:
        for key in names.keys(named[1]):
            yield Operand(key, "key", named[1])
        return
    for path in names.configurations[:20]:
        for key in names.keys(path)[: 4 * MOST]:
            yield Operand(key, "key", path, more=f" in `{path}`")


def _values(names: Names, wanted: Wanted) -> Iterator[Operand]:
    *_, key, path = ("", "", *wanted.named)
    for text in names.values(path, key) if path else ():
        yield Operand(text, "value", "today's value")
    for text in ("true", "false"):
        yield Operand(text, "value")


def _bounds(names: Names, wanted: Wanted) -> Iterator[Operand]:
    *_, key, path = ("", "", *wanted.named)
    for text in names.values(path, key) if path else ():
        version = re.search(r"\d[\d.]*", text)
        if version is not None:
            yield Operand(version[0].rstrip("."), "value", "today's value")


def _plain(some: Callable[[Names], Iterable[str]], kind: Kind) -> "_Source":
    """Make a source of names that are looked up as they are."""

    def look(names: Names, wanted: Wanted) -> Iterator[Operand]:
        del wanted
        for text in some(names):
            yield Operand(text, kind)

    return look


_Source = Callable[[Names, Wanted], Iterator[Operand]]
_SOURCES: dict[Sort, _Source] = {
    "module": _modules,
    "import": _imported,
    "layer": _layers,
    "glob": _globs,
    "template": _globs,
    "path": _path,
    "folder": _folders,
    "manifest": _manifests,
    "config": _configurations,
    "entry": _entries,
    "package": _plain(lambda names: names.declared, "package"),
    "group": _plain(lambda names: names.groups or ("dev",), "value"),
    "pattern": _patterns,
    "exception": _exceptions,
    "style": _styles,
    "key": _keys,
    "value": _values,
    "bound": _bounds,
    "command": _plain(lambda names: names.commands, "command"),
    "agents": _plain(lambda names: names.agents, "value"),
    "level": _plain(lambda _: LEVELS, "value"),
    "owner": _plain(lambda names: names.owners, "value"),
    "ticket": _plain(lambda _: ("SHOP-42",), "value"),
    "type-checking": _plain(lambda _: ("TYPE_CHECKING",), "value"),
}
