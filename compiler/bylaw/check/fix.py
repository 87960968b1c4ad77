"""Fixes: the edits that violations carry, tried in memory, judged, and only then written."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bylaw.check.engine import find
from bylaw.check.evidence import Evidence
from bylaw.check.finding import Finding, Fix, Violation
from bylaw.check.insert import insert_imports
from bylaw.check.rules import Rules
from bylaw.check.trees import Overlay
from bylaw.diagnostics import Code, Report, Severity
from bylaw.unevaluable import UnevaluableError

REVERTED_FIX = Code("BL527", "reverted-fix", Severity.NOTE)

_MOST_ROUNDS = 5
"""Each round takes back at least one file; what is left after so many is taken back, too."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """What fixing comes to: the new content of files by path, and how many edits are in each."""

    contents: Mapping[str, bytes]
    edits: Mapping[str, int]


def fix_violations(
    violations: Iterable[Violation],
    findings: Mapping[str, Sequence[Finding]],
    rules: Rules,
    evidence: Evidence,
    report: Report,
) -> Fixed:
    """Apply the fixes of violations in memory, and judge the result by all constraints.

    A file in which anything is found that was not found before gets none of its fixes; that is
    reported. `findings` are all that was found before, waived and known violations among them.
    """
    contents, edits = _edited(violations, evidence)
    before = _counted(findings)
    judged = [s for s in rules.active if s.constraint.shape not in ("command-pass", "approve")]
    for _ in range(_MOST_ROUNDS):
        if not contents:
            break
        tree = Overlay(evidence.tree, contents)
        tried = evidence.elsewhere(tree=tree, run=None)
        now = find(judged, tried)
        worse = {
            path: identity
            for identity, path in sorted(_gained(now, before, contents.keys()), reverse=True)
        }
        if not worse:
            return Fixed(contents, edits)
        for path, identity in sorted(worse.items()):
            report.add(
                REVERTED_FIX,
                f"`{path}` is not fixed: {_said(now[identity], path, identity)}",
                help="mend it by hand",
            )
            del contents[path], edits[path]
    return Fixed({}, {}) if contents and worse else Fixed(contents, edits)


def _counted(findings: Mapping[str, Sequence[Finding]]) -> Counter[tuple[str, str | None, str]]:
    return Counter(_key(each) for some in findings.values() for each in some)


def _key(finding: Finding) -> tuple[str, str | None, str]:
    said = finding.detail if isinstance(finding, Violation) else f"? {finding.reason}"
    return finding.constraint, finding.path, said


def _gained(
    now: Mapping[str, Sequence[Finding]],
    before: Counter[tuple[str, str | None, str]],
    changed: Iterable[str],
) -> set[tuple[str, str]]:
    """Return what constraint finds more than before, with the edited file that is to blame.

    What is found in no edited file is laid to all of them: which one brought it is not known.
    """
    edited = frozenset(changed)
    found: set[tuple[str, str]] = set()
    for (identity, path, said), number in _counted(now).items():
        if number <= before[identity, path, said]:
            continue
        blamed = (path,) if path in edited else edited
        found |= {(identity, each) for each in blamed if each is not None}
    return found


# --- edits -------------------------------------------------------------------------------------


def _said(now: Sequence[Finding], path: str, identity: str) -> str:
    violates = any(isinstance(each, Violation) and each.path == path for each in now)
    if violates:
        return f"that would violate `{identity}`"
    return f"whether it would keep `{identity}` then cannot be told"


def _edited(
    violations: Iterable[Violation], evidence: Evidence
) -> tuple[dict[str, bytes], dict[str, int]]:
    by_path: dict[str, list[Fix]] = {}
    for violation in violations:
        if violation.fix is not None and violation.path is not None:
            fixes = by_path.setdefault(violation.path, [])
            # Two constraints may ask for the same edit.
            if violation.fix not in fixes:
                fixes.append(violation.fix)
    contents: dict[str, bytes] = {}
    edits: dict[str, int] = {}
    for path, fixes in sorted(by_path.items()):
        try:
            data = evidence.tree.read(path)
        except UnevaluableError:
            continue
        chosen = _apart(fixes)
        new = apply_fixes(data, chosen, path)
        if new is not None and new != data:
            contents[path], edits[path] = new, len(chosen)
    return contents, edits


def _apart(fixes: Iterable[Fix]) -> list[Fix]:
    """Return fixes that do not overlap, the first of those that do."""
    chosen: list[Fix] = []
    end = (0, 0)
    for fix in sorted(fixes, key=lambda each: (each.place, each.text)):
        if (fix.place.line, fix.place.column) >= end:
            chosen.append(fix)
            end = (fix.place.end_line, fix.place.end_column)
    return chosen


def apply_fixes(data: bytes, fixes: Sequence[Fix], path: str) -> bytes | None:
    """Return a file's content with fixes applied; None where it cannot be edited."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    mark = 1 if text.startswith("\ufeff") else 0

    def offset(line: int, column: int) -> int:
        return starts[line - 1] + column - 1 + (mark if line == 1 else 0)

    imports: list[str] = []
    for fix in sorted(fixes, key=lambda each: each.place, reverse=True):
        place = fix.place
        if place.end_line >= len(starts):
            return None
        start = offset(place.line, place.column)
        end = offset(place.end_line, place.end_column)
        text = text[:start] + fix.text + text[end:]
        imports = [*fix.imports, *imports]
    if imports:
        added = insert_imports(text, tuple(dict.fromkeys(imports)), path)
        if added is None:
            return None
        text = added
    return text.encode("utf-8")
