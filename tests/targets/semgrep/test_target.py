"""What the Semgrep target promises about its files, whatever the decisions are."""

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from tests.engines import scan
from tests.targets.compiled import context, read
from tests.targets.semgrep.cases import Repository, found_places

from bylaw.diagnostics import Report
from bylaw.scope import ScopedProgram, scope_decision
from bylaw.target import Fidelity
from bylaw_targets.semgrep import Semgrep
from bylaw_targets.semgrep.lint import lint_rules

PLAIN = ("--no-rewrite-rule-ids", "--project-root", ".", ".")

HEAD = "# A decision\n\n- Status: accepted\n\n## Constraints\n\n"


def repository(sentence: str, **files: str) -> Repository:
    made = Repository({"0001-a": HEAD + sentence + "\n"})
    made.files = {path.replace("__", "/"): text for path, text in files.items()}
    return made


def fidelity(sentence: str, **files: str) -> Fidelity:
    made = repository(sentence, **files)
    return made.fragments[0].fidelity["rule"]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("- [rule] `a`, `b` and `c` MUST be layered.", "import graph"),
        ("- [rule] Modules in `a` MUST NOT form import cycles.", "import graph"),
        (
            "- [rule] Modules in `a` MUST NOT import `b` directly or indirectly.",
            "one file at a time",
        ),
        ("- [rule] The project MUST NOT depend on `moment`.", "manifest"),
        ("- [rule] Files matching `**/*.sql` MUST live in `migrations/`.", "which files there are"),
        ("- [rule] Key `a.b` in `pyproject.toml` MUST be `true`.", "key"),
        ("- [rule] CI MUST run `make lint`.", "runs no commands"),
        ("- [rule] Agents MUST change at most 20 files.", "agent"),
        ("- [rule] Changes to `migrations/**` MUST be approved by `@dba`.", "approval"),
        ("- [rule] When `a/**` changes, `b/**` MUST change.", "history"),
        ("- [rule] Files in `a/**` SHOULD have at most 400 lines.", "count"),
        ("- [rule] Files in `tests/**` MUST be named `test_*.py`.", "names of files"),
        ("- [rule] Branch names MUST match `/[a-z]+/`.", "not files"),
    ],
)
def test_what_semgrep_cannot_say_is_unsupported_with_a_reason(sentence: str, words: str) -> None:
    found = fidelity(sentence, **{"a.py": ""})
    assert found.level == "unsupported"
    assert words in str(found.reason)
    assert found.rules == ()


def test_a_constraint_for_new_code_is_approximate() -> None:
    found = fidelity(
        "- [rule] Python code in `a/**` MUST NOT import `x` for new code.", **{"a/b.py": ""}
    )
    assert (found.level, found.errs) == ("approximate", "over-reports")


def test_a_constraint_that_is_not_yet_in_force_has_no_rules() -> None:
    sentence = "- [rule] Python code in `a/**` MUST NOT import `x` from 2027-01-01."
    made = repository(sentence, **{"a/b.py": ""})
    assert yaml.safe_load(made.rules) == {"rules": []}


def test_the_header_names_the_next_day_of_change() -> None:
    made = repository("- [rule] Python code in `a/**` MUST NOT import `x`.", **{"a/b.py": ""})
    program = ScopedProgram(
        made.program.decisions, made.program.as_of, made.program.facts, date(2027, 1, 1)
    )
    artifact, _ = Semgrep().assemble(program, made.fragments, Report())
    assert artifact.until == "2027-01-01"
    assert "2027-01-01" in artifact.data.decode().split("rules:")[0]


def test_two_files_of_one_name_are_reported() -> None:
    made = repository("- [rule] Python code in `a/**` MUST NOT import `x`.", **{"a/b.py": ""})
    report = Report()
    artifacts = list(Semgrep().assemble(made.program, made.fragments * 2, report))
    assert [d.code for d in report] == ["BL400"]
    assert lint_rules(yaml.safe_load(artifacts[0].data)) == []


def test_a_scope_that_semgrep_skips_is_reported() -> None:
    made = repository(
        "- [rule] Python code in `shop/tests/**` MUST NOT import `x`.", **{"shop/tests/b.py": ""}
    )
    assert [d.code for d in made.fragments[0].diagnostics] == ["BL401"]
    assert ".semgrepignore" in str(made.fragments[0].fidelity["rule"].reason)


@pytest.mark.engine
def test_the_emitted_semgrepignore_makes_semgrep_look_into_tests(tmp_path: Path) -> None:
    made = repository(
        "- [rule] Python code in `shop/tests/**` MUST NOT import `x`.",
        **{"shop/tests/b.py": "import x\n"},
    )
    made.write(tmp_path)
    rules = tmp_path / "semgrep.yml"
    rules.write_bytes(made.rules)
    assert found_places(scan(tmp_path, rules, PLAIN)) == {}
    (tmp_path / ".semgrepignore").write_bytes(made.ignore)
    assert found_places(scan(tmp_path, rules, PLAIN)) == {
        "0001-a.rule.python": {("shop/tests/b.py", 1)}
    }


def test_bytes_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "import sys; sys.path.insert(0, '.'); "
        "from tests.targets.semgrep.cases import read_cases; "
        "sys.stdout.buffer.write(read_cases().rules)"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            cwd=Path(__file__).resolve().parents[3],
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert outputs.pop().endswith(b"\n")


def test_typescript_that_semgrep_does_not_scan_is_a_miss_that_is_said() -> None:
    sentence = "- [rule] TypeScript code MUST NOT import `axios`."
    assert fidelity(sentence, **{"web/a.ts": ""}).level == "exact"
    found = fidelity(sentence, **{"web/a.ts": "", "web/b.mts": ""})
    assert (found.level, found.errs) == ("approximate", "misses")
    assert ".mts" in str(found.reason)


def rules_with(sentence: str, **changed: object) -> str:
    """Return the rules of a sentence where the configuration says something else."""
    found = replace(context(["a.py"]), **changed)  # type: ignore[arg-type]
    fragment = Semgrep().compile(scope_decision(read(sentence), found, Report()))
    return str(fragment.payload)


def test_configured_test_globs_are_the_test_files() -> None:
    sentence = "- [rule] Tests MUST be named `test_*`."
    assert "/tests/" in rules_with(sentence)
    configured = rules_with(sentence, tests=("checks/**",))
    assert "/checks/" in configured
    assert "/tests/" not in configured


def test_text_rules_leave_out_whatever_folder_builds_write_to() -> None:
    sentence = "- [rule] Files MUST NOT contain `BEGIN PRIVATE KEY`."
    assert "/.bylaw/" in rules_with(sentence)
    facts = context(["a.py"]).facts._replace(output="out/rules")
    assert "/out/rules/" in rules_with(sentence, facts=facts)
