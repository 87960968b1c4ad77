"""Measuring: from an ask to an impact, in this process."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from bylaw.check import baseline as baselines
from bylaw.check.engine import Progress
from bylaw.check.evidence import Evidence, FileView
from bylaw.check.verdict import Excused, Finding, NotEvaluated, Violation
from bylaw.owners.of_files import read_owners
from bylaw.preview.impact.accepted import accept
from bylaw.preview.impact.clashes import clashes
from bylaw.preview.impact.known import Known
from bylaw.preview.impact.look import Look, look
from bylaw.preview.impact.model import Ask, Impact, Size, no_lines
from bylaw.preview.workspace import Linked, Workspace
from bylaw.unevaluable import UnevaluableError

AnyFinding = TypeVar("AnyFinding", Violation, NotEvaluated)


def measure(
    workspace: Workspace,
    ask: Ask,
    progress: Progress | None = None,
    known: Known | None = None,
) -> Impact | None:
    """Judge the working tree as if a decision were in force; None where there is no such file.

    With `known`, files that have not changed since an earlier look are not judged again. Nothing
    is edited, and no command of a constraint is run.
    """
    texts = {} if ask.text is None else {ask.path: ask.text.encode("utf-8", "surrogateescape")}
    today = workspace.linked(texts)
    if not (ask.path in today.program.by_path or ask.path in today.listed):
        return None
    accepted = accept(today, ask.path)
    unit = accepted.program.by_path.get(ask.path)
    if unit is None:
        return _nothing(today, ask, "the file is no decision, so nothing in it binds")
    after = accepted.program.standing[ask.path]
    if after.state == "retired":
        return _nothing(today, ask, f"the decision binds nobody any more: {after.reason}")
    found = look(accepted, ask.path, ask.constraint, known or Known(workspace.root), progress)
    if ask.constraint is not None and not found.sentences:
        return _nothing(today, ask, f"the decision holds no constraint `{ask.constraint}`")
    saved = _is_saved(today, ask)
    before = None if saved else accept(workspace.on_disk, ask.path)
    within = found.sentences[0].span if ask.constraint is not None else None
    owners_file, owners = _owners(today, found)
    return Impact(
        path=ask.path,
        decision=unit.header.id,
        title=unit.header.title,
        as_of=accepted.program.as_of,
        standing=today.program.standing[ask.path],
        saved=saved,
        asked=ask.constraint,
        sentences=found.sentences,
        violations=_by_place(v for j in found.judgements for v in j.violations),
        excused=tuple(sorted((e for j in found.judgements for e in j.excused), key=_excused_key)),
        unjudged=_by_place(n for j in found.judgements for n in j.not_evaluated),
        relieved=tuple(sorted(found.relieved, key=_excused_key)),
        ends=_ends(today, accepted, ask.path),
        baseline=_size(found, today),
        clashes=clashes(accepted, ask.path, before, within),
        owners=owners,
        owners_file=owners_file,
        files=found.files,
        tree_files=len(accepted.files),
        statements=len(unit.header.items),
        rejected=sum(item.statement == "rejected" for item in unit.header.items),
        lines=_Lines(found.evidence) if found.evidence is not None else no_lines,
    )


def _is_saved(linked: Linked, ask: Ask) -> bool:
    """Tell whether what was measured is what lies on disk."""
    text = linked.texts.get(ask.path)
    if text is None:
        return True
    try:
        return (linked.root / ask.path).read_bytes() == text
    except OSError:
        return False


def _nothing(linked: Linked, ask: Ask, why: str) -> Impact:
    """Return the impact of what cannot bind, and say why."""
    unit = linked.program.by_path.get(ask.path)
    return Impact(
        path=ask.path,
        decision=unit.header.id if unit is not None else ask.path,
        title=unit.header.title if unit is not None else ask.path,
        as_of=linked.program.as_of,
        standing=linked.program.standing.get(ask.path),
        saved=_is_saved(linked, ask),
        asked=ask.constraint,
        nothing=why,
        tree_files=len(linked.files),
    )


def _ends(today: Linked, accepted: Linked, path: str) -> tuple[tuple[str, int], ...]:
    """Return the decisions that are in force, and would not be once this one is."""
    return tuple(
        (unit.header.id, len(unit.header.rows))
        for unit in today.program.units
        if unit.header.path != path
        and today.program.in_force(unit.header.path)
        and not accepted.program.in_force(unit.header.path)
    )


def _size(found: Look, linked: Linked) -> Size:
    """Return the size of what `bylaw check --write-baseline` would write for these constraints."""
    held = [v for j in found.judgements for v in j.violations]
    held += [
        each.violation
        for j in found.judgements
        for each in j.excused
        if each.excuse in ("baseline", "old")
    ]
    counts = baselines.count(held)
    path = linked.config.baseline
    return Size(len(counts.counts), counts.total, path, found.baseline_there)


# --- the order of places, and what stands there --------------------------------------------------


def _by_place(findings: Iterable[AnyFinding]) -> tuple[AnyFinding, ...]:
    return tuple(sorted(findings, key=_place_key))


def _place_key(finding: Finding) -> tuple[str, tuple[int, ...], str]:
    return finding.path or "", tuple(finding.place or ()), finding.constraint


def _excused_key(each: Excused) -> tuple[str, tuple[int, ...], str]:
    return _place_key(each.violation)


def _owners(linked: Linked, found: Look) -> tuple[str | None, Mapping[str, tuple[str, ...]]]:
    """Return the file that says who owns what, and the owners of each file that was named."""

    def read(path: str) -> bytes | None:
        try:
            return (linked.root / path).read_bytes()
        except (OSError, ValueError):
            return None

    owners = read_owners(read)
    if owners is None:
        return None, {}
    named: set[str | None] = set()
    for judgement in found.judgements:
        named |= {v.path for v in judgement.violations}
        named |= {each.violation.path for each in judgement.excused}
        named |= {each.path for each in judgement.not_evaluated}
    return owners.path, owners.of(path for path in named if path is not None)


class _Lines:
    """Reads the lines of files under check, and keeps those of the last few."""

    _MOST = 32

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._kept: dict[str, Sequence[str]] = {}

    def __call__(self, path: str) -> Sequence[str]:
        """Return a file's lines; none where it cannot be read."""
        if path not in self._kept:
            if len(self._kept) >= self._MOST:
                self._kept.pop(next(iter(self._kept)))
            try:
                self._kept[path] = FileView(path, self._evidence).lines
            except UnevaluableError:
                self._kept[path] = ()
        return self._kept[path]
