"""The target `workflow`, read by a YAML parser that did not write it, and held to its schema."""

import json
from io import StringIO
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML
from tests.check.shop import ADR, Shop, empty, record
from tests.targets.compiled import DAY, scoped

from bylaw.area import TreeFacts
from bylaw.config import AgentsTable, Config
from bylaw.diagnostics import Report
from bylaw.schema import SCHEMAS
from bylaw.scope import ScopedProgram
from bylaw_targets.workflow import WorkflowTarget

__all__ = ["empty"]

SENTENCES = """
- [lane] Agents of class `A` MUST only change `docs/` or `tests/`.
- [infra] Only agents of class `C` MAY change `infra/`.
- [small] Agents MUST change at most 20 files.
- [spend] Agents of class `A` MUST spend at most 2 USD.
- [give-up] Agents SHOULD stop after 3 failed attempts.
- [lint] Agents MUST run `make lint` and `make "x y"` before finishing.
- [no-push] Agents MUST NOT run `git push`.
- [suite] Command `make test` MUST pass.
- [ci] CI MUST run `make lint` or `make all`.
- [read] Agents MUST read `docs/pay.md` before changing `src/pay/**`.
- [watch] Agents in `migrations/**` MUST work at autonomy `supervised`, except in `migrations/x/`.
- [dba] Changes to `migrations/**` MUST be approved by 2 of `@dba`.
- [cover] Key `tool.coverage.report.fail_under` in `pyproject.toml` MUST be at least `85`.
- [other] Files in `src/**` MUST NOT contain `Grüße: "x" # {y}`.
"""


def emit(sentences: str = SENTENCES, table: AgentsTable | None = None, **more: Any) -> bytes:
    target = WorkflowTarget()
    decision = scoped(sentences, ("src/a.py",), **more)
    whole = ScopedProgram(
        [decision], DAY, TreeFacts(), config=Config(agents=table or AgentsTable())
    )
    (artifact,) = target.assemble(whole, [target.compile(decision)], Report())
    assert (artifact.path, artifact.place) == ("workflow.yaml", "output")
    return artifact.data


def parse(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(StringIO(data.decode("ascii")))
    return found


def test_it_is_yaml_of_the_published_schema() -> None:
    said = parse(emit())
    schema = SCHEMAS["workflow"].build()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(said)))
    assert emit() == emit()


def test_each_sentence_on_how_agents_work_is_in_its_section() -> None:
    said = parse(emit())
    ids = {
        section: [each["constraint"].rpartition("/")[2] for each in said[section]]
        for section in ("checkpoints", "lanes", "limits", "approvals", "commands", "reading")
    }
    assert ids == {
        "checkpoints": ["watch"],
        "lanes": ["lane", "infra"],
        "limits": ["small", "spend", "give-up"],
        "approvals": ["dba"],
        "commands": ["lint", "no-push", "suite", "ci"],
        "reading": ["read"],
    }
    (watch,) = said["checkpoints"]
    assert watch["autonomy"] == "supervised"
    assert watch["paths"]["include"] == ["migrations/**"]
    assert watch["paths"]["exclude"] == ["migrations/x/"]
    assert watch["source"].startswith("docs/adr/0007-domain.md:")
    lane, infra = said["lanes"]
    assert (lane["classes"], lane["others"], lane["may"]) == (["A"], False, "only")
    assert (infra["classes"], infra["others"], infra["may"]) == (["C"], True, "not")
    lint, push, suite, ci = said["commands"]
    assert (lint["run"], lint["when"], lint["join"]) == (
        ["make lint", 'make "x y"'],
        "before-finishing",
        "all",
    )
    assert (push["must"], suite["when"], ci["when"], ci["join"]) == (False, "gate", "ci", "any")
    assert [(each["unit"], each["at_most"]) for each in said["limits"]] == [
        ("files", 20),
        ("usd", 2),
        ("failed-attempts", 3),
    ]


def test_decisions_make_gates_narrower_and_never_wider() -> None:
    levels = parse(emit())["levels"]
    assert list(levels) == ["assisted", "supervised", "autonomous", "ase"]
    gates = {
        name: (each["gates"]["files_changed"], each["gates"]["coverage"])
        for name, each in levels.items()
    }
    assert gates == {
        "assisted": (20, 85),
        "supervised": (20, 85),
        "autonomous": (20, 85),
        "ase": (10, 90),
    }
    of_a_class = parse(emit("- [xx] Agents of class `A` MUST change at most 1 files."))
    assert of_a_class["levels"]["supervised"]["gates"]["files_changed"] == 50


def test_a_level_is_earned_and_only_the_last_merges_by_itself() -> None:
    levels = parse(emit())["levels"]
    assert [each["earned"]["runs"] for each in levels.values()] == [None, 10, 50, 100]
    assert [each["earned"]["retries"] for each in levels.values()] == [None, None, 2, 1.5]
    assert [each["gates"]["auto_merge"] for each in levels.values()] == [False] * 3 + [True]
    assert set(levels["assisted"]["on_failure"].values()) == {"wait"}
    assert levels["ase"]["on_failure"]["test"] == "abort"


def test_the_configured_levels_stand_in_it() -> None:
    table = AgentsTable(
        autonomy="supervised",
        class_levels=("B assisted", "A ase"),
        path_levels=("src/** assisted", "src/** supervised", "docs/** ase"),
    )
    said = parse(emit(table=table))["agents"]
    assert said == {
        "autonomy": "supervised",
        "classes": {"A": "ase", "B": "assisted"},
        "paths": {"docs/**": "ase", "src/**": "assisted"},
    }


def test_a_proposal_says_nothing_yet() -> None:
    assert parse(emit(proposed=True))["limits"] == []


@pytest.mark.parametrize(
    "glob",
    [
        "a: b/**",
        "# x",
        "'q'",
        '"d"',
        "- l",
        "{a,b}",
        "!t",
        "*x",
        "&y",
        "%",
        "@z",
        "é",
        "yes",
        "no",
        "1e3",
        "0x1",
        "~a",
        "null",
        ".5",
    ],
)
def test_whatever_a_glob_holds_is_read_back_as_it_was(glob: str) -> None:
    said = parse(emit(f"- [xx] Agents MUST NOT change `{glob}`."))
    assert said["lanes"][0]["globs"] == [glob]


# --- configured levels that no decision allows ---------------------------------------------------

WATCH = "- [watch] Agents in `migrations/**` MUST work at autonomy `supervised`."
DOCS = "- [docs] Agents of class `A` MUST only change `docs/`."
FILES = {"migrations/1.sql": "x", "docs/a.md": "x"}


def build(shop: Shop, agents: str, *sentences: str) -> str:
    shop.write(
        {
            "bylaw.toml": f'targets = ["workflow"]\n[agents]\n{agents}\n',
            ADR: record(*(sentences or (WATCH, DOCS))),
            **FILES,
        }
    )
    return shop.run("build", "-q").err


@pytest.mark.parametrize(
    ("agents", "forbidden"),
    [
        ('autonomy = "supervised"', False),
        ('autonomy = "assisted"', False),
        ('autonomy = "autonomous"', True),
        ('autonomy = "ase"', True),
        ('class-levels = ["B autonomous"]', True),
        ('class-levels = ["A autonomous"]', False),
        ('autonomy = "ase"\npath-levels = ["migrations/** assisted"]', False),
        ('autonomy = "ase"\npath-levels = ["migrations/a/** assisted"]', True),
        ('autonomy = "ase"\npath-levels = ["migrations/** autonomous"]', True),
        ('path-levels = ["migrations/a/** autonomous"]', True),
        ('path-levels = ["migrations/** supervised"]', False),
        ('path-levels = ["src/** ase"]', False),
        ('path-levels = ["** ase", "migrations/** supervised"]', False),
    ],
)
def test_a_level_that_a_sentence_forbids_somewhere_is_an_error_that_names_it(
    empty: Shop, agents: str, forbidden: bool
) -> None:
    said = build(empty, agents)
    assert ("error[BL450]" in said) is forbidden
    if forbidden:
        assert "bylaw.toml:3:" in said
        assert WATCH in said
        assert "at `migrations/" in said


def test_a_class_is_judged_by_sentences_for_it(empty: Shop) -> None:
    own = WATCH.replace("Agents in", "Agents of class `B` in")
    assert "BL450" not in build(empty, 'class-levels = ["C ase"]', own)
    assert "BL450" in build(empty, 'autonomy = "ase"', own)
    assert "BL450" not in build(empty, 'autonomy = "ase"\nclass-levels = ["B assisted"]', own)


def test_where_only_classes_with_a_level_of_their_own_may_work_no_other_counts(empty: Shop) -> None:
    infra = "- [beside] Agents in `infra/**` MUST work at autonomy `assisted`."
    door = "- [infra] Only agents of class `C` MAY change `infra/`."
    levels = 'autonomy = "supervised"\nclass-levels = ["C assisted"]'
    assert "BL450" not in build(empty, levels, infra, door)
    assert "BL450" in build(empty, levels, infra)
    assert "BL450" in build(empty, 'autonomy = "supervised"', infra, door)


def test_a_should_warns(empty: Shop) -> None:
    assert "warning[BL450]" in build(empty, 'autonomy = "ase"', WATCH.replace("MUST", "SHOULD"))


def test_two_levels_at_one_path_are_a_conflict_with_a_witness(empty: Shop) -> None:
    other = "- [free] Agents in `**/*.sql` MUST work at autonomy `autonomous`."
    said = build(empty, "", WATCH, other)
    assert "error[BL230]" in said
    assert "on `migrations/" in said


@pytest.mark.parametrize(
    "line",
    [
        'autonomy = "full"',
        "autonomy = 3",
        'class-levels = ["A"]',
        'class-levels = "A ase"',
        'class-levels = ["A full"]',
        'path-levels = ["../x ase"]',
    ],
)
def test_a_level_that_is_none_is_told_with_its_place(empty: Shop, line: str) -> None:
    said = build(empty, line)
    assert "error[BL913]" in said
    assert "bylaw.toml:3:" in said
