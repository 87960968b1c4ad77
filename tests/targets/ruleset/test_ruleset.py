"""The ruleset: what GitHub's own description of its interface takes."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator
from tests.engines import ROOT
from tests.targets.compiled import DAY, scoped

from bylaw.config import Config
from bylaw.diagnostics import Report
from bylaw.scope import ScopedProgram
from bylaw_targets.ruleset import Ruleset

DBA = "- [dba] Changes to `migrations/**` MUST be approved by 2 of `@shop/dba`."
BOTH = "- [it] Changes to `infra/*` MUST be approved by `@shop/ops` and `@shop/sec`."


def schemas() -> dict[str, Any]:
    """Return GitHub's schemas, which `.ci/github-schema` fetches."""
    named = os.environ.get("BYLAW_GITHUB_SCHEMAS")
    path = Path(named) if named else ROOT / ".venv" / "github-schemas.json"
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("GitHub's schemas are missing: run .ci/github-schema")
        pytest.skip("GitHub's schemas are missing: run .ci/github-schema")
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def closed(schema: Any) -> Any:
    """Return a schema that takes no property it does not name, so that a misspelt one is seen."""
    if isinstance(schema, dict):
        found = {key: closed(value) for key, value in schema.items()}
        if "properties" in found and "allOf" not in found:
            found.setdefault("additionalProperties", False)
        return found
    return [closed(each) for each in schema] if isinstance(schema, list) else schema


def ruleset(sentences: str, config: dict[str, Any] | None = None) -> dict[str, Any]:
    target = Ruleset()
    decision = scoped(sentences)
    program = ScopedProgram(
        [decision], DAY, decision.facts, config=Config.model_validate(config or {})
    )
    (artifact,) = target.assemble(program, [target.compile(decision)], Report())
    assert (artifact.path, artifact.place) == ("ruleset.json", "output")
    found: dict[str, Any] = json.loads(artifact.data)
    return found


def rule(found: dict[str, Any], kind: str) -> dict[str, Any]:
    (parameters,) = (each["parameters"] for each in found["rules"] if each["type"] == kind)
    return dict(parameters)


@pytest.mark.parametrize(
    ("sentences", "config"),
    [
        (DBA, {}),
        (BOTH, {"approvals": {"team-ids": ["@shop/ops 1", "@shop/sec 2"]}}),
        (DBA, {"main-branch": "trunk", "approvals": {"check": "decisions / check"}}),
        ("- [it] Files in `a/**` MUST exist.", {"approvals": {"required": {"low": 1}}}),
    ],
)
def test_it_is_what_github_says_that_it_takes(sentences: str, config: dict[str, Any]) -> None:
    known = closed(schemas())
    found = ruleset(sentences, config)
    Draft4Validator({**known["ruleset"], "components": known["components"]}).validate(found)


def test_a_misspelt_parameter_would_be_seen() -> None:
    known = closed(schemas())
    found = ruleset(DBA)
    found["rules"][0]["parameters"]["require_codeowner_review"] = True
    validator = Draft4Validator({**known["ruleset"], "components": known["components"]})
    assert not validator.is_valid(found)


def test_an_approval_asks_for_owners_and_a_fresh_look() -> None:
    parameters = rule(ruleset(DBA), "pull_request")
    assert parameters["require_code_owner_review"]
    assert parameters["dismiss_stale_reviews_on_push"]
    assert parameters["require_last_push_approval"]
    # What is of low risk merges by itself.
    assert parameters["required_approving_review_count"] == 0
    assert "required_reviewers" not in parameters


def test_without_approvals_only_the_check_is_required() -> None:
    found = ruleset("- [it] Files in `a/**` MUST exist.")
    assert not rule(found, "pull_request")["require_code_owner_review"]
    assert rule(found, "required_status_checks")["required_status_checks"] == [{"context": "bylaw"}]


def test_a_team_whose_number_is_known_is_asked_for_by_file_and_count() -> None:
    config = {"approvals": {"team-ids": ["@Shop/dba 4711"]}}
    (reviewer,) = rule(ruleset(DBA, config), "pull_request")["required_reviewers"]
    assert reviewer == {
        "file_patterns": ["migrations/**/*"],
        "minimum_approvals": 2,
        "reviewer": {"id": 4711, "type": "Team"},
    }
    either = DBA.replace("2 of `@shop/dba`", "`@shop/dba` or `@ann`")
    # One of several: no single team has to.
    assert "required_reviewers" not in rule(ruleset(either, config), "pull_request")


def test_what_every_change_needs_is_what_the_least_risk_needs() -> None:
    config = {"approvals": {"required": {"low": 1, "high": 3}}}
    parameters = rule(ruleset(DBA, config), "pull_request")
    assert parameters["required_approving_review_count"] == 1


def test_what_it_leaves_to_the_check_it_says() -> None:
    sentences = (
        f"{DBA}\n- [bb] Changes to `a/**` SHOULD be approved by `@a`.\n- [cc] File `x` MUST exist."
    )
    answers = Ruleset().compile(scoped(sentences)).fidelity
    assert [each.level for each in answers.values()] == [
        "approximate",
        "unsupported",
        "unsupported",
    ]
    assert answers["dba"].errs == "misses"
