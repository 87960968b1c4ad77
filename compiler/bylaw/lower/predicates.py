"""Predicates: what a subject must, must not or may do, as the fields of its node."""

from collections.abc import Callable
from typing import Any, TypeAlias

from lark import Token, Tree

from bylaw import ir
from bylaw.diagnostics import Code, Severity
from bylaw.lower import operands
from bylaw.lower.clause import (
    LIST_CONNECTIVE,
    Clause,
    codes_of,
    quantifier,
    text_of,
    token_of,
    tokens_of,
    trees_of,
)
from bylaw.lower.operands import every

TOO_FEW_MODULES = Code("BL120", "too-few-modules", Severity.ERROR)
MATCH_WITHOUT_FENCE = Code("BL119", "match-without-fence", Severity.ERROR)

_ParseTree = Tree[Token]
Shaped: TypeAlias = tuple[type[ir.ConstraintNode], dict[str, Any]]
"""A node's class, and those of its fields that the predicate gives."""


def lower_predicate(clause: Clause, tree: _ParseTree, subject: ir.AnySubject | None) -> Shaped:
    """Lower a predicate; operands that are faulty have been reported."""
    return _PREDICATES[str(tree.data)](clause, tree, subject)


def _list(tree: _ParseTree) -> _ParseTree:
    return trees_of(tree)[0]


_Lower: TypeAlias = Callable[[Clause, Token], ir.Node | None]


def _operands(
    node: type[ir.ConstraintNode], field: str, lower: _Lower, **fixed: str
) -> "Callable[[Clause, _ParseTree, ir.AnySubject | None], Shaped]":
    """Make the lowering of a predicate that is a verb and a list."""

    def lower_list(clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None) -> Shaped:
        names = _list(tree)
        found = every([lower(clause, token) for token in codes_of(names)])
        return node, {field: found, "quantifier": quantifier(clause, names), **fixed}

    return lower_list


def _fixed(
    node: type[ir.ConstraintNode], **fields: Any
) -> "Callable[[Clause, _ParseTree, ir.AnySubject | None], Shaped]":
    """Make the lowering of a predicate without operands."""

    def lower_fixed(_clause: Clause, _tree: _ParseTree, _subject: ir.AnySubject | None) -> Shaped:
        return node, dict(fields)

    return lower_fixed


# --- import and depend -------------------------------------------------------------------------


def import_operands(clause: Clause, tree: _ParseTree) -> "tuple[ir.Module | ir.FilesOperand, ...]":
    """Lower a list of modules and ``code in `G` ``.

    `code in` holds for the spans after it, so modules stand before it.
    """
    found: list[ir.Module | ir.FilesOperand | None] = []
    marker: Token | None = None
    for child in tree.children:
        if not isinstance(child, Token) or child.type in {"COMMA", "OR", "AND"}:
            continue
        if child.type == "CODE_IN":
            marker = child
        elif marker is None:
            found.append(operands.import_module(clause, child))
        else:
            glob = operands.glob(clause, child)
            if glob is not None:
                start = marker if marker.end_pos == (child.start_pos or 0) - 1 else child
                span = clause.inline.span(start.start_pos or 0, child.end_pos or 0)
                found.append(ir.FilesOperand(globs=(glob,), span=span))
    return every(found)


def _import(clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None) -> Shaped:
    reach = "direct"
    if token_of(tree, "INDIRECTLY") is not None:
        reach = "indirect"
    elif token_of(tree, "AT_MODULE_LEVEL") is not None:
        reach = "module-level"
    names = _list(tree)
    return ir.Import, {
        "operands": import_operands(clause, names),
        "quantifier": quantifier(clause, names),
        "reach": reach,
    }


def _layered(clause: Clause, tree: _ParseTree, subject: ir.AnySubject | None) -> Shaped:
    within: tuple[ir.Module, ...] = ()
    for names in trees_of(tree):
        within = every([operands.module(clause, token) for token in codes_of(names)])
    _two(clause, subject, "layers")
    return ir.Layered, {"within": within}


def _independent(clause: Clause, _tree: _ParseTree, subject: ir.AnySubject | None) -> Shaped:
    _two(clause, subject, "modules")
    return ir.Independent, {}


def _two(clause: Clause, subject: ir.AnySubject | None, what: str) -> None:
    """Report a list of one that no wildcard can make longer."""
    if not isinstance(subject, ir.LayersSubject):
        return
    modules = [module for layer in subject.layers for module in layer.modules]
    if len(modules) < 2 and not any("*" in module.text for module in modules):
        clause.report.add(
            TOO_FEW_MODULES,
            f"one module has no other {what} to keep apart from",
            subject.span,
            help="name two or more, or use a wildcard: `shop.payments.*`",
        )


def _style(clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None) -> Shaped:
    names = _list(tree)
    styles: list[str] = []
    for token in codes_of(names):
        word = token.lower().split()[0]
        style = "default-export" if word == "default" else word
        if style not in styles:
            styles.append(style)
    quantifier(clause, names)
    return ir.ImportStyle, {"styles": tuple(styles)}


def _depend(clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None) -> Shaped:
    names, *groups = trees_of(tree)
    where = "anywhere"
    if tree.data == "depend_in_production":
        where = "production"
    elif groups:
        where = "extra" if token_of(tree, "IN_EXTRA") is not None else "group"
    return ir.Depend, {
        "requirements": every([operands.requirement(clause, t) for t in codes_of(names)]),
        "quantifier": quantifier(clause, names),
        "where": where,
        "names": every([operands.literal(clause, t) for g in groups for t in codes_of(g)]),
    }


# --- use, have and name ------------------------------------------------------------------------


def _decorator(clause: Clause, token: Token) -> ir.Pattern | None:
    return operands.pattern(clause, token, arguments=True)


def _match_fence(clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None) -> Shaped:
    for fence in clause.fences:
        if fence.info.split()[:1] == ["semgrep"]:
            return ir.MatchPattern, {
                "pattern": fence.text.rstrip("\n"),
                "pattern_span": fence.span,
            }
    word = tree.children[0]
    clause.report.add(
        MATCH_WITHOUT_FENCE,
        "`match` without a pattern",
        clause.span(word) if isinstance(word, Token) else None,
        help="nest a fence with the info string `semgrep` under the item; files are matched with "
        "``Files in `G` MUST NOT match `/…/` ``",
    )
    return ir.MatchPattern, {}


def _match(clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None) -> Shaped:
    names = _list(tree)
    found = every([operands.regex(clause, token) for token in codes_of(names)])
    joined = quantifier(clause, names)
    if clause.subject in {"branches", "commits"}:
        return ir.NameMatch, {"regexes": found, "quantifier": joined}
    if clause.subject in {"key", "each_key"}:
        return ir.KeyValue, {"values": found, "quantifier": joined, "shape": "key-match"}
    return ir.Text, {"texts": found, "quantifier": joined, "shape": "match"}


# --- file, text and key ------------------------------------------------------------------------


def _exist(clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None) -> Shaped:
    del tree
    if clause.subject in {"key", "each_key"}:
        return ir.KeyValue, {"shape": "key-exist"}
    if clause.subject == "for_each":
        return ir.Pair, {"shape": "exist-with"}
    return ir.Exist, {}


def _live(clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None) -> Shaped:
    names = _list(tree)
    if quantifier(clause, names) == "all":
        clause.report.add(
            LIST_CONNECTIVE,
            "`and` between places, and a file lives in one",
            clause.keyword_span(token_of(names, "AND") or tokens_of(names)[0]),
            help="write `or`",
        )
    return ir.Live, {"globs": every([operands.glob(clause, t) for t in codes_of(names)])}


def _contain(clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None) -> Shaped:
    names = _list(tree)
    joined = quantifier(clause, names)
    tokens = codes_of(names)
    if clause.subject == "directories":
        entries = every([operands.glob(clause, token) for token in tokens])
        return ir.HoldEntry, {"entries": entries, "quantifier": joined}
    texts = every([operands.literal(clause, token) for token in tokens])
    if clause.subject in {"key", "each_key"}:
        return ir.KeyValue, {"values": texts, "quantifier": joined, "shape": "key-contain"}
    return ir.Text, {"texts": texts, "quantifier": joined, "shape": "contain"}


def _bound_of(tree: _ParseTree) -> str:
    return "at-most" if token_of(tree, "AT_MOST") is not None else "at-least"


def _number(tree: _ParseTree) -> int:
    token = token_of(tree, "NUMBER")
    # Longer numbers than any count; int() itself refuses thousands of digits.
    return int(token[:18]) if token is not None else 0


def _unit(tree: _ParseTree) -> str:
    token = token_of(tree, "SIZE_UNIT", "CHANGE_UNIT", "SPEND_UNIT")
    word = token.lower() if token is not None else ""
    return "USD" if word == "usd" else word


def _size(_clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None) -> Shaped:
    return ir.Size, {"bound": _bound_of(tree), "count": _number(tree), "unit": _unit(tree)}


def _code(tree: _ParseTree, index: int = 0) -> Token:
    return [token for token in tokens_of(tree) if token.type == "CODE"][index]


def _identical(clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None) -> Shaped:
    return ir.Identical, {"path": operands.glob(clause, _code(tree))}


def _bound(clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None) -> Shaped:
    value = operands.bound(clause, _code(tree))
    return ir.KeyBound, {"bound": _bound_of(tree), "value": value}


def _equal(clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None) -> Shaped:
    key = operands.key(clause, _code(tree))
    return ir.KeyEqual, {"key": key, "path": operands.glob(clause, _code(tree, 1))}


# --- run, approve and agent --------------------------------------------------------------------


def _run(clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None) -> Shaped:
    names = _list(tree)
    fields: dict[str, Any] = {
        "commands": every([operands.literal(clause, token) for token in codes_of(names)]),
        "quantifier": quantifier(clause, names),
    }
    moment = token_of(tree, "BEFORE_FINISHING", "ON_FAILURE")
    if clause.subject == "ci":
        if moment is not None:
            operands.wrong(
                clause, moment, f"`{moment}` is said of agents", "CI runs at each change"
            )
        return ir.CiRun, fields
    if moment is not None:
        fields["when"] = "check-fails" if moment.type == "ON_FAILURE" else "before-finishing"
    return ir.AgentRun, fields


def _approved(clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None) -> Shaped:
    names = _list(tree)
    number = token_of(tree, "NUMBER")
    count = _number(tree) if number is not None else 1
    if number is not None and count == 0:
        operands.wrong(clause, number, "an approval by nobody", "ask for 1 or more")
    approvers = every([operands.literal(clause, token) for token in codes_of(names)])
    return ir.Approve, {
        "approvers": approvers,
        "quantifier": quantifier(clause, names),
        "count": count,
    }


def _change(clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None) -> Shaped:
    names = _list(tree)
    quantifier(clause, names)
    globs = every([operands.glob(clause, token) for token in codes_of(names)])
    return ir.AgentChange, {"globs": globs}


def _limit(_clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None) -> Shaped:
    unit = "failed attempts" if tree.data == "stop" else _unit(tree)
    return ir.AgentLimit, {"count": _number(tree), "unit": unit}


def _read(clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None) -> Shaped:
    files, globs = trees_of(tree)
    joined = quantifier(clause, files) if len(codes_of(files)) > 1 else "all"
    return ir.AgentRead, {
        "files": every([operands.glob(clause, token) for token in codes_of(files)]),
        "quantifier": joined,
        "globs": every([operands.glob(clause, token) for token in codes_of(globs)]),
    }


def _autonomy(clause: Clause, tree: _ParseTree, _subject: ir.AnySubject | None) -> Shaped:
    token = _code(tree)
    level = text_of(token)
    if level not in {"assisted", "supervised", "autonomous", "ase"}:
        operands.wrong(
            clause,
            token,
            f"`{level}` is no level of autonomy",
            "write `assisted`, `supervised`, `autonomous` or `ase`",
        )
    return ir.AgentAutonomy, {"level": level}


_PREDICATES: dict[str, Callable[[Clause, _ParseTree, ir.AnySubject | None], Shaped]] = {
    "import": _import,
    "layered": _layered,
    "independent": _independent,
    "acyclic": _fixed(ir.Acyclic),
    "import_style": _style,
    "wrapped": _operands(ir.Wrapped, "wrappers", operands.pattern),
    "depend": _depend,
    "depend_in_production": _depend,
    "pinned": _fixed(ir.Pinned),
    "call": _operands(ir.Refer, "patterns", operands.pattern, shape="call"),
    "use": _operands(ir.Refer, "patterns", operands.pattern, shape="use"),
    "catch": _operands(ir.Refer, "patterns", operands.pattern, shape="catch"),
    "pass_arguments": _operands(ir.Pass, "arguments", operands.argument),
    "pass_any": _fixed(ir.Pass),
    "match_fence": _match_fence,
    "decorated": _operands(ir.Decorated, "patterns", _decorator),
    "inherit": _operands(ir.Inherit, "patterns", operands.pattern),
    "define": _operands(ir.Define, "names", operands.name),
    "docstring": _fixed(ir.Documented, shape="docstring"),
    "annotated": _fixed(ir.Documented, shape="annotated"),
    "named": _operands(ir.Named, "names", operands.name),
    "match": _match,
    "exist": _exist,
    "live": _live,
    "contain": _contain,
    "size": _size,
    "start": _operands(ir.Text, "texts", operands.literal, shape="start"),
    "identical": _identical,
    "be": _operands(ir.KeyValue, "values", operands.literal, shape="key-be"),
    "bound": _bound,
    "equal": _equal,
    "change_too": _fixed(ir.Pair, shape="change-with"),
    "run": _run,
    "succeed": _fixed(ir.CommandPass),
    "approved": _approved,
    "change": _change,
    "change_limit": _limit,
    "spend": _limit,
    "stop": _limit,
    "read": _read,
    "autonomy": _autonomy,
}
