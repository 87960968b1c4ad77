"""Thousands of generated programs: Semgrep and the evaluator differ only where a rule says so."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.differential import go_programs, java_programs, python_programs, script_programs
from tests.differential.comparing import Comparison

pytestmark = pytest.mark.engine

FEWEST = 3
"""So many violations a constraint needs, or its programs show nothing of it."""

CLOSE = 0.02
"""The share of lines in which an approximate rule may err where names mean what they say."""


def programs(language: str, count: int, seed: int = 2026) -> Iterator[tuple[str, str]]:
    """Yield programs, of Python and of scripts two thirds with names that hide each other."""
    plain = count // 3
    if language == "go":
        yield from go_programs.programs(seed, count)
    elif language == "java":
        yield from java_programs.programs(seed, count)
    elif language == "python":
        yield from python_programs.programs(seed, count - plain)
        yield from python_programs.programs(seed + 1, plain, plain=True)
    else:
        typed = language == "typescript"
        yield from script_programs.programs(seed, count - plain, typed=typed)
        yield from script_programs.programs(seed + 1, plain, typed=typed, plain=True)


@pytest.mark.parametrize(
    ("language", "count"),
    [("python", 2000), ("typescript", 1000), ("javascript", 1000), ("go", 300), ("java", 300)],
)
def test_semgrep_and_the_evaluator_differ_only_as_announced(
    language: str, count: int, tmp_path: Path
) -> None:
    comparison = Comparison(language, dict(programs(language, count)), tmp_path)
    assert len(comparison.programs) >= count
    assert [e["message"] for e in comparison.results["errors"]] == []
    assert comparison.unevaluated == []
    found = Counter(identity for identity, _, _ in comparison.evaluated & comparison.scanned)
    assert [identity for identity in comparison.fidelity if found[identity] < FEWEST] == []
    assert comparison.unannounced() == []
    plain = [each for each in comparison.differences() if "plain" in each.path]
    assert len(plain) <= CLOSE * len(comparison.evaluated)


def test_one_wrong_verdict_is_seen(tmp_path: Path) -> None:
    comparison = Comparison("python", dict(programs("python", 60)), tmp_path)
    assert comparison.unannounced() == []
    exact = {full for full, said in comparison.fidelity.items() if said.level == "exact"}
    agreed = sorted(place for place in comparison.evaluated if place[0] in exact)
    assert len({identity for identity, _, _ in agreed}) > 20
    for place in agreed[::7]:
        (lost,) = comparison.unannounced(comparison.evaluated - {place})
        assert (lost.constraint, lost.path, lost.line, lost.by) == (*place, "semgrep")
        moved = (place[0], place[1], place[2] + 1000)
        (invented,) = comparison.unannounced(comparison.evaluated | {moved})
        assert (invented.line, invented.by) == (moved[2], "evaluator")


def test_an_approximation_may_err_in_its_direction_only(tmp_path: Path) -> None:
    comparison = Comparison("python", dict(programs("python", 60)), tmp_path)
    misses = "python/text-no-start"
    assert comparison.fidelity[misses].errs == "misses"
    place = next(place for place in sorted(comparison.evaluated) if place[0] == misses)
    invented = (misses, place[1], place[2] + 1000)
    assert comparison.unannounced(comparison.evaluated | {invented}) == []
    assert len(comparison.unannounced(comparison.evaluated - {place})) == 1


def test_the_same_seed_gives_the_same_programs() -> None:
    for language in ("python", "typescript", "javascript", "go", "java"):
        assert dict(programs(language, 30)) == dict(programs(language, 30))
        assert dict(programs(language, 30)) != dict(programs(language, 30, seed=1))
