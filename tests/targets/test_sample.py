"""The artifacts of the sample shop hold together."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bylaw.config import Config
from bylaw.driver import Options, build_repository
from bylaw.schema import SCHEMAS
from bylaw.target import Artifact


@pytest.fixture
def artifacts(sample: Path) -> dict[str, Artifact]:
    build = build_repository(sample, Config(source_roots=("src",)), Options(cache=False))
    return {artifact.path: artifact for artifact in build.artifacts}


def parsed(artifact: Artifact, schema: str) -> Any:
    found = json.loads(artifact.data)
    Draft202012Validator(SCHEMAS[schema].build()).validate(found)
    return found


def test_the_manifest_and_the_set_tell_of_the_same_constraints(
    artifacts: dict[str, Artifact],
) -> None:
    manifest = parsed(artifacts["manifest.json"], "manifest")
    found = parsed(artifacts["constraints.json"], "constraint-set")
    disposed = {
        f"{entry['id']}/{item['id']}": item
        for entry in manifest["inputs"]
        for item in entry.get("items", ())
        if item["statement"] == "constraint" and item["disposition"] != "inactive"
    }
    constraints = {each["id"]: each for each in found["constraints"]}
    assert disposed.keys() == constraints.keys()
    for identity, item in disposed.items():
        engines = {
            target: answer["level"]
            for target, answer in constraints[identity]["fidelity"].items()
            if target in {"semgrep", "import-linter"} and answer["level"] != "unsupported"
        }
        assert item.get("by", {}) == engines
        assert item["disposition"] == ("enforced" if engines else "advisory")


def test_the_manifest_names_every_other_artifact_with_its_digest(
    artifacts: dict[str, Artifact],
) -> None:
    manifest = parsed(artifacts.pop("manifest.json"), "manifest")
    assert {entry["path"]: entry["sha256"] for entry in manifest["outputs"]} == {
        path: sha256(artifact.data).hexdigest() for path, artifact in artifacts.items()
    }


def test_every_contract_is_some_constraints_rule(artifacts: dict[str, Artifact]) -> None:
    found = parsed(artifacts["constraints.json"], "constraint-set")
    rules = {
        rule
        for each in found["constraints"]
        for rule in each["fidelity"].get("import-linter", {}).get("rules", ())
    }
    text = "".join(a.data.decode() for p, a in artifacts.items() if p.startswith("importlinter"))
    written = {line[6:-1] for line in text.splitlines() if line.startswith('id = "')}
    assert written == rules


def test_every_constraint_is_on_the_page_for_agents(artifacts: dict[str, Artifact]) -> None:
    found = parsed(artifacts["constraints.json"], "constraint-set")
    page = artifacts["AGENTS.md"].data.decode()
    for each in found["constraints"]:
        assert f"**{each['id']}**" in page.replace("\\", "")
