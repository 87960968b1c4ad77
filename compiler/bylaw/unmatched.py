"""Scopes and operands that name nothing in the tree: a constraint on nothing looks kept."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from bylaw.area import TreeFacts
from bylaw.diagnostics import Code, Report, Severity, Span
from bylaw.globs.dialect import alternatives, is_literal, literal_prefix
from bylaw.ir import (
    AgentChange,
    AgentRead,
    Constraint,
    ConstraintNode,
    Decision,
    ExceptOperands,
    ExceptPlaces,
    FilesOperand,
    Glob,
    Identical,
    Import,
    Independent,
    KeyEqual,
    Layered,
    Live,
    Module,
    Pair,
    Permission,
    Waiver,
)
from bylaw.modules import find_modules, is_known, is_own, siblings
from bylaw.places import template_glob
from bylaw.tree import Tree

UNMATCHED_GLOB = Code("BL302", "unmatched-glob", Severity.WARNING)
UNMATCHED_MODULE = Code("BL303", "unmatched-module", Severity.WARNING)
UNKNOWN_OPERAND = Code("BL304", "unknown-own-module", Severity.WARNING)
MISSING_LAYER = Code("BL308", "missing-layer", Severity.ERROR)
LONE_SIBLING = Code("BL309", "lone-sibling", Severity.ERROR)


def warn_unmatched(decision: Decision, tree: Tree, facts: TreeFacts, report: Report) -> None:
    """Report what a decision's statements name and the tree does not hold, member by member."""
    for statement in decision.statements:
        if isinstance(statement, ConstraintNode):
            _check_constraint(statement, tree, facts, report)
        elif isinstance(statement, Permission):
            _check_constraint(statement.grant, tree, facts, report)
        elif isinstance(statement, Waiver):
            _check_globs(statement.globs, tree, report)


def _check_constraint(constraint: Constraint, tree: Tree, facts: TreeFacts, report: Report) -> None:
    if constraint.lead_in is not None:
        _check_globs((*constraint.lead_in.globs, *constraint.lead_in.excepts), tree, report)
    if constraint.shape != "exist":
        # There, what exists is the very question.
        _check_subject(constraint, tree, facts, report)
    for exception in constraint.exceptions:
        if isinstance(exception, ExceptPlaces):
            _check_globs(exception.globs, tree, report)
            _check_modules(exception.modules, facts, report)
        elif isinstance(exception, ExceptOperands):
            _check_operands(exception.operands, tree, facts, report)
    _check_predicate(constraint, tree, facts, report)


def _check_predicate(constraint: Constraint, tree: Tree, facts: TreeFacts, report: Report) -> None:
    if isinstance(constraint, Import):
        _check_operands(constraint.operands, tree, facts, report)
    elif isinstance(constraint, AgentChange):
        _check_globs(constraint.globs, tree, report)
    elif isinstance(constraint, AgentRead):
        _check_globs((*constraint.files, *constraint.globs), tree, report)
    elif isinstance(constraint, Live) and constraint.modal == "must":
        _check_globs(constraint.globs, tree, report)
    elif isinstance(constraint, Identical | KeyEqual):
        _check_globs((constraint.path,), tree, report)
    elif isinstance(constraint, Pair) and constraint.shape == "change-with":
        for template in constraint.counterparts:
            _check_glob(template_glob(template.text), template.span, tree, report)


def _check_subject(constraint: Constraint, tree: Tree, facts: TreeFacts, report: Report) -> None:
    subject = constraint.subject
    if subject.noun == "modules":
        if subject.language in (None, "python"):
            _check_modules(subject.modules, facts, report)
    elif subject.noun == "layers":
        _check_layers(constraint, facts, report)
    elif subject.noun == "templates":
        for template in subject.templates:
            _check_glob(template_glob(template.text), template.span, tree, report)
    elif subject.noun == "directories":
        for glob in subject.globs:
            _check_glob(glob.text, glob.span, tree.folders, report)
    else:
        globs: tuple[Glob, ...] = getattr(subject, "globs", ())
        if constraint.modal == "must" and (
            subject.noun == "keys" or (subject.noun == "files" and subject.single)
        ):
            # A plain path that is missing violates the constraint, which says it louder.
            globs = tuple(glob for glob in globs if not is_literal(glob.text))
        _check_globs(globs, tree, report)


def _check_globs(globs: Iterable[Glob], tree: Tree, report: Report) -> None:
    for glob in globs:
        _check_glob(glob.text, glob.span, tree, report)


def _check_glob(text: str, span: Span, tree: Tree, report: Report) -> None:
    if not tree.matches(text):
        near = _near_path(text, tree) or _as_path(text, tree)
        report.add(
            UNMATCHED_GLOB,
            f"`{text}` matches nothing in the tree",
            span,
            help=f"did you mean `{near}`?" if near else "correct the path, or drop it",
        )


def _as_path(name: str, tree: Tree) -> str | None:
    """Return the path of a dotted name that was given where a glob is due, if it is one."""
    if "/" in name or "." not in name.strip("."):
        return None
    path = name.replace(".", "/")
    return next((p for p in (f"{path}/**", f"{path}.py") if tree.matches(p)), None)


def _near_path(text: str, tree: Tree) -> str | None:
    """Return the path with its first unknown folder replaced by one of a similar name."""
    prefix, _ = literal_prefix(alternatives(text)[0])
    if not prefix or "{" in text:
        return None
    known = ""
    parts = prefix.split("/")
    for index, part in enumerate(parts):
        if not tree.matches(known + part):
            names = tree.children(known)
            close = _close_name(part, names)
            if close is None:
                return None
            found = text.split("/")
            found[index] = close
            proposal = "/".join(found)
            return proposal if tree.matches(proposal) else None
        known += part + "/"
    return None


def _check_modules(modules: Iterable[Module], facts: TreeFacts, report: Report) -> None:
    for module in modules:
        if not is_known(module.text, facts):
            report.add(
                UNMATCHED_MODULE,
                f"no module of the repository is `{module.text}` or below it",
                module.span,
                help=_near_module(module.text, facts),
            )


def _check_operands(
    operands: Iterable[object], tree: Tree, facts: TreeFacts, report: Report
) -> None:
    for operand in operands:
        if isinstance(operand, FilesOperand):
            _check_globs(operand.globs, tree, report)
        elif isinstance(operand, Module):
            first = operand.text.partition(".")[0]
            if is_own(first, facts) and not is_known(operand.text, facts):
                report.add(
                    UNKNOWN_OPERAND,
                    f"`{first}` is a package of the repository, but `{operand.text}` names none "
                    "of its modules",
                    operand.span,
                    help=_near_module(operand.text, facts),
                )


def _near_module(name: str, facts: TreeFacts) -> str | None:
    if "*" in name:
        return None
    parent, _, last = name.rpartition(".")
    close = _close_name(last, siblings(name, facts))
    return f"did you mean `{parent + '.' if parent else ''}{close}`?" if close else None


def _close_name(name: str, others: list[str]) -> str | None:
    """Return the most similar of the other names, if any is similar."""
    if len(others) > 50:
        # Comparing takes long; a slip of the finger keeps most of the length and the beginning.
        others = [o for o in others if o[:2] == name[:2] and abs(len(o) - len(name)) < 3][:16]
    close = get_close_matches(name, others, n=1)
    return close[0] if close else None


def _check_layers(constraint: Constraint, facts: TreeFacts, report: Report) -> None:
    """Report a layer that is nowhere, and siblings that are too few to depend on each other."""
    subject = constraint.subject
    if subject.noun != "layers":
        return
    if isinstance(constraint, Layered):
        containers = list(_expanded(constraint.within, facts)) if constraint.within else [""]
        _check_modules(constraint.within, facts, report)
        if not containers:
            # The packages are not there: that their layers are missing goes without saying.
            return
        for layer in subject.layers:
            for module in layer.modules:
                if not any(
                    is_known(f"{c}.{module.text}" if c else module.text, facts) for c in containers
                ):
                    report.add(
                        MISSING_LAYER,
                        f"no module of the repository is the layer `{module.text}`",
                        module.span,
                        help=_layer_advice(constraint, module.text, facts),
                    )
    elif isinstance(constraint, Independent):
        modules = [module for layer in subject.layers for module in layer.modules]
        _check_modules(modules, facts, report)
        # A name that the tree does not hold is a sibling all the same, only not there yet.
        plain = {module.text for module in modules if "*" not in module.text}
        found = plain.union(_expanded(modules, facts))
        if len(found) < 2 and any(is_known(module.text, facts) for module in modules):
            report.add(
                LONE_SIBLING,
                "fewer than two modules are named, so there is nothing to be independent of",
                subject.span,
                help="name each sibling, or all children of a package with `*`",
            )


def _layer_advice(constraint: Layered, name: str, facts: TreeFacts) -> str:
    if not constraint.within:
        return _near_module(name, facts) or "correct the name, or drop it"
    if is_known(name, facts):
        relative = name.rpartition(".")[2]
        return f"after `within` layers are named relative to its packages: `{relative}`"
    return "correct the name, or drop it; `within` names the packages that hold the layers"


def _expanded(modules: Iterable[Module], facts: TreeFacts) -> Iterator[str]:
    for module in modules:
        yield from find_modules(module.text, facts)
