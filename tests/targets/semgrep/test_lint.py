"""The linter finds what Semgrep accepts silently."""

from typing import Any

import pytest

from bylaw_targets.semgrep.lint import lint_rules

SOUND: dict[str, Any] = {
    "id": "a.b.python",
    "languages": ["python"],
    "severity": "ERROR",
    "message": "Do not.",
    "patterns": [
        {"pattern": "import $M"},
        {"metavariable-regex": {"metavariable": "$M", "regex": "^x"}},
    ],
}


def test_a_sound_rule_has_no_fault() -> None:
    assert lint_rules({"rules": [SOUND]}) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"colour": 1}, "unknown key `colour`"),
        ({"options": {"nope": True}}, "unknown option `nope`"),
        ({"id": "a b"}, "the id has characters"),
        ({"severity": "CRITICAL"}, "the severity is none"),
        ({"languages": ["python", "go"]}, "do not share their patterns"),
        ({"languages": ["pyton"]}, "unknown language `pyton`"),
        ({"fix": "$NOPE"}, "`$NOPE` is written out"),
        ({"message": "see $M"}, "`$M` is written out"),
        ({"paths": {"include": ["src"]}}, "the path `src` is not anchored"),
        ({"paths": {"include": ["/{a,b}"]}}, "means nothing to Semgrep"),
        ({"paths": {"include": []}}, "`paths.include` is empty"),
        ({"paths": {"includes": ["/a"]}}, "unknown key `includes` in `paths`"),
        ({"pattern": "x"}, "not exactly one operator"),
        ({"patterns": [{"pattern-not": "x"}]}, "only negative terms"),
        ({"patterns": [{"pattern": "x"}, {"focus-metavariable": "$N"}]}, "a condition is on `$N`"),
        (
            {
                "patterns": [
                    {"pattern": "x"},
                    {"metavariable-regex": {"metavariable": "$N", "regex": "^x"}},
                ]
            },
            "a condition is on `$N`",
        ),
        (
            {
                "patterns": [
                    {"pattern": "$M"},
                    {"metavariable-regex": {"metavariable": "$M", "regex": "x"}},
                ]
            },
            "does not say where it starts",
        ),
        ({"patterns": [{"pattern-either": [{"pattern-not": "x"}]}, {"pattern": "y"}]}, "stands"),
        ({"patterns": [{"pattern-regex": "\bx"}]}, "holds a control character"),
    ],
)
def test_a_fault_that_semgrep_does_not_report_is_found(change: dict[str, Any], fault: str) -> None:
    assert any(fault in found for found in lint_rules({"rules": [SOUND | change]}))


def test_an_id_that_occurs_twice_is_found() -> None:
    assert lint_rules({"rules": [SOUND, SOUND]}) == ["a.b.python: the id occurs twice"]


def test_what_is_no_rule_file_is_found() -> None:
    assert lint_rules([]) != []
    assert lint_rules({"rules": [1]}) == ["rule 0: it is not a mapping"]
