"""Every emitted rule was seen to fire in the real engine, on the lines that the language means."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from tests.engines import rule_schema, scan, semgrep
from tests.targets.semgrep.cases import Place, Repository, found_places, full_id, read_cases

from bylaw.globs import matcher
from bylaw_targets.semgrep.lint import lint_rules

Fired = dict[str, set[tuple[str, int]]]

PLAIN = ("--no-rewrite-rule-ids", "--project-root", ".", ".")
RULES = Path(".bylaw/semgrep.yml")


@pytest.fixture(scope="module")
def repository() -> Repository:
    return read_cases()


@pytest.fixture(scope="module")
def tree(repository: Repository, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    repository.write(root)
    (root / ".bylaw").mkdir()
    (root / RULES).write_bytes(repository.rules)
    (root / ".semgrepignore").write_bytes(repository.ignore)
    return root


@pytest.fixture(scope="module")
def results(tree: Path) -> dict[str, Any]:
    return scan(tree, RULES, PLAIN)


@pytest.fixture(scope="module")
def fired(results: dict[str, Any]) -> Fired:
    return found_places(results)


@pytest.fixture(scope="module")
def rules(repository: Repository) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.load(repository.rules, yaml.CSafeLoader)["rules"]
    return found


def _places(fired: Fired) -> set[Place]:
    return {(full_id(rule), path, line) for rule, found in fired.items() for path, line in found}


@pytest.mark.engine
def test_semgrep_takes_every_rule(results: dict[str, Any]) -> None:
    assert [e["message"] for e in results["errors"] if e["level"] == "error"] == []


@pytest.mark.engine
def test_every_marked_line_is_reported(repository: Repository, fired: Fired) -> None:
    assert sorted(repository.marks["violation"] - _places(fired)) == []


@pytest.mark.engine
def test_no_other_line_is_reported(repository: Repository, fired: Fired) -> None:
    expected = repository.marks["violation"] | repository.marks["reported"]
    assert sorted(_places(fired) - expected) == []


@pytest.mark.engine
def test_known_deviations_are_real(repository: Repository, fired: Fired) -> None:
    places = _places(fired)
    assert sorted(repository.marks["missed"] & places) == []
    assert sorted(repository.marks["reported"] - places) == []


@pytest.mark.engine
def test_every_rule_with_a_file_in_its_paths_fired(
    repository: Repository, rules: list[dict[str, Any]], fired: Fired
) -> None:
    """A rule for a depth of folders that the fixtures do not have may stay silent."""
    assert [
        rule["id"] for rule in rules if rule["id"] not in fired and _governed(rule, repository)
    ] == []


def _governed(rule: dict[str, Any], repository: Repository) -> list[str]:
    paths = rule.get("paths", {})
    included = matcher([path[1:] for path in paths.get("include", ["/**"])])
    excluded = matcher([path[1:] for path in paths.get("exclude", [])])
    return [path for path in repository.files if included(path) and not excluded(path)]


def test_only_constraints_without_known_deviations_are_called_exact(
    repository: Repository,
) -> None:
    ways = {"misses": {"missed"}, "over-reports": {"reported"}, "both": {"missed", "reported"}}
    for decision, fragment in zip(repository.program.decisions, repository.fragments, strict=True):
        for identity, fidelity in fragment.fidelity.items():
            full = f"{decision.decision.id}/{identity}"
            known = {
                kind
                for kind in ("missed", "reported")
                if any(place[0] == full for place in repository.marks[kind])
            }
            allowed = ways[fidelity.errs] if fidelity.errs else set()
            assert known <= allowed, full


def test_every_constraint_of_the_cases_has_rules(repository: Repository) -> None:
    for fragment in repository.fragments:
        for identity, fidelity in fragment.fidelity.items():
            assert fidelity.rules, (identity, fidelity)


def test_the_linter_finds_nothing_in_emitted_rules(rules: list[dict[str, Any]]) -> None:
    assert lint_rules({"rules": rules}) == []


@pytest.mark.engine
def test_emitted_rules_satisfy_the_schema_of_the_wheel(rules: list[dict[str, Any]]) -> None:
    schema = rule_schema()
    if schema is None:
        pytest.skip("this Semgrep brings no schema")
    validator = jsonschema.Draft7Validator(yaml.load(schema.read_bytes(), yaml.CSafeLoader))
    assert [error.message for error in validator.iter_errors({"rules": rules})] == []


@pytest.mark.engine
def test_metadata_survives_into_json(repository: Repository, results: dict[str, Any]) -> None:
    result = next(r for r in results["results"] if full_id(r["check_id"]) == "texts/no-secrets")
    metadata = result["extra"]["metadata"]
    assert metadata["bylaw"]["decision"] == "texts"
    assert metadata["bylaw"]["id"] == "no-secrets"
    assert metadata["source"] == "docs/adr/texts.md#L8"
    assert "`$\u2060ecret" not in result["extra"]["message"]
    assert "`$ecret (1+1)`" in result["extra"]["message"]
    assert result["extra"]["severity"] == "ERROR"


@pytest.mark.engine
def test_metadata_survives_into_sarif(tree: Path) -> None:
    done = semgrep(tree, "--config", RULES, "--sarif", "--quiet", "texts", *PLAIN[:3], native=False)
    driver = json.loads(done.stdout)["runs"][0]["tool"]["driver"]
    rule = next(r for r in driver["rules"] if r["id"] == "texts.no-secrets.text")
    assert rule["helpUri"] == "docs/adr/texts.md#L8"
    assert {"bylaw", "texts"} <= set(rule["properties"]["tags"])


@pytest.mark.engine
def test_a_mechanical_fix_keeps_receiver_and_arguments(results: dict[str, Any]) -> None:
    fixes = [
        r["extra"]["fix"]
        for r in results["results"]
        if full_id(r["check_id"]) == "use-script/no-query"
    ]
    assert 'db.execute("x")' in fixes
