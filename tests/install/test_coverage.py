"""The bypass map is complete, agrees with the checkpoints, and is what the page says."""

import re
from pathlib import Path
from typing import get_args

import pytest

from bylaw.check.judges import JUDGES
from bylaw.coverage import (
    CHECKPOINTS,
    CLASS,
    RECORD,
    WAYS,
    Checkpoint,
    Traits,
    authority,
    covers_of,
    ways_round,
)
from bylaw.moments import AFTER, BEFORE, ELSEWHERE

PAGE = Path(__file__).resolve().parents[2] / "docs" / "bypass.md"
UNITS = ("files", "lines", "tokens", "minutes", "USD", "failed attempts")


def traits() -> list[Traits]:
    found = [Traits(sort) for sort in JUDGES if sort != "agent-limit"]
    found += [Traits("agent-limit", unit) for unit in UNITS]
    found += [Traits("agent-change", classed=True), Traits("agent-run", classed=True)]
    return [*found, Traits("name-match", commits=True), Traits("match", new=True)]


@pytest.mark.parametrize("each", traits(), ids=str)
def test_each_sort_has_a_place_at_each_checkpoint(each: Traits) -> None:
    covers = covers_of(each)
    assert list(covers) == list(CHECKPOINTS) == list(get_args(Checkpoint))
    assert any(cover.level != "never" for cover in covers.values())
    assert all(cover.why for cover in covers.values() if cover.level == "given")


@pytest.mark.parametrize("each", traits(), ids=str)
def test_the_map_agrees_with_what_the_hook_judges(each: Traits) -> None:
    covers = covers_of(each)
    assert (covers["call"].level != "never") == (each.sort in BEFORE)
    assert (covers["stop"].level != "never") == (each.sort in BEFORE | AFTER)
    assert (each.sort in ELSEWHERE) == (covers["stop"].level == "never")


@pytest.mark.parametrize("each", traits(), ids=str)
def test_ci_is_the_authority_on_all_that_needs_no_record(each: Traits) -> None:
    recorded = covers_of(each)["pull-request"].why == RECORD
    assert (authority(each) == "pull-request") != recorded


def test_each_way_goes_round_checkpoints_that_there_are_and_is_used() -> None:
    for way in WAYS:
        assert set(way.past) <= set(CHECKPOINTS)
    assert {way.id for each in traits() for way in ways_round(each)} == {way.id for way in WAYS}


def test_nothing_that_a_commit_hook_alone_judges_is_called_safe() -> None:
    assert "no-verify" in {way.id for way in ways_round(Traits("import"))}


def test_an_agent_that_nobody_names_is_a_way_round_what_binds_a_class() -> None:
    assert covers_of(Traits("agent-change", classed=True))["call"] == ("given", CLASS)
    assert "class" in {way.id for way in ways_round(Traits("agent-change", classed=True))}
    assert "class" not in {way.id for way in ways_round(Traits("agent-change"))}


def test_the_page_shows_the_map_as_it_is() -> None:
    page = PAGE.read_text("utf-8")
    rows = re.findall(r"^\| `([a-z-]+)`.*$", page, re.M)
    assert set(rows) >= set(JUDGES) - {"agent-limit"}
    for way in WAYS:
        assert way.how in page
        assert way.then in page
