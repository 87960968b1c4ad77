"""`bylaw prove`: every way in which a rule can fail its sentence is seen, with real engines."""

import json
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bylaw.check.judges import JUDGES
from bylaw.globs import matcher
from bylaw.prove.names import of_glob
from bylaw.prove.shapes import CODE, OTHERS
from bylaw.schema import SCHEMAS
from tests.check.shop import ADR, NO_ORM, Shop, empty, record, shop
from tests.engines import find_semgrep
from tests.targets.semgrep.cases import read_cases

__all__ = ["empty", "shop"]

pytestmark = pytest.mark.engine

TARGETS = 'adrs = ["docs/adr"]\ntargets = ["semgrep", "import-linter"]\n'
RULE = "- [no-orm] Modules in `shop.domain` MUST NOT import `sqlalchemy`."
ID = "0007-domain/no-orm"


@pytest.fixture(autouse=True)
def _engines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLAW_SEMGREP", str(find_semgrep()))


def example(verdict: str, text: str, options: str = "", path: str = "src/shop/domain/a.py") -> str:
    """Return a fence to nest under a list item."""
    body = "".join(f"  {line}\n" for line in text.splitlines())
    return f"\n  ```python {verdict} path={path}{options}\n{body}  ```\n"


def prove(shop: Shop, *items: str, arguments: tuple[str, ...] = ()) -> dict[str, Any]:
    """Prove these list items in the shop; the report."""
    shop.write({ADR: record(*items), "bylaw.toml": TARGETS})
    done = shop.run("prove", "--format", "json", *arguments)
    said: dict[str, Any] = json.loads(done.out)
    jsonschema.Draft202012Validator(SCHEMAS["prove-report"].build()).validate(said)
    assert said["summary"]["status"] == done.status
    return said


def cells(said: dict[str, Any], identity: str = ID) -> dict[str, str]:
    """Return how each engine stands with a constraint."""
    (proof,) = [p for p in said["proofs"] if p["constraint"] == identity]
    return {engine: cell["status"] for engine, cell in proof["engines"].items()}


def faults(said: dict[str, Any]) -> set[tuple[str, str]]:
    """Return code and engine of each fault."""
    return {(f["code"], f["engine"]) for f in said["faults"]}


def replace_semgrep(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Put a target that goes wrong in the place of Semgrep's."""
    monkeypatch.setitem(
        __import__("bylaw_targets").TARGETS, "semgrep", f"tests.prove.faulty:{name}"
    )


# --- what holds ----------------------------------------------------------------------------------


def test_a_true_rule_is_proved_by_every_engine_that_claims_it(shop: Shop) -> None:
    said = prove(shop, RULE)
    assert cells(said) == {
        "evaluator": "proved",
        "semgrep": "proved",
        "import-linter": "approximate",
    }
    assert (said["summary"]["status"], said["faults"]) == (0, [])
    (proof,) = said["proofs"]
    assert proof["engines"]["semgrep"]["violates"] >= 8
    assert proof["engines"]["semgrep"]["complies"] >= 5


def test_the_sample_is_proved(
    sample: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(sample)
    done = Shop(sample, capsys).run("prove", "--format", "json")
    said = json.loads(done.out)
    assert (done.status, said["faults"]) == (0, [])
    unproven = {
        p["constraint"].partition("/")[2]
        for p in said["proofs"]
        if p["engines"]["evaluator"]["status"] != "proved"
    }
    # Only a command that would have to run, and what only a record of tool calls shows.
    of_agents = {"spend", "give-up", "checked", "read-first", "watched", "beside", "no-bypass"}
    assert unproven == {"catalogue", *of_agents, "readable", "release"}
    assert said["summary"]["programs"] > 400


def test_text_names_every_constraint_and_engine(shop: Shop) -> None:
    shop.write({ADR: record(RULE), "bylaw.toml": TARGETS})
    done = shop.run("prove")
    assert done.status == 0
    head, title, row, *_ = done.out.splitlines()
    assert head.split() == ["programs", "evaluator", "Semgrep", "import-linter"]
    assert title == "0007-domain: The domain stands alone"
    assert row.split()[0] == "no-orm"
    assert row.split()[2:] == ["proved", "proved", "approximate"]


def test_ids_choose_constraints_and_an_unknown_one_is_named(shop: Shop) -> None:
    said = prove(shop, RULE, "- [other] Code in `src/**` MUST NOT call `eval`.", arguments=(ID,))
    assert [p["constraint"] for p in said["proofs"]] == [ID]
    done = shop.run("prove", "no-ormm")
    assert (done.status, "did you mean `no-orm`" in done.err) == (2, True)


def test_each_shape_is_accounted_for() -> None:
    """A shape without programs is one of which none can be made."""
    told = {"semgrep", "command-pass", "agent-run", "agent-read", "agent-autonomy"}
    assert JUDGES.keys() == CODE.keys() | OTHERS.keys() | told


@pytest.mark.parametrize("glob", ["[0-9][0-9]-*.md", "[!a-z]?[*].md", "{a,b}[xy]-*.md", "*.md"])
def test_a_glob_of_names_is_filled_in_with_a_name_that_it_matches(glob: str) -> None:
    assert matcher((glob,))(of_glob(glob, "sample"))


def test_what_init_writes_is_proved(empty: Shop) -> None:
    assert empty.run("init").status == 0
    done = empty.run("prove", "--format", "json")
    (proof,) = json.loads(done.out)["proofs"]
    assert (done.status, proof["engines"]["evaluator"]["status"]) == (0, "proved")
    assert proof["engines"]["evaluator"]["violates"] >= 1


# --- wrong examples ------------------------------------------------------------------------------


def test_an_example_that_violates_nothing_is_a_fault_of_every_engine(shop: Shop) -> None:
    said = prove(shop, RULE + "\n" + example("violates", "import sqlalchemy_utils"))
    assert faults(said) == {("BL540", "evaluator"), ("BL540", "semgrep")}
    assert said["summary"]["status"] == 1
    assert {f["case"]["source"] for f in said["faults"]} == {"example"}


def test_an_example_that_does_not_comply_is_a_false_alarm(shop: Shop) -> None:
    said = prove(shop, RULE + "\n" + example("complies", "import sqlalchemy"))
    assert faults(said) == {("BL541", "evaluator"), ("BL541", "semgrep")}
    assert {tuple(f["said"]["evaluator"]) for f in said["faults"]} == {(1,)}


def test_an_example_is_violated_in_the_line_that_it_names(shop: Shop) -> None:
    text = "import os\nimport sqlalchemy"
    assert not prove(shop, RULE + "\n" + example("violates", text, " line=2"))["faults"]
    said = prove(shop, RULE + "\n" + example("violates", text, " line=1"))
    assert faults(said) == {("BL540", "evaluator"), ("BL540", "semgrep")}


def test_a_wrong_example_is_shown_with_its_lines_and_what_each_engine_said(shop: Shop) -> None:
    text = example("complies", "import os\nimport sqlalchemy")
    shop.write({ADR: record(RULE + "\n" + text), "bylaw.toml": TARGETS})
    done = shop.run("prove")
    assert done.status == 1
    assert "error[BL541]: the evaluator reports an example that complies" in done.out
    assert "2 | import sqlalchemy   <- evaluator and Semgrep" in done.out
    assert f" --> {ADR}:9" in done.out


# --- wrong rules ---------------------------------------------------------------------------------


def test_a_silent_rule_that_claims_to_be_exact_is_found(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_semgrep(monkeypatch, "Mute")
    said = prove(shop, RULE)
    assert cells(said)["evaluator"] == "proved"
    assert cells(said)["semgrep"] == "silent"
    assert faults(said) == {("BL540", "semgrep")}
    assert {f["case"]["title"] for f in said["faults"]} >= {"imports it", "imports it in a try"}


SHOUT = "- [quiet] Python code in `src/shop/**` MUST NOT call `shout`."
QUIET = "0007-domain/quiet"


def test_a_rule_that_reports_too_much_is_found(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_semgrep(monkeypatch, "Loud")
    said = prove(shop, SHOUT)
    assert cells(said, QUIET)["evaluator"] == "proved"
    assert cells(said, QUIET)["semgrep"] == "false-alarm"
    assert faults(said) == {("BL541", "semgrep")}


def test_engines_that_report_different_lines_of_an_example_disagree(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_semgrep(monkeypatch, "Loud")
    said = prove(shop, SHOUT + "\n" + example("violates", "shout()\nother()"))
    (fault,) = [f for f in said["faults"] if f["code"] == "BL543"]
    assert fault["said"] == {"evaluator": [1], "semgrep": [1, 2]}


def test_a_rule_that_semgrep_cannot_read_is_a_fault(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_semgrep(monkeypatch, "Broken")
    said = prove(shop, RULE)
    assert ("BL544", "semgrep") in faults(said)
    assert cells(said)["semgrep"] == "failed"
    assert said["summary"]["status"] == 1


def test_a_rule_that_scans_no_file_is_vacuous(shop: Shop) -> None:
    item = "- [no-sleep] Python code in `tests/**` MUST NOT import `requests`."
    said = prove(shop, item)
    identity = "0007-domain/no-sleep"
    assert cells(said, identity)["semgrep"] == "vacuous"
    assert faults(said) == {("BL542", "semgrep")}
    assert "semgrepignore" in said["faults"][0]["help"]
    shop.write({".semgrepignore": ".git/\n"})
    assert cells(prove(shop, item), identity)["semgrep"] == "proved"


def test_a_scope_in_which_no_path_can_lie_is_vacuous(shop: Shop) -> None:
    item = "- [none] Python code in `src/shop/**` MUST NOT import `requests`, except in `src/**`."
    said = prove(shop, item)
    assert ("BL542", "evaluator") in faults(said)
    assert cells(said, "0007-domain/none")["evaluator"] == "vacuous"


def test_an_absent_engine_is_said_and_not_passed_over(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BYLAW_SEMGREP", "no-such-semgrep")
    said = prove(shop, RULE)
    assert cells(said)["semgrep"] == "not-run"
    assert (said["summary"]["status"], said["faults"]) == (3, [])
    assert "BL545" in {d["code"] for d in said["diagnostics"]}


def test_errors_in_the_decisions_keep_from_proving(shop: Shop) -> None:
    shop.write(
        {ADR: record("- [x] Modules in `shop` MUST NOT imports `y`."), "bylaw.toml": TARGETS}
    )
    done = shop.run("prove")
    assert done.status == 1
    assert done.out == ""


# --- generated programs --------------------------------------------------------------------------


def test_programs_for_every_shape_that_semgrep_speaks_agree(empty: Shop) -> None:
    """The sentences of the rules' own cases: some nine hundred programs, in a few scans."""
    cases = read_cases()
    cases.write(empty.root)
    empty.write({f"docs/adr/{name}.md": text for name, text in cases.cases.items()})
    empty.write({"bylaw.toml": TARGETS, ".semgrepignore": cases.ignore})
    start = time.monotonic()
    done = empty.run("prove", "--format", "json")
    said = json.loads(done.out)
    assert said["faults"] == []
    assert said["summary"]["programs"] > 800
    assert said["summary"]["cells"]["proved"] > 100
    assert time.monotonic() - start < 120


# --- a real tree ---------------------------------------------------------------------------------


def test_engines_that_agree_on_a_tree_are_said_to(shop: Shop) -> None:
    shop.write({"src/shop/domain/order.py": "import os\nimport sqlalchemy\n"})
    said = prove(shop, RULE, arguments=("--on", "."))
    assert said["summary"]["status"] == 0
    rows = {(r["engine"], r["both"], r["evaluator_only"]) for r in said["comparison"]["compared"]}
    assert rows == {("semgrep", 1, 0), ("import-linter", 1, 0)}


def test_a_line_that_only_one_engine_reports_fails_and_is_shown(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_semgrep(monkeypatch, "Mute")
    shop.write({"src/shop/domain/order.py": "import os\nimport sqlalchemy\n"})
    shop.write({ADR: record(RULE), "bylaw.toml": TARGETS})
    done = shop.run("prove", "--on", ".", "--diff")
    assert done.status == 1
    assert "error[BL543]" in done.out
    assert "src/shop/domain/order.py:2: only the evaluator reports it" in done.out
    assert "2 | import sqlalchemy" in done.out


def test_what_an_artifact_announces_is_listed_and_does_not_fail(shop: Shop) -> None:
    text = 'import importlib\n\nimportlib.import_module("sqlalchemy")\n'
    shop.write({"src/shop/domain/order.py": text})
    said = prove(shop, RULE, arguments=("--on", "."))
    assert said["summary"]["status"] == 0
    (difference,) = said["comparison"]["differences"]
    assert (difference["engine"], difference["only"]) == ("import-linter", "evaluator")
    assert difference["announced"]
    done = shop.run("prove", "--on", ".", "--diff")
    assert "importlib.import_module` are not seen" in done.out


def test_another_tree_is_judged_by_these_decisions(shop: Shop, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "src/shop/domain").mkdir(parents=True)
    for path in ("src/shop/__init__.py", "src/shop/domain/__init__.py"):
        (other / path).write_text("")
    (other / "src/shop/domain/a.py").write_text("from sqlalchemy import orm\n")
    said = prove(shop, RULE, arguments=("--on", str(other)))
    rows = {(r["engine"], r["both"]) for r in said["comparison"]["compared"]}
    assert rows == {("semgrep", 1), ("import-linter", 1)}


def test_a_tree_without_files_is_not_passed_over(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    assert (
        prove(shop, RULE, arguments=("--on", str(tmp_path / "nothing")))["summary"]["status"] == 3
    )


def test_a_folder_that_is_none_is_a_usage_fault(shop: Shop) -> None:
    shop.write({"bylaw.toml": TARGETS, ADR: record(NO_ORM)})
    assert shop.run("prove", "--on", "nowhere").status == 2
