"""Runs as SARIF: what the standard's own object model takes, and what viewers rely on."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import attr
import jsonschema
import pytest
import sarif_om
from syrupy.assertion import SnapshotAssertion
from tests.render.runs import HOSTILE, clean, everything, many, one, render

from bylaw import __version__
from bylaw.check.verdict import Verdicts
from bylaw.facts.model import Place
from bylaw.render.text import Style
from bylaw.render.verdicts import Setting

LEVELS = {"error", "warning", "note"}

# The classes of the properties that we write; those of a bag are free.
CLASSES = {
    "runs": sarif_om.Run,
    "tool": sarif_om.Tool,
    "driver": sarif_om.ToolComponent,
    "supportedTaxonomies": sarif_om.ToolComponentReference,
    "taxonomies": sarif_om.ToolComponent,
    "taxa": sarif_om.ReportingDescriptor,
    "rules": sarif_om.ReportingDescriptor,
    "notifications": sarif_om.ReportingDescriptor,
    "shortDescription": sarif_om.MultiformatMessageString,
    "fullDescription": sarif_om.MultiformatMessageString,
    "help": sarif_om.MultiformatMessageString,
    "defaultConfiguration": sarif_om.ReportingConfiguration,
    "relationships": sarif_om.ReportingDescriptorRelationship,
    "target": sarif_om.ReportingDescriptorReference,
    "toolComponent": sarif_om.ToolComponentReference,
    "invocations": sarif_om.Invocation,
    "toolExecutionNotifications": sarif_om.Notification,
    "toolConfigurationNotifications": sarif_om.Notification,
    "descriptor": sarif_om.ReportingDescriptorReference,
    "associatedRule": sarif_om.ReportingDescriptorReference,
    "results": sarif_om.Result,
    "message": sarif_om.Message,
    "locations": sarif_om.Location,
    "relatedLocations": sarif_om.Location,
    "location": sarif_om.Location,
    "physicalLocation": sarif_om.PhysicalLocation,
    "artifactLocation": sarif_om.ArtifactLocation,
    "region": sarif_om.Region,
    "snippet": sarif_om.ArtifactContent,
    "suppressions": sarif_om.Suppression,
    "description": sarif_om.Message,
}
BAGS = {"properties", "partialFingerprints"}


def build(cls: Any, node: dict[str, Any]) -> None:
    """Make an object of the standard's model; fails for what it lacks or does not know."""
    names = {each.metadata["schema_property_name"]: each.name for each in attr.fields(cls)}
    # The model is older than the name that the standard has given this in the end.
    if cls is sarif_om.Suppression:
        names["status"] = names["state"]
    cls(**{names[name]: value for name, value in node.items()})
    for name, value in node.items():
        if name == "originalUriBaseIds":
            for each in value.values():
                build(sarif_om.ArtifactLocation, each)
        elif name not in BAGS:
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, dict):
                    build(CLASSES[name], each)


def parsed(text: str) -> Any:
    """Return the run of a log that is well-formed."""
    log = json.loads(text)
    build(sarif_om.SarifLog, log)
    # The schema itself, where somebody has it: it is not ours to ship.
    if schema := os.environ.get("BYLAW_SARIF_SCHEMA"):
        loaded = json.loads(Path(schema).read_text("utf-8"))
        checker = jsonschema.FormatChecker()
        jsonschema.validators.validator_for(loaded)(loaded, format_checker=checker).validate(log)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    for result in run["results"]:
        assert result["level"] in LEVELS
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert result["locations"]
    return run


def place_of(location: dict[str, Any]) -> tuple[str, int]:
    """Return the path and the line of a location."""
    physical = location["physicalLocation"]
    uri = physical["artifactLocation"]["uri"]
    return unquote_to_bytes(uri).decode("utf-8", "surrogateescape"), physical["region"]["startLine"]


def test_the_log_of_everything(snapshot: SnapshotAssertion) -> None:
    text = render(everything(), "sarif")
    parsed(text)
    assert text.replace(f'"version": "{__version__}"', '"version": "OURS"') == snapshot


@pytest.mark.parametrize(
    "run", [clean(), Verdicts(()), many(50, 3)], ids=["clean", "empty", "many"]
)
def test_other_logs_are_well_formed_too(run: Verdicts) -> None:
    parsed(render(run, "sarif"))


def test_each_violation_is_a_result_in_its_place_that_leads_to_its_decision() -> None:
    run = everything()
    log = parsed(render(run, "sarif"))
    found = [each for each in log["results"] if "suppressions" not in each]
    assert len(found) == len(run.violations)
    for violation, result in zip(run.violations, found, strict=True):
        decision = violation.constraint.partition("/")[0]
        rule = log["tool"]["driver"]["rules"][result["ruleIndex"]]
        (relation,) = rule["relationships"]
        assert relation["target"]["id"] == decision
        assert decision in {taxon["id"] for taxon in log["taxonomies"][0]["taxa"]}
        assert place_of(result["relatedLocations"][0])[0] == f"docs/adr/{decision}.md"
        if violation.path is not None:
            line = violation.place.line if violation.place else 1
            assert place_of(result["locations"][0]) == (violation.path, line)


def test_a_violation_without_a_file_lies_at_its_sentence() -> None:
    """GitHub rejects the log for a single result without a place."""
    (result,) = parsed(render(one(None, "the branch is `x`"), "sarif"))["results"]
    assert place_of(result["locations"][0]) == ("docs/adr/0001-one.md", 5)


def test_what_does_not_count_is_suppressed_and_says_by_what() -> None:
    log = parsed(render(everything(), "sarif"))
    found = [each["suppressions"][0] for each in log["results"] if "suppressions" in each]
    assert [each["kind"] for each in found] == ["external", "external", "inSource"]
    assert found[0]["justification"] == (
        "waived until 2026-12-31 by @arch (SHOP-42), because the report is rewritten in Q4"
    )
    assert place_of(found[0]["location"]) == ("docs/adr/0007-domain.md", 11)


def test_what_was_not_evaluated_makes_the_run_unsuccessful() -> None:
    log = parsed(render(everything(), "sarif"))
    (invocation,) = log["invocations"]
    assert invocation["executionSuccessful"] is False
    notes = invocation["toolExecutionNotifications"]
    assert [each["associatedRule"]["id"] for each in notes] == [
        "0007-domain/short",
        "0007-domain/short",
        "0009-team/dba",
    ]
    assert [place_of(each["locations"][0])[0] for each in notes] == [
        "shop/a.bin",
        "shop/b.bin",
        "docs/adr/0009-team.md",
    ]
    assert parsed(render(clean(), "sarif"))["invocations"][0]["executionSuccessful"] is True


def test_fingerprints_stay_when_lines_move_and_tell_equals_apart() -> None:
    def prints(run: Verdicts) -> list[str]:
        results = parsed(render(run, "sarif"))["results"]
        return [each["partialFingerprints"]["bylaw/v1"] for each in results]

    run = many(40, 8)
    moved = tuple(
        replace(
            judgement,
            violations=tuple(
                v._replace(place=Place(v.place.line + 7, 3, v.place.line + 7, 9))
                for v in judgement.violations
                if v.place
            ),
        )
        for judgement in run.judgements
    )
    assert prints(run) == prints(replace(run, judgements=moved))
    assert len(set(prints(run))) == 40


def test_the_region_quotes_what_stands_there() -> None:
    log = parsed(render(everything(), "sarif"))
    region = log["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region["snippet"] == {"text": "from sqlalchemy import Column"}
    long = parsed(
        render(one("a.py", place=Place(1, 1, 1, 9)), "sarif", None, lambda _: ["x" * 9999])
    )
    assert "snippet" not in long["results"][0]["locations"][0]["physicalLocation"]["region"]


@pytest.mark.parametrize("path", HOSTILE)
def test_any_name_is_a_relative_reference_that_leads_back_to_it(path: str) -> None:
    text = render(one(path, f"holds `{path}`", Place(1, 1, 1, 2)), "sarif")
    text.encode()
    (result,) = parsed(text)["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact["uriBaseId"] == "%SRCROOT%"
    parts = urlsplit(artifact["uri"])
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    assert unquote_to_bytes(parts.path) == path.encode("utf-8", "surrogateescape")


def test_a_surrogate_that_stands_for_no_byte_is_no_crash() -> None:
    parsed(render(one("a\ud800.py"), "sarif"))


def test_paths_are_those_of_the_workspace() -> None:
    setting = Setting(style=Style(show=lambda path: f"sub/{path}"))
    (result,) = parsed(render(one("a.py"), "sarif", setting))["results"]
    assert place_of(result["locations"][0]) == ("sub/a.py", 1)
    assert place_of(result["relatedLocations"][0])[0] == "sub/docs/adr/0001-one.md"


def test_a_strict_run_has_no_warnings() -> None:
    run = one("a.py", sentence="- [gone] Files in `shop/**` SHOULD NOT exist.")
    (lax,) = parsed(render(run, "sarif"))["results"]
    (strict,) = parsed(render(run, "sarif", Setting(strict=True)))["results"]
    assert (lax["level"], strict["level"]) == ("warning", "error")
