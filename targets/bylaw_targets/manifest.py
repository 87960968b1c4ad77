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

The day of the build is not in it: where nothing starts or ends, tomorrow's bytes are today's.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from hashlib import sha256
from json.encoder import encode_basestring_ascii as quote
from typing import NamedTuple

from bylaw.program import Header, Item, Listed, Program, Standing
from bylaw.target import Artifact, Fidelity
from bylaw_targets import READERS

FORMAT = "bylaw/manifest"
VERSION = 1
NAME = "manifest.json"

DISPOSITIONS = ("enforced", "advisory", "applied", "inactive", "note", "rejected")

Answers = Mapping[str, Mapping[str, Fidelity]]
"""By target, then by constraint id: how truly the target says it."""


class Account(NamedTuple):
    """One decision's share of the manifest: its entry, and how often each disposition occurs.

    Counts are tuples of name and number, so that an account can be kept. `change` is the next day
    (ISO) on which the entry is another.
    """

    entry: str
    read: int
    dispositions: tuple[tuple[str, int], ...]
    statements: tuple[tuple[str, int], ...]
    targets: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    change: str | None = None


def account(
    header: Header, digest: str, standing: Standing, answers: Answers | None, day: str
) -> Account:
    """Account for one decision on a day (ISO); `answers` is None where it was not compiled."""
    dispositions: Counter[str] = Counter()
    statements: Counter[str] = Counter()
    targets: dict[str, Counter[str]] = {}
    items = []
    for item in header.items:
        disposition, detail = _dispose(item, answers, standing.state, day, targets)
        dispositions[disposition] += 1
        statements[item.statement] += 1
        name = f'"id":{quote(item.id)},' if item.id else ""
        items.append(
            f'{{"line":{item.line},{name}"statement":{quote(item.statement)},'
            f'"disposition":"{disposition}"{detail}}}'
        )
    successor = standing.superseded_by
    entry = (
        f'{{"path":{quote(header.path)},"sha256":{quote(digest)},"disposition":"decision",'
        f'"id":{quote(header.id)},"state":{quote(standing.state)},'
        + (f'"superseded_by":{quote(successor)},' if successor else "")
        + f'"items":[{",".join(items)}]}}'
    )
    return Account(
        entry,
        len(header.items),
        tuple(dispositions.items()),
        tuple(statements.items()),
        tuple((target, tuple(counts.items())) for target, counts in targets.items()),
        min((turn for i in header.items for turn in _turns(i) if turn > day), default=None)
        if answers is not None
        else None,
    )


def _turns(item: Item) -> Iterator[str]:
    """Yield the days (ISO) on which an item starts to bind, and no longer does."""
    if item.first:
        yield item.first
    if item.last and item.last < date.max.isoformat():
        yield (date.fromisoformat(item.last) + timedelta(1)).isoformat()


def manifest(
    program: Program,
    accounts: Mapping[str, Account],
    artifacts: Iterable[Artifact],
    compiler: str,
) -> Artifact:
    """Account for a build.

    `accounts` has the decisions that were compiled to targets, by path; `artifacts` are all
    others, `compiler` the compiler's version.
    """
    written = sorted(artifacts, key=lambda artifact: (artifact.path, artifact.place))
    tally = _Tally()
    changes = [artifact.until for artifact in written if artifact.until]
    day = program.as_of.isoformat()
    inputs = []
    for unit in program.units:
        path = unit.header.path
        found = accounts.get(path)
        if found is None:
            found = account(unit.header, unit.digest, program.standing[path], None, day)
        tally.add(found)
        changes += [found.change] if found.change else []
        inputs.append((path, found.entry))
    inputs += [(entry.path, _listed(entry)) for entry in program.listed]
    files = Counter({"decision": len(program.units)})
    files.update(entry.disposition for entry in program.listed)
    text = (
        f'{{"format":"{FORMAT}","schema_version":{VERSION},\n'
        f'"compiler":{quote(f"bylaw {compiler}")},\n'
        f'"next_change":{quote(min(changes)) if changes else "null"},\n'
        f'"accounting":{tally.text()},\n'
        f'"files":{_counts(files)},\n'
        f'"inputs":[{_lines(line for _, line in sorted(inputs))}],\n'
        f'"outputs":[{_lines(_output(artifact) for artifact in written)}]}}\n'
    )
    return Artifact(NAME, text.encode(), min(changes, default=None))


class _Tally:
    """The counts, by disposition, statement and target."""

    def __init__(self) -> None:
        self.read = 0
        self.dispositions: Counter[str] = Counter(dict.fromkeys(DISPOSITIONS, 0))
        self.statements: Counter[str] = Counter()
        self.targets: dict[str, Counter[str]] = {}

    def add(self, found: Account) -> None:
        """Add one decision's counts."""
        self.read += found.read
        for name, number in found.dispositions:
            self.dispositions[name] += number
        for name, number in found.statements:
            self.statements[name] += number
        for target, counts in found.targets:
            levels = self.targets.setdefault(target, Counter())
            for level, number in counts:
                levels[level] += number

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


def _listed(entry: Listed) -> str:
    return (
        f'{{"path":{quote(entry.path)},"sha256":{quote(entry.digest)},'
        f'"disposition":{quote(entry.disposition)}}}'
    )


def _dispose(
    item: Item, answers: Answers | None, state: str, day: str, targets: dict[str, Counter[str]]
) -> tuple[str, str]:
    """Return an item's one disposition, and what is to be said of it, as JSON."""
    if item.statement == "rejected":
        return "rejected", f',"codes":[{",".join(map(quote, sorted(set(item.codes))))}]'
    if item.statement == "note":
        return "note", ""
    if answers is None:
        return "inactive", f',"why":{quote(state)}'
    if (item.first and day < item.first) or (item.last and item.last < day):
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
        targets.setdefault(target, Counter())[answer.level] += 1
        if answer.level != "unsupported" and target not in READERS:
            by.append(f'{quote(target)}:"{answer.level}"')
    return ("enforced", f',"by":{{{",".join(by)}}}') if by else ("advisory", "")


def _output(artifact: Artifact) -> str:
    until = f',"until":{quote(artifact.until)}' if artifact.until else ""
    place = f',"place":"{artifact.place}"' if artifact.place != "output" else ""
    return (
        f'{{"path":{quote(artifact.path)}{place},"sha256":"{sha256(artifact.data).hexdigest()}",'
        f'"bytes":{len(artifact.data)}{until}}}'
    )


def _counts(counts: Counter[str], *, sort: bool = True) -> str:
    names = sorted(counts) if sort else counts
    return "{" + ",".join(f"{quote(name)}:{counts[name]}" for name in names) + "}"


def _lines(lines: Iterable[str]) -> str:
    text = ",\n".join(lines)
    return f"\n{text}\n" if text else ""
