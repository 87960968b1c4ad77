"""Imports, exports and bindings of `require` in TypeScript and JavaScript."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from bylaw.facts.bindings import EMPTY, LOCAL, PARAMETER, Scope, below
from bylaw.facts.draft import Context, ImportSight
from bylaw.facts.model import Import, Where
from bylaw.facts.script_chains import required, written
from bylaw.facts.script_values import key_of, name_of, plain_children, string_of
from bylaw.facts.script_walk import Walk

if TYPE_CHECKING:
    from tree_sitter import Node

Form = Literal["import", "from", "wildcard", "re-export"]


class _Taken(NamedTuple):
    """What a statement takes from a module."""

    form: Form
    member: str | None
    bound: str | None
    where: int = 0


def _has_type(walk: Walk, node: "Node") -> bool:
    """Tell whether `type` (or `typeof`, in Flow) stands before what is taken."""
    for child in node.children[:2]:
        if child.type in ("type", "typeof"):
            return True
        if child.is_error and child.text == b"type":
            # The grammar does not know `export type *`.
            walk.source.forgiven.add(child.start_byte)
            return True
    return False


def _name(walk: Walk, node: "Node | None") -> str | None:
    """Return the name of an import's or export's part: an identifier, `default` or a string."""
    return None if node is None else key_of(walk.source, node)


# --- imports -----------------------------------------------------------------------------------


def import_statement(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `import … from "m"`, `import "m"` and `import x = require("m")`."""
    specifier = node.child_by_field_name("source")
    taken: list[_Taken] = []
    for part in node.named_children:
        if part.type == "import_require_clause":
            specifier = part.child_by_field_name("source")
            taken.append(_Taken("import", "*", name_of(walk.source, part.named_children[0])))
        elif part.type == "import_clause":
            taken += _clause(walk, part)
    _note(walk, node, context, specifier, taken or [_Taken("import", None, None)])


def _note(
    walk: Walk, node: "Node", context: Context, specifier: "Node | None", taken: list[_Taken]
) -> None:
    module = string_of(walk.source, specifier)
    if not module:
        return
    place = walk.source.place(node)
    outer = context.where | (Where.TYPE_CHECKING if _has_type(walk, node) else 0)
    for form, member, bound, where in taken:
        found = Import(module, module, form, place, outer | where, (), bound, member)
        walk.draft.imports.append(ImportSight(found, context.wrapper))
        if bound is not None and member is not None and form != "re-export":
            context.scope.bind(bound, module if member == "*" else below(module, member))


def _clause(walk: Walk, clause: "Node") -> Iterator[_Taken]:
    for part in clause.named_children:
        if part.type == "identifier":
            yield _Taken("from", "default", name_of(walk.source, part))
        elif part.type == "namespace_import" and part.named_children:
            yield _Taken("wildcard", "*", name_of(walk.source, part.named_children[-1]))
        elif part.type == "named_imports":
            for one in part.named_children:
                if one.type == "import_specifier":
                    member = _name(walk, one.child_by_field_name("name"))
                    alias = _name(walk, one.child_by_field_name("alias"))
                    where = Where.TYPE_CHECKING if _has_type(walk, one) else 0
                    yield _Taken("from", member, alias or member, where)


# --- what gets the result of `require` ---------------------------------------------------------


def variable(walk: Walk, node: "Node", context: Context, scope: Scope) -> None:
    """Read one variable of a declaration, whose names the scope gets."""
    pattern, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    parts = [(child, context, "read") for child in node.named_children if child != pattern]
    walk.push(parts)
    taken = required(walk, value)
    if value is None:
        walk.declare(pattern, context, scope, EMPTY)
    elif taken is None:
        walk.declare(pattern, context, scope, _worth(walk, pattern, value))
        if pattern is not None and pattern.type == "object_pattern":
            _read_through(walk, pattern, value, context)
        elif pattern is not None and pattern.type == "identifier":
            walk.given[value.id] = name_of(walk.source, pattern)
    else:
        call, target = taken
        walk.declare(pattern, context, scope, target)
        walk.bound[call.id] = _bound(walk, pattern, context, target)


def _worth(walk: Walk, pattern: "Node | None", value: "Node") -> int:
    """Tell a `require` that is made by `createRequire`, which imports as the other one does."""
    named = pattern is not None and walk.source.text(pattern) == "require"
    made = named and value.type == "call_expression" and "createRequire" in written(walk, value)[0]
    return PARAMETER if made else LOCAL


def _bound(
    walk: Walk, pattern: "Node | None", context: Context, target: str
) -> list[tuple[str, str | None]]:
    """Return what a pattern takes from a module, and the names that get it."""
    mark = target.find("#", 1)
    taken = () if mark < 0 else (target[mark + 1 :],)
    found: list[tuple[str, str | None]] = []
    for node, path in walk.names_in(pattern, context, quiet=True):
        found.append((".".join((*taken, *(path or ()))) or "*", name_of(walk.source, node)))
    return found or [("*", None)]


def _read_through(walk: Walk, pattern: "Node", value: "Node", context: Context) -> None:
    """Note that `const {env} = process` reads `process.env`."""
    parts, last = written(walk, value)
    if last.type == "call_expression" or not parts[0] or "()" in parts or "[]" in parts:
        return
    for child in pattern.named_children:
        key = child.child_by_field_name("key") or child.child_by_field_name("left") or child
        if key.type in ("property_identifier", "shorthand_property_identifier_pattern"):
            chain = (*parts, name_of(walk.source, key))
            walk.draft.use(chain, "read", walk.source.place(key), context)


def assignment(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `a = b`: what is written, what is exported, and what gets a module."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None:
        return
    taken = required(walk, right)
    if taken is not None and left.type == "identifier":
        name = name_of(walk.source, left)
        walk.assigned.append((context.scope, name, taken[1]))
        walk.bound[taken[0].id] = _bound(walk, left, context, taken[1])
    if left.type == "member_expression":
        _exported(walk, written(walk, left)[0], right)
    if left.type in ("object_pattern", "array_pattern"):
        walk.push([(right, context, "read")])
        for one, _ in walk.names_in(left, context):
            walk.push([(one, context, "write")])
    else:
        walk.push([(left, context, "write"), (right, context, "read")])


def _exported(walk: Walk, chain: tuple[str, ...], value: "Node | None") -> None:
    """Note the names that `exports.a = …` and `module.exports = {…}` export."""
    names = walk.draft.names
    if chain[:2] == ("module", "exports"):
        chain = chain[1:]
    if chain[0] != "exports" or len(chain) > 2:
        return
    if len(chain) == 2:
        names[chain[1]] = None
    elif value is not None and value.type == "object":
        for child in plain_children(value):
            field = "name" if child.type == "method_definition" else "key"
            key = child.child_by_field_name(field)
            if child.type == "shorthand_property_identifier":
                key = child
            found = key_of(walk.source, key)
            if found is not None:
                names[found] = None


# --- exports -----------------------------------------------------------------------------------


def export_statement(walk: Walk, node: "Node", context: Context, _role: str) -> None:
    """Read `export …`: from another module, of names, of a declaration, of the default."""
    specifier = node.child_by_field_name("source")
    clause = [c for c in node.named_children if c.type in ("export_clause", "namespace_export")]
    named = [pair for one in clause for pair in _exports(walk, one)]
    for _, outer in named:
        walk.draft.names[outer] = None
    if any(outer == "default" for _, outer in named) or _is_default(node):
        walk.draft.names["default"] = None
        walk.draft.default_exports.append(walk.source.place(node))
    if specifier is not None:
        taken = [_Taken("re-export", member, outer) for member, outer in named]
        if not clause and any(child.type == "*" for child in node.children):
            taken = [_Taken("re-export", "*", None)]
        _note(walk, node, context, specifier, taken or [_Taken("re-export", None, None)])
        return
    if clause:
        for one in clause:
            walk.push(
                (part.child_by_field_name("name"), context, "read") for part in one.named_children
            )
        return
    _declared(walk, node, context)


def _is_default(node: "Node") -> bool:
    return any(child.type == "default" for child in node.children)


def _exports(walk: Walk, clause: "Node") -> Iterator[tuple[str, str]]:
    """Yield what a clause exports: its name inside, and the one that others see."""
    if clause.type == "namespace_export":
        name = _name(walk, clause.named_children[-1] if clause.named_children else None)
        if name is None:
            # `default` is no name for the grammar.
            name = _name(walk, clause.children[-1])
        yield "*", name or ""
        return
    for one in clause.named_children:
        if one.type == "export_specifier":
            name = _name(walk, one.child_by_field_name("name"))
            alias = _name(walk, one.child_by_field_name("alias"))
            if name is not None:
                yield name, alias or name


def _declared(walk: Walk, node: "Node", context: Context) -> None:
    """Read what is declared in an export."""
    decorators = [child for child in node.named_children if child.type == "decorator"]
    for child in node.named_children:
        if child.type == "decorator":
            continue
        if decorators:
            walk.decorators[child.id] = decorators
        walk.starts[child.id] = node
        _names_of(walk, child, default=_is_default(node))
    walk.push_all((c for c in node.named_children if c.type != "decorator"), context)


def _names_of(walk: Walk, declaration: "Node", *, default: bool) -> None:
    """Note the names that an exported declaration binds."""
    if default:
        return
    if declaration.type == "ambient_declaration":
        for child in declaration.named_children:
            _names_of(walk, child, default=False)
    elif declaration.type in ("lexical_declaration", "variable_declaration"):
        for variable_ in declaration.named_children:
            pattern = variable_.child_by_field_name("name")
            for one, _ in walk.names_in(pattern, Context(walk.draft.scopes.top), quiet=True):
                walk.draft.names[name_of(walk.source, one)] = None
    else:
        name = declaration.child_by_field_name("name")
        if name is not None and name.type in ("identifier", "type_identifier"):
            walk.draft.names[name_of(walk.source, name)] = None


def imported(walk: Walk) -> Iterator[ImportSight]:
    """Yield the imports but calls of a `require` that is a function of the file's own.

    A parameter of that name is how other module systems hand theirs in.
    """
    find = walk.draft.scopes.find
    for sight in walk.draft.imports:
        binding = None if sight.caller is None else find("require", sight.caller)[0]
        if binding in (None, PARAMETER):
            yield sight
