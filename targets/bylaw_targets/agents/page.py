"""The page: all constraints in force, for agents and people who want to see them at once.

`AGENTS.md` groups them by the places that they bind, says which machine checks each and where none
does, and what to do instead. The text of an ADR stays text: it can open no heading, fence, comment,
link or HTML, and holds no character that nobody sees. What it *says* is the repository's own
decision; a page cannot guard against that.
"""

import re
from collections.abc import Iterable, Iterator

from bylaw.evaluation import needed
from bylaw.ir import Constraint, Glob, Guidance, MatchPattern
from bylaw.scope import ScopedConstraint, ScopedDecision, TreeFacts
from bylaw.sentence import in_full
from bylaw.target import Fidelity
from bylaw.visible import visible
from bylaw_targets.agents.clause import is_hostile, spoken
from bylaw_targets.agents.phrases import WITHHELD
from bylaw_targets.agents.text import addresses, code, inert, link_to, sentence

_EVERYWHERE = ""
_WORK = "\uffff work"

_HEAD = """\
# Decisions that bind changes to this repository

<!-- Written by bylaw from the decisions named below. Do not edit: change the decision. -->

Each item is a decision of this repository's architects; **MUST** is an error, **SHOULD** a warning.
Before you change a file, read *Everywhere* and every section whose paths hold that file.
If a constraint stands in the way, stop and say so: do not work around it, and do not edit \
decisions, waivers or generated files to get past it.
"""

_PROPOSED = """\
## Proposed, and not in force

These bind nobody yet.
"""

_GUIDANCE = """\
## Guidance

No machine checks any of this.
"""


Items = tuple[tuple[int, str, str], ...]
"""Of each entry its part of the page, the places it is grouped under, and its text."""


def items(decision: ScopedDecision) -> tuple[Items, bool]:
    """Return the entries of one decision, and whether they depend on the day."""
    found: list[tuple[int, str, str]] = []
    dated = False
    for scoped in decision.constraints:
        node = scoped.constraint
        dated = dated or bool(node.from_ or node.until or scoped.waivers or scoped.permissions)
        if scoped.active:
            entry = _constraint(scoped, decision)
            found.append((int(decision.proposed), _group(scoped, decision.facts), entry))
    if not decision.proposed:
        found += [
            (2, _places(_lead_in(g), decision.facts), _guidance(g, decision))
            for g in decision.guidance
        ]
    return tuple(found), dated


def text(*sections: dict[str, list[str]]) -> str:
    """Return the page: what binds, what is proposed, and guidance, each grouped by place."""
    return "\n".join(_page(*sections))


def _page(
    binding: dict[str, list[str]], proposed: dict[str, list[str]], guidance: dict[str, list[str]]
) -> Iterator[str]:
    """Yield the parts of the page, each ending in a line feed."""
    yield _HEAD
    if not binding:
        yield "No constraint is in force.\n"
    yield from _groups(binding, "##")
    if proposed:
        yield _PROPOSED
        yield from _groups(proposed, "###")
    if guidance:
        yield _GUIDANCE
        yield from _groups(guidance, "###")


def _groups(groups: dict[str, list[str]], marks: str) -> Iterator[str]:
    for group in sorted(groups):
        yield f"{marks} {_title(group)}\n"
        yield "\n".join(groups[group]) + "\n"


def _title(group: str) -> str:
    if group == _EVERYWHERE:
        return "Everywhere"
    if group == _WORK:
        return "How changes are made"
    return ", ".join(code(place) for place in group.split("\n"))


# --- where an item belongs ---------------------------------------------------------------------

_WAYS = frozenset(("branches", "commits", "ci", "command", "agents", "templates"))


def _group(scoped: ScopedConstraint, facts: TreeFacts) -> str:
    """Return the places that a constraint binds, one to a line: what it is grouped under."""
    subject = scoped.constraint.subject
    if globs := scoped.area.include or scoped.area.within:
        return _places(globs, facts)
    return _WORK if subject.noun in _WAYS else _EVERYWHERE


def _places(globs: Iterable[str], facts: TreeFacts) -> str:
    """Return the folders that globs lie in, without those in others; a plain path stays whole."""
    known = set(globs)
    # `Modules in` binds a file or a folder, whichever the module is: a reader needs the one.
    stems = {_ENDING.sub("", glob): glob for glob in known if _ENDING.search(glob)}
    found = set()
    for glob in known:
        stem = glob.removesuffix("/**")
        if stem != glob and stem in stems:
            found.add(_module(visible(stem), facts))
        elif f"{_ENDING.sub('', glob)}/**" not in known or glob not in stems.values():
            found.add(_folder(visible(glob)))
    kept: list[str] = []
    for place in sorted(found):
        if not any(place.startswith(other) for other in kept if other.endswith("/") or not other):
            kept.append(place)
    return "\n".join(kept)


def _module(stem: str, facts: TreeFacts) -> str:
    """Return the folder or the file that a module is."""
    if _WILDCARD.search(stem):
        return _folder(stem)
    for root in facts.source_roots:
        prefix = f"{root}/" if root else ""
        name = stem.removeprefix(prefix).replace("/", ".")
        if stem.startswith(prefix) and name in facts.sources:
            return f"{stem}.py"
    return f"{stem}/"


_ENDING = re.compile(r"\.(?:\{[a-z,]+\}|[a-z]+)\Z")
_WILDCARD = re.compile(r"[*?\[{]")


def _folder(glob: str) -> str:
    """Return the plain folder in front of a glob's first wildcard, or the plain path it is."""
    match = _WILDCARD.search(glob)
    if match is None:
        return glob
    head = glob[: match.start()]
    return head.rpartition("/")[0] + "/" if "/" in head else ""


def _lead_in(guidance: Guidance) -> tuple[str, ...]:
    lead_in = guidance.lead_in
    globs: tuple[Glob, ...] = lead_in.globs if lead_in else ()
    return tuple(glob.text for glob in globs)


# --- items -------------------------------------------------------------------------------------


def _constraint(scoped: ScopedConstraint, decision: ScopedDecision) -> str:
    node = scoped.constraint
    lines = [f"- **{inert(scoped.full_id)}**: {_said(node)}"]
    if isinstance(node, MatchPattern):
        lines += _fence(node.pattern)
    alternative = node.alternative
    if (
        alternative is not None
        and alternative.text not in node.sentence
        and not addresses(alternative.text)
    ):
        lines.append(f"Instead: use {inert(alternative.text)}.")
    if node.because and node.because not in node.sentence and not addresses(node.because):
        lines.append(f"Why: {sentence(inert(node.because))}")
    lines += [
        f"Permitted: {WITHHELD if addresses(each.sentence) else inert(each.sentence)}"
        for each in scoped.permissions
    ]
    for waiver in scoped.waivers:
        places = [code(glob.text) for glob in waiver.globs]
        places += [code(f"{edge.importer} -> {edge.imported}") for edge in waiver.edges]
        ticket = f", {inert(waiver.ticket)}" if waiver.ticket else ""
        lines.append(
            f"Waived until {waiver.until.isoformat()} in {', '.join(places)}{ticket}: "
            "a debt, not an example."
        )
    lines.append(f"{_checked(scoped, decision)} {link_to(node.span)}")
    return "\n  ".join(lines)


def _said(node: Constraint) -> str:
    """Return a sentence as it stands on a page, without what addresses the page's reader."""
    text = in_full(node, pattern=False)
    if not is_hostile(node, text):
        return inert(text)
    rest = spoken(node, text)
    return f"{inert(rest)} {WITHHELD}" if rest else WITHHELD


def _guidance(guidance: Guidance, decision: ScopedDecision) -> str:
    name = decision.decision.id + (f"/{guidance.id}" if guidance.id else "")
    text = WITHHELD if addresses(guidance.text) else inert(guidance.text)
    return f"- **{inert(name)}**: {text}\n  {link_to(guidance.span)}"


def _checked(scoped: ScopedConstraint, decision: ScopedDecision) -> str:
    """Say which machine checks a constraint, and how much of it."""
    needs = needed(scoped.constraint)
    whole: list[str] = [] if needs is None else [f"`bylaw check`{needs and f' ({needs})'}"]
    partly: list[str] = []
    for target in sorted(decision.fidelity):
        answer = decision.fidelity[target].get(scoped.constraint.id)
        if not isinstance(answer, Fidelity) or answer.level == "unsupported":
            continue
        (whole if answer.level == "exact" else partly).append(target)
    if not whole and not partly:
        return "No machine checks this."
    parts = ([f"by {' and '.join(whole)}"] if whole else []) + (
        [f"in part by {' and '.join(partly)}"] if partly else []
    )
    return f"Checked {', '.join(parts)}."


def _fence(pattern: str) -> list[str]:
    """Return a fenced block that the pattern cannot close; its lines keep their indentation."""
    longest = max((len(run) for run in re.findall(r"`+", pattern)), default=0)
    ticks = "`" * max(3, longest + 1)
    rows = [" " * (len(row) - len(row.lstrip(" "))) + visible(row) for row in pattern.splitlines()]
    return [f"{ticks}text", *rows, ticks]
