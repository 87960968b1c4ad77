"""Runs as JUnit reports."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion
from tests.render.runs import HOSTILE, clean, everything, many, one, render

from bylaw.check.verdict import Verdicts
from bylaw.facts.model import Place
from bylaw.render.verdicts import Setting

# What readers agree on: an element's attributes and its children.
ELEMENTS = {
    "testsuites": ({"name", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped"}, {"testcase"}),
    "testcase": ({"name", "classname"}, {"failure", "skipped", "system-out"}),
    "failure": ({"type", "message"}, set()),
    "skipped": ({"message"}, set()),
    "system-out": (set(), set()),
}


def parsed(text: str) -> ET.Element:
    """Return the root of a report whose elements are those of a JUnit report."""
    root = ET.fromstring(text.encode())
    for element in root.iter():
        attributes, children = ELEMENTS[element.tag]
        assert set(element.attrib) == attributes
        assert {child.tag for child in element} <= children
        if element.tag == "testcase":
            assert len(element) <= 1
        if element.tag in ("testsuites", "testsuite"):
            assert int(element.attrib["tests"]) == len(list(element.iter("testcase")))
            assert int(element.attrib["failures"]) == len(list(element.iter("failure")))
    return root


def test_the_report_of_everything(snapshot: SnapshotAssertion) -> None:
    text = render(everything(), "junit")
    parsed(text)
    assert text == snapshot


def test_each_constraint_is_a_test_case_of_its_decision() -> None:
    root = parsed(render(everything(), "junit"))
    cases = {
        (each.attrib["classname"], each.attrib["name"]): each for each in root.iter("testcase")
    }
    outcomes = {name: [child.tag for child in case] for name, case in cases.items()}
    assert outcomes == {
        ("diagnostics", "BL222 docs/adr/0007-domain.md:9:3"): ["system-out"],
        ("0007-domain", "no-orm"): ["failure"],
        ("0007-domain", "tiers"): ["failure"],
        ("0007-domain", "short"): ["skipped"],
        ("0007-domain", "pure"): [],
        ("0009-team", "dba"): ["skipped"],
        ("0009-team", "branches"): ["failure"],
        ("0007-domain@base", "pure"): ["failure"],
    }


def test_each_violation_is_named_with_file_and_line() -> None:
    run = everything()
    root = parsed(render(run, "junit"))
    for violation in run.violations:
        decision, _, name = violation.constraint.partition("/")
        text = "".join(
            "".join(case.itertext())
            for case in root.iter("testcase")
            if case.attrib["name"] == name and case.attrib["classname"].startswith(decision)
        )
        place = f":{violation.place.line}:{violation.place.column}: " if violation.place else ": "
        assert f"{violation.path}{place}" * bool(violation.path) + violation.detail in text


def test_a_violated_should_passes_with_output_and_fails_a_strict_run() -> None:
    run = one("a.py", sentence="- [gone] Files in `shop/**` SHOULD NOT exist.")
    (lax,) = parsed(render(run, "junit")).iter("testcase")
    (strict,) = parsed(render(run, "junit", Setting(strict=True))).iter("testcase")
    assert [child.tag for child in lax] == ["system-out"]
    assert [child.tag for child in strict] == ["failure"]


@pytest.mark.parametrize(
    "run", [clean(), Verdicts(()), many(50, 3, 4)], ids=["clean", "empty", "many"]
)
def test_other_reports_are_well_formed_too(run: Verdicts) -> None:
    parsed(render(run, "junit"))


@settings(deadline=None)
@given(st.text(st.characters(codec=None)))
def test_any_text_is_xml(text: str) -> None:
    root = parsed(render(one(text or "x", f"holds `{text}`", Place(1, 1, 1, 2)), "junit"))
    (failure,) = root.iter("failure")
    assert failure.attrib["message"].startswith("1 violation: ")


@pytest.mark.parametrize("path", HOSTILE)
def test_what_xml_cannot_hold_is_spelt_out(path: str) -> None:
    text = render(one(path, "is there", Place(1, 1, 1, 2)), "junit")
    parsed(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]", text)
