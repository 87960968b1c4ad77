"""Runs for programs: JSON, and the schema that is published of it."""

import json
from typing import Any

import jsonschema
import pytest
from syrupy.assertion import SnapshotAssertion
from tests.render.runs import HOSTILE, clean, everything, many, one, render

from bylaw.render.json import well_formed
from bylaw.render.verdicts import Setting
from bylaw.schema import SCHEMAS


def parsed(text: str) -> Any:
    """Return a report that is what the published schema says."""
    found = json.loads(text)
    jsonschema.validate(found, SCHEMAS["check-report"].build())
    return found


def test_the_report_is_what_its_schema_says(snapshot: SnapshotAssertion) -> None:
    text = render(everything(), "json")
    parsed(text)
    assert text == snapshot


def test_the_top_level_is_what_it_was_promised_to_be() -> None:
    assert set(parsed(render(clean(), "json"))) == {
        "schema_version",
        "summary",
        "violations",
        "not_evaluated",
        "constraints",
        "excused",
        "diagnostics",
        "risk",
        "approvals",
    }


def test_each_violation_names_its_constraint_and_its_place() -> None:
    run = everything()
    found = parsed(render(run, "json"))
    assert [
        (each["constraint"], each["path"], each["line"], each["fingerprint"])
        for each in found["violations"]
    ] == [(v.constraint, v.path, v.place and v.place.line, v.fingerprint) for v in run.violations]
    assert all(each["adr"]["path"].endswith(".md") for each in found["violations"])


def test_each_constraint_has_its_outcome() -> None:
    found = parsed(render(everything(), "json"))
    outcomes = {(each["constraint"], each["by"]): each["outcome"] for each in found["constraints"]}
    assert outcomes == {
        ("0007-domain/no-orm", "own"): "violated",
        ("0007-domain/tiers", "own"): "violated",
        ("0007-domain/short", "own"): "violated",
        ("0007-domain/pure", "own"): "holds",
        ("0009-team/dba", "own"): "not-evaluated",
        ("0009-team/branches", "own"): "violated",
        ("0007-domain/pure", "base"): "violated",
    }


def test_the_numbers_of_the_summary_add_up() -> None:
    found = parsed(render(everything(), "json"))
    summary = found["summary"]
    assert summary["constraints"] == len(found["constraints"])
    kinds = summary["holds"] + summary["violated"] + summary["not_evaluated"]
    assert kinds == summary["constraints"]
    assert summary["violations"] == len(found["violations"])
    assert summary["errors"] + summary["warnings"] == summary["violations"]
    assert sum(summary["excused"].values()) == len(found["excused"])


@pytest.mark.parametrize("strict", [False, True])
def test_the_status_is_the_exit_status(strict: bool) -> None:
    run = one("a.py", sentence="- [gone] Files in `shop/**` SHOULD NOT exist.")
    found = parsed(render(run, "json", Setting(strict=strict)))
    assert found["summary"]["status"] == int(strict)
    assert found["summary"]["strict"] is strict


@pytest.mark.parametrize("path", HOSTILE)
def test_any_name_is_kept_as_far_as_json_can_hold_it(path: str) -> None:
    text = render(one(path, f"holds `{path}`", found=path), "json")
    text.encode()
    (found,) = parsed(text)["violations"]
    assert found["path"] == well_formed(path)
    assert found["found"] == well_formed(path)


def test_nothing_is_folded() -> None:
    assert len(parsed(render(many(3_000, 7), "json"))["violations"]) == 3_000
