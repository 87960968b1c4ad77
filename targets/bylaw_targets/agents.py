"""The target `agents`: the constraints in force as a page that coding agents and people read.

`AGENTS.md` groups them by the places that they bind, says which machine checks each and where none
does, and what to do instead. The text of an ADR stays text: it can open no heading, fence, comment,
link or HTML, and holds no character that nobody sees. What it *says* is the repository's own
decision; a page cannot guard against that.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from bylaw.diagnostics import Report, Span
from bylaw.evaluation import needed
from bylaw.ir import Glob, Guidance, MatchPattern
from bylaw.scope import ScopedConstraint, ScopedDecision, ScopedProgram, TreeFacts
from bylaw.sentence import in_full
from bylaw.target import Artifact, Fidelity, Fragment
from bylaw.visible import visible

_ANSWER = Fidelity("approximate", "agents read it, and nothing makes them keep it", "misses")

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


class Agents:
    """The page for agents."""

    name = "agents"
    version = 2

    def compile(self, decision: ScopedDecision) -> Fragment:
        """Write the items of one decision, each with the group that it belongs to."""
        items: list[tuple[int, str, str]] = []
        dated = False
        for scoped in decision.constraints:
            node = scoped.constraint
            dated = dated or bool(node.from_ or node.until or scoped.waivers or scoped.permissions)
            if scoped.active:
                text = _constraint(scoped, decision)
                items.append((int(decision.proposed), _group(scoped, decision.facts), text))
        if not decision.proposed:
            items += [
                (2, _places(_lead_in(g), decision.facts), _guidance(g, decision))
                for g in decision.guidance
            ]
        return Fragment(
            {scoped.constraint.id: _ANSWER for scoped in decision.constraints},
            (tuple(items), int(dated)),
        )

    def assemble(
        self,
        program: ScopedProgram,
        fragments: Sequence[Fragment],
        report: Report,  # noqa: ARG002 - the protocol's
    ) -> Iterable[Artifact]:
        """Group the items of all decisions by place."""
        sections: tuple[dict[str, list[str]], ...] = ({}, {}, {})
        dated = False
        for fragment in fragments:
            payload: Any = fragment.payload
            items, waits = payload
            dated = dated or bool(waits)
            for section, group, text in items:
                sections[section].setdefault(group, []).append(text)
        text = "\n".join(_page(*sections))
        change = program.next_change if dated else None
        yield Artifact("AGENTS.md", text.encode(), change.isoformat() if change else None)


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
    lines = [f"- **{inert(scoped.full_id)}**: {inert(in_full(node, pattern=False))}"]
    if isinstance(node, MatchPattern):
        lines += _fence(node.pattern)
    alternative = node.alternative
    if alternative is not None and alternative.text not in node.sentence:
        lines.append(f"Instead: use {inert(alternative.text)}.")
    if node.because and node.because not in node.sentence:
        lines.append(f"Why: {_sentence(inert(node.because))}")
    lines += [f"Permitted: {inert(permission.sentence)}" for permission in scoped.permissions]
    for waiver in scoped.waivers:
        places = [code(glob.text) for glob in waiver.globs]
        places += [code(f"{edge.importer} -> {edge.imported}") for edge in waiver.edges]
        ticket = f", {inert(waiver.ticket)}" if waiver.ticket else ""
        lines.append(
            f"Waived until {waiver.until.isoformat()} in {', '.join(places)}{ticket}: "
            "a debt, not an example."
        )
    lines.append(f"{_checked(scoped, decision)} {_link(node.span)}")
    return "\n  ".join(lines)


def _guidance(guidance: Guidance, decision: ScopedDecision) -> str:
    name = decision.decision.id + (f"/{guidance.id}" if guidance.id else "")
    return f"- **{inert(name)}**: {inert(guidance.text)}\n  {_link(guidance.span)}"


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


def _link(span: Span) -> str:
    # From the root of the repository, as GitHub and GitLab read it, so that the page can be moved.
    return f"[{inert(span.path)}:{span.line}](/{quote(visible(span.path))}#L{span.line})"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _fence(pattern: str) -> list[str]:
    """Return a fenced block that the pattern cannot close; its lines keep their indentation."""
    longest = max((len(run) for run in _TICKS.findall(pattern)), default=0)
    ticks = "`" * max(3, longest + 1)
    rows = [" " * (len(row) - len(row.lstrip(" "))) + visible(row) for row in pattern.splitlines()]
    return [f"{ticks}text", *rows, ticks]


# --- text --------------------------------------------------------------------------------------

_TICKS = re.compile(r"`+")
_SPECIAL = re.compile(r"[\\*_\[\]<~]|&(?=#?\w+;)")
_WORD_UNDERSCORE = re.compile(r"(?<=[^\W_])\\_(?=[^\W_])")
# Renderers that make links of bare addresses make none of these.
_SCHEME = re.compile(r"(?i)\b(?:javascript|vbscript|data|file):")


def inert(text: str) -> str:
    """Return text for the middle of a line of Markdown: code spans stay, all else is plain."""
    text = visible(text)
    out: list[str] = []
    position = 0
    while position < len(text):
        start = _TICKS.search(text, position)
        if start is None:
            break
        end = _closing(text, start)
        out.append(_plain(text[position : start.start()]))
        if end is None:
            out.append("\\`" * len(start[0]))
            position = start.end()
            continue
        out.append(code(text[start.end() : end.start()]))
        position = end.end()
    out.append(_plain(text[position:]))
    return "".join(out)


def _closing(text: str, start: re.Match[str]) -> re.Match[str] | None:
    """Return the next run of as many backticks as `start`."""
    for run in _TICKS.finditer(text, start.end()):
        if len(run[0]) == len(start[0]):
            return run
    return None


def _plain(text: str) -> str:
    escaped = _SPECIAL.sub(lambda match: f"\\{match[0]}", text)
    # Between letters an underscore is one, and `snake_case` reads better bare.
    escaped = _WORD_UNDERSCORE.sub("_", escaped)
    return _SCHEME.sub(lambda match: match[0][:-1] + "\\:", escaped)


def code(text: str) -> str:
    """Return a code span that holds exactly this text, but for what nobody sees."""
    text = visible(text)
    if not text:
        return ""
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"
