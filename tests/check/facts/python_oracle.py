"""What CPython itself says of a Python file, in the words of facts: the other side of a comparison.

Each function returns a sorted list of plain tuples; `of_ast` from CPython's own parser, `of_facts`
from facts. What both leave out cannot be compared: calls of what has no name, say.
"""

import ast
import dis
import types
from collections.abc import Iterator

from bylaw.facts.model import Catch, Definition, FileFacts, Place, Use, Where

Rows = dict[str, list[tuple[object, ...]]]

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOCAL = frozenset({"LOAD_FAST", "LOAD_FAST_CHECK", "LOAD_DEREF"})


def of_facts(facts: FileFacts) -> Rows:
    """Return the rows of a file's facts."""
    return {
        "imports": sorted(
            (
                i.place.line,
                i.form,
                i.name,
                i.module,
                i.bound or "",
                bool(i.where & Where.FUNCTION),
                "try" in i.wrappers,
            )
            for i in facts.imports
            if i.form != "dynamic"
        ),
        "definitions": [_definition(d, facts) for d in facts.definitions],
        "catches": sorted(_catch(c, facts) for c in facts.catches),
        # Where several imports may be meant, there are several calls at one place.
        "calls": sorted(
            {
                (
                    call.place[:4],
                    facts.uses[call.use].chain[-1],
                    tuple(a.name for a in call.arguments),
                    call.positional,
                    call.star,
                    call.spread,
                )
                for call in facts.calls
            }
        ),
        "documented": [(facts.documented,)],
    }


def _definition(one: Definition, facts: FileFacts) -> tuple[object, ...]:
    parent = facts.definitions[one.parent].name if one.parent >= 0 else ""
    # Where several imports may be meant, there are several at one place.
    decorators = {d.place: d for d in one.decorators}.values()
    return (
        one.kind,
        one.name,
        one.place.line,
        parent,
        one.documented,
        tuple(_dotted(d.chain) for d in decorators),
        tuple(tuple(a.name for a in d.arguments) for d in decorators),
        tuple(_dotted(b.chain) for b in {b.place: b for b in one.bases}.values()),
        tuple(sorted(one.unannotated)),
    )


def _dotted(chain: tuple[str, ...]) -> str:
    """Return a chain of names, or nothing for any other."""
    return "" if not chain[0] or {"()", "[]"} & {*chain} else ".".join(chain)


def _catch(catch: Catch, facts: FileFacts) -> tuple[object, ...]:
    here = [u for u in facts.uses if u.role == "catch" and _inside(u, catch.place)]
    return catch.place.line, tuple(_dotted(u.chain) for u in {u.place: u for u in here}.values())


def _inside(use: Use, place: Place) -> bool:
    return place[:2] <= use.place[:2] and use.place[2:] <= place[2:]


def of_ast(tree: ast.Module) -> Rows:
    """Return the rows of a module that CPython has parsed."""
    reader = _Reader()
    reader.read(tree)
    documented = ast.get_docstring(tree, clean=False) is not None
    return {
        "imports": sorted(reader.imports),
        "definitions": [row for _, row in sorted(reader.definitions)],
        "catches": sorted(reader.catches),
        "calls": sorted(set(reader.calls)),
        "documented": [(documented,)],
    }


class _Reader:
    """Reads a module by recursion over its children, as `ast` lays them out."""

    def __init__(self) -> None:
        self.imports: list[tuple[object, ...]] = []
        self.definitions: list[tuple[tuple[int, int], tuple[object, ...]]] = []
        self.catches: list[tuple[object, ...]] = []
        self.calls: list[tuple[object, ...]] = []

    def read(self, tree: ast.Module) -> None:
        for node, parent, scope, late, tried in _walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._import(node, late, tried)
            elif isinstance(node, ast.ExceptHandler):
                self.catches.append((node.lineno, tuple(map(_spelt, _caught(node)))))
            elif isinstance(node, ast.Call):
                self._call(node)
            elif isinstance(node, ast.Expr):
                self._print(node.value)
            elif isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
                self._define(node, parent, scope)

    def _import(self, node: ast.Import | ast.ImportFrom, late: bool, tried: bool) -> None:
        for alias in node.names:
            if isinstance(node, ast.Import):
                name = module = alias.name
                bound = alias.asname or name.partition(".")[0]
                form = "import"
            else:
                module = "." * node.level + (node.module or "")
                star = alias.name == "*"
                form = "wildcard" if star else "from"
                joined = module + alias.name if module.endswith(".") else f"{module}.{alias.name}"
                name = module if star else joined
                bound = "" if star else alias.asname or alias.name
            self.imports.append((node.lineno, form, name, module, bound, late, tried))

    def _call(self, node: ast.Call) -> None:
        callee = node.func
        name = callee.attr if isinstance(callee, ast.Attribute) else getattr(callee, "id", None)
        if name is None:
            return
        named = tuple(k.arg for k in node.keywords if k.arg)
        star = any(isinstance(a, ast.Starred) for a in node.args)
        positional = sum(not isinstance(a, ast.Starred) for a in node.args)
        spread = any(k.arg is None for k in node.keywords)
        self.calls.append((_place(node), name, named, positional, star, spread))

    def _print(self, node: ast.expr) -> None:
        """Add `print >> file, value`, which facts take for the statement of Python 2."""
        parts = node.elts if isinstance(node, ast.Tuple) else [node]
        first = parts[0] if parts else node
        if not isinstance(first, ast.BinOp) or not isinstance(first.op, ast.RShift):
            return
        if isinstance(first.left, ast.Name) and first.left.id == "print":
            self.calls.append((_place(node), "print", (), len(parts), False, False))

    def _define(self, node: ast.AST, parent: str, scope: str) -> None:
        assert isinstance(node, (*_FUNCTIONS, ast.ClassDef))
        kind = "class"
        bases: tuple[str, ...] = ()
        unannotated: tuple[str, ...] = ()
        if isinstance(node, ast.ClassDef):
            bases = tuple(_spelt(_stripped(base)) for base in node.bases)
        else:
            kind = "method" if scope == "class" else "function"
            unannotated = tuple(sorted(_unannotated(node)))
        row = (
            kind,
            node.name,
            node.lineno,
            parent,
            ast.get_docstring(node, clean=False) is not None,
            tuple(_spelt(d.func if isinstance(d, ast.Call) else d) for d in node.decorator_list),
            tuple(_keywords(d) for d in node.decorator_list),
            bases,
            unannotated,
        )
        self.definitions.append(((node.lineno, node.col_offset), row))


def _place(node: ast.expr) -> tuple[int, int, int, int]:
    end = node.end_lineno or 0, (node.end_col_offset or 0) + 1
    return node.lineno, node.col_offset + 1, *end


def _walk(tree: ast.Module) -> Iterator[tuple[ast.AST, str, str, bool, bool]]:
    """Yield each node with the definition and the scope around it.

    Also whether it runs later than its module, and whether a `try` is around it.
    """
    waiting: list[tuple[ast.AST, str, str, bool, bool]] = [(tree, "", "module", False, False)]
    while waiting:
        node, parent, scope, late, tried = waiting.pop()
        yield node, parent, scope, late, tried
        for field, value in ast.iter_fields(node):
            for child in value if isinstance(value, list) else [value]:
                if not isinstance(child, ast.AST):
                    continue
                below = parent, scope, late, tried
                if isinstance(node, ast.ClassDef):
                    below = node.name, "class" if field == "body" else scope, late, tried
                elif isinstance(node, _FUNCTIONS):
                    body = field == "body"
                    below = node.name, "function" if body else scope, late or body, tried
                elif isinstance(node, ast.Lambda) and field == "body":
                    below = parent, "function", True, tried
                elif isinstance(node, ast.Try | getattr(ast, "TryStar", ast.Try)):
                    below = parent, scope, late, tried or field == "body"
                waiting.append((child, *below))


def _caught(node: ast.ExceptHandler) -> list[ast.expr]:
    if node.type is None:
        return []
    if not isinstance(node.type, ast.Tuple):
        return [node.type] if _is_link(node.type) else []
    found = [e.value if isinstance(e, ast.Starred) else e for e in node.type.elts]
    return [e for e in found if _is_link(e)]


def _is_link(node: ast.expr) -> bool:
    return isinstance(node, ast.Name | ast.Attribute)


def _stripped(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Subscript):
        node = node.value
    return node


def _keywords(node: ast.expr) -> tuple[str, ...]:
    return tuple(k.arg for k in node.keywords if k.arg) if isinstance(node, ast.Call) else ()


def _spelt(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _unannotated(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    given = node.args
    some = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    for one in some:
        if one is not None and one.annotation is None and one.arg not in ("self", "cls"):
            yield one.arg
    if node.returns is None:
        yield "return"


# --- names -------------------------------------------------------------------------------------


def loads(code: types.CodeType) -> Iterator[tuple[int, int, str, bool]]:
    """Yield what names the bytecode reads: line, column (bytes, from 0), name, whether local."""
    waiting = [code]
    while waiting:
        at = waiting.pop()
        waiting.extend(c for c in at.co_consts if isinstance(c, types.CodeType))
        for instruction in dis.get_instructions(at):
            found = _exactly(instruction)
            if found is not None and instruction.opname in _LOCAL:
                yield *found, True
            elif found is not None and instruction.opname == "LOAD_GLOBAL":
                yield *found, False


def _exactly(instruction: dis.Instruction) -> tuple[int, int, str] | None:
    """Return where an instruction's name stands, if it stands there as it is."""
    name, at = instruction.argval, instruction.positions
    if at is None or at.lineno is None or at.col_offset is None:
        return None
    if not isinstance(name, str) or not name.isidentifier() or at.end_lineno != at.lineno:
        return None
    whole = at.end_col_offset == at.col_offset + len(name.encode())
    return (at.lineno, at.col_offset, name) if whole else None
