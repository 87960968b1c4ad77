"""From sentences and files in memory to findings, without a disk.

A case is a decision whose fences with a path are files, marked at the end of a line in a comment:

- `violation: id, id` the line violates these constraints;
- `unevaluated: id` the line is where the constraint cannot be judged on this file.

What has no line stands below the heading `Elsewhere` as ``- `id`: `path` `` (a violation of the
file, or, with no path, of nothing in particular) or ``- `id`: `path` unevaluated``.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bylaw.check.engine import find
from bylaw.check.evidence import Evidence
from bylaw.check.verdict import Finding, NotEvaluated, Violation
from bylaw.modules import read_tree
from bylaw.snapshot import MemoryTree
from tests.targets.compiled import scoped

CASES = Path(__file__).parent / "cases"

_FENCE = re.compile(
    r"^(?P<fence>`{3,})\w* path=(?P<path>\S+)\n(?P<text>.*?)^(?P=fence)$", re.M | re.S
)
_MARK = re.compile(r"(violation|unevaluated): ([\w-]+(?:, [\w-]+)*)")
_ELSEWHERE = re.compile(r"^- `([\w-]+)`:(?: `([^`]+)`)?( unevaluated)?$", re.M)

Mark = tuple[str, str, str | None, int]
"""`violation` or `unevaluated`, the constraint's id, the path, and the line (0 where none)."""


def evidence_of(files: Mapping[str, str | bytes], **more: Any) -> Evidence:
    """Return evidence of a tree in memory; `more` are fields of `Evidence`."""
    contents = {p: t if isinstance(t, bytes) else t.encode() for p, t in files.items()}
    tree = MemoryTree(contents)
    layout = read_tree(tree.files, more.pop("source_roots", ()))
    return Evidence(tree=tree, layout=layout, **more)


def judge(
    sentences: str, files: Mapping[str, str | bytes], **more: Any
) -> dict[str, list[Finding]]:
    """Judge the constraints of list items on files; findings by the constraint's own id."""
    roots = more.get("source_roots", ())
    evidence = evidence_of(files, **more)
    decision = scoped(sentences, evidence.tree.files, roots)
    found = find(decision.constraints, evidence)
    return {full_id.partition("/")[2]: findings for full_id, findings in found.items()}


def marks_of(found: Mapping[str, list[Finding]]) -> set[Mark]:
    """Return findings in the form of a case's marks."""
    return {mark(identity, finding) for identity, some in found.items() for finding in some}


def mark(identity: str, finding: Finding) -> Mark:
    """Return one finding in the form of a case's marks."""
    kind = "violation" if isinstance(finding, Violation) else "unevaluated"
    return kind, identity, finding.path, finding.place.line if finding.place else 0


def read_case(text: str) -> tuple[str, dict[str, str], set[Mark]]:
    """Return a case's sentences, its files, and its marks."""
    files: dict[str, str] = {}
    expected: set[Mark] = set()
    for fence in _FENCE.finditer(text):
        path, body = fence["path"], fence["text"]
        assert path not in files, path
        files[path] = body
        for number, line in enumerate(body.split("\n"), 1):
            for kind, ids in _MARK.findall(line):
                expected |= {(kind, identity, path, number) for identity in ids.split(", ")}
    head, _, elsewhere = text.partition("\n## Elsewhere\n")
    for identity, path, unevaluated in _ELSEWHERE.findall(elsewhere):
        kind = "unevaluated" if unevaluated else "violation"
        expected.add((kind, identity, path or None, 0))
    sentences = head.partition("\n## Constraints\n")[2].partition("\n## ")[0]
    return sentences, files, expected


def only(findings: list[Finding]) -> Finding:
    """Return the one finding that there is."""
    (finding,) = findings
    return finding


__all__ = ["NotEvaluated", "Violation", "evidence_of", "judge", "mark", "marks_of", "only"]
