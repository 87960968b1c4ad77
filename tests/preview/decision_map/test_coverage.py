"""The coverage of a tree is what `bylaw describe` says of each file and each folder in it."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bylaw.area import Area
from bylaw.driver import Options, build_repository
from bylaw.governing import Index, Reach, governing, index_of
from bylaw.preview.decision_map import folders as folders_of
from bylaw.preview.decision_map.governed import FileSets, part
from bylaw.preview.decision_map.whole import DecisionMap
from bylaw.preview.workspace import Workspace
from bylaw.tree import Tree, area_test
from tests.preview.decision_map.cases import adr, link

PLACES = st.sampled_from(
    ["shop", "shop/web", "shop/store", "web", "docs", "services/a", "services/b", "x y", "ß"]
)
NAMES = st.sampled_from(
    ["a.py", "test_a.py", "b.ts", "c.go", "OWNERS", "package.json", "README.md", "[odd].py", ".env"]
)
SENTENCES = st.sampled_from(
    [
        "Modules in `shop.web` MUST NOT import `sqlalchemy`, except in tests.",
        "Only modules in `shop.store` MAY import `sqlalchemy`.",
        "Code in `{shop,web}/**` MUST NOT call `eval`.",
        "TypeScript code in `**` MUST NOT import `react`, except in `web/*`.",
        "Files matching `**/*.py` SHOULD have at most 400 lines.",
        "Each directory in `services/*` MUST contain `OWNERS`.",
        "Files in `services/?/**` MUST NOT contain `x`, except in `services/b/**`.",
        "Files matching `**/[[]odd].*` MUST NOT contain `x`.",
        "Agents MUST NOT change `shop/**`.",
        "Agents MUST only change `docs/` or `**/test_*.py`.",
        "Agents in `services/**` MUST work at autonomy `supervised`.",
        "Agents MUST change at most 20 files.",
        "The JavaScript project MUST NOT depend on `moment`.",
        "Changes to `shop/{web,store}/**` MUST be approved by `@dba`.",
        "For each `shop/<**p>/<n>.py`, `shop/<**p>/test_<n>.py` MUST exist.",
        "When `web/**` changes, `docs/**` MUST change.",
        "Commit messages MUST match `/.*/`.",
        "Files in `docs/**` MUST NOT contain `x`, from 2030-01-01.",
    ]
)


def described(index: Index, path: str, folder: bool) -> list[str]:
    return [each.scoped.full_id for each in governing(index, path, folder)]


def all_folders(files: tuple[str, ...]) -> set[str]:
    found = {""}
    for path in files:
        parts = path.split("/")[:-1]
        found |= {"/".join(parts[: end + 1]) for end in range(len(parts))}
    return found


def same_as_described(root: Path) -> None:
    linked = Workspace(root).on_disk
    whole = DecisionMap(linked)
    index = index_of(build_repository(root, linked.config, Options()))
    for path in linked.files:
        found = [each.full_id for each in whole.folders.governing(path)]
        assert found == described(index, path, folder=False), path
    for path in all_folders(linked.files):
        found = [each.full_id for each in whole.folders.governing(path)]
        assert found == described(index, path or ".", folder=True), path
        view = whole.folders.view(path)
        inside = [f for f in linked.files if not path or f.startswith(f"{path}/")]
        bound = {f: described(index, f, folder=False) for f in inside}
        assert (view.share.governed, view.share.files) == (
            sum(map(bool, bound.values())),
            len(inside),
        )
        assert view.holding == len({each for ids in bound.values() for each in ids})
        for each in view.binding:
            assert each.files == sum(each.governor.full_id in ids for ids in bound.values())
        for row in view.entries.folders:
            below = [f for f in inside if f.startswith(f"{row.path}/")]
            assert row.constraints == len({each for f in below for each in bound[f]})
            assert (row.share.governed, row.share.files) == (
                sum(bool(bound[f]) for f in below),
                len(below),
            )
        for kin in view.entries.kin:
            for name in kin.names:
                whole_path = f"{path}/{name}" if path else name
                assert [each.full_id for each in kin.governors] == bound[whole_path]


def test_on_the_sample_it_is_what_describe_says(sample: Path) -> None:
    same_as_described(sample)


@settings(max_examples=20, deadline=None)
@given(
    st.sets(st.tuples(PLACES, NAMES), min_size=1, max_size=12),
    st.lists(st.tuples(SENTENCES, st.booleans()), min_size=1, max_size=8),
)
def test_on_any_tree_it_is_what_describe_says(
    files: set[tuple[str, str]], said: list[tuple[str, bool]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        decisions = {
            f"docs/adr/{number:04}-d.md": adr(
                number, f"[no-c] {sentence}", status="Proposed" if proposed else "Accepted"
            )
            for number, (sentence, proposed) in enumerate(said, 1)
        }
        linked = link(Path(folder), {f"{place}/{name}": "" for place, name in files} | decisions)
        assert all(unit.header.rows for unit in linked.program.units)
        same_as_described(Path(folder))


def test_the_command_itself_says_the_same(sample: Path) -> None:
    whole = DecisionMap(Workspace(sample).on_disk)
    for path in ("src/shop/domain", "src/shop/web/api/orders.py"):
        program = "from bylaw.cli import main; main()"
        command = [sys.executable, "-c", program, "describe", "--format", "json", path]
        done = subprocess.run(command, cwd=sample, capture_output=True, text=True, check=True)
        told = [each["constraint"]["id"] for each in json.loads(done.stdout)["constraints"]]
        assert [each.full_id for each in whole.folders.governing(path)] == told
        assert told


GLOBS = st.sampled_from(
    [
        "**",
        "a/**",
        "a",
        "a/b.py",
        "**/*.py",
        "*/b*",
        "{a,c}/**",
        "**/x/**",
        "a/?.py",
        "[ab]/**",
        "c/",
    ]
)
PATHS = st.lists(
    st.lists(st.sampled_from(["a", "b", "x", "c d"]), min_size=1, max_size=3).map("/".join),
    min_size=1,
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(PATHS, st.lists(GLOBS, max_size=2), st.lists(GLOBS, max_size=2), st.lists(GLOBS, max_size=2))
def test_a_set_of_files_is_what_the_area_holds(
    folders: list[str], include: list[str], within: list[str], exclude: list[str]
) -> None:
    tree = Tree({f"{folder}/{name}" for folder in folders for name in ("b.py", "n.txt", "a")})
    sets = FileSets(tree)
    area = Area(tuple(include), tuple(within), tuple(exclude))
    bits = sets.bound(Reach(area))
    test = area_test(area)
    assert [path for n, path in enumerate(tree.files) if bits >> n & 1] == [
        path for path in tree.files if test(path)
    ]
    for folder in folders:
        start, end = sets.folder(folder)
        assert list(tree.files[start:end]) == [p for p in tree.files if p.startswith(f"{folder}/")]
        assert part(bits, start, end).bit_count() == sum(map(test, tree.files[start:end]))


def test_shares_are_0_and_100_only_where_that_is_so() -> None:
    share = folders_of.Share
    assert [share("", g, 1000).percent for g in (0, 1, 4, 500, 999, 1000)] == [0, 1, 1, 50, 99, 100]
    assert share("", 0, 0).percent == 0


def test_preparing_goes_in_steps_and_comes_to_its_end(tmp_path: Path) -> None:
    files = {
        f"docs/adr/{n:04}-d.md": adr(n, f"[no-c] Files in `part{n}/**` MUST NOT contain `x`.")
        for n in range(1, 41)
    }
    whole = DecisionMap(link(tmp_path, files))
    seen = [whole.step(0)]
    while seen[-1][0] < seen[-1][1]:
        seen.append(whole.step(0))
    done = [each for each, _ in seen]
    assert done == sorted(done)
    assert len(done) > 40, "nobody who edits waits for the whole"
    assert whole.coverage().constraints == 40


def test_engines_are_asked_within_their_time_and_the_rest_later(tmp_path: Path) -> None:
    files = {
        f"docs/adr/{n:04}-d.md": adr(n, "[no-c] Python code in `src/**` MUST NOT call `eval`.")
        for n in range(1, 4)
    }
    linked = link(tmp_path, {**files, "src/a.py": ""})
    hasty, patient = DecisionMap(linked, 0), DecisionMap(linked)
    views = [whole.coverage("src").folder for whole in (hasty, patient)]
    assert views[0] is not None
    assert views[1] is not None
    assert [each.checked for each in views[0].binding] == [None] * 3
    checked = views[1].binding[0].checked
    assert checked is not None
    assert (checked.state, checked.exactly) == ("approximate", ())
    assert [engine for engine, _ in checked.roughly] == ["semgrep"]
    assert [name for name, _, cover in checked.covers if cover.level == "judged"] == [
        "call", "stop", "commit", "pull-request", "main",
    ]  # fmt: skip


@pytest.mark.parametrize("focus", ["nowhere", "src/a.py/b", "/constraints/99/nowhere", "//0//etc"])
def test_what_is_not_there_is_said_and_the_root_shown(tmp_path: Path, focus: str) -> None:
    view = DecisionMap(link(tmp_path, {"src/a.py": ""})).coverage(focus)
    assert view.missing
    assert view.folder is not None
    assert view.folder.path == ""
