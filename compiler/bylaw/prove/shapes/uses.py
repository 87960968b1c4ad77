"""Programs for `call`, `use`, `catch`, `pass`, `be wrapped in`, and how imports are written."""

from collections.abc import Iterator, Mapping

from bylaw import ir
from bylaw.builtin_names import PYTHON as BUILTINS
from bylaw.prove.case import NO_LINES, Draft, bad, good
from bylaw.prove.names import MOST, module, pattern
from bylaw.prove.shapes.entities import entity
from bylaw.prove.shapes.stage import Stage


def _numbered(head: str, text: str) -> tuple[str, int]:
    """Return a program and the number of its last part's first line."""
    return head + text, head.count("\n") + 1


def _sites(node: ir.Pattern, language: str) -> Iterator[tuple[str, str, str]]:
    """Yield how a name comes to be in a file: a title, the lines before, and the name there."""
    name = pattern(node)
    if node.any_receiver:
        yield "of a name", "", f"thing.{name}"
        yield "of an attribute", "", f"one.thing.{name}"
        return
    parent, dot, last = name.rpartition(".")
    if language != "python" or not dot:
        yield "by its name", "", name
        return
    yield "through its module", f"import {parent}\n\n", name
    yield "through an alias of its module", f"import {parent} as alias\n\n", f"alias.{last}"
    yield "through an alias", f"from {parent} import {last} as alias\n\n", "alias"
    yield "by a name that is imported", f"from {parent} import {last}\n\n", last


def _excepted(constraint: ir.ConstraintNode) -> list[ir.Pattern]:
    return [
        operand
        for exception in constraint.exceptions
        if isinstance(exception, ir.ExceptOperands)
        for operand in exception.operands
        if isinstance(operand, ir.Pattern)
    ]


def refers(stage: Stage) -> Iterator[Draft]:
    """Make programs for `call` and `use` in code, or in entities."""
    constraint = stage.a(ir.Refer)
    if constraint.subject.noun == "entities":
        yield from _in_entities(stage, constraint)
        return
    written = _WRITTEN.get(stage.language or "")
    if written is not None:
        yield from _elsewhere(stage, constraint, *written)
    if stage.language not in ("python", "typescript", "javascript"):
        return
    comment = "//" if stage.is_script else "#"
    for node in constraint.patterns[:MOST]:
        for title, head, name in _sites(node, stage.language):
            text, line = _numbered(head, f"{name}()\n")
            # To import a name is to use it.
            used = (
                {1} if constraint.shape == "use" and "import" in head and "from " in head else set()
            )
            yield Draft(f"calls it {title}", text, frozenset({line, *used}))
            text, line = _numbered(
                head, f"value = {name}\n" if not stage.is_script else f"const value = {name};\n"
            )
            refers = {line, *used} if constraint.shape == "use" else set()
            yield Draft(f"reads it {title}", text, frozenset(refers))
        yield from _near(node, stage, comment)
    for node in _excepted(constraint)[:MOST]:
        head, name = next((h, n) for _, h, n in _sites(node, stage.language))
        yield good(f"uses `{pattern(node)}`, which is excepted", f"{head}{name}()\n")


_WRITTEN: Mapping[str, tuple[str, int]] = {
    "go": ('package example\n\nimport "{first}"\n\nfunc use() {{\n\t{code}\n}}\n', 6),
    "java": ("class Example {{\n  void use() {{\n    {code};\n  }}\n}}\n", 3),
}
"""Where a call stands in the languages that have no code outside functions, and its line."""


def _elsewhere(stage: Stage, constraint: ir.Refer, form: str, line: int) -> Iterator[Draft]:
    """Make programs in Go and Java, for names of one dot."""
    for node in constraint.patterns[:MOST]:
        name = pattern(node)
        first, dot, last = name.partition(".")
        if node.any_receiver or not dot or "." in last or not first.isidentifier():
            continue
        if stage.language == "java" and not first[:1].isupper():
            continue
        yield bad("calls it", form.format(first=first, code=f"{name}()"), line)
        yield good("calls what is named almost so", form.format(first=first, code=f"{name}More()"))
        comment = form.format(first=first, code=f"other() /* {name}() */")
        yield good("names it in a comment", comment)
        quoted = form.format(first=first, code=f'other("{name}()")')
        yield good("names it in a string", quoted)


def _near(node: ir.Pattern, stage: Stage, comment: str) -> Iterator[Draft]:
    name = pattern(node)
    dotted = "." in name
    yield good("names it in a comment", f"{comment} {name}()\n")
    quoted = f'text = "{name}()"\n' if not stage.is_script else f'const text = "{name}()";\n'
    yield good("names it in a string", quoted)
    if not node.name.endswith("*"):
        receiver = "thing." if node.any_receiver else ""
        yield good("calls what is named almost so", f"{receiver}{name}_more()\n")
    if node.any_receiver:
        yield good("calls a function of its name", f"{name}()\n")
        return
    yield good("calls a method of its name", f"thing.{name}()\n")
    # A single name that the language does not define is that name, whatever it is bound to.
    if stage.language == "python" and (dotted or name in BUILTINS):
        first = name.partition(".")[0]
        yield good("calls it of a parameter", f"def use({first}):\n    return {name}()\n")
        if dotted:
            last = name.rpartition(".")[2]
            yield good("calls another one's", f"from mine import {last}\n\n{last}()\n")


def _in_entities(stage: Stage, constraint: ir.Refer) -> Iterator[Draft]:
    if stage.language != "python":
        return
    first, *others = constraint.patterns
    sites = {node: next((h, n) for _, h, n in _sites(node, "python")) for node in (first, *others)}
    wanted = [first, *others] if constraint.quantifier == "all" else [first]
    heads = "".join(dict.fromkeys(sites[n][0].strip() + "\n" for n in wanted if sites[n][0]))
    calls = [f"{sites[n][1]}()" for n in wanted]
    with_it = entity(stage, head=heads, body=calls)
    without = entity(stage, head=heads, body=["x = 1", f"# {calls[0]}"])
    if with_it is None or without is None:
        return
    violating, kept = (without, with_it) if constraint.modal == "must" else (with_it, without)
    if constraint.modal == "must":
        yield bad("does not", violating.text, violating.line)
    else:
        yield bad("does", violating.text, violating.body)
    yield good("does" if constraint.modal == "must" else "does not", kept.text)


# --- catch -------------------------------------------------------------------------------------


def catches(stage: Stage) -> Iterator[Draft]:
    """Make programs for `catch`."""
    constraint = stage.a(ir.Refer)
    if stage.language != "python" or constraint.subject.noun == "entities":
        return
    for node in constraint.patterns[:MOST]:
        for title, head, name in _sites(node, "python"):
            text, line = _numbered(head, f"try:\n    go()\nexcept {name}:\n    pass\n")
            yield bad(f"catches it {title}", text, line + 2)
            text, line = _numbered(
                head, f"try:\n    go()\nexcept (KeyError, {name}) as error:\n    raise\n"
            )
            yield bad(f"catches it among others {title}", text, line + 2)
        name = pattern(node)
        yield good("raises it", f"raise {name.rpartition('.')[2]}More()\n")
        yield good(
            "catches what is named almost so", f"try:\n    go()\nexcept {name}More:\n    pass\n"
        )
        yield good("names it in a comment", f"# except {name}:\n")
        bare = "try:\n    go()\nexcept:\n    raise\n"
        if name == "BaseException":
            yield bad("catches everything", bare, 3)


# --- pass --------------------------------------------------------------------------------------


def passes(stage: Stage) -> Iterator[Draft]:
    """Make programs for `Each call to P MUST pass A`."""
    constraint = stage.a(ir.Pass)
    subject = constraint.subject
    if not isinstance(subject, ir.CallsSubject) or stage.language not in (
        "python",
        "typescript",
        "javascript",
    ):
        return
    if any(a.value in _FOREIGN[stage.is_script] for a in constraint.arguments):
        return
    full = [_argument(a, stage) for a in constraint.arguments]
    must = constraint.modal == "must"
    for node in subject.patterns[:MOST]:
        for title, head, name in _sites(node, stage.language):
            text, line = _numbered(head, f"{name}()\n")
            yield Draft(
                f"calls it without anything {title}", text, frozenset((line,)) if must else NO_LINES
            )
            given = full if constraint.quantifier == "all" or not must else full[:1]
            passed = _call(name, given or ["1"], stage)
            text, line = _numbered(head, f"{passed}\n")
            yield Draft(f"passes it {title}", text, NO_LINES if must else frozenset((line,)))
        head, name = next((h, n) for _, h, n in _sites(node, stage.language))
        if full:
            text, line = _numbered(head, f"{_call(name, [_other(stage)], stage)}\n")
            yield Draft("passes another", text, frozenset((line,)) if must else NO_LINES)
            if stage.language == "python":
                yield good("passes what cannot be seen", f"{head}{name}(**options)\n")
        yield good("names it in a comment", f"{'//' if stage.is_script else '#'} {name}()\n")


_FOREIGN = (frozenset({"true", "false", "null"}), frozenset({"True", "False", "None"}))
"""Literals that Python does not have, and those that JavaScript does not."""


def _argument(argument: ir.Argument, stage: Stage) -> str:
    if argument.name is None:
        return argument.value or "1"
    value = argument.value or "1"
    return f"{argument.name}: {value}" if stage.is_script else f"{argument.name}={value}"


def _other(stage: Stage) -> str:
    return "another_one: 1" if stage.is_script else "another_one=1"


def _call(name: str, arguments: list[str], stage: Stage) -> str:
    inner = ", ".join(arguments)
    return f"{name}({{ {inner} }})" if stage.is_script and ":" in inner else f"{name}({inner})"


# --- be wrapped in -----------------------------------------------------------------------------


def wrapped(stage: Stage) -> Iterator[Draft]:
    """Make programs for `be wrapped in`."""
    constraint = stage.a(ir.Wrapped)
    if stage.language != "python":
        return
    subject = constraint.subject
    head, what = "", ""
    if isinstance(subject, ir.ImportsSubject):
        what = f"import {module(subject.modules[0].text)}"
    elif isinstance(subject, ir.CallsSubject):
        head, name = next((h, n) for _, h, n in _sites(subject.patterns[0], "python"))
        what = f"{name}()"
    text, line = _numbered(head, f"{what}\n")
    yield bad("stands in nothing", text, line)
    text, line = _numbered(head, f"if x:\n    {what}\n")
    yield bad("stands in an `if`", text, line + 1)
    yield good("names it in a comment", f"# {what}\n")
    wrappers = constraint.wrappers
    if any(node.name == "try" for node in wrappers) and constraint.quantifier == "any":
        yield good("stands in a `try`", f"{head}try:\n    {what}\nexcept Exception:\n    pass\n")
        if isinstance(subject, ir.ImportsSubject):
            late = f"def late():\n    try:\n        {what}\n    except ImportError:\n        pass\n"
            yield good("stands in a `try` in a function", late)
    elif len(wrappers) == 1:
        before, name = next((h, n) for _, h, n in _sites(wrappers[0], "python"))
        yield good("stands in it", f"{head}{before}with {name}:\n    {what}\n")
        yield good("stands in a call of it", f"{head}{before}with {name}(1):\n    {what}\n")


# --- how imports are written -------------------------------------------------------------------


def styles(stage: Stage) -> Iterator[Draft]:
    """Make programs for `use relative imports`, `wildcard imports` and `default exports`."""
    constraint = stage.a(ir.ImportStyle)
    if stage.language == "python":
        forms = _PYTHON_STYLES
    elif stage.is_script:
        forms = _SCRIPT_STYLES
    else:
        return
    for text in dict.fromkeys(text for texts in forms.values() for text in texts):
        also = {s for s, texts in forms.items() if text in texts}
        if also & set(constraint.styles):
            yield bad(f"writes `{text}`", f"{text}\n")
        else:
            yield good(f"writes `{text}`, which is no such import", f"{text}\n")
    comment = "//" if stage.is_script else "#"
    for style in constraint.styles:
        for text in forms.get(style, ())[:1]:
            yield good("writes it in a comment", f"{comment} {text}\n")


_PYTHON_STYLES = {
    "relative": (
        "from . import thing",
        "from .thing import other",
        "from .. import thing",
        "from .thing import *",
    ),
    "wildcard": ("from thing import *", "from thing.other import *", "from .thing import *"),
    "": ("import thing", "from thing import other", "import thing.other as it"),
}
_SCRIPT_STYLES = {
    "relative": ('import { thing } from "./thing";', 'import { thing } from "../thing";'),
    "wildcard": ('import * as all from "thing";',),
    "default-export": (
        "export default 1;",
        "export default function thing() {}",
        "export default class {}",
    ),
    "": ('import { thing } from "thing";', "export const thing = 1;", "export function other() {}"),
}

__all__ = ["catches", "passes", "refers", "styles", "wrapped"]
