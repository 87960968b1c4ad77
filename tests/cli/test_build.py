"""`bylaw build`: what it writes, what it refuses, and what its exit status says."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from tests.cli.commands import Run, Write

from bylaw.schema import SCHEMAS

BROKEN = """\
# 8. No x

Status: accepted

## Constraints

- [odd] Modules in `shop.domain` must not import `x`.
"""
WARNED = """\
# 9. Short files

Status: accepted

## Constraints

- Files in `src/shop/**` SHOULD have at most 400 lines.
"""
PROPOSED = """\
# 10. Shorter files

Status: proposed

## Constraints

- [later] Files in `src/shop/**` SHOULD have at most 300 lines.
"""


def outputs(repo: Path, folder: str = ".bylaw") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (repo / folder).iterdir()}


def test_a_build_writes_its_artifacts_and_then_is_up_to_date(
    run: Run, repo: Path, shop: None
) -> None:
    first = run("build")
    assert (first.status, first.out) == (0, "")
    assert "no errors in 1 ADR\n" in first.err
    assert "new" in first.err.splitlines()[-1]
    before = outputs(repo)
    assert {"constraints.json", "manifest.json", "semgrep.yml", "importlinter.toml"} <= set(before)
    again = run("build")
    assert again.err.endswith("none changed\n")
    assert outputs(repo) == before
    assert run("build", "--check").status == 0


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda f: (f / "semgrep.yml").write_text("x"), "`.bylaw/semgrep.yml` is stale"),
        (lambda f: (f / "semgrep.yml").unlink(), "`.bylaw/semgrep.yml` is missing"),
    ],
)
def test_check_fails_on_a_stale_and_on_a_missing_artifact(
    run: Run, repo: Path, shop: None, spoil: Callable[[Path], object], message: str
) -> None:
    run("build")
    spoil(repo / ".bylaw")
    before = outputs(repo)
    outcome = run("build", "--check")
    assert outcome.status == 1
    assert f"error[BL920]: {message}\n" in outcome.err
    assert outputs(repo) == before


def test_check_fails_on_an_orphan_and_a_build_removes_it(run: Run, repo: Path, shop: None) -> None:
    run("build")
    (repo / "bylaw.toml").write_text('adrs = ["docs/adr"]\ntargets = ["json"]\n')
    outcome = run("build", "--check")
    assert outcome.status == 1
    assert "`.bylaw/semgrep.yml` is orphaned" in outcome.err
    assert "removed" in run("build").err
    assert set(outputs(repo)) == {"constraints.json", "manifest.json"}
    assert run("build", "--check").status == 0


def test_a_foreign_file_is_noted_and_left_alone(run: Run, repo: Path, shop: None) -> None:
    run("build")
    (repo / ".bylaw" / "notes.txt").write_text("mine")
    outcome = run("build")
    assert outcome.status == 0
    assert "note[BL921]" in outcome.err
    assert (repo / ".bylaw" / "notes.txt").read_text() == "mine"
    assert run("build", "--check").status == 0


def test_an_error_stops_the_build_and_leaves_the_old_artifacts(
    run: Run, repo: Path, write: Write, shop: None
) -> None:
    run("build")
    before = outputs(repo)
    write({"docs/adr/0008-broken.md": BROKEN})
    outcome = run("build")
    assert outcome.status == 1
    assert " --> docs/adr/0008-broken.md:7:" in outcome.err
    assert outcome.err.endswith("nothing was written\n")
    assert outputs(repo) == before


def test_warnings_fail_only_a_strict_build(run: Run, repo: Path, write: Write, shop: None) -> None:
    write({"docs/adr/0009-warned.md": WARNED})
    outcome = run("build", "--strict")
    assert outcome.status == 1
    assert "warnings fail this build, because it is strict" in outcome.err
    assert not (repo / ".bylaw").exists()
    assert run("build").status == 0
    write({"bylaw.toml": "strict = true\n"})
    assert run("build").status == 1


def test_an_allowed_warning_is_not_reported(run: Run, write: Write, shop: None) -> None:
    write({"docs/adr/0009-warned.md": WARNED})
    warned = run("build", "--format", "json")
    codes = {each["code"] for each in json.loads(warned.out)["diagnostics"]}
    assert codes
    write({"bylaw.toml": f"allow = {json.dumps(sorted(codes))}\nstrict = true\n"})
    outcome = run("build")
    assert outcome.status == 0
    assert "warning" not in outcome.err


def test_proposed_decisions_are_built_on_request(
    run: Run, repo: Path, write: Write, shop: None
) -> None:
    write({"docs/adr/0010-proposed.md": PROPOSED})
    run("build")
    assert b"0010-proposed/later" not in outputs(repo)["constraints.json"]
    run("build", "--include-proposed")
    assert b"0010-proposed/later" in outputs(repo)["constraints.json"]


def test_the_day_decides_what_is_in_force(run: Run, repo: Path, write: Write) -> None:
    dated = PROPOSED.replace("proposed", "accepted").replace("lines.", "lines until 2026-03-31.")
    write({"docs/adr/0010-dated.md": dated, "src/shop/a.py": ""})
    texts = {}
    for day in ("2026-03-31", "2026-04-01"):
        assert run("build", "--as-of", day).status == 0
        texts[day] = outputs(repo)["AGENTS.md"]
    assert texts["2026-03-31"] != texts["2026-04-01"]


def test_one_target_at_a_time(run: Run, repo: Path, shop: None) -> None:
    assert run("build", "--target", "json", "--target", "json").status == 0
    assert set(outputs(repo)) == {"constraints.json"}
    assert run("build").status == 0
    whole = outputs(repo)
    assert run("build", "--check", "--target", "json").status == 0
    (repo / ".bylaw" / "constraints.json").write_text('{"format":"bylaw/stale"}')
    assert run("build", "--check", "--target", "json").status == 1
    assert run("build", "--target", "json").status == 0
    assert outputs(repo) == whole


def test_one_target_is_not_written_into_a_hand_written_folder(
    run: Run, repo: Path, write: Write, shop: None
) -> None:
    write({"rules/own.yml": "rules: []\n"})
    outcome = run("build", "--target", "json", "--output", "rules")
    assert outcome.status == 2
    assert outputs(repo, "rules") == {"own.yml": b"rules: []\n"}


def test_output_elsewhere(run: Run, repo: Path, shop: None, tmp_path: Path) -> None:
    assert run("build", "--output", str(tmp_path / "out")).status == 0
    assert (tmp_path / "out" / "manifest.json").exists()
    assert not (repo / ".bylaw").exists()


def test_a_hand_written_folder_is_not_touched(
    run: Run, repo: Path, write: Write, shop: None
) -> None:
    write({"rules/own.yml": "rules: []\n", "bylaw.toml": 'output = "rules"\n'})
    outcome = run("build")
    assert outcome.status == 2
    assert "error[BL922]" in outcome.err
    assert outputs(repo, "rules") == {"own.yml": b"rules: []\n"}


@pytest.mark.parametrize("target", ["..", "../elsewhere", "src"])
def test_the_output_is_no_link_into_other_folders(
    run: Run, repo: Path, shop: None, target: str
) -> None:
    (repo.parent / "elsewhere").mkdir()
    (repo / ".bylaw").symlink_to(target)
    outcome = run("build")
    assert outcome.status == 2
    assert not list((repo.parent / "elsewhere").iterdir())
    assert not (repo / "src" / "manifest.json").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_a_fault(run: Run, repo: Path, shop: None) -> None:
    repo.chmod(0o500)
    outcome = run("build")
    repo.chmod(0o700)
    assert outcome.status == 2
    assert "error[BL906]" in outcome.err


def test_an_output_that_is_a_file_is_a_fault(run: Run, write: Write, shop: None) -> None:
    write({".bylaw": "a file"})
    outcome = run("build")
    assert outcome.status == 2
    assert "Traceback" not in outcome.err
    assert "error[BL9" in outcome.err


def test_a_build_of_nothing_is_no_clean_build(run: Run, repo: Path) -> None:
    outcome = run("build")
    assert outcome.status == 1
    assert "error[BL917]" in outcome.err
    assert not (repo / ".bylaw").exists()


def test_json_is_on_stdout_and_as_its_schema_says(run: Run, write: Write, shop: None) -> None:
    write({"docs/adr/0008-broken.md": BROKEN})
    for arguments, status in ((["build"], 1), (["build", "--check"], 1)):
        outcome = run(*arguments, "--format", "json")
        assert outcome.status == status
        assert outcome.err == ""
        printed = json.loads(outcome.out)
        jsonschema.validate(printed, SCHEMAS["diagnostics"].build())
        assert printed["summary"]["errors"] >= 1
        assert printed["summary"]["adrs"] == 2


@pytest.mark.parametrize("text", ["nonsense = 1\n", 'output = "rules"\n'])
def test_json_says_also_what_ends_a_build_early(
    run: Run, write: Write, shop: None, text: str
) -> None:
    write({"bylaw.toml": text, "rules/own.yml": ""})
    outcome = run("build", "--format", "json")
    assert outcome.status == 2
    assert len(json.loads(outcome.out)["diagnostics"]) == 1


def test_annotations_name_files_from_the_workspace(
    run: Run, repo: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({"sub/bylaw.toml": "", "sub/docs/adr/0008-broken.md": BROKEN})
    monkeypatch.setenv("GITHUB_WORKSPACE", str(repo))
    outcome = run("-C", "sub", "build", "--format", "github")
    assert outcome.status == 1
    assert "file=sub/docs/adr/0008-broken.md,line=7," in outcome.out
    monkeypatch.delenv("GITHUB_WORKSPACE")
    assert "file=sub/docs/adr/0008-broken.md," in (
        run("-C", "sub", "build", "--format", "github").out
    )


def test_text_names_files_from_where_the_user_stands(
    run: Run, repo: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({"sub/bylaw.toml": "", "sub/docs/adr/0008-broken.md": BROKEN})
    assert " --> sub/docs/adr/0008-broken.md:7:" in run("-C", "sub", "build").err
    monkeypatch.chdir(repo / "sub" / "docs")
    assert " --> adr/0008-broken.md:7:" in run("build").err


def test_quiet_prints_diagnostics_only(run: Run, write: Write, shop: None) -> None:
    assert run("build", "-q").err == ""
    write({"docs/adr/0008-broken.md": BROKEN})
    assert run("build", "-q").err.startswith("error[")


def test_watch_without_its_extra_says_what_to_install(
    run: Run, shop: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    outcome = run("build", "--watch")
    assert outcome.status == 2
    assert "error[BL905]" in outcome.err
    assert "python -m pip install 'bylaw[watch]'" in outcome.err


def test_watch_builds_after_a_change_and_ends_with_ctrl_c(repo: Path, shop: None) -> None:
    with subprocess.Popen(
        [sys.executable, "-u", "-c", "from bylaw.cli import main; main()", "build", "--watch"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": ":".join(path for path in sys.path if path)},
    ) as process:
        seen = _until(process, "watching for changes")
        assert "no errors in 1 ADR" in seen
        time.sleep(0.5)
        (repo / "docs/adr/0008-broken.md").write_text(BROKEN)
        assert "0008-broken.md:7:" in _until(process, "watching for changes")
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        rest = process.stderr.read()
        process.wait(20)
    assert "Traceback" not in rest
    assert process.returncode == 130


def _until(process: subprocess.Popen[str], words: str) -> str:
    assert process.stderr is not None
    seen = ""
    for line in process.stderr:
        seen += line
        if words in line:
            return seen
    raise AssertionError(seen)
