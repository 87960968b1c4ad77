"""`list`, `describe`, `explain` and `schema`: what people and programs ask of the decisions."""

import json
from pathlib import Path

import jsonschema
import pytest
from syrupy.assertion import SnapshotAssertion
from tests.cli.commands import Run, Write

from bylaw.schema import SCHEMAS

OLD = """\
# 3. Sessions in Redis

Status: superseded by [ADR-0009](0009-tokens.md)

## Constraints

- [redis] The Python project MUST depend on `redis`.
"""
NEW = """\
# 9. Signed tokens

Status: accepted

Supersedes: [ADR-0003](0003-sessions.md)

## Constraints

- [no-redis] Modules in `shop` MUST NOT import `redis`, except in tests.
- [lane] Agents MUST only change `src/**`.
- [ci] CI MUST run `make lint`.
"""
LATER = """\
# 10. Later

Status: proposed

## Constraints

- [short] Files in `src/shop/**` SHOULD have at most 40 lines.
"""


@pytest.fixture
def decisions(shop: None, write: Write) -> None:
    """Four decisions: two in force, one superseded, one proposed."""
    write(
        {
            "docs/adr/0003-sessions.md": OLD,
            "docs/adr/0009-tokens.md": NEW,
            "docs/adr/0010-later.md": LATER,
        }
    )


def test_list_for_people(run: Run, decisions: None, snapshot: SnapshotAssertion) -> None:
    outcome = run("list")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == snapshot


def test_list_as_json_is_as_its_schema_says(run: Run, decisions: None) -> None:
    outcome = run("list", "--format", "json", "--as-of", "2026-06-01")
    listing = json.loads(outcome.out)
    jsonschema.validate(listing, SCHEMAS["list"].build())
    assert listing["as_of"] == "2026-06-01"
    standing = {each["path"]: each["status"] for each in listing["decisions"]}
    assert standing == {
        "docs/adr/0003-sessions.md": "retired",
        "docs/adr/0007-domain.md": "in-force",
        "docs/adr/0009-tokens.md": "in-force",
        "docs/adr/0010-later.md": "proposed",
    }
    old = listing["decisions"][0]
    assert old["superseded_by"] == "docs/adr/0009-tokens.md"
    assert old["number"] == 3
    assert old["status_raw"].startswith("superseded by")
    by_id = {each["id"]: each for each in listing["constraints"]}
    no_orm = by_id["0007-domain/no-orm"]
    assert (no_orm["path"], no_orm["line"]) == ("docs/adr/0007-domain.md", 7)
    assert (no_orm["kind"], no_orm["severity"], no_orm["modal"]) == ("import", "error", "must-not")
    assert no_orm["in_force"]
    assert not by_id["0010-later/short"]["in_force"]
    assert not by_id["0003-sessions/redis"]["in_force"]


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["--status", "retired"], {"0003-sessions/redis"}),
        (["--kind", "depend", "--kind", "run"], {"0003-sessions/redis", "0009-tokens/ci"}),
        (["--status", "in-force", "--kind", "file"], {"0007-domain/short"}),
        (["--no-constraints"], set()),
    ],
)
def test_list_filters(run: Run, decisions: None, arguments: list[str], ids: set[str]) -> None:
    listing = json.loads(run("list", "--format", "json", *arguments).out)
    assert {each["id"] for each in listing["constraints"]} == ids


def test_list_works_while_something_is_broken(run: Run, write: Write, decisions: None) -> None:
    write(
        {"docs/adr/0011-odd.md": "# 11. Odd\n\nStatus: accepted\n\n## Constraints\n\n- [x] MUST.\n"}
    )
    outcome = run("list")
    assert outcome.status == 0
    assert "0007-domain" in outcome.out
    assert "`bylaw build` shows" in outcome.err


CONFLICT = """\
# 12. Ports only

Status: accepted

## Constraints

- [orm] Each module in `src/shop/domain/**` MUST import `sqlalchemy`.
"""


def test_list_and_fmt_do_not_wait_for_conflicts(
    run: Run, write: Write, decisions: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({"docs/adr/0012-orm.md": CONFLICT, "src/shop/domain/a.py": ""})
    assert "BL230" in run("build", "--check").err

    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("bylaw.driver.PROGRAM_PASSES", (refuse,))
    listing = json.loads(run("list", "--format", "json").out)
    assert {each["id"] for each in listing["decisions"]} >= {"0007-domain", "0012-orm"}
    assert run("list").err == ""
    assert run("fmt", "--check").status == 0


def test_list_of_nothing(run: Run, repo: Path) -> None:
    assert run("list").out == "no decision was found\n"


def ids(run: Run, *arguments: str) -> set[str]:
    outcome = run("describe", "--format", "json", *arguments)
    assert outcome.status == 0, outcome.err
    described = json.loads(outcome.out)
    jsonschema.validate(described, SCHEMAS["describe"].build())
    return {each["constraint"]["id"].partition("/")[2] for each in described["constraints"]}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/shop/domain/order.py", {"no-orm", "short", "no-redis"}),
        ("src/shop/domain/not_there_yet.py", {"no-orm", "short", "no-redis"}),
        ("src/shop/web/new/file.py", {"short", "no-redis"}),
        ("src/shop/domain/notes.md", {"short"}),
        ("src/shop/tests/test_order.py", {"short"}),
        ("docs/readme.md", {"lane"}),
        ("src/shop/domain", {"no-orm", "short", "no-redis", "lane"}),
        ("new/folder/", {"lane"}),
    ],
)
def test_describe_names_what_governs_a_path(
    run: Run, decisions: None, path: str, expected: set[str]
) -> None:
    assert ids(run, path) == expected


def test_describe_takes_paths_from_where_the_user_stands(
    run: Run, repo: Path, decisions: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repo / "src" / "shop")
    assert "no-orm" in ids(run, "domain/order.py")
    assert "no-orm" in ids(run, str(repo / "src/shop/domain/order.py"))
    assert "no-orm" in ids(run, "-C", str(repo), "src/shop/domain/order.py")


def test_describe_for_people(
    run: Run, decisions: None, write: Write, snapshot: SnapshotAssertion
) -> None:
    write({"bylaw.toml": 'targets = ["json"]'})
    assert run("describe", "src/shop/domain/order.py").out == snapshot
    assert run("describe", "LICENSE").out == snapshot


@pytest.mark.parametrize("name", ["no-orm", "0007-domain/no-orm", "7/no-orm", "ADR-7/no-orm"])
def test_explain_finds_a_constraint_by_its_names(run: Run, decisions: None, name: str) -> None:
    outcome = run("explain", name)
    assert outcome.status == 0
    assert outcome.out.startswith("0007-domain/no-orm\n")


@pytest.mark.parametrize("name", ["0007-domain", "7", "ADR-0007", "docs/adr/0007-domain.md"])
def test_explain_finds_a_decision_by_its_names(run: Run, decisions: None, name: str) -> None:
    assert run("explain", name).out.startswith("0007-domain\n")


def test_explain_for_people(
    run: Run, decisions: None, write: Write, snapshot: SnapshotAssertion
) -> None:
    write({"bylaw.toml": 'targets = ["json"]'})
    for name in ("no-orm", "redis", "0010-later", "0003-sessions"):
        assert run("explain", name, "--as-of", "2026-06-01").out == snapshot(name=name)


def test_explain_shows_all_of_a_name(run: Run, decisions: None) -> None:
    out = run("explain", "short").out
    assert "0007-domain/short\n" in out
    assert "0010-later/short\n" in out


def test_explain_asks_back_for_a_name_that_is_near(run: Run, decisions: None) -> None:
    outcome = run("explain", "0007-domain/no-om")
    assert outcome.status == 2
    assert "did you mean `0007-domain/no-orm`" in outcome.err


def test_every_schema_is_printed(run: Run) -> None:
    names = [line.split()[0] for line in run("schema").out.splitlines()]
    assert names == list(SCHEMAS)
    for name in names:
        printed = json.loads(run("schema", name).out)
        jsonschema.Draft202012Validator.check_schema(printed)
    outcome = run("schema", "confg")
    assert outcome.status == 2
    assert "did you mean `config`" in outcome.err
