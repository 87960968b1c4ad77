"""Semgrep's cases, judged here: what a line violates is found, whatever the rules can see."""

from functools import cache

import pytest

from bylaw.check.engine import find
from bylaw.check.evidence import Evidence
from bylaw.check.excuse import Permissions, waiver_of
from bylaw.check.verdict import Violation
from bylaw.modules import read_tree
from bylaw.scope import ScopedConstraint
from bylaw.snapshot import MemoryTree
from tests.engines import find_semgrep
from tests.targets.semgrep.cases import Repository, read_cases

# What a rule need not know and the language asks for: where Go's packages and aliases lie.
SETTINGS = {
    "go.mod": "module example.com/shop\n",
    "goweb/go.mod": "module example.com/goweb\n",
    "tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./*"]}}}',
    "tspure/tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./*"]}}}',
}


@cache
def repository() -> Repository:
    return read_cases()


@cache
def evidence(engine: bool = False) -> Evidence:
    semgrep = str(find_semgrep()) if engine else None
    files = repository().files | SETTINGS
    tree = MemoryTree({path: text.encode() for path, text in files.items()})
    return Evidence(tree=tree, layout=read_tree(tree.files), semgrep=semgrep)


@cache
def constraints() -> dict[str, ScopedConstraint]:
    decisions = repository().program.decisions
    return {c.full_id: c for decision in decisions for c in decision.constraints}


@pytest.mark.parametrize("identity", sorted(constraints()))
def test_a_case_is_judged_as_its_lines_say(identity: str) -> None:
    scoped = constraints()[identity]
    tree = evidence(scoped.constraint.shape == "semgrep")
    marks = repository().marks
    expected = {
        (path, line)
        for kind in ("violation", "missed")
        for full_id, path, line in marks[kind]
        if full_id == identity
    }
    violations = [f for f in find([scoped], tree)[identity] if isinstance(f, Violation)]
    permitted = Permissions(scoped, violations, tree)
    found = {
        (violation.path, violation.place.line if violation.place else 1)
        for violation in violations
        if waiver_of(violation, scoped) is None and permitted(violation) is None
    }
    assert found == expected
