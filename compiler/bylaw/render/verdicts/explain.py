"""Why a constraint held or not, step by step: what `bylaw check --explain` prints."""

from collections.abc import Iterable, Iterator, Sequence

from bylaw.area import Area
from bylaw.check.areas import judged_area, judged_files
from bylaw.check.evidence import Evidence, area_test
from bylaw.check.verdict import Excused, Judgement, NotEvaluated, Verdicts, Violation
from bylaw.globs import matcher
from bylaw.ir import (
    Argument,
    Constraint,
    ConstraintNode,
    Exception_,
    FilesOperand,
    Glob,
    Key,
    Layer,
    Module,
    Name,
    Node,
    Operand,
    Pattern,
    Regex,
    Requirement,
    Template,
)
from bylaw.modules import find_modules, is_own
from bylaw.places import TESTS, area_of, exempted, member_globs, members, template_glob
from bylaw.render.characters import safe
from bylaw.render.table import labelled
from bylaw.render.text import count
from bylaw.render.verdicts import DEFAULT, Setting
from bylaw.render.verdicts.phrases import (
    decision_of,
    excuse_of,
    in_code,
    instead_of,
    name_of,
    page_of,
    sentence_of,
    waiver_of,
    what_of,
)

_MARGIN = 12
"""Cells of the names of the steps."""

_MOST = 20
"""Files or findings that are named in one step."""

_MODALS = {
    "must": "it has to be so",
    "must-not": "it must not be so",
    "must-only": "that, and nothing else",
    "only-may": "nobody outside the subject may",
}

_NAMING = frozenset({"import", "call", "use", "catch", "inherit"})
"""Shapes of which something is found under a longer name than the operand's."""

_OUTCOMES = {"holds": "holds", "violated": "is violated", "not-evaluated": "was not evaluated"}


def find_judgements(verdicts: Verdicts, name: str) -> list[Judgement]:
    """Return the judgements of a full id, or of an id without its decision."""
    full = [each for each in verdicts.judgements if each.scoped.full_id == name]
    return full or [each for each in verdicts.judgements if each.scoped.constraint.id == name]


def explain(
    verdicts: Verdicts, judgement: Judgement, evidence: Evidence, setting: Setting = DEFAULT
) -> str:
    """Return the steps from the sentence to the outcome of one constraint."""
    style = setting.style
    head = f"{name_of(judgement)} {_OUTCOMES[judgement.outcome]}"
    rows = [style.paint(safe(head), "path"), ""]
    for name, texts in _steps(verdicts, judgement, evidence, setting):
        for index, text in enumerate(texts):
            rows += labelled("" if index else name, text, style.width, _MARGIN)
    return "\n".join(rows)


def _steps(
    verdicts: Verdicts, judgement: Judgement, evidence: Evidence, setting: Setting
) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield each step's name and what it says, in the order in which a verdict is made."""
    constraint = judgement.scoped.constraint
    yield "sentence", [sentence_of(judgement)]
    yield "decision", _decision(verdicts, judgement, setting)
    yield "in force", _days(constraint, verdicts)
    yield "means", [f"{_MODALS.get(constraint.modal, constraint.modal)}: {_weight(constraint)}"]
    yield "scope", _scope(judgement, evidence)
    yield "except", _exceptions(constraint, evidence)
    yield "operands", _operands(constraint, evidence)
    yield "looked at", _looked_at(verdicts, judgement, evidence)
    yield "found", _found(judgement, setting)
    yield "unclear", _listed([_unclear(each, setting) for each in judgement.not_evaluated])
    yield "waivers", _waivers(judgement, setting)
    yield "permission", _permissions(judgement, setting)
    yield "excused", _listed([_excused(each, setting) for each in judgement.excused])
    yield "outcome", _outcome(judgement, setting)


# --- what is asked -------------------------------------------------------------------------------


def _decision(verdicts: Verdicts, judgement: Judgement, setting: Setting) -> Iterator[str]:
    span = judgement.scoped.constraint.span
    decision = decision_of(verdicts, judgement)
    yield f"{' '.join(decision.title.split())} ({decision.id})"
    yield f"{setting.style.show(span.path)}:{span.line}:{span.column}"
    if page := page_of(judgement, setting):
        yield page
    if judgement.by == "base":
        yield "as the base branch has it: the change drops it, or says it otherwise"


def _days(constraint: Constraint, verdicts: Verdicts) -> Iterator[str]:
    day = f"on {verdicts.as_of}" if verdicts.as_of else "on the day of the run"
    bounds = (("from", constraint.from_), ("until", constraint.until))
    limits = ", ".join(f"{word} {limit}" for word, limit in bounds if limit)
    yield f"{day} ({limits})" if limits else day


def _weight(constraint: Constraint) -> str:
    if constraint.severity == "error":
        return "an error where it is not kept"
    return "a warning where it is not kept"


# --- where ---------------------------------------------------------------------------------------


def _scope(judgement: Judgement, evidence: Evidence) -> Iterator[str]:
    """Yield the globs that make up the scope, and how many files each holds."""
    constraint = judgement.scoped.constraint
    if judgement.files is None:
        yield "no files: " + constraint.subject.noun
        return
    for member in members(constraint.subject):
        globs = member_globs(constraint, member, evidence.layout)
        shown = "" if globs == (member.text,) else f", that is {_codes(globs)}"
        yield f"{in_code(member.text)}{shown}: {_files_in(globs, evidence)}"
    area = judged_area(judgement.scoped, evidence)
    if constraint.modal == "only-may":
        yield f"judged is what lies outside: {_codes(area.include) or 'every file'}, but not there"
    elif not members(constraint.subject):
        yield (_codes(area.include) or "the whole repository") + ", by the subject"
    if area.within:
        yield f"the lead-in holds it to {_codes(area.within)}: {_files_in(area.within, evidence)}"
    total = count(len(evidence.tree.files), "file")
    yield f"together {count(len(evidence.files(area)), 'file')} of {total}"


def _exceptions(constraint: Constraint, evidence: Evidence) -> Iterator[str]:
    """Yield each exception, and what it leaves out."""
    area = area_of(constraint, evidence.layout, evidence.tests)
    for glob in constraint.lead_in.excepts if constraint.lead_in else ():
        yield f"{in_code(glob.text)}, by the lead-in: {_left_out((glob.text,), area, evidence)}"
    for exception in constraint.exceptions:
        yield _exception(constraint, exception, area, evidence)


def _exception(
    constraint: Constraint, exception: Exception_, area: Area, evidence: Evidence
) -> str:
    if exception.excepts == "operands":
        texts = [_meaning(each, evidence)[0] for each in exception.operands]
        return f"{', '.join(texts)}: not judged, wherever it stands"
    if exception.excepts == "type-checking":
        return "what stands under `TYPE_CHECKING`, and type-only imports"
    if exception.excepts in ("extra", "group"):
        return f"in {exception.excepts} {_codes(each.text for each in exception.names)}"
    alone = constraint.model_copy(update={"exceptions": (exception,)})
    globs = exempted(alone, evidence.layout, evidence.tests)
    words = "test files" if exception.excepts == "tests" else _codes(globs)
    if exception.excepts == "tests" and globs != TESTS:
        words += f" ({_codes(globs)})"
    return f"{words}: {_left_out(globs, area, evidence)}"


def _left_out(globs: Sequence[str], area: Area, evidence: Evidence) -> str:
    """Return how many files of the area globs leave out of it."""
    whole = area_test(area._replace(exclude=()))
    test = matcher(globs)
    number = sum(1 for path in evidence.tree.files if test(path) and whole(path))
    return f"leaves out {count(number, 'file')}"


def _files_in(globs: Sequence[str], evidence: Evidence) -> str:
    return count(len(evidence.files(Area(tuple(globs)))), "file") if globs else "no file"


# --- of what -------------------------------------------------------------------------------------


def _operands(constraint: Constraint, evidence: Evidence) -> Iterator[str]:
    """Yield what the subject and the predicate name, and how each was understood."""
    own = [
        name for name in type(constraint).model_fields if name not in ConstraintNode.model_fields
    ]
    operands = list(_nodes(constraint, own))
    named = _nodes(constraint.subject, type(constraint.subject).model_fields)
    places = members(constraint.subject)
    for node in [*(each for each in named if each not in places), *operands]:
        yield ": ".join(_meaning(node, evidence))
    quantifier = getattr(constraint, "quantifier", None) if len(operands) > 1 else None
    if quantifier == "all":
        yield "all of them"
    elif quantifier == "any" and constraint.modal == "must":
        yield "at least one of them"
    reach = getattr(constraint, "reach", "direct")
    if reach == "indirect":
        yield "directly, or through modules of the repository"
    elif reach == "module-level":
        yield "only where it runs with the module: not in functions"


def _nodes(node: Node, fields: Iterable[str]) -> Iterator[Node]:
    """Yield the nodes in some fields of a node; layers are places and come with these."""
    for name in fields:
        value = getattr(node, name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Node) and not isinstance(each, Layer):
                yield each


def _meaning(operand: Node, evidence: Evidence) -> tuple[str, str]:
    """Return an operand as it is written, and what it was taken for."""
    match operand:
        case Argument(name=None, value=value):
            return in_code(value or ""), "an argument of that value"
        case Argument(name=name, value=None):
            return in_code(name or ""), "an argument of that name"
        case Argument(name=name, value=value):
            return in_code(f"{name}={value}"), "an argument of that name and value"
        case FilesOperand(globs=globs):
            texts = tuple(glob.text for glob in globs)
            return _codes(texts), f"the repository's own files, {_files_in(texts, evidence)}"
        case Regex(text=text) | Name(text=text, form="regex"):
            return in_code(f"/{text}/"), "a regular expression (RE2)"
        case Operand(text=text):
            return in_code(text), _sense(operand, evidence)
    return type(operand).__name__, "taken as it is written"


def _sense(operand: Operand, evidence: Evidence) -> str:
    """Return what an operand of one code span was taken for."""
    match operand:
        case Module(text=text):
            return _module(text, evidence)
        case Glob(text=text):
            return _files_in((text,), evidence)
        case Template(text=text):
            return _files_in((template_glob(text),), evidence)
        case Requirement(name=name, specifier=specifier):
            versions = f"in versions {in_code(specifier)}" if specifier else "in any version"
            return f"the package {in_code(name)} {versions}"
        case Pattern(any_receiver=True):
            return "that attribute of anything"
        case Pattern():
            return "that name, under whatever alias it is imported"
        case Name(form=form):
            return f"a {form} for the whole name"
        case Key(segments=segments):
            return "the path " + " → ".join(map(in_code, segments))
    return "taken character by character"


def _module(name: str, evidence: Evidence) -> str:
    own = find_modules(name, evidence.layout)
    if own:
        return f"{count(len(own), 'module')} of the repository, and all below"
    if is_own(name, evidence.layout):
        return "of the repository, which has no such module"
    return "from elsewhere, and all below it"


# --- what came of it -----------------------------------------------------------------------------


def _looked_at(verdicts: Verdicts, judgement: Judgement, evidence: Evidence) -> Iterator[str]:
    """Yield the files that were judged; none of them says so."""
    if judgement.files is None:
        yield "what the constraint speaks of, which is no file of the tree"
        return
    files = judged_files(judgement.scoped, evidence)
    if not files:
        if evidence.files(judged_area(judgement.scoped, evidence)):
            yield "nothing: no file of the scope is code that the constraint speaks of"
        else:
            yield "nothing: no file of the tree lies in the scope, so nothing could be found"
        return
    yield from _listed([in_code(path) for path in files])
    if judgement.files != len(files):
        yield f"of these, {count(judgement.files, 'file')} that the run was asked about"
    if verdicts.subject.what == "change" and verdicts.subject.base:
        yield f"against the base {verdicts.subject.base[:12]}"


def _found(judgement: Judgement, setting: Setting) -> Iterator[str]:
    violations = [*judgement.violations, *(each.violation for each in judgement.excused)]
    if not violations:
        yield "no violation"
        return
    number = len(judgement.violations)
    some = f", {number:,} of which {'counts' if number == 1 else 'count'}"
    yield count(len(violations), "violation") + (some if judgement.excused else "")
    named = judgement.scoped.constraint.shape in _NAMING
    yield from _listed([_violation(each, setting, named) for each in judgement.violations])


def _violation(violation: Violation, setting: Setting, named: bool) -> str:
    """Return a violation in a line; where operands are `named` in code, under which it falls."""
    text = f"{_at(violation, setting)}{what_of(violation)}"
    if named and violation.operand and violation.found and violation.found != violation.operand:
        text += f"; {in_code(violation.found)} falls under {in_code(violation.operand)}"
    for step in violation.steps:
        line = f":{step.place.line}" if step.place else ""
        text += f"; {setting.style.show(step.path)}{line}: {step.message}"
    return text


def _unclear(finding: NotEvaluated, setting: Setting) -> str:
    advice = f"; {finding.help}" if finding.help else ""
    return f"{_at(finding, setting)}{finding.reason}{advice}"


def _excused(excused: Excused, setting: Setting) -> str:
    text = f"{_at(excused.violation, setting)}{what_of(excused.violation)}: {excuse_of(excused)}"
    if excused.waiver:
        span = excused.waiver.span
        text += f" ({setting.style.show(span.path)}:{span.line})"
    return text


def _waivers(judgement: Judgement, setting: Setting) -> Iterator[str]:
    """Yield the waivers in force, and how much each excuses."""
    for waiver in judgement.scoped.waivers:
        number = sum(each.waiver == waiver for each in judgement.excused)
        at = f"{setting.style.show(waiver.span.path)}:{waiver.span.line}"
        yield f"{waiver.sentence} ({at}): excuses {count(number, 'violation')}"


def _permissions(judgement: Judgement, setting: Setting) -> Iterator[str]:
    for permission in judgement.scoped.permissions:
        at = f"{setting.style.show(permission.span.path)}:{permission.span.line}"
        yield f"{permission.sentence} ({at})"


def _outcome(judgement: Judgement, setting: Setting) -> Iterator[str]:
    """Yield what the findings come to, and what that does to the exit status."""
    if judgement.violations:
        counted = count(len(judgement.violations), "violation")
        fails = judgement.failing or setting.strict
        effect = "the run ends with 1" if fails else "a SHOULD, so the run does not fail for it"
        yield f"violated: {counted}; {effect}"
        if instead := instead_of(judgement):
            yield instead
        if waiver := waiver_of(judgement, judgement.violations):
            yield f"to waive: {waiver}"
    elif judgement.not_evaluated:
        yield "not evaluated: the run ends with 3, unless something is violated"
    elif judgement.files == 0:
        yield "holds, but of nothing"
    else:
        yield "holds"


# --- pieces --------------------------------------------------------------------------------------


def _at(finding: Violation | NotEvaluated, setting: Setting) -> str:
    if finding.path is None:
        return ""
    place = f":{finding.place.line}:{finding.place.column}" if finding.place else ""
    return f"{setting.style.show(finding.path)}{place}: "


def _codes(texts: Iterable[str]) -> str:
    return ", ".join(map(in_code, texts))


def _listed(texts: Sequence[str]) -> Iterator[str]:
    yield from texts[:_MOST]
    if len(texts) > _MOST:
        yield f"and {len(texts) - _MOST:,} more"
