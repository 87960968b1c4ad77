"""The target `codeowners`: who has to approve of a change, as a region of `CODEOWNERS`.

A forge asks the owners of the last line that matches a file, and is content with one of them. So
constraints that meet have lines of their own for what they have in common, with the owners of all;
an exception has a line with the owners that remain. How many have to approve, or that each of
several has to, no line can say: `bylaw check` judges that.

The file is the one that the forge reads: where the repository has one, else where it looks first.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bylaw.diagnostics import Code, Diagnostic, Report, Severity
from bylaw.globs import intersect
from bylaw.ir import Approve
from bylaw.owners.handwritten import PLACES
from bylaw.owners.lines import Demand, Layout, Line, lay_out
from bylaw.owners.patterns import Forge, to_patterns
from bylaw.scope import Area, ScopedConstraint, ScopedDecision, ScopedProgram
from bylaw.target import Artifact, Fidelity, Fragment, Trace
from bylaw.visible import visible

MEETING_APPROVALS = Code("BL440", "meeting-approvals", Severity.NOTE)
NO_OWNER = Code("BL443", "no-owner", Severity.WARNING)
TOO_MANY_OWNERS = Code("BL444", "too-many-owner-lines", Severity.WARNING)
SECOND_CODEOWNERS = Code("BL445", "second-codeowners", Severity.WARNING)

_OWNER = re.compile(
    r"@[A-Za-z0-9](?:[\w.-]*[\w-])?(?:/[A-Za-z0-9](?:[\w.-]*[\w-])?)*|[^\s@#,]+@[^\s@#,]+\.[^\s@#,]+",
    re.ASCII,
)

_NAMED = re.compile(r", but for an exception(?=:|\Z)|: |\Z")
"""What follows a constraint's id in a comment."""

_COUNTS = "one owner's approval is enough for a forge; `bylaw check` counts"
_MOST_NOTES = 10

_HEAD = """\
# Whose approval the decisions ask for. The last line that matches a file counts.
"""


class Codeowners:
    """The region of `CODEOWNERS`."""

    name = "codeowners"
    version = 1

    def compile(self, decision: ScopedDecision) -> Fragment:
        """Collect what one decision asks for."""
        fidelity: dict[str, Fidelity] = {}
        demands: list[tuple[object, ...]] = []
        found: list[Diagnostic] = []
        dated = False
        for scoped in decision.constraints:
            node = scoped.constraint
            if not isinstance(node, Approve):
                fidelity[node.id] = Fidelity("unsupported", "code owners say who approves")
                continue
            dated = dated or bool(node.from_ or node.until or scoped.waivers or scoped.permissions)
            owners = tuple(a.text for a in node.approvers if _OWNER.fullmatch(a.text))
            found += _not_owners(node)
            include = _include(scoped.area)
            fidelity[node.id] = _fidelity(scoped, node, owners, include)
            if fidelity[node.id].level != "unsupported" and scoped.active and include:
                sentence = visible(node.sentence)
                demands.append((scoped.full_id, include, scoped.area.exclude, owners, sentence))
        return Fragment(fidelity, (tuple(demands), int(dated)), tuple(found))

    def assemble(
        self, program: ScopedProgram, fragments: Sequence[Fragment], report: Report
    ) -> Iterable[Artifact]:
        """Lay the demands of all decisions over each other."""
        demands: list[Demand] = []
        sentences: dict[str, str] = {}
        dated = False
        for fragment in fragments:
            payload: Any = fragment.payload
            some, waits = payload
            dated = dated or bool(waits)
            for identity, include, exclude, owners, sentence in some:
                demands.append(Demand(identity, tuple(include), tuple(exclude), tuple(owners)))
                sentences[identity] = sentence
        if not demands:
            return
        forge, path = place_of(program.files, program.config.approvals.forge)
        layout = lay_out(demands, program.files, forge)
        _report(layout, demands, program.files, forge, path, report)
        change = program.next_change if dated else None
        text = "".join(_text(layout.lines, sentences))
        until = change.isoformat() if change else None
        yield Artifact(path, text.encode(), until, place="region")

    def trace(
        self,
        program: ScopedProgram,  # noqa: ARG002 - the protocol's
        fragments: Sequence[Fragment],
        artifact: Artifact,
    ) -> Iterator[Trace]:
        """Yield the block of each place that constraints speak of, for each of them.

        All are joint: where constraints of other decisions meet these, their owners stand there.
        """
        payloads: list[Any] = [fragment.payload for fragment in fragments]
        ids = {identity for some, _ in payloads for identity, *_ in some}
        first, here = 0, dict[str, None]()
        lines = [*artifact.data.decode().split("\n")[:-1], "#"]
        for number, line in enumerate(lines, 1):
            if line == "#":
                for identity in here:
                    yield Trace(identity, first, number - 1, joint=True)
                first, here = number + 1, {}
            elif first and line.startswith("# "):
                named = _NAMED.split(line[2:], maxsplit=1)[0]
                here |= {named: None} if named in ids else {}


def place_of(files: Sequence[str], named: Forge | None = None) -> tuple[Forge, str]:
    """Return the forge, and the file that it reads or, where there is none, looks for first."""
    forge = named
    if forge is None:
        on_github = any(path.startswith(".github/") for path in files)
        on_gitlab = any(path.startswith((".gitlab/", ".gitlab-ci")) for path in files)
        forge = "gitlab" if on_gitlab and not on_github else "github"
    here = frozenset(files)
    first = next((path for path in PLACES[forge] if path in here), None)
    return forge, first or (".github/CODEOWNERS" if forge == "github" else "CODEOWNERS")


# --- one constraint ----------------------------------------------------------------------------


def _include(area: Area) -> tuple[str, ...] | None:
    """Return the globs of an area within its lead-in; None where no few globs say that."""
    if not area.within:
        return area.include or ("**",)
    found: dict[str, None] = {}
    for glob in area.include or ("**",):
        for limit in area.within:
            joint = intersect(glob, limit)
            if joint is None:
                return None
            found.update(dict.fromkeys(joint))
    return tuple(found)


def _fidelity(
    scoped: ScopedConstraint,
    node: Approve,
    owners: tuple[str, ...],
    include: tuple[str, ...] | None,
) -> Fidelity:
    if node.severity != "error":
        return Fidelity("unsupported", "a forge that asks code owners asks them without exception")
    if not owners:
        return Fidelity("unsupported", "its approvers are no account, team or address")
    if include is None:
        return Fidelity("unsupported", "no few patterns say what is in its lead-in's scope")
    wider = _wider(include, scoped.area.exclude)
    several = node.count > 1 or (node.quantifier == "all" and len(node.approvers) > 1)
    if len(owners) < len(node.approvers):
        wider = "an approver who is no account, team or address is not asked"
    rules = (scoped.full_id,)
    if several:
        reason = f"{_COUNTS}; and {wider}" if wider else _COUNTS
        return Fidelity("approximate", reason, "both" if wider else "misses", rules)
    if wider:
        return Fidelity("approximate", wider, "over-reports", rules)
    return Fidelity("exact", rules=rules)


def _wider(include: tuple[str, ...], exclude: tuple[str, ...]) -> str | None:
    """Return why more files have owners than the sentence says; None where none have."""
    for glob in include:
        for pattern in to_patterns(glob):
            if pattern.wider:
                return pattern.wider
    for glob in include:
        for limit in exclude:
            joint = intersect(glob, limit)
            if joint is None or any(p.wider for each in joint for p in to_patterns(each)):
                return f"no pattern says what `{limit}` leaves out of `{glob}`"
    return None


def _not_owners(node: Approve) -> Iterator[Diagnostic]:
    for approver in node.approvers:
        if _OWNER.fullmatch(approver.text) is None:
            near = f"@{approver.text}"
            yield Diagnostic(
                NO_OWNER.number,
                NO_OWNER.severity,
                f"`{approver.text}` can own no code",
                approver.span,
                help=f"did you mean `{near}`?"
                if _OWNER.fullmatch(near)
                else "write an account, a team or an address: `@ann`, `@shop/dba`, `dba@x.example`",
            )


# --- the region --------------------------------------------------------------------------------


def _text(lines: Sequence[Line], sentences: dict[str, str]) -> Iterator[str]:
    yield _HEAD
    told: set[str] = set()
    before: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    for line in lines:
        if (line.ids, line.excepted) != before:
            yield "#\n"
            for identity in line.ids:
                mark = ", but for an exception" if identity in line.excepted else ""
                said = f": {sentences[identity]}" if identity not in told else ""
                yield f"# {identity}{mark}{said}\n"
                told.add(identity)
            before = (line.ids, line.excepted)
        yield " ".join((line.pattern, *line.owners)) + "\n"


def _report(  # noqa: PLR0917 - what there is to say something of, each once
    layout: Layout,
    demands: Sequence[Demand],
    files: Sequence[str],
    forge: Forge,
    path: str,
    report: Report,
) -> None:
    owners = {demand.id: {owner.casefold() for owner in demand.owners} for demand in demands}
    clashes = [(a, b, where) for a, b, where in layout.meetings if owners[a] != owners[b]]
    for one, other, where in clashes[:_MOST_NOTES]:
        report.add(
            MEETING_APPROVALS,
            f"`{one}` and `{other}` both ask for approvals of `{where}`",
            note="a forge is content with an owner of either; `bylaw check` asks for both",
            help="let the check be required, as the target `ruleset` does",
        )
    if not layout.whole or layout.unsaid:
        report.add(
            TOO_MANY_OWNERS,
            "no few patterns say where approvals meet"
            + ("" if layout.whole else ", and some lines are left out"),
            note=", ".join(f"`{identity}`" for identity in layout.unsaid[0])
            if layout.unsaid
            else None,
            help="draw the scopes of these sentences apart",
        )
    for other in PLACES[forge]:
        if other != path and other in files:
            report.add(
                SECOND_CODEOWNERS,
                f"`{other}` is not read beside `{path}`",
                help="move its lines into the file that counts",
            )
