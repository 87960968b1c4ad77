"""One constraint, or one piece of guidance, as contracts speak of it: plain values.

They are kept with a decision's fragment, so they are tuples, strings and numbers only.
"""

import re
from typing import NamedTuple

from bylaw.evaluation import needed
from bylaw.ir import (
    AgentAutonomy,
    AgentChange,
    AgentLimit,
    AgentRead,
    AgentRun,
    AgentsSubject,
    Approve,
    CiRun,
    CommandPass,
    CommandSubject,
    Constraint,
    Guidance,
)
from bylaw.scope import Area, ScopedConstraint, ScopedDecision
from bylaw.sentence import in_full
from bylaw.target import Fidelity
from bylaw.visible import shorten, visible
from bylaw_targets import READERS
from bylaw_targets.agents.folders import starts
from bylaw_targets.agents.text import addresses

_RATIONALE = 200
"""Characters of a reason that stand in a line; the decision holds the rest."""


class Clause(NamedTuple):
    """One constraint in its place.

    `sentence` is without its reason, and `because` without what does not fit a line; `instead` is
    the alternative where the sentence does not name it. `withheld` says that free text of it was
    left out, because it addresses the reader. `needs` is what `bylaw check` has to be given: empty
    where nothing, `-` where no check has a verdict. `exact` and `partly` are the engines besides.

    `starts` are the folders in which its scope begins.

    Of a sentence about agents `classes` are those that it names, and the other fields are its
    operands: `globs` of `change` and of `before changing`, `words` the commands, files, approvers
    or the level, `unit` and `number` of a limit or of approvals, `when` of a command, `every`
    whether all of the words are meant.
    """

    id: str
    severity: str
    modal: str
    kind: str
    shape: str
    noun: str
    sentence: str
    instead: str
    because: str
    withheld: int
    allowed: tuple[str, ...]
    waived: tuple[tuple[str, tuple[str, ...], str], ...]
    needs: str
    exact: tuple[str, ...]
    partly: tuple[str, ...]
    path: str
    line: int
    include: tuple[str, ...]
    inside: tuple[str, ...]
    exclude: tuple[str, ...]
    starts: tuple[str, ...]
    languages: tuple[str, ...]
    classes: tuple[str, ...]
    globs: tuple[str, ...]
    words: tuple[str, ...]
    unit: str
    number: int
    when: str
    every: int

    @property
    def is_must(self) -> bool:
        """Whether it is an error to break it."""
        return self.severity == "error"

    @property
    def area(self) -> Area:
        """The places that it binds."""
        return Area(self.include, self.inside, self.exclude)


class Advice(NamedTuple):
    """One piece of guidance, and the places that it is about; no text where it is withheld."""

    id: str
    text: str
    path: str
    line: int
    globs: tuple[str, ...]


def clause(scoped: ScopedConstraint, decision: ScopedDecision) -> Clause:
    """Return a constraint as contracts speak of it."""
    node = scoped.constraint
    text, because, withheld = _free(node)
    alternative = node.alternative
    instead = ""
    if alternative is not None and alternative.text not in node.sentence:
        instead, withheld = _told(alternative.text, withheld)
    exact, partly = _engines(scoped, decision)
    needs = needed(node)
    area = scoped.area
    globs, words, unit, number, when, every = _operands(node)
    return Clause(
        id=scoped.full_id,
        severity=node.severity,
        modal=node.modal,
        kind=node.kind,
        shape=node.shape,
        noun=node.subject.noun,
        sentence=text,
        instead=instead,
        because=because,
        withheld=withheld,
        allowed=tuple(_permitted(p.sentence) for p in scoped.permissions),
        waived=tuple(
            (
                waiver.until.isoformat(),
                (
                    *(glob.text for glob in waiver.globs),
                    *(f"{edge.importer} -> {edge.imported}" for edge in waiver.edges),
                ),
                waiver.ticket or "",
            )
            for waiver in scoped.waivers
        ),
        needs="-" if needs is None else needs,
        exact=exact,
        partly=partly,
        path=node.span.path,
        line=node.span.line,
        include=area.include,
        inside=area.within,
        exclude=area.exclude,
        starts=starts(area, decision.facts),
        languages=scoped.languages,
        classes=_classes(node),
        globs=globs,
        words=words,
        unit=unit,
        number=number,
        when=when,
        every=every,
    )


def advice(guidance: Guidance, decision: ScopedDecision) -> Advice:
    """Return guidance, without its text where it addresses the reader and not the code."""
    lead_in = guidance.lead_in
    return Advice(
        decision.decision.id + (f"/{guidance.id}" if guidance.id else ""),
        "" if addresses(guidance.text) else visible(guidance.text),
        guidance.span.path,
        guidance.span.line,
        tuple(glob.text for glob in lead_in.globs) if lead_in else (),
    )


# --- free text ---------------------------------------------------------------------------------

_REASON = re.compile(r",?\s*because\s*\Z", re.IGNORECASE)


def _free(node: Constraint) -> tuple[str, str, int]:
    """Return the sentence without its reason, the reason in a line, and whether some was hostile.

    All that a sentence holds besides words of the language is code, and quoted; what an author may
    write freely is the reason and the alternative.
    """
    because, withheld = _told(node.because or "", 0)
    text = _without_reason(visible(in_full(node)), node)
    if is_hostile(node, text):
        withheld = 1
        text = spoken(node, text)
    return text, shorten(because, _RATIONALE), withheld


def is_hostile(node: Constraint, text: str) -> bool:
    """Tell whether a sentence addresses its reader; only its reason and alternative can."""
    return (node.because is not None or node.alternative is not None) and addresses(text)


def spoken(node: Constraint, text: str) -> str:
    """Return as much of a sentence as does not address its reader; nothing where that is none."""
    text = _without_reason(visible(text), node)
    return _without_alternative(text, node) if addresses(text) else text


def _without_reason(text: str, node: Constraint) -> str:
    if not node.because:
        return text
    cut = text.rfind(visible(node.because).rstrip("."))
    if cut > 0 and _REASON.search(text[:cut]):
        return f"{_REASON.sub('', text[:cut])}."
    return text


def _told(text: str, withheld: int) -> tuple[str, int]:
    """Return free text, or nothing where it addresses the reader."""
    return ("", 1) if addresses(text) else (visible(text), withheld)


def _without_alternative(text: str, node: Constraint) -> str:
    """Return a sentence without the words of its alternative, or nothing of it where they stay."""
    alternative = node.alternative
    if alternative is not None:
        head, found, _ = text.partition(f"; use {visible(alternative.text)}")
        if found and not addresses(head):
            return f"{head}."
    return ""


_DESPITE = re.compile(r", despite \[[^\[\]`]*\]")


def _permitted(text: str) -> str:
    """Return a permission's sentence without its reason, or nothing where it addresses anybody.

    It stands under the constraint that it names, and need not name it again.
    """
    head = _DESPITE.sub("", visible(text).partition(", because ")[0], count=1)
    return "" if addresses(head) else head


# --- operands ----------------------------------------------------------------------------------

_Operands = tuple[tuple[str, ...], tuple[str, ...], str, int, str, int]


def _operands(node: Constraint) -> _Operands:
    """Return globs, words, unit, number, when and every of a sentence, as `Clause` has them."""
    match node:
        case AgentChange():
            return tuple(glob.text for glob in node.globs), (), "", 0, "", 0
        case AgentLimit():
            return (), (), node.unit, node.count, "", 0
        case AgentRun():
            commands = tuple(command.text for command in node.commands)
            return (), commands, "", 0, node.when, int(node.quantifier == "all")
        case AgentRead():
            files = tuple(glob.text for glob in node.files)
            globs = tuple(glob.text for glob in node.globs)
            return globs, files, "", 0, "", int(node.quantifier == "all")
        case AgentAutonomy():
            return (), (node.level,), "", 0, "", 0
        case Approve():
            names = tuple(each.text for each in node.approvers)
            return (), names, "", node.count, "", int(node.quantifier == "all")
        case CiRun():
            commands = tuple(command.text for command in node.commands)
            return (), commands, "", 0, "ci", int(node.quantifier == "all")
        case CommandPass(subject=CommandSubject(commands=named)):
            return (), tuple(command.text for command in named), "", 0, "pass", 1
        case _:
            return (), (), "", 0, "", 0


def _classes(node: Constraint) -> tuple[str, ...]:
    subject = node.subject
    if isinstance(subject, AgentsSubject):
        return tuple(name.text for name in subject.classes)
    return ()


def _engines(
    scoped: ScopedConstraint, decision: ScopedDecision
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the engines that check a constraint exactly, and those that do so in part."""
    exact: list[str] = []
    partly: list[str] = []
    for target in sorted(decision.fidelity):
        answer = decision.fidelity[target].get(scoped.constraint.id)
        if target in READERS or not isinstance(answer, Fidelity) or answer.level == "unsupported":
            continue
        (exact if answer.level == "exact" else partly).append(target)
    return tuple(exact), tuple(partly)
