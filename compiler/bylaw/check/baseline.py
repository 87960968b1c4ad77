"""The baseline: violations that were there when the rules came, written down and counted."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bylaw.check.finding import Violation
from bylaw.diagnostics import Code, Report, Severity

BROKEN_BASELINE = Code("BL516", "broken-baseline", Severity.ERROR)
STALE_BASELINE = Code("BL517", "stale-baseline", Severity.WARNING)

FORMAT = "bylaw/baseline"
VERSION = 1

_MOST_NAMED = 5


class Entry(NamedTuple):
    """What a fingerprint is made of; its parts stand in the file, so that people can read it."""

    constraint: str
    path: str | None
    detail: str


@dataclass(frozen=True)
class Baseline:
    """How often each violation was there; `path` is the file that says so."""

    counts: Mapping[Entry, int] = field(default_factory=dict)
    path: str = ""

    @property
    def total(self) -> int:
        """The number of violations in it."""
        return sum(self.counts.values())


def entry_of(violation: Violation) -> Entry:
    """Return what a violation stands under in a baseline."""
    return Entry(violation.constraint, violation.path, violation.detail)


def count(violations: Iterable[Violation], path: str = "") -> Baseline:
    """Return the baseline of these violations."""
    return Baseline(Counter(entry_of(violation) for violation in violations), path)


def write(baseline: Baseline) -> bytes:
    """Return a baseline as JSON: sorted, one entry to a line."""
    lines = [
        json.dumps(
            {
                "constraint": entry.constraint,
                **({"path": entry.path} if entry.path is not None else {}),
                "detail": entry.detail,
                **({"count": number} if number > 1 else {}),
            },
            ensure_ascii=True,
        )
        for entry, number in sorted(baseline.counts.items(), key=lambda item: _order(item[0]))
        if number > 0
    ]
    body = "\n" + ",\n".join(lines) + "\n" if lines else ""
    return f'{{"format":"{FORMAT}","version":{VERSION},"violations":[{body}]}}\n'.encode()


def _order(entry: Entry) -> tuple[str, str, str]:
    return entry.constraint, entry.path or "", entry.detail


def read(data: bytes, path: str, report: Report) -> Baseline | None:
    """Return what a baseline's file says, or None where it is none; what is wrong is reported."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        _broken(report, f"`{path}` is not JSON")
        return None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        _broken(report, f"`{path}` is no baseline")
        return None
    if found.get("version") != VERSION:
        _broken(report, f"`{path}` is a baseline of version `{found.get('version')}`")
        return None
    counts: dict[Entry, int] = {}
    entries = found.get("violations")
    for number, item in enumerate(entries if isinstance(entries, list) else [None], 1):
        known = _entry(item)
        if known is None:
            _broken(report, f"entry {number} of `{path}` is no violation")
            return None
        entry, times = known
        counts[entry] = counts.get(entry, 0) + times
    return Baseline(counts, path)


def _entry(item: Any) -> tuple[Entry, int] | None:
    if not isinstance(item, dict) or item.keys() - {"constraint", "path", "detail", "count"}:
        return None
    constraint, path, detail = item.get("constraint"), item.get("path"), item.get("detail")
    times = item.get("count", 1)
    sound = isinstance(constraint, str) and isinstance(detail, str)
    if not sound or not isinstance(path, str | None):
        return None
    if not isinstance(times, int) or isinstance(times, bool) or times < 1:
        return None
    return Entry(str(constraint), path, str(detail)), times


def _broken(report: Report, message: str) -> None:
    report.add(
        BROKEN_BASELINE,
        message,
        help="write it again with `bylaw check --write-baseline`, and read what is new in it",
    )


def gone(baseline: Baseline, found: Mapping[Entry, int]) -> dict[Entry, int]:
    """Return the entries that fewer violations are left of, and by how many."""
    return {
        entry: number - found.get(entry, 0)
        for entry, number in baseline.counts.items()
        if found.get(entry, 0) < number
    }


def shrink(baseline: Baseline, missing: Mapping[Entry, int]) -> Baseline:
    """Return a baseline without what is gone; it never grows."""
    counts = {e: n - missing.get(e, 0) for e, n in baseline.counts.items()}
    return Baseline({e: n for e, n in counts.items() if n > 0}, baseline.path)


def report_gone(baseline: Baseline, missing: Mapping[Entry, int], report: Report) -> None:
    """Say that a baseline holds violations that are there no more, and could come back unseen."""
    if not missing:
        return
    number = sum(missing.values())
    named = [_said(entry) for entry in sorted(missing, key=_order)[:_MOST_NAMED]]
    more = len(missing) - len(named)
    verb = "violation of it is" if number == 1 else "violations of it are"
    report.add(
        STALE_BASELINE,
        f"`{baseline.path}` is too large: {number} {verb} gone",
        note="; ".join(named) + (f"; and {more} more" if more else ""),
        help="`bylaw check --update-baseline` takes them out, so that they cannot come back",
    )


def _said(entry: Entry) -> str:
    return f"`{entry.constraint}` in `{entry.path}`" if entry.path else f"`{entry.constraint}`"
