"""Sentences: constraints and permissions."""

from typing import Any, Literal

from lark import Token, Tree

from bylaw import ir
from bylaw.diagnostics import Code, Label, Severity, Span
from bylaw.lower.clause import Clause, quantifier, render, text_of, tokens_of, trees_of
from bylaw.lower.examples import lower_examples
from bylaw.lower.ids import check_id, derive_id
from bylaw.lower.predicates import Shaped, lower_predicate
from bylaw.lower.subjects import WITHOUT_FILES, counterparts, lower_subject, subject_name
from bylaw.lower.tails import Tails, hidden_rule, lower_tails
from bylaw_grammar.shapes import MODALS, SHAPES, SUBJECTS

ILLEGAL_PAIR = Code("BL100", "illegal-pair", Severity.ERROR)
ILLEGAL_MODAL = Code("BL101", "illegal-modal", Severity.ERROR)
PERMISSION_WITHOUT_CONSTRAINT = Code("BL112", "permission-without-constraint", Severity.ERROR)
LEAD_IN_WITHOUT_FILES = Code("BL116", "lead-in-without-files", Severity.ERROR)
ONLY_WITHOUT_SCOPE = Code("BL121", "only-without-scope", Severity.ERROR)
PART_OF_NO_PERMISSION = Code("BL122", "part-of-no-permission", Severity.ERROR)
STRAY_COLON = Code("BL123", "stray-colon", Severity.ERROR)

_ParseTree = Tree[Token]

_SIGNS: dict[str, str] = {modal: sign for sign, (modal, _) in MODALS.items()}


def lower_sentence(
    clause: Clause, tree: _ParseTree, prose: str | None, used: set[str]
) -> ir.Statement | None:
    """Lower a constraint or a permission; None where something is wrong with it.

    `used` are the ids of the decision, to which a derived one is added.
    """
    children = list(tree.children)
    bracket = children.pop(0) if _is(children[0], "BRACKET") else None
    only = children.pop(0) if _is(children[0], "ONLY") else None
    subject_tree, modal_tree, predicate_tree, *tails = children
    assert isinstance(subject_tree, Tree)  # noqa: S101 - the grammar's own form
    assert isinstance(modal_tree, Tree)  # noqa: S101
    assert isinstance(predicate_tree, Tree)  # noqa: S101
    clause.subject = subject_name(subject_tree)
    clause.predicate = str(predicate_tree.data)
    severity = _modal(clause, modal_tree, only=only is not None)
    if severity is None or not _legal(clause, modal_tree, predicate_tree):
        return None
    ending = tails.pop() if tails and _is_tree(tails[-1], "ending") else None
    subject = lower_subject(clause, subject_tree, _subject_span(clause, subject_tree, modal_tree))
    node, fields = lower_predicate(clause, predicate_tree, subject)
    if isinstance(subject, ir.TemplatesSubject):
        second = trees_of(subject_tree)[1]
        fields["counterparts"] = counterparts(clause, subject, second)
        fields["quantifier"] = quantifier(clause, second)
    lowered = lower_tails(clause, tails, subject)
    stop, rationale = _ending(clause, ending)
    _scoped(clause, subject)
    examples = lower_examples(clause, semgrep=node is ir.MatchPattern)
    if bracket is None:
        codes = [t for t in tokens_of(predicate_tree) + tokens_of(subject_tree) if t.type == "CODE"]
        clause.first = text_of(codes[0]) if codes else ""
    name, id_fields = _identify(clause, bracket, used, (node, fields))
    if subject is None or len(clause.report):
        return None
    prose = "\n\n".join(part for part in (rationale, prose) if part) or None
    common = _common(clause, bracket, stop, prose)
    constraint = node(
        **common,
        **id_fields,
        id=name,
        severity=severity,
        modal=clause.modal,
        modal_span=clause.tree_span(modal_tree),
        subject=subject,
        exceptions=tuple(lowered.exceptions),
        for_new_code=lowered.for_new_code,
        from_=lowered.from_,
        until=lowered.until,
        alternative=lowered.alternative,
        because=lowered.because,
        lead_in=clause.lead_in,
        examples=examples,
        **fields,
    )
    return _permit(clause, constraint, lowered, modal_tree, {**common, **id_fields})


def _common(
    clause: Clause, bracket: "Token | _ParseTree | None", stop: int, prose: str | None
) -> dict[str, Any]:
    """Return the fields of every statement; `stop` is where its sentence ends."""
    start = (bracket.end_pos or 0) if isinstance(bracket, Token) else 0
    return {
        "sentence": render(clause.inline.text[start:stop].strip()),
        "span": clause.inline.span(0, stop),
        "prose": prose,
    }


def _is(child: "Token | _ParseTree", kind: str) -> bool:
    return isinstance(child, Token) and child.type == kind


def _is_tree(child: "Token | _ParseTree", rule: str) -> bool:
    return isinstance(child, Tree) and child.data == rule


# --- the modal, and what may go with it --------------------------------------------------------


def _modal(clause: Clause, tree: _ParseTree, *, only: bool) -> Literal["error", "warning"] | None:
    """Set the clause's modal and return its strength; None where it is reported."""
    word, *rest = (str(child) for child in tree.children)
    after = rest[0].lower() if rest else ""
    weak: Literal["error", "warning"] = "warning" if word == "SHOULD" else "error"
    said = " ".join([word, *rest])
    if only:
        if word in {"MAY", "SHOULD"} and not after:
            clause.modal = "only-may"
            return weak
        message, advice = f"`Only … {said}`", "write `Only … MAY`, or `Only … SHOULD` for a warning"
    elif word == "MAY":
        if not after:
            clause.modal = "may"
            return "error"
        better = "MUST NOT" if after == "not" else "MUST only"
        message, advice = f"`{said}` is no modal", f"write `{better}`"
    else:
        clause.modal = "must-not" if after == "not" else "must-only" if after else "must"
        return weak
    clause.report.add(ILLEGAL_MODAL, message, clause.tree_span(tree), help=advice)
    return None


def _legal(clause: Clause, modal: _ParseTree, predicate: _ParseTree) -> bool:
    """Look the sentence up in the table, and report a pair or a modal that is not there."""
    shape = SHAPES[clause.predicate]
    signs = shape.subjects.get(clause.subject)
    if signs is None and clause.subject == "bare":
        nouns = _join(_quoted(SUBJECTS[name]) for name in shape.subjects)
        clause.report.add(
            ILLEGAL_PAIR,
            f"{_quoted(shape.form)} needs a noun before the code spans of its subject",
            clause.tree_span(predicate),
            note=f"this goes with {nouns}",
            help=f"say what they are; for instance: {shape.example}",
        )
        return False
    if signs is None:
        known = [
            f"`{other.form.replace('`', '')}`"
            for other in SHAPES.values()
            if clause.subject in other.subjects
        ]
        clause.report.add(
            ILLEGAL_PAIR,
            f"the subject {_quoted(SUBJECTS[clause.subject])} has no predicate "
            f"{_quoted(shape.form)}",
            clause.tree_span(predicate),
            note=f"this goes with {_join(_quoted(SUBJECTS[name]) for name in shape.subjects)}",
            help=f"this subject can {_join(known)}; for instance: {_example(clause.subject)}",
        )
        return False
    if clause.modal == "may" or _SIGNS[clause.modal] in signs:
        return True
    allowed = _join(f"`{MODALS[sign][1]}`" for sign in signs)
    clause.report.add(
        ILLEGAL_MODAL,
        f"{_quoted(shape.form)} takes {allowed} here, not `{MODALS[_SIGNS[clause.modal]][1]}`",
        clause.tree_span(modal),
        help=f"for instance: {shape.example}",
    )
    return False


def _quoted(form: str) -> str:
    """Return the form of a part, marked as one; its own code spans keep their letters."""
    return f"`{form.replace('`', '')}`"


def _join(words: Any) -> str:
    listed = list(words)
    return ", ".join(listed[:-1]) + " or " + listed[-1] if len(listed) > 1 else "".join(listed)


def _example(subject: str) -> str:
    examples = [shape.example for shape in SHAPES.values() if subject in shape.subjects]
    noun = SUBJECTS[subject].split()[0]
    return next((e for e in examples if e.split()[0] == noun), examples[0])


def _subject_span(clause: Clause, tree: _ParseTree, modal: _ParseTree) -> Span:
    """Return the place of a subject: from its first word to the modal."""
    first = tokens_of(modal)[0]
    stop = len(clause.inline.text[: first.start_pos].rstrip())
    return clause.inline.span(tokens_of(tree)[0].start_pos or 0, stop)


# --- scope, id, ending -------------------------------------------------------------------------


def _scoped(clause: Clause, subject: ir.AnySubject | None) -> None:
    if subject is None:
        return
    lead_in = clause.lead_in
    if lead_in is not None and clause.subject in WITHOUT_FILES:
        clause.report.add(
            LEAD_IN_WITHOUT_FILES,
            "a lead-in over a subject that has no files",
            subject.span,
            labels=[Label(lead_in.span, "the lead-in")],
            help="move the item into a list of its own, before the lead-in",
        )
    if clause.modal != "only-may" or lead_in is not None:
        return
    scopeless = (
        (isinstance(subject, ir.CodeSubject | ir.FilesSubject) and not subject.globs)
        or (isinstance(subject, ir.ProjectSubject) and subject.language is None)
        or (isinstance(subject, ir.AgentsSubject) and not (subject.classes or subject.globs))
        or (isinstance(subject, ir.ModulesSubject) and subject.modules[0].span == subject.span)
    )
    if scopeless:
        clause.report.add(
            ONLY_WITHOUT_SCOPE,
            "`Only` without a scope forbids nothing",
            subject.span,
            note="everything outside the whole repository",
            help="say where it is allowed: ``Only code in `shop/store/**` MAY …``",
        )


def _identify(
    clause: Clause, bracket: "Token | _ParseTree | None", used: set[str], shaped: Shaped
) -> tuple[str, dict[str, Any]]:
    """Return the id and the fields that say where it comes from."""
    if isinstance(bracket, Token):
        start = bracket.start_pos or 0
        name = check_id(clause, bracket, start)
        return name, {"id_span": clause.inline.span(start + 1, start + 1 + len(name))}
    node, fields = shaped
    shape = fields.get("shape") or node.model_fields["shape"].default
    return derive_id(str(shape), clause.modal, clause.first, used), {"named": False}


def _ending(clause: Clause, ending: "Token | _ParseTree | None") -> tuple[int, str | None]:
    """Return where the sentence ends, and the rationale after it."""
    if not isinstance(ending, Tree):
        return len(clause.inline.text), None
    mark, *rest = ending.children
    assert isinstance(mark, Token)  # noqa: S101 - the grammar's own form
    if mark.type == "COLON" and clause.predicate != "match_fence":
        clause.report.add(
            STRAY_COLON,
            "a `:` at the end, which opens nothing here",
            clause.span(mark),
            help="end the sentence with a full stop; only `match:` takes a fence",
        )
    if rest and isinstance(rest[0], Token):
        hidden_rule(clause, rest[0], rest[0].start_pos or 0, "the rationale")
        return mark.end_pos or 0, render(rest[0])
    return mark.end_pos or 0, None


# --- permissions -------------------------------------------------------------------------------


def _permit(
    clause: Clause,
    grant: ir.ConstraintNode,
    tails: Tails,
    modal: _ParseTree,
    common: dict[str, Any],
) -> ir.Statement | None:
    """Return the constraint, or the permission where its modal is MAY."""
    if clause.modal != "may":
        if tails.despite is None:
            return grant  # type: ignore[return-value] # every shape is in the union
        clause.report.add(
            PERMISSION_WITHOUT_CONSTRAINT,
            "`despite` in a statement that permits nothing",
            tails.spans["despite"],
            help="a permission says `MAY`",
        )
        return None
    if tails.despite is None:
        clause.report.add(
            PERMISSION_WITHOUT_CONSTRAINT,
            "a permission that names no constraint",
            clause.tree_span(modal),
            help="end it with `, despite [decision/id]`; what no constraint forbids is allowed "
            "anyway, and `Only … MAY` forbids the rest",
        )
        return None
    if tails.exceptions or tails.for_new_code or tails.alternative or grant.examples:
        clause.report.add(
            PART_OF_NO_PERMISSION,
            "a permission takes only `from`, `until`, `despite` and `because`",
            clause.tree_span(modal),
            help="name exactly the places and operands that are permitted",
        )
        return None
    return ir.Permission(**common, id=grant.id, despite=tails.despite, grant=grant)
