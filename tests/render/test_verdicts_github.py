"""Runs as annotations of a GitHub Actions run."""

import re

import pytest
from syrupy.assertion import SnapshotAssertion
from tests.render.runs import HOSTILE, clean, everything, one, render

from bylaw.facts.model import Place
from bylaw.render.json import well_formed
from bylaw.render.text import Style
from bylaw.render.verdicts import Setting

_COMMAND = re.compile(r"^::(error|warning|notice) ([^\n\r]*?)::([^\n\r]*)$")


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Read workflow commands as the runner does: one a line."""
    found = []
    for line in text.split("\n"):
        match = _COMMAND.match(line)
        assert match, line
        properties = dict(each.split("=", 1) for each in match[2].split(","))
        for name, value in properties.items():
            properties[name] = _unescaped(value.replace("%3A", ":").replace("%2C", ","))
        found.append((match[1], properties, _unescaped(match[3])))
    return found


def _unescaped(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def test_the_annotations_of_everything(snapshot: SnapshotAssertion) -> None:
    assert render(everything(), "github") == snapshot


def test_each_violation_is_annotated_in_its_place_and_names_its_decision() -> None:
    run = everything()
    found = commands(render(run, "github"))
    seen = {(p["title"].removesuffix("@base"), p.get("file"), p.get("line")) for _, p, _ in found}
    for violation in run.violations:
        line = str(violation.place.line) if violation.place else "1"
        if violation.path is None:
            assert (violation.constraint, "docs/adr/0009-team.md", "7") in seen
        else:
            assert (violation.constraint, violation.path, line) in seen
    assert all("decided at docs/adr/" in body for _, p, body in found if "/" in p["title"])


def test_what_fails_comes_first() -> None:
    levels = [
        level for level, p, _ in commands(render(everything(), "github")) if "/" in p["title"]
    ]
    assert levels == sorted(levels)


def test_a_clean_run_says_so_in_a_notice() -> None:
    ((level, properties, body),) = commands(render(clean(), "github"))
    assert (level, properties["title"]) == ("notice", "bylaw")
    assert body == "checked 1 constraint of 1 decision on 3 files: 1 holds"


def test_what_was_not_evaluated_is_a_warning() -> None:
    found = commands(render(everything(), "github"))
    unjudged = [(level, body) for level, _, body in found if body.startswith("not evaluated")]
    assert len(unjudged) == 3
    assert {level for level, _ in unjudged} == {"warning"}


def test_paths_are_those_of_the_workspace() -> None:
    setting = Setting(style=Style(show=lambda path: f"sub/{path}"))
    first = commands(render(one("a.py"), "github", setting))[0]
    assert first[1]["file"] == "sub/a.py"


@pytest.mark.parametrize("path", HOSTILE)
def test_no_name_starts_a_command_of_its_own(path: str) -> None:
    text = render(one(path, f"holds `{path}`", Place(1, 1, 1, 2)), "github")
    text.encode()
    found = commands(text)
    assert len(found) == 2
    assert found[0][1]["file"] == well_formed(path)
    assert set(found[0][1]) == {"title", "file", "line", "endLine", "col", "endColumn"}
