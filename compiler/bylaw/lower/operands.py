"""Operands: a code span becomes the sort that its place asks for, or an error; never another."""

import re
from functools import lru_cache
from typing import TypeVar

from lark import Token

from bylaw import ir
from bylaw.diagnostics import Code, Severity
from bylaw.lower.clause import Clause, text_of
from bylaw.lower.paths import looks_like_path, path_to_import

WRONG_OPERAND = Code("BL102", "wrong-operand", Severity.ERROR)
CALL_WITH_ARGUMENTS = Code("BL114", "call-with-arguments", Severity.ERROR)
BROKEN_REGEX = Code("BL115", "broken-regex", Severity.ERROR)

_Node = TypeVar("_Node")

STYLES = {
    style.lower(): style
    for style in ("snake_case", "PascalCase", "camelCase", "kebab-case", "UPPER_CASE")
}

_NAME = r"[^\W\d]\w*"
_MODULE = re.compile(rf"(?:\*\*?|{_NAME})(?:\.(?:\*\*?|{_NAME}))*\Z")
_PACKAGE = re.compile(r"(?:@[\w.~*-]+/)?[\w~*$][\w.~*$:+-]*(?:/[\w.~*@$:+-]+)*\Z")
_PATTERN = re.compile(r"\.?(?:[^\W\d]|[$*])[\w$*]*(?:\.(?:[^\W\d]|[$*])[\w$*]*)*\Z")
_REQUIREMENT = re.compile(
    r"(?P<name>@?[A-Za-z0-9][\w.-]*(?:[/:][\w.-]+)*)\s*"
    r"(?P<specifier>(?:(?:===|==|!=|>=|<=|~=|>|<|\^|~|=)\s*[\w.*+!-]+)"
    r"(?:\s*,\s*(?:===|==|!=|>=|<=|~=|>|<|\^|~|=)\s*[\w.*+!-]+)*)?\Z"
)
_BOUND = re.compile(r"[-+]?[vV]?\d[\w.!+-]*\Z")
_CAPTURE = re.compile(r"<(\*\*)?([a-z][a-z0-9_]*)>")
_KEY = re.compile(r'\*\*|\*|"(?:[^"]+)"|[^."\[\]*\s]+|\[\]')


def wrong(clause: Clause, token: Token, message: str, advice: str | None = None) -> None:
    """Report an operand that is not of the sort its place asks for."""
    clause.report.add(WRONG_OPERAND, message, clause.span(token), help=advice)


def every(nodes: "list[_Node | None]") -> "tuple[_Node, ...]":
    """Return the nodes that were made; the others have been reported."""
    return tuple(node for node in nodes if node is not None)


# --- globs -------------------------------------------------------------------------------------


def glob(clause: Clause, token: Token) -> ir.Glob | None:
    """Lower a glob."""
    text = text_of(token)
    fault = glob_fault(text)
    if fault is not None:
        wrong(clause, token, f"`{text}` is no glob: {fault[0]}", fault[1])
        return None
    return ir.Glob(text=text, span=clause.span(token))


@lru_cache(4096)
def glob_fault(text: str) -> tuple[str, str | None] | None:
    """Return what is wrong with a glob's form and what to do, or None."""
    if not text.strip():
        return "it is blank", None
    if text.startswith("/"):
        if len(text) > 2 and text.endswith("/") and any(char in text for char in "\\^$+|()"):
            return "it is a regular expression", "only `match` and `be named` take one"
        return "it starts with `/`", f"globs are anchored anyway: write `{text.lstrip('/')}`"
    if text.startswith("./"):
        return "it starts with `./`", f"globs are anchored anyway: write `{text[2:]}`"
    if "\\" in text:
        return "it holds a `\\`", "segments are separated by `/`; nothing needs escaping"
    segments = text.split("/")
    if ".." in segments or "." in segments:
        return "it holds a `.` or `..` segment", "write the path from the repository's root"
    if "" in segments[:-1]:
        return "it has an empty segment", "write one `/`"
    if "<" in text or ">" in text:
        return "captures belong to `When` and `For each`", "write `*`"
    if any("**" in segment and segment != "**" for segment in segments):
        return "`**` is a whole segment or nothing", "write `**/*` and the ending"
    return _bracket_fault(text)


def _bracket_fault(text: str) -> tuple[str, str | None] | None:
    braces = 0
    position = 0
    while position < len(text):
        char = text[position]
        if char == "[":
            # The first character of a class may itself be `]`.
            close = text.find(
                "]", position + (3 if text[position + 1 : position + 2] == "!" else 2)
            )
            if close < 0:
                return "its `[` is not closed", None
            position = close
        elif char == "{":
            braces += 1
            if braces > 1:
                return "its braces are nested", "spell the alternatives out"
        elif char == "}":
            braces -= 1
            if braces < 0:
                return "its `}` closes nothing", None
        position += 1
    return ("its `{` is not closed", None) if braces else None


def template(clause: Clause, token: Token) -> ir.Template | None:
    """Lower a glob with captures."""
    text = text_of(token)
    captures: list[str] = []
    for match in _CAPTURE.finditer(text):
        many, name = match.groups()
        alone = text[: match.start()][-1:] in {"", "/"} and text[match.end() :][:1] in {"", "/"}
        if many and not alone:
            wrong(clause, token, f"`<**{name}>` is a whole segment or nothing", f"write `<{name}>`")
            return None
        mark = (many or "") + name
        if mark not in captures:
            captures.append(mark)
    fault = glob_fault(_CAPTURE.sub(lambda match: "**" if match[1] else "x", text))
    if fault is not None:
        if "<" in _CAPTURE.sub("", text) or ">" in _CAPTURE.sub("", text):
            fault = "a capture is `<name>` or `<**name>`, in lower case", None
        wrong(clause, token, f"`{text}` is no glob: {fault[0]}", fault[1])
        return None
    names = tuple(mark.lstrip("*") for mark in captures)
    return ir.Template(text=text, span=clause.span(token), captures=names)


# --- names in code -----------------------------------------------------------------------------


def module(clause: Clause, token: Token) -> ir.Module | None:
    """Lower a dotted module."""
    text = text_of(token)
    if _MODULE.match(text) is None:
        advice = None
        if looks_like_path(text):
            advice = f"modules have dotted names; for files write ``Code in `{text}` ``"
        wrong(clause, token, f"`{text}` is no module", advice)
        return None
    return ir.Module(text=text, span=clause.span(token))


def import_module(clause: Clause, token: Token) -> ir.Module | None:
    """Lower what an import names: a module or, in JavaScript, a package with its subpaths."""
    text = text_of(token)
    if path_to_import(text):
        wrong(
            clause,
            token,
            f"`{text}` is a path, and imports name modules",
            f"write ``code in `{text.lstrip('./')}` ``",
        )
        return None
    if (_PACKAGE if not text.startswith("*") else _MODULE).match(text) is None or ".." in text:
        wrong(clause, token, f"`{text}` is no module or package")
        return None
    return ir.Module(text=text, span=clause.span(token))


def pattern(clause: Clause, token: Token, *, arguments: bool = False) -> ir.Pattern | None:
    """Lower a name in code; `arguments` says whether it may carry some."""
    text = text_of(token)
    bare = text.removeprefix("@")
    bare = bare.removesuffix("()").removesuffix("(...)")
    given: tuple[ir.Argument, ...] = ()
    name, paren, rest = bare.partition("(")
    if paren and rest.endswith(")") and _PATTERN.match(name):
        if not arguments:
            outer = [*_outer_commas(rest[:-1]), len(rest) - 1]
            passed = rest[: outer[0]].strip()
            # A positional argument has no name to ask for.
            what = f"`{passed}` " if _argument(passed) else "an argument"
            help_ = f"write ``Each call to `{name}` MUST pass {what}`` (or `MUST NOT pass`)"
            span = clause.span(token)
            message = f"`{text}` has arguments, which say nothing here"
            clause.report.add(CALL_WITH_ARGUMENTS, message, span, help=help_)
            return None
        bare = name
        given = _arguments(clause, token, text.index("(") + 1, rest[:-1])
    if _PATTERN.match(bare) is None or "**" in bare:
        wrong(
            clause,
            token,
            f"`{text}` is no name in code",
            "write a dotted name such as `shop.mail.send`, or `.send` for any receiver",
        )
        return None
    return ir.Pattern(
        text=text,
        span=clause.span(token),
        name=bare.removeprefix("."),
        any_receiver=bare.startswith("."),
        arguments=given,
    )


def _arguments(clause: Clause, token: Token, offset: int, text: str) -> "tuple[ir.Argument, ...]":
    """Split the arguments of a decorator pattern at its outer commas."""
    found: list[ir.Argument] = []
    start = 0
    for stop in [*_outer_commas(text), len(text)]:
        part = text[start:stop]
        bare = part.strip()
        begin = (token.start_pos or 0) + 1 + offset + start + len(part) - len(part.lstrip())
        span = clause.inline.span(begin, begin + len(bare))
        start = stop + 1
        name, equals, value = bare.partition("=")
        if equals and not value.startswith("=") and name.strip().isidentifier():
            found.append(ir.Argument(name=name.strip(), value=value.strip(), span=span))
        elif bare:
            found.append(ir.Argument(name=None, value=bare, span=span))
    return tuple(found)


def _outer_commas(text: str) -> list[int]:
    commas: list[int] = []
    depth = 0
    quote = ""
    for position, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "," and depth == 0:
            commas.append(position)
    return commas


def argument(clause: Clause, token: Token) -> ir.Argument | None:
    """Lower what `pass` takes: a name, or a name and a literal."""
    text = text_of(token)
    found = _argument(text)
    if found is None:
        wrong(
            clause,
            token,
            f"`{text}` is no named argument",
            "write its name, or name and value: `timeout`, `shell=True`",
        )
        return None
    return ir.Argument(name=found[0], value=found[1], span=clause.span(token))


def _argument(text: str) -> tuple[str, str | None] | None:
    """Split `name` or `name=value`; None where it is neither."""
    name, equals, value = text.partition("=")
    name, value = name.strip(), value.strip()
    if not name.replace("-", "_").isidentifier() or (equals and not value) or value[:1] == "=":
        return None
    return name, value if equals else None


def requirement(clause: Clause, token: Token) -> ir.Requirement | None:
    """Lower a package with the versions it may have."""
    text = text_of(token)
    match = _REQUIREMENT.match(text.strip())
    if match is None:
        wrong(
            clause,
            token,
            f"`{text}` is no package",
            "write its name as its registry does, with or without a range: `django>=4.2,<6`",
        )
        return None
    specifier = (match["specifier"] or "").replace(" ", "")
    return ir.Requirement(
        text=text, span=clause.span(token), name=match["name"], specifier=specifier
    )


def key(clause: Clause, token: Token) -> ir.Key | None:
    """Lower a path into a configuration file."""
    text = text_of(token)
    segments: list[str] = []
    position = 0
    while position < len(text):
        match = _KEY.match(text, position)
        if match is None:
            break
        segments.append(match[0].strip('"'))
        position = match.end()
        if text[position : position + 1] == "." and position + 1 < len(text):
            position += 1
        elif text[position : position + 2] != "[]":
            break
    if position < len(text) or not segments:
        wrong(
            clause,
            token,
            f"`{text}` is no key",
            'write a dotted path: `tool.mypy.strict`, `"a.b".c`, `jobs.*.steps[].uses`',
        )
        return None
    return ir.Key(text=text, span=clause.span(token), segments=tuple(segments))


# --- text --------------------------------------------------------------------------------------


def literal(clause: Clause, token: Token) -> ir.LiteralText | None:
    """Lower text that is taken character by character."""
    return ir.LiteralText(text=text_of(token), span=clause.span(token))


def bound(clause: Clause, token: Token) -> ir.LiteralText | None:
    """Lower what a value may at least or at most be: a version or a number."""
    text = text_of(token)
    if _BOUND.match(text) is None:
        wrong(clause, token, f"`{text}` is no version and no number", "write it plain: `3.11`")
        return None
    return literal(clause, token)


def regex(clause: Clause, token: Token) -> ir.Regex | None:
    """Lower `/…/`, and compile it to see that it can be."""
    text = text_of(token)
    body = _regex_body(clause, token, text)
    if body is None:
        return None
    start, end = (token.start_pos or 0) + 2, (token.end_pos or 0) - 2
    return ir.Regex(text=body, span=clause.inline.span(start, end))


def _regex_body(clause: Clause, token: Token, text: str) -> str | None:
    if len(text) < 3 or text[0] != "/" or text[-1] != "/":
        if text.startswith("/") and "/" in text[1:]:
            wrong(clause, token, f"`{text}` has flags", "write them inside: `/(?i)todo/`")
        else:
            wrong(clause, token, f"`{text}` is no regular expression", f"write `/{text}/`")
        return None
    fault = regex_fault(text[1:-1])
    if fault is not None:
        clause.report.add(
            BROKEN_REGEX,
            f"`{text}` is no regular expression of RE2: {fault}",
            clause.span(token),
            help="RE2 has no look-around and no back-references"
            if re.search(r"\(\?[<=!]|\\[1-9]", text)
            else "correct it; a character that is meant as itself needs a `\\` before it",
        )
        return None
    return text[1:-1]


@lru_cache(1024)
def regex_fault(body: str) -> str | None:
    """Return why RE2 rejects an expression, or None."""
    import re2  # noqa: PLC0415 - not every repository has a regex, and this is a C++ library

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(body, options)
    except re2.error as error:
        fault = error.args[0] if error.args else "it does not compile"
        return fault.decode("utf-8", "replace") if isinstance(fault, bytes) else str(fault)
    return None


def name(clause: Clause, token: Token) -> ir.Name | None:
    """Lower a name to match: a style, a regular expression, or a glob."""
    span = clause.span(token)
    if token.type == "STYLE":
        return ir.Name(text=STYLES[token.lower()], span=span, form="style")
    text = text_of(token)
    if text in STYLES.values():
        return ir.Name(text=text, span=span, form="style")
    if text.startswith("/"):
        body = _regex_body(clause, token, text)
        return None if body is None else ir.Name(text=body, span=span, form="regex")
    fault = glob_fault(text)
    if fault is None and "/" in text:
        fault = "names are base names, without `/`", "put the folder into the subject's scope"
    if fault is not None:
        wrong(clause, token, f"`{text}` is no name: {fault[0]}", fault[1])
        return None
    return ir.Name(text=text, span=span, form="glob")
