"""Hundreds of generated layouts: import-linter and the evaluator judge their imports alike."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from bylaw.check.verdict import Finding, NotEvaluated, Violation
from bylaw.fidelity import Fidelity
from bylaw_targets.importlinter import ImportLinter
from tests.check.judging import judge
from tests.differential.layouts import Layout, layouts
from tests.targets.compiled import scoped
from tests.targets.importlinter.engine import Verdicts, run

pytestmark = pytest.mark.engine

COUNT = 200

Head = tuple[str, int]
"""A module that imports what it must not, and the line."""

_NAME = re.compile(r"^(?P<id>[\w-]+/[\w-]+): ")
_STEP = re.compile(
    r"^(?P<start>- +|\s+& |\s+)(?P<importer>[\w.]+)(?: -> [\w.]+)? "
    r"\((?P<lines>l\.\d+(?:, (?:l\.)?\d+)*)\)"
)


@cache
def generated() -> tuple[Layout, ...]:
    return tuple(layouts(2026, COUNT))


def sentences() -> str:
    return "\n".join(
        f"- [{identity}] {sentence}"
        for layout in generated()
        for identity, sentence in layout.sentences.items()
    )


def files() -> dict[str, str]:
    return {path: text for layout in generated() for path, text in layout.files.items()}


@cache
def evaluated() -> dict[str, list[Finding]]:
    return judge(sentences(), files())


@cache
def fidelity() -> Mapping[str, Fidelity]:
    return ImportLinter().compile(scoped(sentences(), files())).fidelity


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> Verdicts:
    return run(tmp_path_factory.mktemp("tree"), sentences(), files())


def heads_evaluated(findings: list[Finding]) -> set[Head]:
    """Return the imports with which what the evaluator finds begins."""
    return {
        (found.edge[0] if found.edge else "", found.place.line if found.place else 0)
        for found in findings
        if isinstance(found, Violation)
    }


def heads_reported(text: str, *, every: bool) -> dict[str, set[Head]]:
    """Return the imports with which the chains in import-linter's report begin, by constraint.

    One module may import another on several lines, of which all count, or the first.
    """
    heads: dict[str, set[Head]] = {}
    current: set[Head] = set()
    first = False
    for line in text.splitlines():
        if match := _NAME.match(line):
            current = heads.setdefault(match["id"].partition("/")[2], set())
        elif match := _STEP.match(line):
            start = match["start"].strip()
            first = start == "-" or (first and start == "&")
            if first:
                lines = match["lines"].replace("l.", "").split(", ")
                some = lines if every else lines[:1]
                current |= {(match["importer"], int(number)) for number in some}
    return heads


def verdicts_that_differ(
    found: Mapping[str, list[Finding]], verdicts: Verdicts
) -> dict[str, tuple[bool, bool]]:
    """Return the constraints of which only one of the two says that they are violated."""
    both = {
        identity: (bool(heads_evaluated(found[identity])), identity in verdicts.broken)
        for identity, said in fidelity().items()
        # What is left out: import-linter takes cycles between packages for cycles.
        if said.level != "unsupported" and said.errs != "both"
    }
    return {identity: pair for identity, pair in both.items() if pair[0] != pair[1]}


def test_every_constraint_is_judged_by_the_evaluator() -> None:
    findings = [finding for some in evaluated().values() for finding in some]
    assert [finding for finding in findings if isinstance(finding, NotEvaluated)] == []


def test_a_constraint_is_kept_by_both_or_broken_by_both(verdicts: Verdicts) -> None:
    assert len(verdicts.kept) > 500
    assert len(verdicts.broken) > 500
    assert verdicts_that_differ(evaluated(), verdicts) == {}


def test_the_lines_are_the_same_where_a_chain_is_no_matter_of_choice(verdicts: Verdicts) -> None:
    """Of the chains between two packages import-linter shows some, and of a cycle another part."""
    text = verdicts.text.partition("Broken contracts")[2]
    lines = heads_reported(text, every=True)
    first_lines = heads_reported(text, every=False)
    compared = 0
    for identity, sentence in ((i, s) for one in generated() for i, s in one.sentences.items()):
        if "indirectly" in sentence or "cycles" in sentence or identity not in lines:
            continue
        compared += 1
        found = heads_evaluated(evaluated()[identity])
        if "MUST be" in sentence:
            # The first importing line counts. Of chains that end alike, import-linter shows one.
            assert first_lines[identity] <= found, identity
        else:
            assert (identity, lines[identity]) == (identity, found)
    assert compared > 500


def test_every_shape_of_sentence_is_both_kept_and_broken(verdicts: Verdicts) -> None:
    numbers = {
        identity.partition("-")[2] for layout in generated() for identity in layout.sentences
    }
    for some in (verdicts.kept, verdicts.broken):
        # Ten speaks of one part, too small for a cycle between its modules.
        assert {identity.partition("-")[2] for identity in some} >= numbers - {"10"}


def test_one_wrong_verdict_is_seen(verdicts: Verdicts) -> None:
    right = evaluated()
    broken = sorted(i for i in verdicts.broken if fidelity()[i].errs == "misses")
    kept = sorted(i for i in verdicts.kept if fidelity()[i].errs == "misses")
    invented = Violation("", None, "", edge=("a", "b"))
    for identity in broken[::50]:
        assert verdicts_that_differ({**right, identity: []}, verdicts) == {identity: (False, True)}
    for identity in kept[::50]:
        wrong: dict[str, list[Finding]] = {**right, identity: [invented]}
        assert verdicts_that_differ(wrong, verdicts) == {identity: (True, False)}


def test_the_same_seed_gives_the_same_layouts(tmp_path: Path) -> None:
    assert list(layouts(1, 5)) == list(layouts(1, 5))
    assert list(layouts(1, 5)) != list(layouts(2, 5))
