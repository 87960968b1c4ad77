"""Every violation stands in every format, with its file, its line and its decision."""

import html
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.check.judging import evidence_of
from tests.render.runs import HOSTILE, everything, lines, one

from bylaw.check.request import Request
from bylaw.check.run import CheckRun, check_repository
from bylaw.check.verdict import (
    DecisionRef,
    Excuse,
    Excused,
    Judgement,
    NotEvaluated,
    Step,
    Verdicts,
    Violation,
)
from bylaw.config_file import load
from bylaw.diagnostics import Report
from bylaw.facts.model import Place
from bylaw.render.text import Style
from bylaw.render.verdicts import FORMATS, Setting
from bylaw.render.verdicts.explain import explain

SAMPLE = Path(__file__).resolve().parent.parent.parent / "adrs-sample"

Found = set[tuple[str, str | None, int | None]]
"""Constraint, path and line of violations."""


@cache
def sample() -> CheckRun:
    """Return the run of the checker on the sample shop."""
    config = load(lambda name: (SAMPLE / name).read_bytes(), Report())
    return check_repository(SAMPLE, config, Request(cache=False))


def expected(run: Verdicts, whole: int | None = None, nowhere: bool = True) -> Found:
    """Return what is to be found; `whole` is the line at which a format puts a whole file."""
    return {
        (
            judgement.scoped.full_id,
            each.path,
            each.place.line if each.place else whole if each.path else None,
        )
        for judgement in run.judgements
        for each in judgement.violations
        if each.path is not None or nowhere
    }


def in_json(text: str) -> Found:
    return {(v["constraint"], v["path"], v["line"]) for v in json.loads(text)["violations"]}


def in_sarif(text: str) -> Found:
    found: Found = set()
    for result in json.loads(text)["runs"][0]["results"]:
        physical = result["locations"][0]["physicalLocation"]
        path = unquote(physical["artifactLocation"]["uri"])
        if "suppressions" not in result:
            name = result["ruleId"].removesuffix("@base")
            found.add((name, path, physical["region"]["startLine"]))
    return found


def in_github(text: str) -> Found:
    pattern = re.compile(r"^::(?:error|warning) title=(.*?)(?:@base)?,file=(.*?),line=(\d+)", re.M)
    return {(name, path, int(line)) for name, path, line in pattern.findall(text)}


def in_text(text: str) -> Found:
    found: Found = set()
    name = ""
    for row in text.split("\n"):
        if match := re.match(r"(?:error|warning)\[(.*?)(?:@base)?\]: ", row):
            name = match[1]
        elif match := re.match(r" +--> (\S+?):(?:(\d+):\d+$| )", row):
            found.add((name, match[1], int(match[2]) if match[2] else None))
    return found


def in_junit(text: str) -> Found:
    found: Found = set()
    for case in ET.fromstring(text).iter("testcase"):
        name = f"{case.attrib['classname'].removesuffix('@base')}/{case.attrib['name']}"
        for row in "".join(case.itertext()).split("\n"):
            if match := re.match(r"(\S+?):(?:(\d+):\d+: | )", row):
                found.add((name, match[1], int(match[2]) if match[2] else None))
    return found


def in_markdown(text: str) -> Found:
    found: Found = set()
    for section in text.split("<details>"):
        head = re.match(r"<summary>\S+ <code>(.*?)(?:@base)?</code>", html.unescape(section))
        for url in re.findall(r"^- \[`.*`\]\((.*?)\)", section, re.M):
            path, _, line = url.partition("#L")
            if head:
                found.add((head[1], unquote(path), int(line) if line else None))
    return found


READERS: dict[str, tuple[Callable[[str], Found], int | None]] = {
    "json": (in_json, None),
    "sarif": (in_sarif, 1),
    "github": (in_github, 1),
    "text": (in_text, None),
    "junit": (in_junit, None),
    "markdown": (in_markdown, None),
}


def test_there_is_a_reader_for_each_format() -> None:
    assert READERS.keys() == FORMATS.keys()


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("which", ["everything", "sample"])
def test_every_violation_stands_in_every_format(name: str, which: str) -> None:
    run, source = everything(), lines
    if which == "sample":
        run, source = sample().verdicts, sample().lines
    setting = Setting(style=Style(width=1_000), everything=True)
    reader, whole = READERS[name]
    found = reader(FORMATS[name](run, source, setting))
    wanted = expected(run, whole, nowhere=False)
    assert wanted
    assert not wanted - found


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_run_gives_the_same_bytes(name: str) -> None:
    assert FORMATS[name](everything(), lines) == FORMATS[name](everything(), lines)


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_of_this_machine_stands_in_a_report(name: str) -> None:
    text = FORMATS[name](sample().verdicts, sample().lines)
    assert str(SAMPLE.parent) not in text


TEXT = st.text(st.characters(codec=None), max_size=40) | st.sampled_from(HOSTILE)
NUMBERS = st.integers(1, 6) | st.integers(1, 10**6)
PLACES = st.none() | st.builds(Place, NUMBERS, NUMBERS, NUMBERS, NUMBERS)
VIOLATIONS = st.builds(
    Violation,
    st.just("0001-one/gone"),
    st.none() | TEXT,
    TEXT,
    PLACES,
    note=st.none() | TEXT,
    operand=st.none() | TEXT,
    found=st.none() | TEXT,
    edge=st.none() | st.tuples(TEXT, TEXT),
    steps=st.lists(st.builds(Step, TEXT, PLACES, TEXT), max_size=2).map(tuple),
)
UNJUDGED = st.builds(
    NotEvaluated, st.just("0001-one/gone"), TEXT, st.none() | TEXT, PLACES, st.none() | TEXT
)
EXCUSES: st.SearchStrategy[Excuse] = st.sampled_from(["permitted", "baseline", "suppressed", "old"])
EXCUSED = st.builds(Excused, VIOLATIONS, EXCUSES, st.none(), st.none() | TEXT)


@settings(deadline=None)
@given(
    st.lists(VIOLATIONS, max_size=8),
    st.lists(UNJUDGED, max_size=3),
    st.lists(EXCUSED, max_size=3),
    TEXT,
    st.none() | st.lists(TEXT, max_size=4),
    st.integers(1, 200),
)
def test_whatever_a_tree_holds_every_format_can_say_it(
    violations: list[Violation],
    unjudged: list[NotEvaluated],
    excused: list[Excused],
    title: str,
    source: list[str] | None,
    width: int,
) -> None:
    (judgement,) = one("a.py").judgements
    judgement = Judgement(
        judgement.scoped, "0001-one", tuple(violations), tuple(unjudged), tuple(excused)
    )
    run = Verdicts((judgement,), {"0001-one": DecisionRef("0001-one", "docs/adr/1.md", title)})
    for name, render in FORMATS.items():
        text = render(run, lambda _: source, Setting(style=Style(width=width)))
        text.encode()
        if name in ("json", "sarif"):
            json.loads(text)
        elif name == "junit":
            ET.fromstring(text)
        elif name == "text":
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    explain(run, judgement, evidence_of({"a.py": ""})).encode()
