"""`bylaw install`: shown first, written in one step, and understood by the hosts themselves."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bylaw.install.hosts import HOSTS, Setting, claude_command
from bylaw.install.templates import SETUP_HEAD
from tests.check.shop import BAD, ORDER, Shop

BIN = Path(sys.executable).parent


def tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(root).parts
    }


@pytest.mark.parametrize("host", list(HOSTS))
def test_an_installation_is_idempotent_and_leaves_nothing_behind(host: str, shop: Shop) -> None:
    before = tree(shop.root)
    folders = {path for path in shop.root.rglob("*") if path.is_dir()}
    assert shop.run("install", host, "--yes").status == 0
    after = tree(shop.root)
    assert after != before
    again = shop.run("install", host, "--yes")
    assert (again.status, again.out) == (0, "")
    assert "nothing to do" in again.err
    assert tree(shop.root) == after
    assert shop.run("install", host, "--remove", "--yes").status == 0
    assert tree(shop.root) == before
    assert {path for path in shop.root.rglob("*") if path.is_dir()} == folders
    assert "nothing to do" in shop.run("install", host, "--remove", "--yes").err


def test_without_a_terminal_the_difference_is_shown_and_nothing_is_written(shop: Shop) -> None:
    before = tree(shop.root)
    said = shop.run("install", "claude-code")
    assert said.status == 1
    assert "+++ b/.claude/settings.json" in said.out
    assert "error[BL935]" in said.err
    assert tree(shop.root) == before
    assert shop.run("install", "claude-code", "--dry-run").status == 0
    assert tree(shop.root) == before


@pytest.mark.parametrize(("typed", "status", "written"), [(b"y\n", 0, True), (b"n\n", 1, False)])
def test_on_a_terminal_it_asks(typed: bytes, status: int, written: bool, shop: Shop) -> None:
    ours, theirs = pty.openpty()
    done = subprocess.Popen(
        [BIN / "bylaw", "--color", "always", "install", "pre-commit"],
        cwd=shop.root,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    os.write(ours, typed)
    out, _ = done.communicate(timeout=60)
    os.close(ours)
    assert done.returncode == status
    assert b"\x1b[" in out
    assert (shop.root / ".pre-commit-config.yaml").exists() == written


def test_hosts_are_listed_and_misspelt_ones_are_told(shop: Shop) -> None:
    assert all(name in shop.run("install").out for name in HOSTS)
    assert "did you mean `claude-code`" in shop.run("install", "claude").err
    assert shop.run("install", "gitlab", "--yes", "--dry-run").status == 2


def test_a_link_out_of_the_repository_is_not_followed(shop: Shop, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (shop.root / ".claude").symlink_to(outside)
    said = shop.run("install", "claude-code", "--yes")
    assert (said.status, list(outside.iterdir())) == (2, [])
    assert "error[BL932]" in said.err


def test_a_link_within_the_repository_stays_one(shop: Shop) -> None:
    shop.write({"config/settings.json": "{}\n"})
    (shop.root / ".claude").mkdir()
    (shop.root / ".claude/settings.json").symlink_to("../config/settings.json")
    assert shop.run("install", "claude-code", "--yes").status == 0
    assert (shop.root / ".claude/settings.json").is_symlink()
    assert "hooks" in json.loads((shop.root / "config/settings.json").read_text())


def test_a_read_only_file_is_left_alone_and_rights_are_kept(shop: Shop) -> None:
    path = shop.root / ".gitlab-ci.yml"
    path.write_text("a:\n  script: x\n")
    path.chmod(0o444)
    assert "is read-only" in shop.run("install", "gitlab", "--yes").err
    path.chmod(0o640)
    assert shop.run("install", "gitlab", "--yes").status == 0
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_broken_file_is_shown_with_its_place_and_not_touched(shop: Shop) -> None:
    shop.write({".claude/settings.json": '{\n  "a": 1,\n}\n'})
    said = shop.run("install", "claude-code", "--yes")
    assert said.status == 2
    assert "settings.json:3:1" in said.err
    assert (shop.root / ".claude/settings.json").read_text() == '{\n  "a": 1,\n}\n'


def test_an_edited_workflow_is_neither_overwritten_nor_deleted(shop: Shop) -> None:
    shop.run("install", "github-actions", "--yes")
    path = shop.root / ".github/workflows/bylaw.yml"
    path.write_text(path.read_text() + "# mine\n")
    for options in ((), ("--remove",)):
        said = shop.run("install", "github-actions", "--yes", *options)
        assert (said.status, "error[BL934]" in said.err) == (2, True)
    assert path.read_text().endswith("# mine\n")


def test_below_the_top_of_a_repository_ci_is_told_where(shop: Shop) -> None:
    shop.write({"part/bylaw.toml": 'adrs = ["adr"]\n'})
    for host in ("pre-commit", "github-actions", "gitlab"):
        assert shop.run("install", host, "--yes", "-C", "part").status == 0
    written = tree(shop.root)
    for name in (".pre-commit-config.yaml", ".github/workflows/bylaw-part.yml", ".gitlab-ci.yml"):
        assert b"bylaw check -C part" in written[name]


@pytest.mark.parametrize("words", ["", " ", "'", "a\nb", "bylaw # x", 'a: "b"', "$(x)"])
def test_what_is_no_command_is_refused(words: str, shop: Shop) -> None:
    before = tree(shop.root)
    said = shop.run("install", "pre-commit", "--yes", "--command", words)
    assert (said.status, "error[BL902]" in said.err) == (2, True)
    assert tree(shop.root) == before


def test_the_command_may_be_another(shop: Shop) -> None:
    words = '"$CLAUDE_PROJECT_DIR"/.venv/bin/bylaw'
    assert shop.run("install", "claude-code", "--yes", "--command", words).status == 0
    assert shop.run("install", "pre-commit", "--yes", "--command", "uv run bylaw").status == 0
    written = tree(shop.root)
    hooks = json.loads(written[".claude/settings.json"])["hooks"]
    assert hooks["PreToolUse"][0]["hooks"][0]["command"].startswith(f"{words} hook claude-code")
    assert b"entry: uv run bylaw check --staged" in written[".pre-commit-config.yaml"]


def test_odd_names_of_branches_and_folders_stay_what_they_are(shop: Shop) -> None:
    shop.write({"a: b #c/bylaw.toml": 'adrs = ["adr"]\nmain-branch = "CHECK/\\"x"\n'})
    for host in ("pre-commit", "github-actions", "gitlab"):
        said = shop.run("install", host, "--yes", "-C", "a: b #c")
        assert said.status == 0, said.err
    written = tree(shop.root)
    (path,) = (path for path in written if path.startswith(".github/workflows/bylaw-a-b-c-"))
    github = yaml.load(written[path], yaml.BaseLoader)
    assert github["on"]["push"]["branches"] == ['CHECK/"x']
    hook = yaml.safe_load(written[".pre-commit-config.yaml"])["repos"][0]["hooks"][0]
    assert hook["entry"].startswith("bylaw check -C 'a: b #c' --staged")
    (job,) = yaml.safe_load(written[".gitlab-ci.yml"]).values()
    assert "-C 'a: b #c'" in job["script"][1]


def test_the_main_branch_is_the_remotes_default(shop: Shop) -> None:
    shop.git("update-ref", "refs/remotes/origin/trunk", "HEAD")
    shop.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    shop.run("install", "github-actions", "--yes")
    assert b"branches: [trunk]" in tree(shop.root)[".github/workflows/bylaw.yml"]


# --- Claude Code's own rules: 2 blocks, every other status lets a call through -------------------


@pytest.mark.parametrize(
    ("script", "before", "at_end"),
    [
        ("exit 0", 0, 0),
        ("exit 2", 2, 2),
        ("exit 1", 2, 1),
        ("kill -9 $$", 2, 1),
        (None, 2, 1),
    ],
    ids=["allows", "blocks", "fails", "is killed", "is not there"],
)
@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_whatever_is_no_answer_blocks_a_call_and_lets_an_end_be(
    script: str | None, before: int, at_end: int, shell: str, tmp_path: Path
) -> None:
    if script is not None:
        (tmp_path / "bylaw").write_text(f"#!/bin/sh\ncat >/dev/null\necho '{{}}'\n{script}\n")
        (tmp_path / "bylaw").chmod(0o755)
    path = os.pathsep.join([str(tmp_path), "/usr/bin", "/bin"])
    for event, status in (("PreToolUse", before), ("Stop", at_end), ("SessionStart", at_end)):
        done = subprocess.run(
            [shell, "-c", claude_command(event, "bylaw")],
            env={"PATH": path},
            input=b"{}",
            capture_output=True,
            check=False,
        )
        assert done.returncode == status, event
        assert (b"bylaw's hook gave no answer" in done.stderr) == (
            script not in ("exit 0", "exit 2")
        )
        assert done.stdout == (b"{}\n" if script is not None else b"")


def test_every_tool_is_asked_about(shop: Shop) -> None:
    shop.run("install", "claude-code", "--yes")
    hooks = json.loads((shop.root / ".claude/settings.json").read_text())["hooks"]
    assert hooks["PreToolUse"][0]["matcher"] == "*"
    assert {"PostToolUse", "Stop", "SubagentStop", "SessionStart"} <= hooks.keys()


# --- real consumers ------------------------------------------------------------------------------


def consume(*words: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(BIN), os.environ["PATH"]])
    return subprocess.run(
        [str(BIN / words[0]), *words[1:]],
        cwd=cwd,
        env={**os.environ, "PATH": path, **more},
        capture_output=True,
        text=True,
        check=False,
    )


def test_pre_commit_itself_stops_a_commit_that_breaks_a_rule(shop: Shop, tmp_path: Path) -> None:
    home = {"PRE_COMMIT_HOME": str(tmp_path / "home"), "BYLAW_CACHE_DIR": str(tmp_path / "cache")}
    shop.run("install", "pre-commit", "--yes")
    shop.commit()
    assert consume("pre-commit", "validate-config", cwd=shop.root, **home).returncode == 0
    assert consume("pre-commit", "install", cwd=shop.root, **home).returncode == 0
    shop.write({ORDER: BAD})
    shop.git("add", "-A")
    run = consume("pre-commit", "run", cwd=shop.root, **home)
    assert run.returncode == 1
    assert "sqlalchemy" in run.stdout
    shop.write({ORDER: "y = 2\n"})
    shop.git("add", "-A")
    done = consume("pre-commit", "run", cwd=shop.root, **home)
    assert (done.returncode, "Passed" in done.stdout) == (0, True)


def test_the_first_commit_of_all_is_checked_too(empty: Shop, tmp_path: Path) -> None:
    home = {"PRE_COMMIT_HOME": str(tmp_path / "home"), "BYLAW_CACHE_DIR": str(tmp_path / "cache")}
    empty.write(
        {
            "docs/adr/0001-small.md": "# 1. Small\n\nStatus: accepted\n\n## Constraints\n\n"
            "- [no-sql] Files matching `**/*.sql` MUST NOT exist.\n"
        }
    )
    empty.run("install", "pre-commit", "--yes")
    empty.git("add", "-A")
    assert consume("pre-commit", "run", cwd=empty.root, **home).returncode == 0
    empty.write({"a.sql": ""})
    empty.git("add", "-A")
    assert consume("pre-commit", "run", cwd=empty.root, **home).returncode == 1


def test_the_projects_own_hooks_are_a_manifest_of_pre_commits() -> None:
    root = Path(__file__).resolve().parents[2]
    done = consume("pre-commit", "validate-manifest", ".pre-commit-hooks.yaml", cwd=root)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("host", "schema", "path"),
    [
        ("github-actions", "vendor.github-workflows", ".github/workflows/bylaw.yml"),
        ("copilot", "vendor.github-workflows", ".github/workflows/copilot-setup-steps.yml"),
        ("gitlab", "vendor.gitlab-ci", ".gitlab-ci.yml"),
    ],
)
def test_ci_files_are_what_their_schemas_say(host: str, schema: str, path: str, shop: Shop) -> None:
    shop.run("install", host, "--yes")
    done = consume("check-jsonschema", "--builtin-schema", schema, path, cwd=shop.root)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("host", ["github-actions", "gitlab"])
def test_the_script_of_ci_runs_and_tells_a_change_from_the_main_branch(
    host: str, shop: Shop, tmp_path: Path
) -> None:
    (part,) = HOSTS[host].parts(Setting())
    made = yaml.safe_load(part.installed(None))
    script = (
        made["bylaw"]["script"][-1]
        if host == "gitlab"
        else next(s["run"] for s in made["jobs"]["bylaw"]["steps"] if "BASE" in s.get("run", ""))
    )
    base = shop.git("rev-parse", "HEAD").strip()
    shop.commit({ORDER: BAD})
    head = shop.git("rev-parse", "HEAD").strip()
    name = "BASE" if host == "github-actions" else "CI_MERGE_REQUEST_DIFF_BASE_SHA"
    path = os.pathsep.join([str(BIN), os.environ["PATH"]])
    for value, status in (("", 1), (base, 1), (head, 0)):
        done = subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=shop.root,
            env={**os.environ, "PATH": path, name: value},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stdout + done.stderr


def test_the_skeleton_of_a_new_setup_has_the_name_that_the_host_looks_for() -> None:
    assert list(yaml.safe_load(SETUP_HEAD)["jobs"]) == ["copilot-setup-steps"]


def test_a_reader_who_stops_reading_the_difference_is_no_fault(shop: Shop) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as closed:
        done = subprocess.run(
            [BIN / "bylaw", "install", "claude-code", "--dry-run"],
            cwd=shop.root,
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert b"BL906" not in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("host", ["pre-commit", "github-actions", "gitlab"])
def test_two_projects_of_one_repository_do_not_take_each_others_place(
    host: str, shop: Shop
) -> None:
    for name in ("one", "two/a"):
        (shop.root / name).mkdir(parents=True)
        (shop.root / name / "bylaw.toml").write_text("")
    before = tree(shop.root)
    for where in (".", "one", "two/a"):
        assert shop.run("install", host, "--yes", "-C", where).status == 0
    after = tree(shop.root)
    text = "".join(data.decode() for path, data in after.items() if path not in before)
    for where in ("", " -C one", " -C two/a"):
        assert re.search(rf"bylaw check{where} [-\"]", text)
    for where in (".", "one", "two/a"):
        assert "nothing to do" in shop.run("install", host, "--yes", "-C", where).err
    assert tree(shop.root) == after
    for path, data in after.items():
        if path.endswith((".yml", ".yaml")):
            yaml.safe_load(data)
    for where in ("one", ".", "two/a"):
        assert shop.run("install", host, "--remove", "--yes", "-C", where).status == 0
    assert tree(shop.root) == before
