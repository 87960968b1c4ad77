"""A change that would rather not be judged: what it tries, and what it is told."""

import os
import subprocess

import pytest

from tests.check.shop import (
    ADR,
    ALLOW,
    BAD,
    DAY,
    GIT,
    NO_DEBUG,
    NO_ORM,
    NO_ORM_ID,
    ORDER,
    VIOLATION,
    WAIVER,
    Checked,
    Shop,
    record,
)

TOML = 'adrs = ["docs/adr"]\n'
NEW_NAME = NO_ORM.replace("[no-orm]", "[no-database]")
NEW_ID = "0007-domain/no-database"


@pytest.fixture
def work(shop: Shop) -> Shop:
    """Return the shop on a branch of its own."""
    shop.git("checkout", "-q", "-b", "work")
    return shop


def found(done: Checked) -> list[tuple[str, str | None, str]]:
    return [(v["constraint"], v["path"], v["by"]) for v in done.said["violations"]]


# --- a rule under a new name, and weaker ----------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "files"),
    [
        ("`MUST NOT` became", {ADR: record(NEW_NAME.replace("MUST", "SHOULD"), NO_DEBUG)}),
        (
            "a waiver was added",
            {ADR: record(NEW_NAME, NO_DEBUG, WAIVER.replace("orm", "database"))},
        ),
        (
            "`suppressions`",
            {
                ADR: record(NEW_NAME, NO_DEBUG),
                "bylaw.toml": TOML + "suppressions = true\n",
                ORDER: ALLOW.replace("no-orm", "no-database"),
            },
        ),
    ],
)
def test_a_new_name_lets_nothing_pass(work: Shop, what: str, files: dict[str, str]) -> None:
    work.commit({ORDER: BAD, **files})
    done = work.check("--diff", "main")
    assert done.status == 1
    assert (NO_ORM_ID, ORDER, "base") in found(done)
    assert any(what in d["message"] for d in done.said["diagnostics"])
    assert work.check("--diff", "main", "--trust").status == 0


def test_a_new_name_in_the_baseline_lets_nothing_pass(shop: Shop) -> None:
    shop.commit({"bylaw.toml": TOML + 'baseline = "known.json"\n'})
    shop.git("checkout", "-q", "-b", "work")
    shop.write({ADR: record(NEW_NAME, NO_DEBUG), ORDER: BAD})
    shop.run("check", "--write-baseline")
    shop.commit()
    done = shop.check("--diff", "main")
    assert (done.status, found(done), done.codes) == (1, [(NO_ORM_ID, ORDER, "base")], ["BL524"])


def test_what_was_waived_stays_so_under_a_new_name(shop: Shop) -> None:
    shop.commit({ADR: record(NO_ORM, NO_DEBUG, WAIVER), ORDER: BAD})
    shop.git("checkout", "-q", "-b", "work")
    shop.commit({ADR: record(NEW_NAME, NO_DEBUG, WAIVER.replace("[no-orm]", "[no-database]"))})
    done = shop.check("--diff", "main")
    assert (done.status, done.codes) == (0, [])


def test_a_decision_in_another_file_is_no_weaker(work: Shop) -> None:
    work.git("mv", ADR, "docs/adr/0008-domain.md")
    moved = record(NO_ORM, NO_DEBUG).replace("# 7.", "# 8.")
    work.commit({"docs/adr/0008-domain.md": moved, ORDER: BAD})
    done = work.check("--diff", "main")
    assert found(done) == [("0008-domain/no-orm", ORDER, "own")]
    assert done.codes == []


# --- the configuration ----------------------------------------------------------------------------


def test_a_change_cannot_silence_what_is_said_of_it(work: Shop) -> None:
    work.commit({"bylaw.toml": TOML + 'allow = ["BL5xx"]\n', ADR: record(NO_DEBUG)})
    done = work.check("--diff", "main")
    assert set(done.codes) == {"BL511", "BL523"}
    assert work.check("--diff", "main", "--strict").status == 1
    assert work.check("--diff", "main", "--trust").codes == []


def test_what_the_base_allows_stays_silent(shop: Shop) -> None:
    shop.commit({"bylaw.toml": TOML + 'allow = ["BL5xx"]\n'})
    shop.git("checkout", "-q", "-b", "work")
    shop.commit({"bylaw.toml": TOML + 'allow = ["BL511"]\n', ADR: record(NO_DEBUG)})
    assert shop.check("--diff", "main").codes == []


def test_a_change_cannot_make_a_strict_check_lenient(shop: Shop) -> None:
    shop.commit({"bylaw.toml": TOML + "strict = true\n"})
    shop.git("checkout", "-q", "-b", "work")
    shop.commit({"bylaw.toml": TOML, ORDER: "print(1)\n"})
    assert shop.check().status == 0
    assert shop.check("--diff", "main").status == 1
    assert shop.check("--diff", "main", "--trust").status == 0


def test_a_stricter_configuration_is_no_weaker(shop: Shop) -> None:
    shop.commit({"bylaw.toml": TOML + "suppressions = true\n"})
    shop.git("checkout", "-q", "-b", "work")
    shop.commit({"bylaw.toml": TOML + "strict = true\n"})
    done = shop.check("--diff", "main")
    assert (done.status, done.codes) == (0, [])


def test_the_first_configuration_weakens_nothing(empty: Shop) -> None:
    empty.commit({"README.md": "# Shop\n"})
    empty.git("checkout", "-q", "-b", "work")
    empty.commit({"bylaw.toml": TOML, ADR: record(NO_DEBUG), "src/shop.py": "x = 1\n"})
    done = empty.check("--diff", "main")
    assert (done.status, done.codes) == (0, [])


@pytest.mark.parametrize("nearer", [True, False])
def test_a_change_cannot_choose_another_root(shop: Shop, nearer: bool) -> None:
    at = "services/src" if nearer else "services"
    for name in ("docs", "src", "bylaw.toml"):
        (shop.root / "services").mkdir(exist_ok=True)
        shop.git("mv", name, f"services/{name}")
    shop.commit()
    shop.git("checkout", "-q", "-b", "work")
    if nearer:
        shop.write({"services/src/bylaw.toml": "", "services/src/docs/adr/0007-a.md": record()})
    else:
        shop.git("mv", "services/bylaw.toml", "bylaw.toml")
    shop.commit({"services/" + ORDER: BAD})
    done = shop.check("-C", at, "--diff", "main")
    assert (done.status, "BL528" in done.codes) == (1, True)
    assert "BL528" not in shop.check("-C", at, "--diff", "main", "--trust").codes
    assert "BL528" not in shop.check("-C", at, "--diff", "work").codes


def test_what_a_change_puts_where_nobody_looks_is_named(work: Shop) -> None:
    work.write({"src/lib.py": BAD, ".bylaw/hidden.py": BAD, ".bylaw/notes.json": "{}"})
    (work.root / ORDER).unlink()
    (work.root / ORDER).symlink_to("../../lib.py")
    (work.root / "src/shop/more").symlink_to("../../docs")
    work.commit()
    done = work.check("--diff", "main")
    assert [d["message"] for d in done.said["diagnostics"]] == [
        f"no constraint covers `.bylaw/hidden.py`, `{ORDER}`, `src/shop/more`"
    ]
    assert work.check("--diff", "main", "--strict").status == 1
    assert work.check("--diff", "work").codes == []


# --- the base -------------------------------------------------------------------------------------


def test_a_tag_cannot_stand_for_the_base_branch(work: Shop) -> None:
    work.git("update-ref", "refs/remotes/origin/main", "main")
    work.commit({ADR: record(NO_DEBUG), ORDER: BAD})
    work.git("tag", "origin/main")
    done = work.check("--diff", "origin/main")
    assert (done.status, done.codes) == (2, ["BL505"])
    assert work.check("--diff", "refs/remotes/origin/main").status == 1
    work.git("tag", "-f", "origin/main", "main")
    assert work.check("--diff", "origin/main").violations == [VIOLATION]


def test_a_day_before_the_base_is_not_believed(shop: Shop) -> None:
    shop.commit({ADR: record(NO_ORM.replace("; use", " from 2026-05-01; use"), NO_DEBUG)})
    shop.git("checkout", "-q", "-b", "work")
    shop.commit({ORDER: BAD})
    dated(shop, "2020-01-01T12:00:00+00:00")
    done = shop.check("--diff", "main")
    assert (done.status, done.violations) == (1, [VIOLATION])
    assert done.said["summary"]["as_of"] == DAY[:10]
    assert shop.check("--diff", "main", "--as-of", "2020-01-01").status == 0


def test_a_day_that_is_still_to_come_is_not_believed(shop: Shop) -> None:
    shop.commit({ADR: record(NO_ORM.replace("; use", " until 2090-01-01; use"), NO_DEBUG)})
    shop.commit({ORDER: BAD})
    dated(shop, "2099-01-01T12:00:00+00:00")
    assert shop.check().violations == [VIOLATION]


def dated(shop: Shop, day: str) -> None:
    """Give the last commit another day."""
    subprocess.run(
        [*GIT, "commit", "-q", "--amend", "--no-edit"],
        cwd=shop.root,
        env=os.environ | {"GIT_COMMITTER_DATE": day},
        check=True,
    )


def test_a_change_cannot_choose_its_own_base(shop: Shop) -> None:
    shop.commit({ADR: record(NO_ORM.replace("; use", " for new code; use"))})
    shop.git("checkout", "-q", "-b", "work")
    shop.commit({ORDER: BAD, "bylaw.toml": TOML + 'main-branch = "work"\n'})
    assert shop.check().violations == [VIOLATION]


def test_the_main_branch_may_be_another_than_gits_default(shop: Shop) -> None:
    shop.commit({"bylaw.toml": TOML + 'main-branch = "develop"\n', ADR: record(NO_DEBUG)})
    shop.git("checkout", "-q", "-b", "develop")
    shop.commit({ADR: record(NO_ORM.replace("; use", " for new code; use")), ORDER: BAD})
    shop.git("checkout", "-q", "-b", "work")
    shop.commit({"src/shop/domain/cart.py": BAD})
    assert shop.check().violations == [(NO_ORM_ID, "src/shop/domain/cart.py", 1)]


# --- commands -------------------------------------------------------------------------------------

SUITE = "- [suite] Command `{}` MUST pass."


def test_a_command_of_the_change_does_not_run_because_it_calls_itself_the_base(shop: Shop) -> None:
    shop.commit({ADR: record(SUITE.format("true"))})
    assert shop.check("--run").status == 0
    shop.git("checkout", "-q", "-b", "work")
    toml = TOML + 'main-branch = "work"\n'
    shop.commit({ADR: record(SUITE.format("touch owned")), "bylaw.toml": toml})
    assert shop.check("--run").status == 3
    assert not (shop.root / "owned").exists()


def test_a_base_that_only_the_change_names_lets_no_command_run(empty: Shop) -> None:
    empty.git("checkout", "-q", "-b", "trunk")
    empty.commit({ADR: record(SUITE.format("true"))})
    empty.git("checkout", "-q", "-b", "work")
    empty.commit(
        {ADR: record(SUITE.format("touch owned")), "bylaw.toml": TOML + 'main-branch = "work"\n'}
    )
    assert empty.check("--run").status == 3
    assert not (empty.root / "owned").exists()
    assert empty.check("--run", "--base", "work").status == 0


def test_a_published_command_runs_only_as_the_base_has_it(shop: Shop) -> None:
    shop.commit({ADR: record(SUITE.format("true"))})
    shop.run("build")
    path = shop.root / ".bylaw/constraints.json"
    (shop.root / ".bylaw/manifest.json").unlink()
    shop.commit()
    again = ("--run", "--base", "main", "--constraints", ".bylaw/constraints.json")
    assert shop.check(*again).status == 0
    shop.git("checkout", "-q", "-b", "work")
    text = path.read_text("utf-8")
    # The sentence stays as it is.
    poisoned = text.replace('"true"', '"touch owned"')
    assert poisoned != text
    path.write_text(poisoned, "utf-8")
    shop.commit()
    assert shop.check(*again).status == 3
    assert not (shop.root / "owned").exists()


def test_a_set_that_is_not_committed_is_held_against_the_bases_decisions(work: Shop) -> None:
    work.commit({".gitignore": ".bylaw/\n", ADR: record(NO_DEBUG), ORDER: BAD})
    work.run("build")
    done = work.check("--diff", "main", "--constraints", ".bylaw/constraints.json")
    assert (done.status, found(done)) == (1, [(NO_ORM_ID, ORDER, "base")])
    work.commit({ADR: record(NO_ORM, NO_DEBUG)})
    work.run("build")
    done = work.check("--diff", "main", "--constraints", ".bylaw/constraints.json")
    assert found(done) == [(NO_ORM_ID, ORDER, "own")]
    assert done.codes == []


# --- what a hook meets ----------------------------------------------------------------------------


def test_the_very_first_commit_is_measured_from_nothing(empty: Shop) -> None:
    empty.write({"bylaw.toml": TOML, ADR: record(NO_ORM), "src/shop/domain/__init__.py": BAD})
    empty.write({"src/shop/__init__.py": ""})
    empty.git("add", "-A")
    done = empty.check("--staged", "--diff", "HEAD")
    assert (done.status, done.codes) == (1, [])
    assert done.violations == [(NO_ORM_ID, "src/shop/domain/__init__.py", 1)]


def test_a_revision_where_there_is_no_repository_is_called_that(shop: Shop) -> None:
    (shop.root / ".git").rename(shop.root.parent / "elsewhere")
    done = shop.check("--diff", "main")
    assert done.status == 2
    assert "no git repository" in done.said["diagnostics"][0]["message"]


# --- code that does not look like code ------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        b"# coding: utf-7\n+AGkAbQBwAG8AcgB0- sqlalchemy\n",
        b"#!/usr/bin/python\n# vim: set fileencoding=rot13 :\nvzcbeg fdynypurzl\n",
        b"# coding: unicode-escape\n# \\u000aimport \\u0073qlalchemy\n",
        b"#" * 5000 + b"\n# coding: utf-7\n+AGkAbQBwAG8AcgB0- sqlalchemy\n",
    ],
)
def test_code_in_a_hiding_encoding_is_not_clean(shop: Shop, text: bytes) -> None:
    shop.commit({ORDER: text})
    done = shop.check()
    assert done.status == 3
    assert (NO_ORM_ID, ORDER) in {(identity, path) for identity, path, _ in done.unjudged}


def test_a_fix_that_leaves_a_file_unclear_is_not_said_to_violate(shop: Shop) -> None:
    shop.commit({ORDER: "import sqlalchemy\ndef (\n"})
    assert "whether it would keep `0007-domain/no-orm` then cannot be told" in (
        shop.run("check", "--fix").err
    )


# --- whose change it is ---------------------------------------------------------------------------


def test_a_persons_change_is_not_an_agents(shop: Shop) -> None:
    shop.commit({ADR: record("- [small] Agents MUST change at most 1 files.")})
    shop.git("checkout", "-q", "-b", "work")
    shop.commit({"a.py": "", "b.py": ""})
    assert shop.check().status == 3
    assert shop.check("--no-agent").status == 0
    assert shop.check("--agent", "A").status == 1
    assert shop.check("--agent", "A", "--no-agent").status == 2


# --- what machines are told -----------------------------------------------------------------------


def test_a_report_names_the_status_that_the_command_ends_with(shop: Shop) -> None:
    shop.commit({ADR: record("- [small] Agents MUST change at most 1 files.")})
    for arguments in ([], ["--lenient"], ["--no-agent"], ["--diff", "nowhere"], ["nothing.py"]):
        done = shop.check(*arguments)
        assert done.said["summary"]["status"] == done.status
    shop.write({"bylaw.toml": "adrs = 3\n"})
    done = shop.check()
    assert (done.status, done.said["summary"]["status"]) == (2, 2)
