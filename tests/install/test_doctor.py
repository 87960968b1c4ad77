"""`bylaw doctor` sees what stands, and what only seems to."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bylaw.schema import SCHEMAS
from tests.check.shop import ADR, NO_ORM, Shop, record

BIN = Path(sys.executable).parent


@pytest.fixture(autouse=True)
def found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have `bylaw` on the path, as whoever has installed it does."""
    monkeypatch.setenv("PATH", os.pathsep.join([str(BIN), os.environ["PATH"]]))


def doctor(shop: Shop, *options: str) -> dict[str, Any]:
    said = shop.run("doctor", "--format", "json", *options)
    output: dict[str, Any] = json.loads(said.out)
    jsonschema.validate(output, SCHEMAS["doctor"].build())
    errors = any(each["state"] == "error" for each in output["findings"])
    assert said.status == (1 if errors else 0)
    return output


def state(shop: Shop, about: str) -> tuple[str, str]:
    found = [each for each in doctor(shop)["findings"] if each["about"] == about]
    worst = min(found, key=lambda f: ["error", "warning", "note", "ok"].index(f["state"]))
    return worst["state"], worst["message"]


def test_a_repository_with_everything_is_well(shop: Shop, tmp_path: Path) -> None:
    shop.write({".github/CODEOWNERS": "* @arch\n", ".gitignore": ".bylaw/\n"})
    for host in ("claude-code", "cursor", "pre-commit", "github-actions"):
        assert shop.run("install", host, "--yes").status == 0
    subprocess.run(["pre-commit", "install"], cwd=shop.root, check=True, capture_output=True)
    shop.commit()
    shop.run("build")
    said = doctor(shop)
    bad = [each for each in said["findings"] if each["state"] in ("error", "warning")]
    assert bad == []
    assert all(said["checkpoints"].values())


def test_a_bare_repository_is_told_what_to_install(shop: Shop) -> None:
    said = doctor(shop)
    assert not any(said["checkpoints"].values())
    helps = " ".join(each["help"] or "" for each in said["findings"])
    for host in ("claude-code", "cursor", "pre-commit", "github-actions"):
        assert f"bylaw install {host}" in helps
    assert state(shop, "ci")[0] == "warning"


def test_each_constraint_is_in_the_map_with_ways_that_are_told(shop: Shop) -> None:
    shop.commit({ADR: record(NO_ORM, "- [dba] Changes to `db/**` MUST be approved by `@dba`.")})
    said = doctor(shop)
    by_id = {each["id"]: each for each in said["constraints"]}
    assert by_id.keys() == {"0007-domain/no-orm", "0007-domain/dba"}
    assert by_id["0007-domain/no-orm"]["checkpoints"]["call"]["level"] == "judged"
    assert by_id["0007-domain/dba"]["checkpoints"]["call"]["level"] == "never"
    assert {way for each in by_id.values() for way in each["ways"]} == {
        way["id"] for way in said["ways"]
    }


def test_a_hook_that_only_seems_to_stand_is_an_error(shop: Shop, monkeypatch: Any) -> None:
    shop.run("install", "claude-code", "--yes")
    before = sorted((shop.root / ".git").rglob("*"))
    assert state(shop, "claude-code") == ("ok", "it asks, and is answered")
    assert sorted((shop.root / ".git").rglob("*")) == before
    path = shop.root / ".claude/settings.json"
    good = path.read_text()
    path.write_text(good + "x")
    assert state(shop, "claude-code")[0] == "error"
    shop.write({".claude/settings.local.json": '{"disableAllHooks": true}'})
    path.write_text(good)
    assert "switches all hooks off" in state(shop, "claude-code")[1]
    (shop.root / ".claude/settings.local.json").unlink()
    path.write_text(
        json.dumps(
            {
                "hooks": {
                    "PreToolUse": [
                        {"hooks": [{"type": "command", "command": "bylaw hook claude-code"}]}
                    ]
                }
            }
        )
    )
    assert "lets every call through" in state(shop, "claude-code")[1]
    path.write_text(good)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert "is not found" in state(shop, "claude-code")[1]


def test_a_command_that_is_not_ours_is_not_run(shop: Shop, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    command = f"touch {mark}; bylaw hook claude-code || exit 2"
    hook = {"hooks": [{"type": "command", "command": command}]}
    events = ("PreToolUse", "PostToolUse", "Stop")
    shop.write({".claude/settings.json": json.dumps({"hooks": {e: [hook] for e in events}})})
    assert state(shop, "claude-code")[0] == "ok"
    assert not mark.exists()


def test_a_check_that_is_configured_and_not_installed_is_told(shop: Shop) -> None:
    shop.run("install", "pre-commit", "--yes")
    assert "does not run it" in state(shop, "pre-commit")[1]
    subprocess.run(["pre-commit", "install"], cwd=shop.root, check=True, capture_output=True)
    assert state(shop, "pre-commit")[0] == "ok"
    shop.git("config", "core.hooksPath", "elsewhere")
    assert "does not run it" in state(shop, "pre-commit")[1]


def test_a_comment_in_ci_is_no_check(shop: Shop) -> None:
    path = ".github/workflows/ci.yml"
    shop.commit({path: "jobs:\n  a:\n    steps:\n      # bylaw check\n      - run: make\n"})
    assert "no file of CI" in state(shop, "ci")[1]
    shop.commit({path: "jobs:\n  a:\n    steps:\n      - run: bylaw check --diff main\n"})
    assert state(shop, "ci")[0] == "ok"


def test_rules_that_nobody_owns_are_named(shop: Shop) -> None:
    assert "nobody owns" in state(shop, "owners")[1]
    shop.commit({"CODEOWNERS": "* @all\n/docs/adr/ @arch\n/bylaw.toml\n"})
    said, message = state(shop, "owners")
    assert (said, "`bylaw.toml`" in message, ADR in message) == ("warning", True, False)


def test_artifacts_that_are_out_of_date_are_an_error(shop: Shop) -> None:
    shop.run("build")
    assert state(shop, "artifacts")[0] == "ok"
    shop.write({ADR: record(NO_ORM.replace("sqlalchemy", "django"))})
    assert state(shop, "artifacts")[0] == "error"
    shop.write({".gitignore": ".bylaw/\n"})
    assert state(shop, "artifacts")[0] == "note"


def test_decisions_that_do_not_compile_are_an_error(shop: Shop) -> None:
    shop.write({ADR: record("- Modules in `shop` MUST NOT impor `x`.")})
    assert state(shop, "decisions")[0] == "error"
    assert shop.run("doctor").status == 1


def test_strict_fails_on_a_warning(shop: Shop) -> None:
    shop.write({".gitignore": ".bylaw/\n"})
    assert shop.run("doctor").status == 0
    assert shop.run("doctor", "--strict").status == 1


def test_the_table_fits_a_terminal_of_eighty_columns(shop: Shop) -> None:
    shop.commit({ADR: record(NO_ORM, "- [spend] Agents MUST spend at most 20 tokens.")})
    done = subprocess.run(
        ["script", "-qc", "stty cols 80; bylaw --color never doctor", "/dev/null"],
        cwd=shop.root,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.replace("\r", "").splitlines()
    assert "0007-domain" in lines
    assert max(map(len, lines)) <= 80


def test_a_constraint_that_no_checkpoint_holds_is_named(shop: Shop) -> None:
    shop.commit({ADR: record(NO_ORM, "- [spend] Agents MUST spend at most 9 tokens.")})
    by_id = {each["id"]: each["authority"] for each in doctor(shop)["constraints"]}
    assert by_id == {"0007-domain/no-orm": "pull-request", "0007-domain/spend": None}
    said = " ".join(shop.run("doctor").out.split())
    assert "No checkpoint holds an agent to 1 constraint, because it may write" in said
    assert "judged by: 0007-domain/spend" in said


def test_whoever_may_change_the_configuration_or_the_owners_needs_somebody_else(
    shop: Shop,
) -> None:
    (shop.root / "bylaw.toml").unlink(missing_ok=True)
    shop.write({"pyproject.toml": "[tool.bylaw]\n", ".github/CODEOWNERS": "docs/adr/ @arch\n"})
    assert state(shop, "owners")[1].endswith(
        "names no owner of `pyproject.toml`, `.github/CODEOWNERS`"
    )
    shop.write({"pyproject.toml": "[tool.other]\n"})
    assert state(shop, "owners")[1].endswith("names no owner of `.github/CODEOWNERS`")


def test_what_is_left_out_of_a_list_is_counted(shop: Shop) -> None:
    (shop.root / "bylaw.toml").write_text(
        '[agents]\nsurfaces = ["agents-md", "claude", "gemini"]\n'
    )
    message = state(shop, "artifacts")[1]
    named = message.count("`") // 2
    number = int(message.split()[0])
    assert number > named == 3
    assert message.endswith(f"and {number - named} more")
