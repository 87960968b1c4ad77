"""The manifest: every item has one disposition, and the counts add up."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.targets.compiled import DAY, read

from bylaw.ir import Meaning
from bylaw.program import Item, Listed, Program, Standing, Unit
from bylaw.schema import SCHEMAS
from bylaw.target import Artifact, Fidelity
from bylaw.unit import make_header
from bylaw_targets.manifest import DISPOSITIONS, Answers, account, manifest

VALIDATOR = Draft202012Validator(SCHEMAS["manifest"].build())
EXACT, PARTLY, NOT = Fidelity("exact"), Fidelity("approximate", "r"), Fidelity("unsupported", "r")
FORCE = Standing("in-force")


def unit(path: str, *items: Item) -> Unit:
    header = replace(make_header(read("", path)), items=items)
    return Unit(header, "0" * 64, (), b"")


def program(*units: Unit, listed: tuple[Listed, ...] = (), **states: Standing) -> Program:
    standing = {u.header.path: states.get(u.header.id, FORCE) for u in units}
    return Program(units, listed, DAY, {}, standing)


def written(
    whole: Program, answers: Mapping[str, Answers], artifacts: tuple[Artifact, ...] = ()
) -> dict[str, Any]:
    accounts = {
        u.header.path: account(
            u.header,
            u.digest,
            whole.standing[u.header.path],
            answers[u.header.path],
            whole.as_of.isoformat(),
        )
        for u in whole.units
        if u.header.path in answers
    }
    artifact = manifest(whole, accounts, artifacts, "0.1.0")
    assert artifact.path == "manifest.json"
    found: dict[str, Any] = json.loads(artifact.data)
    VALIDATOR.validate(found)
    return found


def disposed(item: Item, answers: Answers | None, standing: Standing = FORCE) -> dict[str, Any]:
    """Return what the manifest says of one item."""
    given_ = {} if answers is None else {"a.md": answers}
    found = written(program(unit("a.md", item), a=standing), given_)
    (said,) = found["inputs"][0]["items"]
    assert found["accounting"]["dispositions"] == {
        name: int(name == said["disposition"]) for name in DISPOSITIONS
    }
    kept: dict[str, Any] = said
    return kept


@pytest.mark.parametrize(
    ("answers", "disposition", "by"),
    [
        ({"semgrep": {"it": EXACT}, "x": {"it": PARTLY}}, "enforced", "exact approximate"),
        ({"semgrep": {"it": EXACT}, "x": {"it": NOT}}, "enforced", "exact"),
        ({"semgrep": {"it": NOT}, "agents": {"it": PARTLY}}, "advisory", ""),
        ({"json": {"it": EXACT}}, "advisory", ""),
        ({"semgrep": {"other": EXACT}}, "advisory", ""),
        ({}, "advisory", ""),
    ],
)
def test_a_constraint_is_enforced_where_an_engine_carries_it(
    answers: Answers, disposition: str, by: str
) -> None:
    """Those that tell readers of it enforce nothing."""
    found = disposed(Item("constraint", "it", 3), answers)
    assert found["disposition"] == disposition
    assert " ".join(found.get("by", {}).values()) == by


@pytest.mark.parametrize("state", ["retired", "proposed", "none", "unclear"])
def test_a_decision_that_binds_nobody_makes_its_items_inactive(state: Meaning) -> None:
    found = disposed(Item("constraint", "it", 3), None, Standing(state, superseded_by="b.md"))
    assert (found["disposition"], found["why"]) == ("inactive", state)


@pytest.mark.parametrize(
    ("first", "last", "disposition"),
    [
        (None, "2026-06-01", "enforced"),
        (None, "2026-05-31", "inactive"),
        ("2026-06-01", None, "enforced"),
        ("2026-06-02", None, "inactive"),
    ],
)
def test_both_days_of_a_constraint_are_among_those_it_binds(
    first: str | None, last: str | None, disposition: str
) -> None:
    assert date(2026, 6, 1) == DAY
    item = Item("constraint", "it", 3, (), first, last)
    assert disposed(item, {"semgrep": {"it": EXACT}})["disposition"] == disposition


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (Item("waiver", None, 1, (), None, "2026-06-01"), "applied"),
        (Item("waiver", None, 1, (), None, "2026-05-31"), "inactive"),
        (Item("permission", "may", 1), "applied"),
        (Item("guidance", None, 1), "advisory"),
        (Item("note", None, 1), "note"),
        (Item("rejected", None, 1, ("BL010", "BL010", "BL002")), "rejected"),
    ],
)
def test_every_other_item_has_its_disposition_too(item: Item, expected: str) -> None:
    found = disposed(item, {})
    assert found["disposition"] == expected
    assert found.get("codes") == (["BL002", "BL010"] if expected == "rejected" else None)


items = st.builds(
    Item,
    st.sampled_from(["constraint", "permission", "waiver", "note", "guidance", "rejected"]),
    st.sampled_from(["a", "b", None]),
    st.integers(1, 99),
    st.just(("BL010",)),
    st.sampled_from([None, "2026-01-01", "2027-01-01"]),
    st.sampled_from([None, "2026-02-01", "2027-02-01"]),
)
levels = st.sampled_from([EXACT, PARTLY, NOT])
answers_ = st.dictionaries(
    st.sampled_from(["semgrep", "agents", "json"]),
    st.dictionaries(st.sampled_from(["a", "b"]), levels),
)
states = st.sampled_from(["in-force", "proposed", "retired"])


@given(st.lists(st.tuples(st.lists(items, max_size=4), st.none() | answers_, states), max_size=5))
def test_the_counts_add_up(decisions: list[tuple[list[Item], Answers | None, Meaning]]) -> None:
    units = [unit(f"{n}.md", *each) for n, (each, _, _) in enumerate(decisions)]
    standing = {str(n): Standing(state) for n, (_, _, state) in enumerate(decisions)}
    answers = {f"{n}.md": a for n, (_, a, _) in enumerate(decisions) if a is not None}
    found = written(program(*units, listed=(), **standing), answers)
    said = [item for entry in found["inputs"] for item in entry["items"]]
    read = [item for each, _, _ in decisions for item in each]
    accounting = found["accounting"]
    assert accounting["read"] == len(said) == len(read)
    assert Counter(item["disposition"] for item in said) == +Counter(accounting["dispositions"])
    assert Counter(item.statement for item in read) == Counter(accounting["statements"])


def test_every_file_and_every_artifact_is_named_with_its_digest() -> None:
    listed = (Listed("docs/adr/README.md", "index", "1" * 64),)
    artifacts = (Artifact("b.yml", b"x", "2027-01-01"), Artifact("a.json", b"", "2028-01-01"))
    found = written(program(unit("docs/adr/0001.md"), listed=listed), {}, artifacts)
    assert [(entry["path"], entry["disposition"]) for entry in found["inputs"]] == [
        ("docs/adr/0001.md", "decision"),
        ("docs/adr/README.md", "index"),
    ]
    assert found["files"] == {"decision": 1, "index": 1}
    assert found["outputs"] == [
        {
            "path": "a.json",
            "sha256": sha256(b"").hexdigest(),
            "bytes": 0,
            "until": "2028-01-01",
        },
        {
            "path": "b.yml",
            "sha256": sha256(b"x").hexdigest(),
            "bytes": 1,
            "until": "2027-01-01",
        },
    ]
    assert found["next_change"] == "2027-01-01"


def test_strange_names_are_plain_json() -> None:
    name = 'docs/adr/"\u202e\n\udcff\x7f.md'
    data = manifest(program(unit(name, Item("note", None, 1))), {}, (), "0").data
    assert data.isascii()
    assert json.loads(data)["inputs"][0]["path"] == name
