"""Artifacts outside of the output folder: written, compared, taken away; nothing else touched."""

import json
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from bylaw import outside, regions
from bylaw.diagnostics import Diagnostic, Report
from bylaw.target import Artifact, Place
from tests.driver.repository import Repository, record

PAGE = Artifact("AGENTS.md", b"- one\n", None, "region")
RULE = Artifact(".cursor/rules/bylaw.mdc", b"---\na: b\n---\n", None, "file")
SETTINGS = Artifact(
    ".gemini/settings.json",
    b'{\n  "$comment": "Written by bylaw from it.",\n  "context": {"fileName": ["AGENTS.md"]}\n}\n',
    None,
    "file",
)


def listed(root: Path) -> list[str]:
    return sorted(
        p.relative_to(root).as_posix()
        for p in root.rglob("*")
        if p.is_file() and not p.is_symlink() and ".git" not in p.parts
    )


def planned(
    root: Path, *artifacts: Artifact, partial: bool = False
) -> tuple[outside.Plan, list[Diagnostic]]:
    report = Report()
    found = outside.plan(root, artifacts, listed(root), root / ".bylaw", report, partial=partial)
    return found, list(report)


def built(root: Path, *artifacts: Artifact) -> outside.Plan:
    found, faults = planned(root, *artifacts)
    assert not faults
    outside.write(root, found)
    return found


def snapshot(root: Path) -> dict[str, bytes]:
    return {path: (root / path).read_bytes() for path in listed(root)}


def test_what_was_written_is_up_to_date_and_no_longer_wanted_goes(tmp_path: Path) -> None:
    (tmp_path / "AGENTS.md").write_bytes(b"\xef\xbb\xbf# Mine\r\n\r\nno last line end")
    before = snapshot(tmp_path)
    assert built(tmp_path, PAGE, RULE).of("missing") == (RULE.path, PAGE.path)
    assert not built(tmp_path, PAGE, RULE)
    assert built(tmp_path).of("orphaned") == (RULE.path, PAGE.path)
    assert snapshot(tmp_path) == before
    assert not (tmp_path / ".cursor").exists()


def test_a_page_of_ours_alone_goes_as_a_file(tmp_path: Path) -> None:
    built(tmp_path, Artifact("web/AGENTS.md", b"x\n", None, "region"))
    built(tmp_path)
    assert listed(tmp_path) == []


def test_stale_and_edited_regions_are_told_apart(tmp_path: Path) -> None:
    built(tmp_path, PAGE, RULE)
    newer = Artifact("AGENTS.md", b"- two\n", None, "region")
    assert planned(tmp_path, newer, RULE)[0].of("stale") == ("AGENTS.md",)
    for path in ("AGENTS.md", RULE.path):
        text = (tmp_path / path).read_bytes()
        (tmp_path / path).write_bytes(text.replace(b"- one", b"- none").replace(b"a: b", b"a: c"))
    assert planned(tmp_path, PAGE, RULE)[0].of("edited") == (RULE.path, "AGENTS.md")
    built(tmp_path, PAGE, RULE)
    assert not planned(tmp_path, PAGE, RULE)[0]


def test_an_orphan_is_found_without_any_manifest_and_others_files_are_not(tmp_path: Path) -> None:
    built(tmp_path, Artifact("old/AGENTS.md", b"x\n", None, "region"))
    (tmp_path / "new").mkdir()
    (tmp_path / "new/AGENTS.md").write_text("# Mine\n")
    (tmp_path / "vendor/old").mkdir(parents=True)
    (tmp_path / "vendor/old/AGENTS.md").write_bytes((tmp_path / "old/AGENTS.md").read_bytes())
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner/bylaw.toml").write_text("")
    (tmp_path / "inner/AGENTS.md").write_bytes(regions.splice("inner/AGENTS.md", None, b"x\n"))
    found, faults = planned(tmp_path)
    assert found.of("orphaned") == ("old/AGENTS.md",)
    # One that was copied here is left alone, and somebody has to look at it.
    assert [(each.code, each.message.split("`")[1]) for each in faults] == [
        ("BL434", "vendor/old/AGENTS.md")
    ]
    assert not planned(tmp_path, partial=True)[0]


def test_an_orphan_that_only_the_manifest_knows_is_found(tmp_path: Path) -> None:
    built(tmp_path, Artifact("docs/rules.txt", b"x\n", None, "region"))
    (tmp_path / ".bylaw").mkdir()
    outputs = [
        {"path": "docs/rules.txt", "place": "region"},
        {"path": "../out.txt", "place": "file"},
        {"path": 3, "place": "file"},
    ]
    (tmp_path / ".bylaw/manifest.json").write_text(json.dumps({"outputs": outputs}))
    assert planned(tmp_path)[0].of("orphaned") == ("docs/rules.txt",)


@pytest.mark.parametrize("place", ["file", "region"])
@pytest.mark.parametrize("kind", ["link", "dead link", "link in the way", "folder", "file above"])
def test_what_stands_in_the_way_is_told_and_nothing_is_followed(
    tmp_path: Path, kind: str, place: Place
) -> None:
    root, away = tmp_path / "root", tmp_path / "away"
    root.mkdir()
    away.mkdir()
    (away / "AGENTS.md").write_text("somebody's\n")
    if kind == "folder":
        (root / "web/AGENTS.md").mkdir(parents=True)
    elif kind == "file above":
        (root / "web").write_text("a file\n")
    elif kind == "link in the way":
        (root / "web").symlink_to(away)
    else:
        (root / "web").mkdir()
        target = away / ("AGENTS.md" if kind == "link" else "none.md")
        (root / "web/AGENTS.md").symlink_to(target)
    found, faults = planned(root, Artifact("web/AGENTS.md", b"x\n", None, place))
    assert not found
    assert [each.code for each in faults] == ["BL432"]
    assert snapshot(away) == {"AGENTS.md": b"somebody's\n"}


def test_a_link_that_replaces_a_folder_between_plan_and_write_is_not_followed(
    tmp_path: Path,
) -> None:
    root, away = tmp_path / "root", tmp_path / "away"
    (root / "web").mkdir(parents=True)
    away.mkdir()
    found, _ = planned(root, Artifact("web/AGENTS.md", b"x\n", None, "region"))
    (root / "web").rmdir()
    (root / "web").symlink_to(away)
    with pytest.raises(OSError, match="is a link"):
        outside.write(root, found)
    assert listed(away) == []


def test_a_foreign_file_is_named_and_kept(tmp_path: Path) -> None:
    (tmp_path / ".cursor/rules").mkdir(parents=True)
    (tmp_path / RULE.path).write_text("# Mine\n")
    found, faults = planned(tmp_path, RULE)
    assert not found
    assert [(each.code, RULE.path in each.message) for each in faults] == [("BL430", True)]


@pytest.mark.parametrize(
    "data", [b"\xff\xfeA\x00", b"caf\xe9\n", b"a\x00b\n"], ids=["utf-16", "latin-1", "nul"]
)
def test_a_file_that_is_no_text_gets_no_region(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "AGENTS.md").write_bytes(data)
    found, faults = planned(tmp_path, PAGE)
    assert (bool(found), [each.code for each in faults]) == (False, ["BL432"])


def test_a_read_only_file_is_not_replaced_behind_its_back(tmp_path: Path) -> None:
    (tmp_path / "AGENTS.md").write_text("# Mine\n")
    os.chmod(tmp_path / "AGENTS.md", 0o444)
    found, faults = planned(tmp_path, PAGE)
    assert not found
    assert "read-only" in faults[0].message
    os.chmod(tmp_path / "AGENTS.md", 0o640)
    built(tmp_path, PAGE)
    assert (tmp_path / "AGENTS.md").stat().st_mode & 0o777 == 0o640
    os.chmod(tmp_path / "AGENTS.md", 0o444)
    # What is up to date need not be written.
    assert planned(tmp_path, PAGE) == (outside.Plan(), [])


@pytest.mark.parametrize(
    "path",
    ["../AGENTS.md", "/AGENTS.md", "a/../b.md", ".git/hooks/x", "a//b.md", "a\\b", "./a", ""],
)
def test_no_artifact_leaves_the_repository(tmp_path: Path, path: str) -> None:
    for place in ("file", "region"):
        found, faults = planned(tmp_path, Artifact(path, b"x\n", None, place))
        assert (bool(found), [each.code for each in faults]) == (False, ["BL433"])


def test_two_artifacts_for_one_file_and_marks_within_one_are_faults(tmp_path: Path) -> None:
    assert [each.code for each in planned(tmp_path, PAGE, PAGE)[1]] == ["BL433"]
    marked = Artifact("AGENTS.md", b"<!-- bylaw:end -->\n", None, "region")
    assert [each.code for each in planned(tmp_path, marked)[1]] == ["BL433"]


def test_a_json_file_that_says_it_already_is_left_alone(tmp_path: Path) -> None:
    ours = SETTINGS
    built(tmp_path, ours)
    assert not planned(tmp_path, ours)[0]
    mine = tmp_path / ours.path
    mine.write_text('{"theme": "x", "context": {"fileName": ["GEMINI.md", "AGENTS.md"]}}')
    assert planned(tmp_path, ours) == (outside.Plan(), [])
    mine.write_text('{"theme": "x"}')
    assert [each.code for each in planned(tmp_path, ours)[1]] == ["BL430"]
    mine.write_text("[" * 50_000)
    assert [each.code for each in planned(tmp_path, ours)[1]] == ["BL430"]


def test_settings_that_people_add_to_a_json_file_of_ours_are_never_lost(tmp_path: Path) -> None:
    built(tmp_path, SETTINGS)
    page = tmp_path / SETTINGS.path
    page.write_text(page.read_text().replace("\n  ", "\n  ").replace("{", '{"theme": "x", ', 1))
    mine = page.read_bytes()
    # It says all that ours says.
    assert planned(tmp_path, SETTINGS) == (outside.Plan(), [])
    # It is no longer wanted, and holds what people have written.
    found, faults = planned(tmp_path)
    assert (bool(found), [each.code for each in faults]) == (False, ["BL434"])
    # It lacks what ours says.
    page.write_bytes(mine.replace(b'"AGENTS.md"', b'"OTHER.md"'))
    found, faults = planned(tmp_path, SETTINGS)
    assert (bool(found), [each.code for each in faults]) == (False, ["BL430"])


def test_a_json_file_of_ours_that_nobody_has_edited_is_renewed_and_removed(tmp_path: Path) -> None:
    older = replace(SETTINGS, data=SETTINGS.data.replace(b"AGENTS.md", b"OLD.md"))
    built(tmp_path, older)
    (tmp_path / SETTINGS.path).write_bytes(
        (tmp_path / SETTINGS.path).read_bytes().replace(b"\n", b"\r\n")
    )
    assert built(tmp_path, SETTINGS).of("stale") == (SETTINGS.path,)
    assert built(tmp_path).of("orphaned") == (SETTINGS.path,)
    assert listed(tmp_path) == []


def test_what_is_saved_while_a_build_writes_is_not_lost(tmp_path: Path) -> None:
    """An editor appends lines all the while; each of them is there in the end."""
    page = tmp_path / "AGENTS.md"
    page.write_text("# Mine\n")
    stop = threading.Event()
    faults: list[BaseException] = []

    def build() -> None:
        try:
            number = 0
            while not stop.is_set():
                number += 1
                built(tmp_path, Artifact("AGENTS.md", b"- %d\n" % number, None, "region"))
        except outside.BusyFileError:
            pass
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=build) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(100):
        data = page.read_bytes()
        assert regions.remove(data) == b"# Mine\n"
    stop.set()
    for thread in threads:
        thread.join()
    assert not faults
    assert regions.remove(page.read_bytes()) == b"# Mine\n"
    assert [p.name for p in tmp_path.iterdir()] == ["AGENTS.md"]


# --- the command line --------------------------------------------------------------------------

SHOP = {
    "bylaw.toml": 'adrs = ["docs/adr"]\n[agents]\nsurfaces = ["agents-md", "claude", "cursor"]\n',
    "docs/adr/0001-todo.md": record(
        "No to-do",
        "[no-todo] Files matching `**/*.md` MUST NOT match `/TODO|FIXME/`, except in `docs/**`.",
        "[web] Files in `web/**` MUST NOT contain `http://`.",
    ),
    "web/app.ts": "export const a = 1\n",
}


@pytest.fixture
def shop(repository: Repository) -> Repository:
    repository.write(SHOP)
    return repository


def test_a_build_writes_surfaces_and_a_check_of_it_sees_every_change(shop: Repository) -> None:
    shop.write({"AGENTS.md": "# How we work\n\nBe kind.\n"})
    done = shop.run("build")
    assert done.returncode == 0, done.stderr
    assert (shop.root / "web/AGENTS.md").exists()
    text = (shop.root / "AGENTS.md").read_text()
    assert text.startswith("# How we work\n\nBe kind.\n<!-- bylaw:begin ")
    assert shop.run("build", "--check").returncode == 0
    manifest = json.loads((shop.root / ".bylaw/manifest.json").read_text())
    places = {each["path"]: each.get("place") for each in manifest["outputs"] if "place" in each}
    assert places["web/AGENTS.md"] == "region"
    assert places[".cursor/rules/bylaw-web.mdc"] == "file"
    (shop.root / "AGENTS.md").write_text(text.replace("0001-todo/no-todo", "0001-todo/todo"))
    (shop.root / "web/CLAUDE.md").unlink()
    shop.write({"bylaw.toml": SHOP["bylaw.toml"].replace(', "cursor"', "")})
    done = shop.run("build", "--check")
    assert done.returncode == 1
    assert "`AGENTS.md` was edited by hand where only bylaw writes" in done.stderr
    assert "`web/CLAUDE.md` lacks what a build writes" in done.stderr
    assert "`.cursor/rules/bylaw.mdc` is orphaned" in done.stderr
    assert shop.run("build").returncode == 0
    assert not (shop.root / ".cursor").exists()
    assert (shop.root / "AGENTS.md").read_text() == text
    assert shop.run("build", "--check").returncode == 0


def test_what_a_build_has_written_is_not_judged_and_what_people_write_is(shop: Repository) -> None:
    """The page quotes the very text that is banned."""
    assert shop.run("build").returncode == 0
    assert "http://" in (shop.root / "web/AGENTS.md").read_text()
    assert shop.run("check").returncode == 0
    with (shop.root / "web/AGENTS.md").open("a") as page:
        page.write("TODO: see http://example.org\n")
    done = shop.run("check", "--format", "json")
    assert done.returncode == 1
    found = json.loads(done.stdout)["violations"]
    lines = (shop.root / "web/AGENTS.md").read_text().split("\n")
    assert {(v["path"], v["line"]) for v in found} == {("web/AGENTS.md", len(lines) - 1)}


def test_a_second_build_sees_what_the_first_saw(shop: Repository) -> None:
    assert shop.run("build").returncode == 0
    first = {path: (shop.root / path).read_bytes() for path in listed(shop.root)}
    assert shop.run("build").returncode == 0
    assert {path: (shop.root / path).read_bytes() for path in listed(shop.root)} == first


def test_one_bad_place_keeps_a_build_from_writing_anything(shop: Repository) -> None:
    begin = regions.splice("web/AGENTS.md", None, b"x\n").split(b"\n")[0]
    shop.write({"web/AGENTS.md": b"# Web\n" + begin + b"\nx\n"})
    before = listed(shop.root)
    done = shop.run("build")
    assert done.returncode == 1
    assert "error[BL431]: a region begins and does not end" in done.stderr
    assert "--> web/AGENTS.md:2:1" in done.stderr
    assert "nothing was written" in done.stderr
    assert listed(shop.root) == before


def test_builds_at_the_same_time_leave_one_whole_tree(shop: Repository) -> None:
    shop.write({"AGENTS.md": "# Mine"})
    running = [shop.start("build") for _ in range(4)]
    for process in running:
        _, err = process.communicate()
        assert process.returncode == 0, err
    assert shop.run("build", "--check").returncode == 0
    assert regions.remove((shop.root / "AGENTS.md").read_bytes()) == b"# Mine"


def test_a_folder_named_for_once_gets_all_and_the_tree_nothing(
    shop: Repository, tmp_path: Path
) -> None:
    done = shop.run("build", "--output", str(tmp_path / "elsewhere"))
    assert done.returncode == 0, done.stderr
    assert not (shop.root / "AGENTS.md").exists()


def test_what_a_killed_build_has_left_goes(tmp_path: Path) -> None:
    old, new = tmp_path / ".AGENTS.md.a.part", tmp_path / ".AGENTS.md.b.part"
    for path in (old, new):
        path.write_text("half")
    os.utime(old, (1, 1))
    built(tmp_path, PAGE)
    assert (old.exists(), new.exists()) == (False, True)


def test_text_that_crowds_a_contract_out_is_reported(shop: Repository) -> None:
    shop.write({"AGENTS.md": "word " * 6000})
    done = shop.run("build")
    assert done.returncode == 0
    (said,) = [line for line in done.stderr.split("\n") if "BL437" in line]
    assert "`web/AGENTS.md` and those above it have " in said


def test_text_that_pushes_a_contract_beyond_what_code_review_reads_is_reported(
    shop: Repository,
) -> None:
    config = SHOP["bylaw.toml"].replace('"cursor"', '"copilot"')
    shop.write({"bylaw.toml": config, ".github/copilot-instructions.md": "word " * 700})
    done = shop.run("build")
    (said,) = [line for line in done.stderr.split("\n") if "BL437" in line]
    assert "`.github/copilot-instructions.md` has " in said
    assert "and code review reads 4000" in said
    shop.write({".github/copilot-instructions.md": "word\n"})
    assert "BL437" not in shop.run("build").stderr


@pytest.mark.parametrize("name", ["bylaw.toml", "pyproject.toml"])
def test_a_project_in_a_project_writes_its_own_contracts(repository: Repository, name: str) -> None:
    table = 'adrs = ["docs/adr"]\n'
    agents = 'agents.surfaces = ["agents-md", "claude"]\n'
    inner = f"{table}{agents}" if name == "bylaw.toml" else f"[tool.bylaw]\n{table}{agents}"
    repository.write(
        {
            "bylaw.toml": f"{table}{agents}",
            "docs/adr/0001-a.md": record(
                "Outer",
                "[sub] Files in `sub/**` MUST NOT contain `x`.",
                "[src] Files in `sub/src/**` MUST NOT contain `z`.",
                "[web] Files in `web/**` MUST NOT contain `x`.",
            ),
            "web/a.ts": "\n",
            f"sub/{name}": inner,
            "sub/docs/adr/0001-b.md": record(
                "Inner", "[inner] Files in `src/**` MUST NOT contain `y`."
            ),
            "sub/src/a.ts": "\n",
        }
    )
    for folder in (".", "sub", "."):
        assert repository.run("-C", folder, "build").returncode == 0
    for folder in (".", "sub"):
        assert repository.run("-C", folder, "build", "--check").returncode == 0
    assert "`0001-a/src`" in (repository.root / "AGENTS.md").read_text()
    assert "`0001-b/inner`" in (repository.root / "sub/src/AGENTS.md").read_text()
    assert (repository.root / "web/AGENTS.md").exists()


def test_a_file_that_differs_in_case_only_is_told(tmp_path: Path) -> None:
    (tmp_path / "agents.md").write_text("mine\n")
    found, faults = planned(tmp_path, PAGE, RULE)
    assert [each.code for each in faults] == ["BL432"]
    assert "`agents.md` differs from it in case only" in faults[0].message
    assert [step.path for step in found.steps] == [RULE.path]
    (tmp_path / "AGENTS.md").write_text("mine, too\n")
    assert not planned(tmp_path, PAGE)[1]
