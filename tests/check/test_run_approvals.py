"""Approvals end to end: a real repository, a recorded file, and what a job of a forge has."""

import json
from pathlib import Path

import pytest

from bylaw.regions import splice
from tests.check.shop import ADR, Shop, empty, record

__all__ = ["empty"]

DBA = "- [dba] Changes to `migrations/**` MUST be approved by 2 of `@shop/dba`."
ONE = DBA.replace("2 of ", "")
PULL = "https://api.github.com/repos/shop/shop/pulls/7"


@pytest.fixture
def shop(empty: Shop) -> Shop:
    """A branch with a migration in it, and a decision about migrations on `main`."""
    empty.commit({ADR: record(ONE), "migrations/1.sql": "1\n", "bylaw.toml": ""})
    empty.git("checkout", "-q", "-b", "work")
    empty.commit({"migrations/2.sql": "2\n", "src/a.py": "x = 1\n"})
    return empty


def head(shop: Shop) -> str:
    return shop.git("rev-parse", "HEAD").strip()


def approve(shop: Shop, *arguments: str, file: str = "../approvals.jsonl") -> None:
    done = shop.run("approve", "--file", file, *arguments)
    assert done.status == 0, done.err


def by_file(shop: Shop, file: str = "../approvals.jsonl") -> tuple[int, list[str]]:
    """Check the branch with a file of approvals: status, and codes of diagnostics."""
    done = shop.check("--diff", "main", "--approvals", file)
    return done.status, done.codes


# --- a file --------------------------------------------------------------------------------------


def test_without_a_record_nothing_is_evaluated_and_with_an_empty_one_it_is_violated(
    shop: Shop,
) -> None:
    done = shop.check("--diff", "main")
    assert (done.status, [path for _, path, _ in done.unjudged]) == (3, [None])
    shop.write({"../approvals.jsonl": '{"format":"bylaw/approvals","version":1}\n'})
    done = shop.check("--diff", "main", "--approvals", "../approvals.jsonl")
    assert done.status == 1
    assert [path for _, path, _ in done.violations] == ["migrations/2.sql"]
    assert done.said["approvals"] == []


def test_an_approval_that_was_recorded_counts_until_the_guarded_files_change(shop: Shop) -> None:
    approve(shop, "--by", "@bob", "--team", "@shop/dba")
    assert by_file(shop) == (0, [])
    # What nobody guards may change.
    shop.commit({"src/a.py": "x = 2\n"})
    assert by_file(shop) == (0, [])
    shop.commit({"migrations/2.sql": "3\n"})
    done = shop.check("--diff", "main", "--approvals", "../approvals.jsonl")
    assert done.status == 1
    assert "these files were others" in done.said["violations"][0]["note"]


def test_what_was_renamed_or_deleted_since_needs_a_new_look(shop: Shop) -> None:
    approve(shop, "--by", "@bob", "--team", "@shop/dba")
    shop.git("rm", "-q", "migrations/1.sql")
    shop.commit()
    assert by_file(shop)[0] == 1
    approve(shop, "--by", "@bob", "--team", "@shop/dba")
    assert by_file(shop)[0] == 0
    shop.git("mv", "migrations/2.sql", "migrations/3.sql")
    shop.commit()
    done = shop.check("--diff", "main", "--approvals", "../approvals.jsonl")
    assert {path for _, path, _ in done.violations} == {"migrations/1.sql", "migrations/3.sql"}


def test_a_mode_or_a_link_that_nobody_has_seen_needs_a_new_look(shop: Shop) -> None:
    approve(shop, "--by", "@bob", "--team", "@shop/dba")
    (shop.root / "migrations/2.sql").chmod(0o755)
    shop.commit()
    assert by_file(shop)[0] == 1
    (shop.root / "migrations/3.sql").symlink_to("2.sql")
    shop.commit()
    approve(shop, "--by", "@bob", "--team", "@shop/dba")
    assert by_file(shop) == (0, ["BL529"])
    (shop.root / "migrations/3.sql").unlink()
    (shop.root / "migrations/3.sql").symlink_to("1.sql")
    shop.commit()
    assert by_file(shop)[0] == 1


def test_what_a_build_writes_into_a_guarded_file_is_seen_like_all_of_it(shop: Shop) -> None:
    path = ".github/CODEOWNERS"
    shop.commit({ADR: record(ONE.replace("migrations/**", ".github/**"))})
    built = splice(path, b"* @boss\n", b"/src/ @ann\n")
    shop.commit({path: built.decode()})
    shop.git("branch", "-f", "main", "HEAD~1")
    approve(shop, "--by", "@bob", "--team", "@shop/dba")
    assert by_file(shop)[0] == 0
    # The digest of a region is no secret.
    shop.commit({path: splice(path, built, b"/src/ @mallory\n").decode()})
    assert by_file(shop)[0] == 1


def test_who_has_amended_a_commit_cannot_approve_of_it(shop: Shop) -> None:
    approve(shop, "--team", "@shop/dba", "--by", "bo@x.example")
    assert by_file(shop)[0] == 0
    shop.git("-c", "user.email=bo@x.example", "commit", "-q", "--amend", "--no-edit")
    approve(shop, "--team", "@shop/dba", "--by", "bo@x.example")
    assert by_file(shop)[0] == 1


def test_an_author_cannot_approve_and_neither_can_who_is_named_in_a_trailer(shop: Shop) -> None:
    approve(shop, "--team", "@shop/dba", "--by", "ada@tidemark.example")
    approve(shop, "--team", "@shop/dba", "--by", "@cy")
    assert by_file(shop)[0] == 0
    shop.git("commit", "-q", "--amend", "-m", "Work\n\nCo-Authored-By: Cy <cy@x.example>")
    approve(shop, "--team", "@shop/dba", "--by", "@cy")
    assert by_file(shop)[0] == 1


def test_what_is_not_committed_is_of_whoever_has_the_tree(shop: Shop) -> None:
    shop.git("config", "user.name", "Ada")
    shop.git("config", "user.email", "ada@tidemark.example")
    shop.git("checkout", "-q", "main")
    shop.write({"migrations/9.sql": "", "../a.json": '[{"by": "@ada", "teams": ["@shop/dba"]}]'})
    assert by_file(shop, "../a.json")[0] == 1
    shop.write({"../a.json": '[{"by": "@bob", "teams": ["@shop/dba"]}]'})
    assert by_file(shop, "../a.json")[0] == 0


def test_a_commit_that_is_not_here_is_not_evaluated(shop: Shop) -> None:
    line = {"by": "@bob", "teams": ["@shop/dba"], "commit": "d" * 40}
    shop.write({"../a.json": json.dumps([line])})
    done = shop.check("--diff", "main", "--approvals", "../a.json")
    assert done.status == 3
    assert "is not in this repository" in done.unjudged[0][2]


# --- a file that the change brings ---------------------------------------------------------------


@pytest.mark.parametrize("ignored", ["approvals.jsonl", "*.jsonl"])
def test_a_file_that_the_change_has_ignored_is_of_the_change(shop: Shop, ignored: str) -> None:
    approve(shop, "--by", "@bob", "--team", "@shop/dba", file="approvals.jsonl")
    shop.commit({".gitignore": f"{ignored}\n"})
    assert by_file(shop, "approvals.jsonl") == (1, ["BL530"])
    shop.write({".git/info/exclude": "approvals.jsonl\n"})
    shop.git("rm", "-q", "--cached", ".gitignore")
    (shop.root / ".gitignore").unlink()
    shop.commit()
    approve(shop, "--by", "@bob", "--team", "@shop/dba", file="approvals.jsonl")
    assert by_file(shop, "approvals.jsonl") == (0, [])


def test_a_file_that_the_base_has_is_not_forged_by_having_it_ignored(shop: Shop) -> None:
    shop.git("checkout", "-q", "main")
    shop.commit({"approvals.jsonl": '{"format":"bylaw/approvals","version":1}\n'})
    shop.git("checkout", "-q", "work")
    shop.git("rebase", "-q", "main")
    shop.git("rm", "-q", "--cached", "approvals.jsonl")
    shop.git("add", "migrations")
    shop.write({".gitignore": "approvals.jsonl\n"})
    shop.git("add", ".gitignore")
    shop.git("commit", "-q", "-m", "hide it")
    approve(shop, "--by", "@bob", "--team", "@shop/dba", file="approvals.jsonl")
    assert by_file(shop, "approvals.jsonl") == (1, ["BL530"])


def test_a_folder_is_no_empty_record(shop: Shop) -> None:
    done = shop.run("check", "--diff", "main", "--approvals", "migrations")
    assert done.status == 2
    assert "`migrations` cannot be read: is a directory" in done.err


@pytest.mark.parametrize("committed", [True, False])
def test_an_approval_that_the_change_brings_does_not_count(shop: Shop, committed: bool) -> None:
    approve(shop, "--by", "@bob", "--team", "@shop/dba", file="approvals.jsonl")
    if committed:
        shop.commit()
    assert by_file(shop, "approvals.jsonl") == (1, ["BL530"])


def test_an_approval_that_the_base_has_counts_and_what_is_added_does_not(shop: Shop) -> None:
    seen = head(shop)
    shop.git("checkout", "-q", "main")
    approve(shop, "--by", "@eve", "--team", "@x/y", "--commit", seen, file="approvals.jsonl")
    shop.commit()
    shop.git("checkout", "-q", "work")
    shop.git("rebase", "-q", "main")
    assert by_file(shop, "approvals.jsonl") == (1, [])
    approve(shop, "--by", "@bob", "--team", "@shop/dba", file="approvals.jsonl")
    shop.commit()
    assert by_file(shop, "approvals.jsonl") == (1, ["BL530"])
    shop.commit({"approvals.jsonl": '[{"by": "@bob", "teams": ["@shop/dba"]}]'})
    done = shop.check("--diff", "main", "--approvals", "approvals.jsonl")
    (diagnostic,) = done.said["diagnostics"]
    assert diagnostic["note"] == "the change has rewritten it, and not added to it"


def test_a_link_is_no_way_out_of_the_tree(shop: Shop) -> None:
    shop.write({"forged.json": '[{"by": "@bob", "teams": ["@shop/dba"]}]'})
    shop.commit()
    outside = shop.root.parent / "link.json"
    outside.symlink_to(shop.root / "forged.json")
    assert by_file(shop, "../link.json") == (1, ["BL530"])
    shop.write({"../real.json": '[{"by": "@bob", "teams": ["@shop/dba"]}]'})
    (shop.root / "inside.json").symlink_to(shop.root.parent / "real.json")
    shop.commit()
    assert by_file(shop, "inside.json") == (1, ["BL529", "BL530"])


def test_a_file_that_git_ignores_is_whoevers_who_checks(shop: Shop) -> None:
    shop.git("checkout", "-q", "main")
    shop.commit({".gitignore": "*.jsonl\n"})
    shop.git("checkout", "-q", "work")
    shop.git("rebase", "-q", "main")
    approve(shop, "--by", "@bob", "--team", "@shop/dba", file="approvals.jsonl")
    assert by_file(shop, "approvals.jsonl") == (0, [])
    shop.git("add", "-f", "approvals.jsonl")
    shop.commit()
    assert by_file(shop, "approvals.jsonl") == (1, ["BL530"])


# --- policy versions and risk --------------------------------------------------------------------


def test_an_approval_under_other_decisions_counts_and_is_told(shop: Shop) -> None:
    approve(shop, "--by", "@bob", "--team", "@shop/dba")
    policy = json.loads(shop.run("list", "--format", "json").out)["policy"]
    done = shop.check("--diff", "main", "--approvals", "../approvals.jsonl")
    assert done.said["summary"]["policy"] == policy
    assert [each["policy"] for each in done.said["approvals"]] == [policy]
    shop.commit({"docs/adr/0008-more.md": record("- [mm] File `x` SHOULD exist.", title="More")})
    assert json.loads(shop.run("list", "--format", "json").out)["policy"] != policy
    assert by_file(shop)[1][0] == "BL531"


def test_the_policy_version_is_of_what_is_in_force_on_the_day(shop: Shop) -> None:
    def policy(day: str) -> str:
        found = json.loads(shop.run("list", "--format", "json", "--as-of", day).out)
        return str(found["policy"])

    shop.commit({ADR: record(ONE.replace(".", " from 2026-09-01."))})
    assert policy("2026-06-01") == policy("2026-08-31") != policy("2026-09-01")
    shop.commit({"docs/adr/0009-x.md": record(DBA, status="proposed", title="Later")})
    assert policy("2026-06-01") == policy("2026-08-31")


def test_the_risk_of_a_change_asks_for_approvals_where_no_sentence_does(shop: Shop) -> None:
    shop.git("checkout", "-q", "main")
    rules = '[approvals]\nlow = ["docs/**"]\nhigh = ["src/**"]\nrequired = { low = 0, high = 2 }\n'
    shop.commit({"bylaw.toml": rules})
    shop.git("checkout", "-q", "work")
    shop.git("rebase", "-q", "main")
    approve(shop, "--by", "@bob", "--team", "@shop/dba")
    done = shop.check("--diff", "main", "--approvals", "../approvals.jsonl")
    assert (done.status, done.codes) == (1, ["BL532"])
    assert done.said["risk"] == {
        "tier": "high",
        "because": ["src/**"],
        "required": 2,
        "approvals": 1,
    }
    approve(shop, "--by", "@eve")
    assert by_file(shop) == (0, [])
    # A change may not lower what it needs.
    shop.commit({"bylaw.toml": ""})
    shop.git("reset", "-q", "--soft", "HEAD~1")
    shop.git("commit", "-q", "-m", "Lower")
    assert "BL533" in shop.check("--diff", "main").codes
    markdown = shop.run("check", "--diff", "main", "--format", "markdown").out
    assert "Risk: **high**" in markdown


def test_a_change_of_low_risk_needs_nobody(shop: Shop) -> None:
    shop.git("checkout", "-q", "main")
    shop.commit({"bylaw.toml": '[approvals]\nlow = ["docs/*.md"]\nrequired = { high = 2 }\n'})
    shop.git("checkout", "-q", "-b", "docs")
    shop.commit({"docs/a.md": "A\n"})
    done = shop.check("--diff", "main")
    assert (done.status, done.codes) == (0, [])
    assert done.said["risk"]["tier"] == "low"
    assert done.said["approvals"] is None


# --- forges --------------------------------------------------------------------------------------


def forge(shop: Shop, monkeypatch: pytest.MonkeyPatch, **files: object) -> Path:
    """Write what a job of GitHub Actions has, outside of the tree."""
    folder = shop.root.parent / "job"
    folder.mkdir(exist_ok=True)
    for name, value in files.items():
        (folder / f"{name}.json").write_text(json.dumps(value))
        variable = "GITHUB_EVENT_PATH" if name == "event" else f"BYLAW_{name.upper()}"
        monkeypatch.setenv(variable, str(folder / f"{name}.json"))
    return folder


def review(shop: Shop, login: str, state: str = "APPROVED") -> dict[str, object]:
    return {
        "user": {"login": login, "type": "User"},
        "state": state,
        "commit_id": head(shop),
        "pull_request_url": PULL,
        "submitted_at": "2026-06-01T12:00:00Z",
    }


def test_a_job_of_github_actions_judges_by_reviews_and_teams(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = {"pull_request": {"url": PULL, "user": {"login": "ada-l"}}}
    forge(shop, monkeypatch, event=event)
    done = shop.check("--diff", "main", "--approvals", "github")
    assert done.status == 3
    reviews = [review(shop, "ada-l"), review(shop, "bob", "COMMENTED")]
    forge(shop, monkeypatch, reviews=reviews)
    assert shop.check("--diff", "main", "--approvals", "github").status == 1
    forge(shop, monkeypatch, reviews=[*reviews, review(shop, "bob")])
    done = shop.check("--diff", "main", "--approvals", "github")
    assert done.status == 3
    assert "nobody says who is of `@shop/dba`" in done.unjudged[0][2]
    forge(shop, monkeypatch, teams={"@shop/dba": ["@shop/night"], "@shop/night": ["Bob"]})
    done = shop.check("--diff", "main", "--approvals", "github")
    assert (done.status, done.violations) == (0, [])
    shop.commit({"migrations/2.sql": "later\n"})
    assert shop.check("--diff", "main", "--approvals", "github").status == 1


def test_reviews_that_lie_in_the_tree_are_the_changes_own_word(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = {"pull_request": {"url": PULL, "user": {"login": "ada-l"}}}
    forge(shop, monkeypatch, event=event, teams={"@shop/dba": ["bob"]})
    shop.write({"reviews.json": json.dumps([review(shop, "bob")])})
    monkeypatch.setenv("BYLAW_REVIEWS", "reviews.json")
    done = shop.check("--diff", "main", "--approvals", "github")
    assert (done.status, done.codes) == (1, ["BL530"])
    monkeypatch.setenv("BYLAW_REVIEWS", "gone.json")
    done = shop.check("--diff", "main", "--approvals", "github")
    assert (done.status, done.codes) == (2, ["BL924"])


def test_a_pipeline_of_gitlab_judges_by_its_approvals(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI_MERGE_REQUEST_IID", "7")
    assert shop.check("--diff", "main", "--approvals", "gitlab").status == 3
    forge(
        shop,
        monkeypatch,
        reviews={"iid": 7, "approved_by": [{"user": {"username": "bob"}}]},
        approval_settings={"reset_approvals_on_push": True},
        merge_request={"iid": 7, "sha": head(shop), "author": {"username": "ada"}},
        teams={"@shop/dba": ["bob"]},
    )
    assert shop.check("--diff", "main", "--approvals", "gitlab").status == 0
    forge(shop, monkeypatch, approval_settings={"reset_approvals_on_push": False})
    assert shop.check("--diff", "main", "--approvals", "gitlab").status == 3


# --- the command ---------------------------------------------------------------------------------


def test_lines_are_added_and_nothing_else_is_touched(shop: Shop) -> None:
    approve(shop, "--by", "@bob")
    file = shop.root.parent / "approvals.jsonl"
    first = file.read_bytes()
    file.write_bytes(first.rstrip(b"\n"))
    approve(shop, "--by", "@lead", "--decision", "dismiss", "--of", "@bob")
    assert file.read_bytes().startswith(first)
    last = json.loads(file.read_text().splitlines()[-1])
    assert (last["decision"], last["of"], last["commit"]) == ("dismiss", "@bob", head(shop))


@pytest.mark.parametrize(
    "arguments",
    [
        ("--file", "../x", "--by", " "),
        ("--file", "../x", "--by", "@a\u202e"),
        ("--file", "../x", "--by", "@a", "--commit", "nowhere"),
        ("--file", "../x", "--by", "@a", "--of", "@b"),
        ("--file", "../list.json", "--by", "@a"),
        ("--file", "../other.txt", "--by", "@a"),
        ("--file", "..", "--by", "@a"),
        ("--by", "@a"),
    ],
)
def test_what_nobody_could_read_is_not_recorded(shop: Shop, arguments: tuple[str, ...]) -> None:
    shop.write({"../list.json": "[]", "../other.txt": "text"})
    done = shop.run("approve", *arguments)
    assert done.status == 2
    assert not (shop.root.parent / "x").exists()
    assert (shop.root.parent / "list.json").read_text() == "[]"
