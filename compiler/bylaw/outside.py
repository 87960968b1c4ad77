"""Artifacts outside of the output folder: compared with what is there, and written.

What is wrong with a place is told before anything is written: a plan is made of all places first,
and one fault in it keeps the whole build from writing.
"""

import glob
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bylaw import regions
from bylaw.diagnostics import Code, Label, Report, Severity, Span
from bylaw.occupants import ClosedError, Found, look, twins
from bylaw.output import MANIFEST, remove_leftover, staged
from bylaw.projects import find_projects
from bylaw.source import Source
from bylaw.target import Artifact

FOREIGN_SURFACE = Code("BL430", "foreign-surface", Severity.ERROR)
BROKEN_REGION = Code("BL431", "broken-region", Severity.ERROR)
CLOSED_SURFACE = Code("BL432", "closed-surface", Severity.ERROR)
BAD_ARTIFACT_PLACE = Code("BL433", "bad-artifact-place", Severity.ERROR)
EDITED_ORPHAN = Code("BL434", "edited-orphan", Severity.WARNING)

_ATTEMPTS = 5
"""How often a file is read anew that somebody else writes at the same moment."""

What = Literal["missing", "stale", "edited", "orphaned"]


@dataclass(frozen=True, slots=True)
class Step:
    """One file that a build would change.

    `edited` are regions and files that people have changed since a build has written them. `after`
    makes the new bytes from those that are there; None means that the file goes.
    """

    path: str
    what: What
    after: Callable[[bytes | None], bytes | None]
    before: bytes | None = None
    mode: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build changes outside of its output folder, sorted by path."""

    steps: tuple[Step, ...] = ()

    def of(self, what: What) -> tuple[str, ...]:
        """Return the paths of one sort of change."""
        return tuple(step.path for step in self.steps if step.what == what)

    def __bool__(self) -> bool:
        return bool(self.steps)


class BusyFileError(OSError):
    """Somebody else keeps writing a file while we do."""


def plan(
    root: Path,
    artifacts: Iterable[Artifact],
    tree: Sequence[str],
    output: Path,
    report: Report,
    *,
    partial: bool = False,
) -> Plan:
    """Compare the artifacts that lie outside of the output folder with what is there.

    `tree` are the tree's paths, in which regions of earlier builds are looked for, beside those
    that the manifest in the folder `output` names; of a `partial` build, of some targets only, they
    are no business. Faults go into `report`.
    """
    steps: list[Step] = []
    wanted: dict[str, Artifact] = {}
    for artifact in artifacts:
        if artifact.place == "output":
            continue
        if fault := _misplaced(artifact, wanted):
            report.add(BAD_ARTIFACT_PLACE, fault, help="mend the target that makes it")
            continue
        wanted[artifact.path] = artifact
    spelt = dict(twins(wanted, tree))
    for path in sorted(wanted):
        if path in spelt:
            report.add(
                CLOSED_SURFACE,
                f"`{path}` cannot be written: `{spelt[path]}` differs from it in case only",
                help="rename that file, because a disk that ignores case would lose one of the two",
            )
            continue
        step = _compare(root, wanted[path], report)
        steps += [step] if step else []
    if not partial:
        steps += _orphans(root, wanted, tree, output, report)
    return Plan(tuple(sorted(steps, key=lambda step: step.path)))


def write(root: Path, planned: Plan) -> None:
    """Do what a plan says, each file in one step; raises OSError where that is not possible."""
    for step in planned.steps:
        _write(root, step)
        place = root / step.path
        for leftover in place.parent.glob(f".{glob.escape(place.name)}.*.part"):
            remove_leftover(leftover)


# --- what is there -----------------------------------------------------------------------------


_HOSTILE = re.compile(r"(?:\A|/)(?:\.\.?|\.git|)(?:/|\Z)|[\\\0-\x1f\x7f]", re.I)


def _misplaced(artifact: Artifact, others: Collection[str]) -> str | None:
    path = artifact.path
    if _HOSTILE.search(path) or len(path) > 4096:
        return f"`{path[:80]}` is no place for an artifact"
    if path in others:
        return f"two artifacts want the file `{path}`"
    text = artifact.data
    if not text.endswith(b"\n") or b"\r" in text or b"\0" in text:
        return f"the artifact `{path}` is no text that ends in a line feed"
    try:
        held = regions.find(text) is not None
    except regions.BrokenRegionError:
        held = True
    if held:
        return f"the artifact `{path}` holds marks of its own"
    return None


# --- plans -------------------------------------------------------------------------------------


def _compare(root: Path, artifact: Artifact, report: Report) -> Step | None:
    path = artifact.path
    try:
        found = look(root, path)
        what, after = (
            _whole(artifact, found) if artifact.place == "file" else _part(artifact, found)
        )
        if what is not None and found.mode is not None and not found.mode & 0o222:
            raise ClosedError("it is read-only", "make it writable")
    except ClosedError as closed:
        report.add(
            CLOSED_SURFACE, f"`{path}` cannot be written: {closed.reason}", help=closed.advice
        )
    except _ForeignError:
        _report_foreign(path, report)
    except regions.BrokenRegionError as broken:
        report_broken(path, found.data or b"", broken, report)
    else:
        return Step(path, what, after, found.data, found.mode) if what else None
    return None


class _ForeignError(Exception):
    """A file that is not ours stands where one of ours should."""


_Change = tuple[What | None, Callable[[bytes | None], bytes | None]]


def _whole(artifact: Artifact, found: Found) -> _Change:
    expected = regions.stamp(artifact.path, artifact.data)

    def after(data: bytes | None) -> bytes:
        if data is not None and _is_foreign(artifact.path, data):
            raise BusyFileError(0, "somebody else has just written it", artifact.path)
        return expected

    if found.data is None:
        return "missing", after
    if regions.same(found.data, expected) or _says(artifact, found.data):
        return None, after
    if _is_foreign(artifact.path, found.data):
        raise _ForeignError
    return ("stale" if regions.stamped(artifact.path, found.data) else "edited"), after


def _is_foreign(path: str, data: bytes) -> bool:
    """Tell whether a file is somebody's, so that no build may replace it.

    Settings that people add to ours stand nowhere else: from then on the file is theirs.
    """
    true = regions.stamped(path, data)
    return true is None or (not true and path.endswith(".json"))


def _part(artifact: Artifact, found: Found) -> _Change:
    path, content = artifact.path, artifact.data

    def after(data: bytes | None) -> bytes:
        return regions.splice(path, data, content)

    if found.data is None:
        return "missing", after
    try:
        found.data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ClosedError("it is not UTF-8", "write it in UTF-8") from error
    if b"\0" in found.data:
        raise ClosedError("it is binary", "write it as text")
    region = regions.find(found.data)
    if region is None:
        return "missing", after
    if not region.is_true(path):
        return "edited", after
    return (None if region.content == content else "stale"), after


def _says(artifact: Artifact, data: bytes) -> bool:
    """Tell whether a JSON file that people write says all that ours would say."""
    if not artifact.path.endswith(".json"):
        return False
    try:
        theirs = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return _covers(theirs, json.loads(artifact.data))


def _covers(theirs: object, ours: object) -> bool:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return all(
            key in theirs and _covers(theirs[key], value)
            for key, value in ours.items()
            if key != "$comment"
        )
    if isinstance(ours, list) and isinstance(theirs, list):
        return all(each in theirs for each in ours)
    return theirs == ours


def _report_foreign(path: str, report: Report) -> None:
    if path.endswith(".json"):
        what = "was not written by bylaw, or was edited since"
        advice = "write into it what `docs/agents.md` says by hand, or do not ask for this surface"
    else:
        what = "was not written by bylaw"
        advice = "move it to another name, or do not ask for this surface"
    report.add(FOREIGN_SURFACE, f"`{path}` {what}", help=advice)


def report_broken(
    path: str, data: bytes, broken: regions.BrokenRegionError, report: Report
) -> None:
    """Report marks in a file that are no region."""
    source = Source(path, data)
    labels = []
    if broken.other is not None:
        labels = [Label(_span(source, *broken.other), "the region that begins here")]
    report.add(
        BROKEN_REGION,
        f"{broken.message}",
        _span(source, broken.start, broken.end),
        labels=labels,
        help="delete every line with a mark of bylaw's, and what stood between; a build writes "
        "the region anew",
    )


def _span(source: Source, start: int, end: int) -> Span:
    """Return the span of a range of bytes that lies on one line."""
    before = source.data[:start]
    line = before.count(b"\n")
    head = before[before.rfind(b"\n") + 1 :].removeprefix(b"\xef\xbb\xbf")
    column = len(head.decode("utf-8", "replace"))
    length = len(source.data[start:end].decode("utf-8", "replace"))
    return source.span(line, column, line, column + length)


# --- what earlier builds have left -------------------------------------------------------------


def _orphans(
    root: Path, wanted: Collection[str], tree: Sequence[str], output: Path, report: Report
) -> Iterator[Step]:
    """Yield a step for each region and file that a build has written and this one does not."""
    known = _written_before(output)
    others = find_projects(root, tree)
    for path in sorted({*filter(regions.may_hold, tree), *known} - set(wanted)):
        if path.startswith(others):
            continue
        try:
            found = look(root, path)
        except ClosedError:
            continue
        if found.data is None:
            continue
        after = _without(path, found.data, report)
        if after is None:
            continue
        if found.mode is not None and not found.mode & 0o222:
            report.add(
                CLOSED_SURFACE,
                f"`{path}` cannot be written: it is read-only",
                help="make it writable",
            )
            continue
        yield Step(path, "orphaned", after, found.data, found.mode)


def _without(
    path: str, data: bytes, report: Report
) -> Callable[[bytes | None], bytes | None] | None:
    """Return what takes out of a file all that is ours; None where there is nothing to take."""
    stamped = regions.stamped(path, data)
    if stamped:
        return lambda _: None
    region, broken = None, False
    try:
        region = regions.find(data)
    except regions.BrokenRegionError:
        broken = True
    if region is not None and region.is_true(path):

        def after(data: bytes | None) -> bytes | None:
            rest = regions.remove(data) if data is not None else b""
            return rest or None

        return after
    if stamped is False or region is not None or broken:
        what = "is a file" if stamped is False else "holds a region"
        report.add(
            EDITED_ORPHAN,
            f"`{path}` {what} of bylaw's that no build writes, and that was edited or copied",
            help="take it out by hand; a build leaves it alone",
        )
    return None


def _written_before(output: Path) -> Iterator[str]:
    """Yield the paths outside of the output folder that its manifest names."""
    try:
        outputs = json.loads((output / MANIFEST).read_bytes())["outputs"]
        for entry in outputs:
            path, place = entry["path"], entry.get("place", "output")
            if isinstance(path, str) and place != "output" and not _HOSTILE.search(path):
                yield path
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return


# --- writing -----------------------------------------------------------------------------------


def _write(root: Path, step: Step) -> None:
    """Change one file in one step, from the bytes that are there at that moment."""
    place = root / step.path
    for _ in range(_ATTEMPTS):
        try:
            before = look(root, step.path)
        except ClosedError as closed:
            raise BusyFileError(0, closed.reason, str(place)) from closed
        try:
            after = step.after(before.data)
        except regions.BrokenRegionError as broken:
            raise BusyFileError(0, broken.message, str(place)) from broken
        if after is None:
            _remove(root, place)
            return
        if after == before.data:
            return
        with staged(place, after, before.mode) as publish:
            # What somebody has saved since we read it must not be lost.
            if look(root, step.path) == before:
                publish()
                return
    raise BusyFileError(0, "somebody else keeps writing it", str(place))


def _remove(root: Path, place: Path) -> None:
    place.unlink(missing_ok=True)
    for folder in place.parents:
        if folder == root:
            return
        try:
            folder.rmdir()
        except OSError:
            return
