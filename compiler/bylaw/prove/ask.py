"""Cases through a real engine: laid out in trees, each checked once with all rules."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from bylaw.prove.artifacts import Emitted
from bylaw.prove.batch import Batch, lay_out
from bylaw.prove.case import Case
from bylaw.prove.engine import Engine, Report
from bylaw.prove.evaluate import Answer

_PROCESSES = 2
IGNORE = ".semgrepignore"


@dataclass
class Asked:
    """What an engine answered: by the case's place in the list that was asked about.

    `unscanned` are cases whose file the engine did not look at; `faults` what it could not do, by
    constraint, and under the empty name what it could not do at all.
    """

    answers: dict[int, Answer] = field(default_factory=dict)
    unscanned: set[int] = field(default_factory=set)
    faults: dict[str, str] = field(default_factory=dict)


def ask(  # noqa: PLR0917 - what is asked, of whom, and where
    engine: Engine,
    command: str,
    emitted: Emitted,
    cases: Sequence[Case],
    beside: Mapping[str, bytes],
    roots: Sequence[str],
) -> Asked:
    """Ask an engine about all cases; `beside` are files that stand in every tree."""
    owners = emitted.owners()
    asked_about = {case.constraint for case in cases}
    rules = frozenset(rule for rule, owner in owners.items() if owner in asked_about)
    artifacts = engine.select(emitted.files, rules)
    numbers = {id(case): number for number, case in enumerate(cases)}
    batches = lay_out(cases)
    asked = Asked()

    def run(batch: Batch) -> Report:
        with tempfile.TemporaryDirectory(prefix="bylaw-prove-") as folder:
            root = Path(folder).resolve()
            Batch(files={**beside}).write(root)
            batch.write(root)
            return engine.run(command, root, artifacts, roots)

    with ThreadPoolExecutor(_PROCESSES) as pool:
        for batch, report in zip(batches, pool.map(run, batches), strict=True):
            _read(batch, report, owners, numbers, asked)
    return asked


def _read(
    batch: Batch,
    report: Report,
    owners: Mapping[str, str],
    numbers: Mapping[int, int],
    asked: Asked,
) -> None:
    for rule, fault in report.faults.items():
        asked.faults[owners.get(rule, "")] = fault
    hits: dict[tuple[str, str], set[int]] = {}
    for hit in report.hits:
        owner = owners.get(hit.rule)
        if owner is not None:
            hits.setdefault((owner, hit.path), set()).add(hit.line)
    for case in batch.cases:
        number = numbers[id(case)]
        lines = frozenset(hits.get((case.constraint, case.path), ()))
        asked.answers[number] = Answer(lines)
        if report.scanned is not None and case.path not in report.scanned and not lines:
            asked.unscanned.add(number)


def cases_of(cases: Iterable[Case], constraints: Iterable[str]) -> list[Case]:
    """Return the cases of some constraints that an engine which reads files can be asked."""
    wanted = frozenset(constraints)
    return [case for case in cases if case.constraint in wanted and case.path in case.files]
