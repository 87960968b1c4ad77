"""The manifest: what a build read, what it wrote, and what became of every list item.

It is no target but the last word of a build. Each list item of a binding section has exactly one
disposition, and the build fails as a bug where the counts do not add up:

- `enforced`: a constraint that an engine's artifact carries, exactly or approximately; `by` says
  which and how truly;
- `advisory`: a constraint that no engine carries, or guidance: it reaches the artifacts for readers
  and programs only;
- `applied`: a waiver or a permission in force;
- `inactive`: it binds nobody on the day of the build; `why` is its decision's state, or `date`;
- `note`: commentary;
- `rejected`: an error, with its `codes`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256
from json.encoder import encode_basestring_ascii as quote

from bylaw.program import Item, Listed, Program, Unit
from bylaw.target import Artifact, Fidelity
from bylaw_targets import READERS

FORMAT = "bylaw/manifest"
VERSION = 1
NAME = "manifest.json"

DISPOSITIONS = ("enforced", "advisory", "applied", "inactive", "note", "rejected")

Answers = Mapping[str, Mapping[str, Fidelity]]
"""By target, then by constraint id: how truly the target says it."""


def manifest(
    program: Program,
    answers: Mapping[str, Answers],
    artifacts: Iterable[Artifact],
    compiler: str,
) -> Artifact:
    """Account for a build.

    `answers` has the decisions that were compiled to targets, by path; `artifacts` are all others,
    `compiler` the compiler's version.
    """
    tally = _Tally(program.as_of.isoformat())
    inputs = [
        (unit.header.path, _decision(unit, program, answers.get(unit.header.path), tally))
        for unit in program.units
    ]
    inputs += [(entry.path, _listed(entry)) for entry in program.listed]
    written = sorted(artifacts, key=lambda artifact: artifact.path)
    files = Counter({"decision": len(program.units)})
    files.update(entry.disposition for entry in program.listed)
    changes = [artifact.until for artifact in written if artifact.until]
    text = (
        f'{{"format":"{FORMAT}","schema_version":{VERSION},\n'
        f'"compiler":{quote(f"bylaw {compiler}")},\n'
        f'"as_of":"{tally.day}",\n'
        f'"next_change":{quote(min(changes)) if changes else "null"},\n'
        f'"accounting":{tally.text()},\n'
        f'"files":{_counts(files)},\n'
        f'"inputs":[{_lines(line for _, line in sorted(inputs))}],\n'
        f'"outputs":[{_lines(_output(artifact) for artifact in written)}]}}\n'
    )
    return Artifact(NAME, text.encode(), min(changes, default=None))


class _Tally:
    """The counts, by disposition, statement and target."""

    def __init__(self, day: str) -> None:
        self.day = day
        self.read = 0
        self.dispositions: Counter[str] = Counter(dict.fromkeys(DISPOSITIONS, 0))
        self.statements: Counter[str] = Counter()
        self.targets: dict[str, Counter[str]] = {}

    def text(self) -> str:
        """Return the counts as JSON; raises where an item was lost or counted twice."""
        for counts in (self.dispositions, self.statements):
            if counts.total() != self.read:
                raise RuntimeError(f"{self.read} items were read, {dict(counts)} accounted for")
        targets = ",".join(
            f"{quote(name)}:{_counts(self.targets[name])}" for name in sorted(self.targets)
        )
        return (
            f'{{"read":{self.read},\n "dispositions":{_counts(self.dispositions, sort=False)},\n'
            f' "statements":{_counts(self.statements)},\n "targets":{{{targets}}}}}'
        )


def _decision(unit: Unit, program: Program, answers: Answers | None, tally: _Tally) -> str:
    """Write one decision with its items."""
    header = unit.header
    standing = program.standing[header.path]
    tally.read += len(header.items)
    items = ",".join([_item(item, answers, standing.state, tally) for item in header.items])
    successor = standing.superseded_by
    return (
        f'{{"path":{quote(header.path)},"sha256":{quote(unit.digest)},"disposition":"decision",'
        f'"id":{quote(header.id)},"state":{quote(standing.state)},'
        + (f'"superseded_by":{quote(successor)},' if successor else "")
        + f'"items":[{items}]}}'
    )


def _listed(entry: Listed) -> str:
    return (
        f'{{"path":{quote(entry.path)},"sha256":{quote(entry.digest)},'
        f'"disposition":{quote(entry.disposition)}}}'
    )


def _item(item: Item, answers: Answers | None, state: str, tally: _Tally) -> str:
    disposition, detail = _dispose(item, answers, state, tally)
    tally.dispositions[disposition] += 1
    tally.statements[item.statement] += 1
    name = f'"id":{quote(item.id)},' if item.id else ""
    return (
        f'{{"line":{item.line},{name}"statement":{quote(item.statement)},'
        f'"disposition":"{disposition}"{detail}}}'
    )


def _dispose(item: Item, answers: Answers | None, state: str, tally: _Tally) -> tuple[str, str]:
    """Return an item's one disposition, and what is to be said of it, as JSON."""
    if item.statement == "rejected":
        return "rejected", f',"codes":[{",".join(map(quote, sorted(set(item.codes))))}]'
    if item.statement == "note":
        return "note", ""
    if answers is None:
        return "inactive", f',"why":{quote(state)}'
    if (item.first and tally.day < item.first) or (item.last and item.last < tally.day):
        return "inactive", ',"why":"date"'
    if item.statement in ("waiver", "permission"):
        return "applied", ""
    if item.statement == "guidance":
        return "advisory", ""
    by = []
    for target in sorted(answers):
        answer = answers[target].get(item.id or "")
        if answer is None:
            continue
        tally.targets.setdefault(target, Counter())[answer.level] += 1
        if answer.level != "unsupported" and target not in READERS:
            by.append(f'{quote(target)}:"{answer.level}"')
    return ("enforced", f',"by":{{{",".join(by)}}}') if by else ("advisory", "")


def _output(artifact: Artifact) -> str:
    until = f',"until":{quote(artifact.until)}' if artifact.until else ""
    return (
        f'{{"path":{quote(artifact.path)},"sha256":"{sha256(artifact.data).hexdigest()}",'
        f'"bytes":{len(artifact.data)}{until}}}'
    )


def _counts(counts: Counter[str], *, sort: bool = True) -> str:
    names = sorted(counts) if sort else counts
    return "{" + ",".join(f"{quote(name)}:{counts[name]}" for name in names) + "}"


def _lines(lines: Iterable[str]) -> str:
    text = ",\n".join(lines)
    return f"\n{text}\n" if text else ""
