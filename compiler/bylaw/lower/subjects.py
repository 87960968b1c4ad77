"""Subjects: a noun and its scope."""

import re
from collections.abc import Callable

from lark import Token, Tree

from bylaw import ir
from bylaw.diagnostics import Code, Severity, Span
from bylaw.lower import operands
from bylaw.lower.clause import Clause, codes_of, text_of, token_of, trees_of
from bylaw.lower.operands import every

UNKNOWN_CAPTURE = Code("BL117", "unknown-capture", Severity.ERROR)
QUALIFIER_TWICE = Code("BL124", "qualifier-twice", Severity.ERROR)

_ParseTree = Tree[Token]

WITHOUT_FILES = frozenset({"branches", "commits", "ci", "command"})
"""Subjects that no file belongs to: neither a lead-in nor `except in` can narrow them."""

_ENTITIES: dict[str, str] = {
    "class": "class",
    "classes": "class",
    "function": "function",
    "functions": "function",
    "method": "method",
    "methods": "method",
    "test": "test",
    "tests": "test",
    "module": "module",
}


def subject_name(tree: _ParseTree) -> str:
    """Return the name under which `bylaw_grammar.shapes` knows a subject."""
    if tree.data == "entity":
        noun = token_of(tree, "ENTITY")
        return "module" if noun is not None and noun.lower() == "module" else "entity"
    return "entity" if tree.data == "entities" else str(tree.data)


def lower_subject(clause: Clause, tree: _ParseTree, span: Span) -> ir.AnySubject | None:
    """Lower a subject; None where one of its operands has been reported."""
    if tree.data == "bare":
        return _bare(clause, tree, span)
    before = len(clause.report)
    subject = _SUBJECTS[str(tree.data)](clause, tree, span)
    return None if len(clause.report) > before else subject


def _globs(clause: Clause, tree: _ParseTree | None) -> tuple[ir.Glob, ...]:
    if tree is None:
        return ()
    return every([operands.glob(clause, token) for token in codes_of(tree)])


def _modules_of(clause: Clause, tree: _ParseTree) -> tuple[ir.Module, ...]:
    return every([operands.module(clause, token) for token in codes_of(tree)])


def _patterns(clause: Clause, tree: _ParseTree) -> tuple[ir.Pattern, ...]:
    return every([operands.pattern(clause, token) for token in codes_of(tree)])


def _literals(clause: Clause, tree: _ParseTree) -> tuple[ir.LiteralText, ...]:
    return every([operands.literal(clause, token) for token in codes_of(tree)])


def _scope(tree: _ParseTree) -> _ParseTree | None:
    """Return the list of the only scope a subject has."""
    lists = trees_of(tree)
    return lists[0] if lists else None


def _language(tree: _ParseTree) -> ir.Language | None:
    token = token_of(tree, "LANGUAGE")
    if token is None:
        return None
    word = token.lower()
    return "csharp" if word == "c#" else word  # type: ignore[return-value] # the terminal's words


def _modules(clause: Clause, tree: _ParseTree, span: Span) -> ir.ModulesSubject:
    scope = _scope(tree)
    if scope is None:
        # No scope means every module there is.
        everything = ir.Module(text="**", span=span)
        return ir.ModulesSubject(span=span, modules=(everything,), language=_language(tree))
    modules = _modules_of(clause, scope)
    return ir.ModulesSubject(span=span, modules=modules, language=_language(tree))


def _code(clause: Clause, tree: _ParseTree, span: Span) -> ir.CodeSubject:
    return ir.CodeSubject(span=span, globs=_globs(clause, _scope(tree)), language=_language(tree))


def _entity(clause: Clause, tree: _ParseTree, span: Span) -> ir.EntitiesSubject:
    noun = token_of(tree, "ENTITY", "ENTITIES")
    found: dict[str, tuple[ir.Node, ...]] = {}
    globs: tuple[ir.Glob, ...] = ()
    for child in trees_of(tree):
        if child.data != "qualifier":
            globs = _globs(clause, child)
            continue
        word, names = child.children
        if not isinstance(word, Token) or not isinstance(names, Tree):
            continue
        field = {"MATCHING": "matching", "INHERITING": "inheriting"}.get(word.type, "decorated")
        if field in found:
            clause.report.add(
                QUALIFIER_TWICE,
                f"`{word}` twice in one subject",
                clause.span(word),
                help="join the two with `or`",
            )
        elif field == "matching":
            found[field] = every([operands.name(clause, token) for token in codes_of(names)])
        else:
            found[field] = every(
                [operands.pattern(clause, token, arguments=True) for token in codes_of(names)]
            )
    return ir.EntitiesSubject(
        span=span,
        entity=_ENTITIES[noun.lower() if noun else "module"],
        globs=globs,
        language=_language(tree),
        **found,
    )


def _files(clause: Clause, tree: _ParseTree, span: Span) -> ir.FilesSubject:
    return ir.FilesSubject(
        span=span, globs=_globs(clause, _scope(tree)), single=tree.data == "file"
    )


def _directories(clause: Clause, tree: _ParseTree, span: Span) -> ir.DirectoriesSubject:
    return ir.DirectoriesSubject(
        span=span, globs=_globs(clause, _scope(tree)), single=tree.data == "directory"
    )


def _project(_clause: Clause, tree: _ParseTree, span: Span) -> ir.ProjectSubject:
    return ir.ProjectSubject(span=span, language=_language(tree))


def _dependencies(clause: Clause, tree: _ParseTree, span: Span) -> ir.DependenciesSubject:
    return ir.DependenciesSubject(span=span, globs=_globs(clause, _scope(tree)))


def _imports(clause: Clause, tree: _ParseTree, span: Span) -> ir.ImportsSubject:
    lists = trees_of(tree)
    imported = [operands.import_module(clause, token) for token in codes_of(lists[0])]
    return ir.ImportsSubject(
        span=span,
        modules=every(imported),
        globs=_globs(clause, lists[1] if len(lists) > 1 else None),
        language=_language(tree),
    )


def _calls(clause: Clause, tree: _ParseTree, span: Span) -> ir.CallsSubject:
    lists = trees_of(tree)
    return ir.CallsSubject(
        span=span,
        patterns=_patterns(clause, lists[0]),
        globs=_globs(clause, lists[1] if len(lists) > 1 else None),
        language=_language(tree),
    )


def _keys(clause: Clause, tree: _ParseTree, span: Span) -> ir.KeysSubject:
    keys, globs = trees_of(tree)
    return ir.KeysSubject(
        span=span,
        keys=every([operands.key(clause, token) for token in codes_of(keys)]),
        globs=_globs(clause, globs),
        each=tree.data == "each_key",
    )


def _templates(clause: Clause, tree: _ParseTree, span: Span) -> ir.TemplatesSubject:
    first = trees_of(tree)[0]
    return ir.TemplatesSubject(
        span=span,
        templates=every([operands.template(clause, token) for token in codes_of(first)]),
    )


def _changes(clause: Clause, tree: _ParseTree, span: Span) -> ir.ChangesSubject:
    return ir.ChangesSubject(span=span, globs=_globs(clause, _scope(tree)))


def _command(clause: Clause, tree: _ParseTree, span: Span) -> ir.CommandSubject:
    return ir.CommandSubject(span=span, commands=_literals(clause, trees_of(tree)[0]))


def _agents(clause: Clause, tree: _ParseTree, span: Span) -> ir.AgentsSubject:
    lists = trees_of(tree)
    classes = _literals(clause, lists.pop(0)) if token_of(tree, "OF_CLASS") is not None else ()
    return ir.AgentsSubject(
        span=span, classes=classes, globs=_globs(clause, lists[0] if lists else None)
    )


def _plain(_clause: Clause, tree: _ParseTree, span: Span) -> ir.PlainSubject:
    return ir.PlainSubject(span=span, noun=str(tree.data))


_SUBJECTS: dict[str, Callable[[Clause, _ParseTree, Span], ir.AnySubject]] = {
    "modules": _modules,
    "code": _code,
    "entity": _entity,
    "entities": _entity,
    "files": _files,
    "file": _files,
    "directories": _directories,
    "directory": _directories,
    "project": _project,
    "dependencies": _dependencies,
    "imports": _imports,
    "calls": _calls,
    "key": _keys,
    "each_key": _keys,
    "when": _templates,
    "for_each": _templates,
    "changes": _changes,
    "command": _command,
    "agents": _agents,
    "branches": _plain,
    "commits": _plain,
    "ci": _plain,
}


# --- a bare list: its predicate says what it is ------------------------------------------------

_SIBLINGS = re.compile(r"\s*([|:])\s*")


def _bare(
    clause: Clause, tree: _ParseTree, span: Span
) -> ir.LayersSubject | ir.ManifestsSubject | None:
    tokens = codes_of(trees_of(tree)[0])
    before = len(clause.report)
    subject: ir.LayersSubject | ir.ManifestsSubject
    if clause.predicate in {"depend", "depend_in_production"}:
        globs = every([operands.glob(clause, token) for token in tokens])
        subject = ir.ManifestsSubject(span=span, globs=globs)
    else:
        subject = ir.LayersSubject(
            span=span, layers=every([_layer(clause, token) for token in tokens])
        )
    return None if len(clause.report) > before else subject


def _layer(clause: Clause, token: Token) -> ir.Layer | None:
    """Lower one code span of layers: `a | b` are siblings apart, `a : b` siblings that mix."""
    text = text_of(token)
    marks = set(_SIBLINGS.findall(text))
    if len(marks) > 1:
        operands.wrong(
            clause, token, "`|` and `:` in one layer", "siblings are either all apart or all free"
        )
        return None
    modules: list[ir.Module] = []
    offset = (token.start_pos or 0) + 1
    for part in re.finditer(r"[^|:]+", text):
        bare = part[0].strip()
        begin = offset + part.start() + len(part[0]) - len(part[0].lstrip())
        piece = Token("CODE", f"`{bare}`", begin - 1, end_pos=begin + len(bare) + 1)
        found = operands.module(clause, piece)
        if found is None:
            return None
        modules.append(found)
    if len(modules) != len(_SIBLINGS.findall(text)) + 1:
        operands.wrong(clause, token, f"`{text}` is no layer", "write `shop.web | shop.cli`")
        return None
    return ir.Layer(modules=tuple(modules), free=":" in marks, span=clause.span(token))


def counterparts(
    clause: Clause, subject: ir.TemplatesSubject, tree: _ParseTree
) -> tuple[ir.Template, ...]:
    """Lower the second part of a pair, whose captures must all occur in the first."""
    found: list[ir.Template] = []
    for token in codes_of(tree):
        template = operands.template(clause, token)
        if template is None:
            continue
        found.append(template)
        for trigger in subject.templates:
            missing = [name for name in template.captures if name not in trigger.captures]
            if missing:
                clause.report.add(
                    UNKNOWN_CAPTURE,
                    f"`<{missing[0]}>` stands for nothing: `{trigger.text}` does not capture it",
                    template.span,
                    help="a capture means the same text in both parts; for any text write `*`",
                )
    return tuple(found)
