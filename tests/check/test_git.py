"""What git says of a change, in repositories of its own making."""

import os
import subprocess
from pathlib import Path

import pytest

from bylaw.check.change import Change
from bylaw.check.git import (
    change_since,
    commit_tree,
    current_branch,
    find_base,
    index_tree,
    resolve_commit,
)
from bylaw.check.objects import CommitTree, IndexTree
from bylaw.diagnostics import Report
from bylaw.snapshot import Snapshot, WorkingTree
from bylaw.unevaluable import UnevaluableError
from bylaw.worktree import list_files

GIT = ("git", "-c", "user.name=Ada Byron", "-c", "user.email=ada@shop.example")


@pytest.fixture(autouse=True)
def _own_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in [name for name in os.environ if name.startswith("GIT_") and "CONFIG" not in name]:
        monkeypatch.delenv(name)


def git(root: Path, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [*GIT, *arguments],
        cwd=root,
        env=os.environ | environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def write(root: Path, **files: str | bytes) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return a repository with a first commit on `main`, on a branch that has parted from it."""
    root = tmp_path / "shop"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    write(root, a_dot_py="a = 1\n" * 20, web__b_dot_ts="b\n", web__c_dot_ts="c\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Open the shop")
    git(root, "checkout", "-q", "-b", "feature/orders")
    return root


def working(root: Path) -> WorkingTree:
    return WorkingTree(root, list_files(root, Report()))


def staged(root: Path) -> IndexTree:
    tree = index_tree(root, Report())
    assert tree is not None
    return tree


def head(root: Path) -> CommitTree:
    report = Report()
    commit = resolve_commit(root, "HEAD", report)
    tree = commit_tree(root, str(commit), report)
    assert tree is not None
    return tree


def changed(root: Path, tree: Snapshot, base: str | None = None) -> Change:
    report = Report()
    found = base or find_base(root, report)
    assert found is not None
    change = change_since(root, found, tree, report)
    assert change is not None
    assert not len(report)
    return change


def codes(report: Report) -> list[str]:
    return [diagnostic.code for diagnostic in report]


# --- trees -------------------------------------------------------------------------------------


def test_the_index_holds_what_is_staged_and_not_what_lies_on_disk(shop: Path) -> None:
    write(shop, a_dot_py="staged\n", new_dot_py="new\n")
    git(shop, "add", "a.py", "new.py")
    write(shop, a_dot_py="on disk\n", untracked_dot_py="x\n")
    tree = staged(shop)
    assert tree.files == ("a.py", "new.py", "web/b.ts", "web/c.ts")
    assert tree.read("a.py") == b"staged\n"


def test_a_commit_holds_no_links_and_no_submodules(shop: Path) -> None:
    os.symlink("a.py", shop / "link.py")
    git(shop, "add", "-A")
    git(shop, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},vendor")
    assert "link.py" not in staged(shop).files
    assert "vendor" not in staged(shop).files
    git(shop, "commit", "-q", "-m", "Link")
    tree = head(shop)
    assert tree.files == ("a.py", "web/b.ts", "web/c.ts")
    assert tree.read("web/b.ts") == b"b\n"


def test_many_files_are_read_through_one_process_whatever_they_hold(shop: Path) -> None:
    contents = {f"f{n}.bin": bytes([n % 256]) * n + b"\n\0\n" for n in range(300)}
    for name, data in contents.items():
        (shop / name).write_bytes(data)
    git(shop, "add", "-A")
    tree = staged(shop)
    assert {name: tree.read(name) for name in contents} == contents
    process = tree.objects._process
    assert {name: tree.read(name) for name in contents} == contents
    assert tree.objects._process is process


def test_a_forked_child_reads_through_a_process_of_its_own(shop: Path) -> None:
    tree = head(shop)
    assert tree.read("a.py").startswith(b"a = 1")
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(writing, tree.read("web/b.ts"))
        finally:
            os._exit(0)
    assert tree.read("web/c.ts") == b"c\n"
    os.waitpid(child, 0)
    os.close(writing)
    assert os.read(reading, 100) == b"b\n"
    os.close(reading)


def test_a_missing_file_object_or_process_is_a_reason_and_no_traceback(shop: Path) -> None:
    tree = head(shop)
    with pytest.raises(UnevaluableError, match="no such file"):
        tree.read("nowhere.py")
    name = tree.entries["a.py"]
    (shop / ".git/objects" / name[:2] / name[2:]).unlink()
    with pytest.raises(UnevaluableError, match="not in the repository"):
        tree.read("a.py")
    assert tree.read("web/b.ts") == b"b\n"
    process = tree.objects._process
    assert process is not None
    process.kill()
    process.wait()
    for _ in range(2):
        try:
            tree.read("web/b.ts")
        except UnevaluableError:
            continue
    assert tree.read("web/b.ts") == b"b\n"


def test_a_path_in_conflict_is_in_the_index_and_cannot_be_judged(shop: Path) -> None:
    write(shop, a_dot_py="ours\n")
    git(shop, "commit", "-q", "-a", "-m", "Ours")
    git(shop, "checkout", "-q", "main")
    write(shop, a_dot_py="theirs\n")
    git(shop, "commit", "-q", "-a", "-m", "Theirs")
    with pytest.raises(subprocess.CalledProcessError):
        git(shop, "merge", "feature/orders")
    tree = staged(shop)
    assert "a.py" in tree.files
    with pytest.raises(UnevaluableError, match="merge is not finished"):
        tree.read("a.py")


def test_names_that_are_not_utf8_are_reported_and_left_out(shop: Path) -> None:
    (shop / os.fsdecode(b"caf\xe9.py")).write_bytes(b"x\n")
    write(shop, **{"weird \t\nname_dot_py": "x\n"})
    git(shop, "add", "-A")
    report = Report()
    tree = index_tree(shop, report)
    assert tree is not None
    assert codes(report) == ["BL307"]
    assert "weird \t\nname.py" in tree.files
    assert len(tree.files) == 4
    change = changed(shop, tree)
    assert change.added == ("caf\\xe9.py", "weird \t\nname.py")


# --- what changed ------------------------------------------------------------------------------


def test_each_side_says_what_it_has_changed(shop: Path) -> None:
    write(shop, a_dot_py="a = 2\n" + "a = 1\n" * 19)
    (shop / "web/b.ts").unlink()
    git(shop, "mv", "web/c.ts", "web/d.ts")
    write(shop, new_dot_py="1\n2\n3")
    before = changed(shop, working(shop))
    assert (before.added, before.modified, before.deleted) == (
        ("new.py",),
        ("a.py",),
        ("web/b.ts",),
    )
    assert before.renamed == {"web/d.ts": "web/c.ts"}
    assert before.old_name("web/d.ts") == "web/c.ts"
    assert before.lines == 2 + 1 + 3
    assert before.counts == {"a.py": 2, "new.py": 3, "web/b.ts": 1, "web/d.ts": 0}
    assert before.touched == ("a.py", "new.py", "web/b.ts", "web/c.ts", "web/d.ts")
    only_moved = changed(shop, staged(shop))
    assert only_moved.touched == ("web/c.ts", "web/d.ts")
    git(shop, "add", "-A")
    git(shop, "commit", "-q", "-m", "Change")
    after = changed(shop, head(shop))
    assert (after.added, after.modified, after.deleted) == (("new.py",), ("a.py",), ("web/b.ts",))
    assert (after.renamed, after.counts) == (before.renamed, before.counts)


def test_a_file_that_was_moved_and_edited_is_renamed_and_modified(shop: Path) -> None:
    git(shop, "mv", "a.py", "b.py")
    write(shop, b_dot_py="a = 1\n" * 19 + "b = 2\n")
    git(shop, "add", "-A")
    change = changed(shop, staged(shop))
    assert (change.renamed, change.modified, change.added) == ({"b.py": "a.py"}, ("b.py",), ())


def test_a_file_that_was_moved_without_git_is_renamed(shop: Path) -> None:
    (shop / "a.py").rename(shop / "z.py")
    change = changed(shop, working(shop))
    assert (change.added, change.deleted, change.renamed) == ((), (), {"z.py": "a.py"})
    assert change.lines == 0


def test_ignored_files_are_no_part_of_a_change(shop: Path) -> None:
    write(shop, _dot_gitignore="*.log\n", x_dot_log="x")
    assert changed(shop, working(shop)).added == (".gitignore",)


def test_a_touched_file_with_the_same_content_has_not_changed(shop: Path) -> None:
    os.utime(shop / "a.py", (1, 1))
    assert changed(shop, working(shop)).touched == ()


def test_other_line_ends_on_disk_are_no_change_where_git_converts_them(shop: Path) -> None:
    git(shop, "config", "core.autocrlf", "true")
    write(shop, a_dot_py="a = 1\r\n" * 20)
    assert changed(shop, working(shop)).touched == ()
    git(shop, "config", "core.autocrlf", "false")
    os.utime(shop / "a.py", (1, 1))
    assert changed(shop, working(shop)).touched == ("a.py",)


def test_a_file_that_git_is_told_not_to_look_at_has_changed_all_the_same(shop: Path) -> None:
    git(shop, "update-index", "--assume-unchanged", "a.py")
    git(shop, "update-index", "--skip-worktree", "web/b.ts")
    assert changed(shop, working(shop)).touched == ()
    write(shop, a_dot_py="changed\n", web__b_dot_ts="changed\n")
    assert changed(shop, working(shop)).modified == ("a.py", "web/b.ts")


def test_links_and_submodules_can_change(shop: Path) -> None:
    (shop / "a.py").unlink()
    os.symlink("web/b.ts", shop / "a.py")
    git(shop, "add", "-A")
    git(shop, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},vendor")
    change = changed(shop, staged(shop))
    assert (change.added, change.modified) == (("vendor",), ("a.py",))


def test_before_the_first_commit_everything_is_new(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    write(tmp_path, a_dot_py="x\n")
    git(tmp_path, "add", "-A")
    change = changed(tmp_path, staged(tmp_path))
    assert (change.added, change.base.files, change.base_commit) == (("a.py",), (), None)
    assert (change.branch, change.commits) == ("main", ())
    assert changed(tmp_path, working(tmp_path)).added == ("a.py",)


def test_a_folder_of_a_repository_is_compared_as_if_it_were_all(shop: Path) -> None:
    write(shop, a_dot_py="changed\n", web__n_dot_ts="n\n")
    (shop / "web/b.ts").rename(shop / "web/x.ts")
    git(shop, "mv", "web/c.ts", "c.ts")
    git(shop, "add", "-A")
    write(shop, web__u_dot_ts="u\n")
    web = shop / "web"
    for tree, added in ((working(web), ("n.ts", "u.ts")), (staged(web), ("n.ts",))):
        change = changed(web, tree)
        assert (change.added, change.deleted) == (added, ("c.ts",))
        assert change.renamed == {"x.ts": "b.ts"}
        assert change.base.files == ("b.ts", "c.ts")
        assert change.base.read("b.ts") == b"b\n"


def test_a_folder_that_the_base_does_not_have_is_new(shop: Path) -> None:
    write(shop, api__a_dot_py="x\n")
    git(shop, "add", "-A")
    change = changed(shop / "api", staged(shop / "api"))
    assert (change.added, change.base.files) == (("a.py",), ())


def test_trees_of_commits_are_compared_in_a_bare_repository(shop: Path, tmp_path: Path) -> None:
    write(shop, a_dot_py="changed\n")
    git(shop, "commit", "-q", "-a", "-m", "Change")
    bare = tmp_path / "bare.git"
    git(shop, "clone", "-q", "--bare", str(shop), str(bare))
    report = Report()
    tree = commit_tree(bare, str(resolve_commit(bare, "feature/orders", report)), report)
    assert tree is not None
    base = resolve_commit(bare, "main", report)
    change = change_since(bare, str(base), tree, report)
    assert change is not None
    assert change.modified == ("a.py",)
    assert change.base.read("a.py") == b"a = 1\n" * 20


# --- commits and branches ----------------------------------------------------------------------


def test_commits_since_the_base_come_oldest_first_with_their_authors(shop: Path) -> None:
    git(shop, "commit", "-q", "--allow-empty", "-m", "One\nand a second line\n\nand a body")
    author = "Grace <grace@shop.example>"
    git(shop, "commit", "-q", "--allow-empty", "-m", "Zwei für alle", f"--author={author}")
    git(shop, "checkout", "-q", "main")
    git(shop, "commit", "-q", "--allow-empty", "-m", "Elsewhere")
    git(shop, "checkout", "-q", "feature/orders")
    git(shop, "merge", "-q", "--no-ff", "-m", "merge it", "main")
    base = git(shop, "rev-parse", "main~1")
    commits = changed(shop, head(shop), base).commits
    assert [commit.subject for commit in commits] == [
        "One",
        "Zwei für alle",
        "Elsewhere",
        "merge it",
    ]
    assert [commit.merge for commit in commits] == [False, False, False, True]
    assert commits[0].author == "Ada Byron <ada@shop.example>"
    assert commits[1].author == author
    assert [c.subject for c in changed(shop, working(shop)).commits] == [
        "One",
        "Zwei für alle",
        "merge it",
    ]


def test_the_branch_is_what_is_checked_out(shop: Path) -> None:
    assert changed(shop, working(shop)).branch == "feature/orders"
    base = git(shop, "rev-parse", "main")
    git(shop, "checkout", "-q", "--detach")
    assert current_branch(shop) is None
    report = Report()
    change = change_since(shop, base, working(shop), report, branch="feature/from-ci")
    assert change is not None
    assert change.branch == "feature/from-ci"


def test_nobody_hides_lines_behind_an_attribute_or_a_byte(shop: Path) -> None:
    lines = "".join(f"x = {number}\n" for number in range(50))
    write(shop, a__py=lines, pay_dot_py=lines, notes_dot_md=lines, nul_dot_py=f"\0\n{lines}")
    write(shop, image_dot_png=b"\0\n" * 50, _dot_gitattributes="*.py binary\n*.md -diff\n")
    git(shop, "add", "-A")
    git(shop, "commit", "-q", "-m", "much")
    counts = changed(shop, working(shop)).counts
    found = {name: counts[name] for name in ("pay.py", "notes.md", "nul.py", "image.png")}
    assert found == {"pay.py": 50, "notes.md": 50, "nul.py": 51, "image.png": 0}
    git(shop, "mv", "pay.py", "paid.py")
    write(shop, paid_dot_py=lines.replace("x = 3\n", "x = -3\n"))
    assert changed(shop, working(shop), "HEAD").counts["paid.py"] == 2


def test_what_has_changed_since_a_commit_can_be_asked_later(shop: Path) -> None:
    change = changed(shop, working(shop))
    assert change.touched_since is not None
    short = git(shop, "rev-parse", "--short", "main")
    assert change.touched_since(short) == frozenset(change.touched)
    assert change.touched_since("0" * 40) is None
    assert change.touched_since("--output=x") is None


# --- the base ----------------------------------------------------------------------------------


def test_the_base_is_where_the_branch_has_parted_from_the_main_one(shop: Path) -> None:
    parted = git(shop, "rev-parse", "main")
    git(shop, "commit", "-q", "--allow-empty", "-m", "Here")
    git(shop, "checkout", "-q", "main")
    git(shop, "commit", "-q", "--allow-empty", "-m", "There")
    git(shop, "checkout", "-q", "feature/orders")
    report = Report()
    assert find_base(shop, report) == parted
    assert find_base(shop, report, main="main") == parted
    assert find_base(shop, report, given="main") == git(shop, "rev-parse", "main")
    git(shop, "tag", "-a", "v1", "-m", "v1", "main")
    assert find_base(shop, report, given="v1") == git(shop, "rev-parse", "main")
    assert not len(report)


@pytest.mark.parametrize("revision", ["mian", "", "-h", "--all", "main..feature/orders", "a\0b"])
def test_what_names_no_commit_is_reported(shop: Path, revision: str) -> None:
    report = Report()
    assert find_base(shop, report, given=revision) is None
    assert codes(report) == ["BL501"]


def test_where_there_is_no_base_the_reason_is_told(tmp_path: Path, shop: Path) -> None:
    report = Report()
    (tmp_path / "plain").mkdir()
    assert find_base(tmp_path / "plain", report) is None
    git(shop, "branch", "-m", "main", "trunk")
    assert find_base(shop, report) is None
    assert codes(report) == ["BL500", "BL500"]
    report = Report()
    assert find_base(shop, report, main="tronk") is None
    assert codes(report) == ["BL501"]
    git(shop, "checkout", "-q", "--orphan", "new")
    git(shop, "commit", "-q", "-m", "Other roots")
    report = Report()
    assert find_base(shop, report, main="trunk") is None
    assert codes(report) == ["BL503"]


def test_a_shallow_clone_is_told_how_to_become_deep(shop: Path, tmp_path: Path) -> None:
    git(shop, "commit", "-q", "--allow-empty", "-m", "Here")
    git(shop, "checkout", "-q", "main")
    clone = tmp_path / "clone"
    url = f"file://{shop}"
    git(tmp_path, "clone", "-q", "--depth=1", "--branch=feature/orders", url, str(clone))
    for given, main in ((None, None), (None, "main"), ("main", None)):
        report = Report()
        assert find_base(clone, report, given=given, main=main) is None
        (diagnostic,) = report
        assert diagnostic.code == "BL502"
        assert "fetch-depth: 0" in str(diagnostic.help)
    git(clone, "fetch", "-q", "--depth=1", "origin", "main:refs/remotes/origin/main")
    report = Report()
    assert find_base(clone, report) is None
    assert codes(report) == ["BL502"]
    git(clone, "fetch", "-q", "--unshallow")
    assert find_base(clone, Report()) == git(shop, "rev-parse", "main")


def test_a_clone_without_contents_is_not_filled_from_the_network(
    shop: Path, tmp_path: Path
) -> None:
    write(shop, a_dot_py="changed\n" * 20, web__b_dot_ts="changed\n")
    git(shop, "commit", "-q", "-a", "-m", "Change")
    git(shop, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--filter=blob:none", f"file://{shop}", str(clone))
    report = Report()
    base = find_base(clone, report, given="origin/main")
    assert change_since(clone, str(base), working(clone), report) is None
    (diagnostic,) = report
    assert diagnostic.code == "BL504"
    assert "--filter" in str(diagnostic.help)


# --- hooks, and settings that name programs ----------------------------------------------------


def test_in_a_hook_the_index_is_that_of_the_commit_in_the_making(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(shop, a_dot_py="changed\n", web__b_dot_ts="changed\n")
    hook = shop / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\necho "$GIT_INDEX_FILE" > told\ncp "$GIT_INDEX_FILE" kept-index\n')
    hook.chmod(0o755)
    # Only one of the two is committed: git shows the hook an index of its own.
    git(shop, "commit", "-q", "-m", "One of two", "web/b.ts")
    told = (shop / "told").read_text().strip()
    assert told not in ("", ".git/index")
    git(shop, "reset", "-q", "--soft", "HEAD~1")
    git(shop, "reset", "-q")
    (shop / ".git/hooked-index").write_bytes((shop / "kept-index").read_bytes())
    monkeypatch.chdir(shop)
    assert changed(shop, staged(shop)).touched == ()
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/hooked-index")
    assert changed(shop, staged(shop)).modified == ("web/b.ts",)
    assert changed(shop / "web", staged(shop / "web")).modified == ("b.ts",)
    monkeypatch.setenv("GIT_DIR", ".git")
    assert changed(shop, staged(shop)).modified == ("web/b.ts",)
    assert changed(shop / "web", staged(shop / "web")).modified == ("b.ts",)


def test_what_a_hook_is_told_means_nothing_in_another_repository(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (tmp_path / "other", shop / "nested"):
        place.mkdir()
        git(place, "init", "-q", "-b", "main")
        write(place, only_dot_py="x\n")
        git(place, "add", "-A")
    monkeypatch.chdir(shop)
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert staged(tmp_path / "other").files == ("only.py",)
    assert staged(shop / "nested").files == ("only.py",)


def test_no_setting_and_no_attribute_starts_a_program(shop: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap.sh"
    sprung = tmp_path / "sprung"
    trap.write_text(f'#!/bin/sh\necho "$0 $*" >> {sprung}\ncat 2>/dev/null\n')
    trap.chmod(0o755)
    for setting in (
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.sshCommand",
        "diff.external",
        "diff.trap.command",
        "diff.trap.textconv",
        "filter.trap.clean",
        "filter.trap.smudge",
        "filter.with=equals.process",
        "gpg.program",
        "merge.trap.driver",
    ):
        git(shop, "config", setting, str(trap))
    git(shop, "config", "log.showSignature", "true")
    git(shop, "config", "diff.orderFile", "/dev/null")
    git(shop, "config", "color.ui", "always")
    git(shop, "config", "filter.trap.required", "true")
    hooks = shop / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-index-change", "reference-transaction", "fsmonitor-watchman"):
        (hooks / name).write_bytes(trap.read_bytes())
        (hooks / name).chmod(0o755)
    attributes = "*.py diff=trap filter=trap\n*.ts filter=with=equals diff=trap\n"
    write(shop, _dot_gitattributes=attributes, a_dot_py="changed\n", web__b_dot_ts="changed\n")
    os.utime(shop / "web/c.ts", (1, 1))
    report = Report()
    assert changed(shop, working(shop)).modified == ("a.py", "web/b.ts")
    tree = staged(shop)
    assert tree.read("a.py") == b"a = 1\n" * 20
    assert changed(shop, tree).touched == ()
    assert find_base(shop, report) is not None
    assert current_branch(shop) == "feature/orders"
    assert not sprung.exists()


def test_what_a_user_has_set_up_changes_nothing_of_what_is_said(shop: Path) -> None:
    git(shop, "mv", "a.py", "b.py")
    write(shop, web__b_dot_ts="changed\n", ü_dot_py="x\n")
    git(shop, "add", "-A")
    plain = changed(shop, staged(shop))
    for setting, value in (
        ("diff.renames", "false"),
        ("diff.renameLimit", "1"),
        ("diff.noprefix", "true"),
        ("diff.algorithm", "patience"),
        ("diff.relative", "true"),
        ("core.quotePath", "true"),
        ("core.abbrev", "4"),
        ("color.ui", "always"),
        ("diff.autoRefreshIndex", "false"),
        ("log.decorate", "full"),
        ("status.showUntrackedFiles", "no"),
    ):
        git(shop, "config", setting, value)
    again = changed(shop, staged(shop))
    assert (again.added, again.modified, again.renamed) == (
        plain.added,
        plain.modified,
        plain.renamed,
    )
    assert again.counts == plain.counts
    assert plain.added == ("ü.py",)
    assert plain.renamed == {"b.py": "a.py"}


def test_a_repository_of_another_digest_is_read_alike(tmp_path: Path) -> None:
    try:
        git(tmp_path, "init", "-q", "-b", "main", "--object-format=sha256")
    except subprocess.CalledProcessError:
        pytest.skip("this git knows one digest only")
    write(tmp_path, a_dot_py="a\n")
    git(tmp_path, "add", "-A")
    assert changed(tmp_path, staged(tmp_path)).added == ("a.py",)
    git(tmp_path, "commit", "-q", "-m", "One")
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert changed(tmp_path, working(tmp_path)).renamed == {"b.py": "a.py"}
