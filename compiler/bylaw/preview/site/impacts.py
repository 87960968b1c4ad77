"""What each decision would break, or breaks today, as an impact: from one check of the whole tree.

To measure ten thousand decisions one by one would link them all ten thousand times. Those in force
have been judged together; a proposal is measured by itself, as the page would, since it may change
what binds besides it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from bylaw.check import baseline as baselines
from bylaw.check.areas import judged_files
from bylaw.check.engine import find
from bylaw.check.new import OF_THE_CHANGE
from bylaw.check.settle import settle
from bylaw.check.verdict import Finding, Judgement, NotEvaluated
from bylaw.owners.of_files import Owners, read_owners
from bylaw.preview.impact.clashes import clashes
from bylaw.preview.impact.known import Known
from bylaw.preview.impact.look import with_open
from bylaw.preview.impact.measure import measure
from bylaw.preview.impact.model import Ask, Impact, Sentence, Size
from bylaw.preview.model import Preview
from bylaw.preview.site.judged import Judged
from bylaw.preview.workspace import Linked, Workspace
from bylaw.scoped import ScopedConstraint
from bylaw.sentence import in_full

MOST_PROPOSALS = 100
"""Proposals that are measured; each links all decisions anew."""


@dataclass
class Impacts:
    """The impacts of a repository's decisions, each made when it is asked for."""

    workspace: Workspace
    judged: Judged
    _known: Known | None = field(default=None, init=False)

    def of(self, preview: Preview) -> Impact:
        """Return the impact of a decision."""
        linked = self.workspace.on_disk
        state = preview.standing.state if preview.standing is not None else None
        if state == "in-force":
            return self._today(preview, linked)
        if preview.decision is None:
            return self._nothing(preview, "the file is no decision, so nothing in it binds")
        if state == "retired":
            reason = preview.standing.reason if preview.standing is not None else None
            why = f"the decision binds nobody any more: {reason}"
            return self._nothing(preview, why)
        if preview.path not in self._measured:
            why = (
                f"only {MOST_PROPOSALS} proposals are measured for a site; `bylaw preview` "
                "measures this one"
            )
            return self._nothing(preview, why)
        if self._known is None:
            self._known = Known(self.workspace.root)
        found = measure(self.workspace, Ask(preview.path), None, self._known)
        return found or self._nothing(preview, "there is no such file")

    @cached_property
    def _measured(self) -> frozenset[str]:
        """The proposals that are measured: the last ones, which are likely still to be decided."""
        program = self.workspace.on_disk.program
        open_ = [
            unit.header.path
            for unit in program.units
            if program.standing[unit.header.path].state not in {"in-force", "retired"}
        ]
        return frozenset(open_[-MOST_PROPOSALS:])

    @cached_property
    def owners(self) -> Owners | None:
        """Who owns files, where the tree says so."""

        def read(path: str) -> bytes | None:
            try:
                return (self.workspace.root / path).read_bytes()
            except (OSError, ValueError):
                return None

        return read_owners(read)

    def _nothing(self, preview: Preview, why: str) -> Impact:
        linked = self.workspace.on_disk
        return Impact(
            path=preview.path,
            decision=preview.decision.id if preview.decision else preview.path,
            title=preview.decision.title if preview.decision else preview.path,
            as_of=linked.program.as_of,
            standing=preview.standing,
            nothing=why,
            tree_files=len(linked.files),
        )

    def _today(self, preview: Preview, linked: Linked) -> Impact:
        """Return what the check of today has against a decision in force."""
        fates = [(s, self._judgement(s, linked)) for s in preview.scoped]
        found = [judgement for _, judgement in fates if judgement is not None]
        nothing = self._nothing(preview, "")
        lines = self.judged.run.lines
        return Impact(
            path=preview.path,
            decision=nothing.decision,
            title=nothing.title,
            as_of=nothing.as_of,
            standing=preview.standing,
            sentences=tuple(_sentence(*fate, nothing) for fate in fates),
            violations=tuple(sorted((v for j in found for v in j.violations), key=_place)),
            excused=tuple(
                sorted((e for j in found for e in j.excused), key=lambda e: _place(e.violation))
            ),
            unjudged=tuple(sorted((n for j in found for n in j.not_evaluated), key=_place)),
            baseline=self._size(found, linked),
            clashes=clashes(linked, preview.path),
            owners=self._owners_of(found),
            owners_file=self.owners.path if self.owners is not None else None,
            files=self._files(found),
            tree_files=nothing.tree_files,
            statements=len(preview.statements),
            rejected=sum(view.statement == "rejected" for view in preview.statements),
            lines=lambda path: lines(path) or (),
        )

    def _judgement(self, scoped: ScopedConstraint, linked: Linked) -> Judgement | None:
        """Return how a constraint fares, one of a later day as it will bind; None for one over."""
        judgement = self.judged.judgements.get(scoped.full_id)
        if judgement is not None or not _is_later(scoped, linked.program.as_of):
            return judgement
        then, side = scoped._replace(active=True), self.judged.run.side
        if side is None:
            reason = f"it binds from {scoped.constraint.from_}"
            open_ = NotEvaluated(scoped.full_id, reason)
            return Judgement(then, scoped.full_id.rpartition("/")[0], not_evaluated=(open_,))
        found = find([then], side.evidence)[then.full_id]
        return with_open(settle(then, found, side.leave, side.evidence))

    def _files(self, found: Sequence[Judgement]) -> int:
        """Return how many files these constraints speak of, each counted once."""
        side = self.judged.run.side
        speaking = [judgement.scoped for judgement in found if judgement.files]
        if side is None or len(speaking) < 2:
            return sum(judgement.files or 0 for judgement in found)
        return len({path for s in speaking for path in judged_files(s, side.evidence)})

    def _size(self, found: Sequence[Judgement], linked: Linked) -> Size:
        """Return how large a baseline of these constraints would be, and how large there is one."""
        held = [v for j in found for v in j.violations]
        held += [e.violation for j in found for e in j.excused if e.excuse in ("baseline", "old")]
        counts = baselines.count(held)
        side = self.judged.run.side
        there = side.leave.baseline if side is not None else None
        total = there.total if there is not None else 0
        return Size(len(counts.counts), counts.total, linked.config.baseline, total)

    def _owners_of(self, found: Sequence[Judgement]) -> Mapping[str, tuple[str, ...]]:
        if self.owners is None:
            return {}
        return self.owners.of({f.path for f in _findings(found) if f.path is not None})


def _findings(found: Sequence[Judgement]) -> Iterator[Finding]:
    for judgement in found:
        yield from judgement.violations
        yield from (each.violation for each in judgement.excused)
        yield from judgement.not_evaluated


def _place(finding: Finding) -> tuple[str, tuple[int, ...], str]:
    return finding.path or "", tuple(finding.place or ()), finding.constraint


def _is_later(scoped: ScopedConstraint, day: date) -> bool:
    return scoped.constraint.from_ is not None and scoped.constraint.from_ > day


def _sentence(scoped: ScopedConstraint, judgement: Judgement | None, impact: Impact) -> Sentence:
    """Return how a constraint fares; one that nothing judges is past its days."""
    constraint = scoped.constraint
    sentence = Sentence(
        scoped.full_id, in_full(constraint), constraint.severity, "judged", constraint.span
    )
    if judgement is None:
        return replace(sentence, fate="over", why=f"it bound until {constraint.until}")
    sentence = replace(
        sentence,
        files=judgement.files,
        violations=len(judgement.violations),
        excused=len(judgement.excused),
        unjudged=len(judgement.not_evaluated),
    )
    if _is_later(scoped, impact.as_of):
        return replace(sentence, fate="later", why=f"it binds from {constraint.from_}")
    if constraint.shape in OF_THE_CHANGE and not judgement.violations:
        return replace(sentence, fate="open", why=judgement.not_evaluated[0].reason)
    return sentence
