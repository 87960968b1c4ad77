"""After the deed: what a command has really left, and the whole change when the agent stops."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.check.shop import Shop
from tests.checkpoint.hooking import SENTENCES, Agent, decision, settle_down

ORDER = "src/shop/domain/order.py"
BAD = "import sqlalchemy\n"
SCRIPT = f"python3 -c \"open('{ORDER}','a').write('import sqlalchemy\\n')\""
PAIR = "- [pair] When `src/shop/services/**` changes, `docs/**` MUST change."
MIRROR = "- [mirror] For each `lib/<n>.py`, `tests/test_<n>.py` MUST exist for new code."
ALIKE = "- [alike] Files matching `lib/*.txt` MUST be identical to `README.md`."
HOLD = "- [hold] Each directory in `packages/*` MUST contain `OWNERS`."
EQUAL = (
    "- [equal] Key `version` in `package.json` MUST equal key `project.version` in "
    "`pyproject.toml`."
)


# --- after a command ---------------------------------------------------------------------------


def test_what_a_script_has_written_is_told_once_and_again_only_when_it_changes(
    agent: Agent,
) -> None:
    said = agent.run(SCRIPT)
    assert said.decision == "deny"
    assert "0007-domain/no-orm" in said.reason
    assert ORDER in said.reason
    assert agent.run("ls").stdout == b""
    assert agent.run("python3 -c \"open('src/new.txt','w').write('ok')\"").stdout == b""
    said = agent.run("python3 -c \"open('src/other.txt','w').write('TODO')\"")
    assert said.decision == "deny"
    assert "0007-domain/no-todo" in said.reason


@pytest.mark.parametrize(
    "command",
    [
        "make gen",
        "sed -i 's/x = 1/import sqlalchemy/' src/shop/domain/order.py",
        "sh gen.sh",
        "git apply change.patch",
        "git stash pop",
    ],
)
def test_a_write_that_the_call_did_not_show_is_caught_when_it_has_run(
    shop: Shop, command: str
) -> None:
    patch = f"--- a/{ORDER}\n+++ b/{ORDER}\n@@ -1 +1,2 @@\n x = 1\n+import sqlalchemy\n"
    lines = f"printf 'import sqlalchemy\\n' >> {ORDER}\n"
    shop.commit({"Makefile": f"gen:\n\t{lines}", "gen.sh": lines, "change.patch": patch})
    if "stash" in command:
        shop.write({ORDER: BAD})
        shop.git("stash")
    agent = Agent(shop.root)
    agent.start()
    said = agent.bash(command)
    if said.decision == "allow":
        subprocess.run(command, shell=True, cwd=shop.root, check=True, capture_output=True)
        said = agent.ran(command)
    assert said.decision == "deny"
    assert "no-orm" in said.reason


def test_without_a_session_start_the_first_call_marks_the_start(shop: Shop) -> None:
    agent = Agent(shop.root)
    assert agent.run(SCRIPT).decision == "deny"


def test_the_users_own_changes_before_the_session_do_not_count(shop: Shop) -> None:
    shop.write({ORDER: BAD, "src/untracked.txt": "TODO\n"})
    shop.git("add", ORDER)
    agent = Agent(shop.root)
    assert agent.run("touch a.txt").decision == "allow"
    assert agent.stop().decision == "allow"
    assert agent.run("python3 -c \"open('src/untracked.txt','a').write('TODO')\"").decision == (
        "deny"
    )
    assert shop.git("status", "--porcelain", "--", ORDER) == f"M  {ORDER}\n"


@pytest.mark.parametrize("amend", [False, True])
def test_a_commit_during_the_session_hides_nothing(shop: Shop, amend: bool) -> None:
    agent = Agent(shop.root)
    agent.start()
    shop.write({ORDER: BAD})
    shop.git("commit", "-qam", "Hide", *(["--amend"] if amend else []))
    assert agent.ran("git commit -qam Hide").decision == "deny"
    assert agent.stop().decision == "deny"


def test_a_branch_that_is_checked_out_during_the_session_counts_as_its_change(shop: Shop) -> None:
    shop.git("checkout", "-qb", "bad")
    shop.commit({ORDER: BAD})
    shop.git("checkout", "-q", "main")
    agent = Agent(shop.root)
    assert agent.run("git checkout -q bad").decision == "deny"


def test_what_is_taken_back_is_no_violation_any_more(shop: Shop, agent: Agent) -> None:
    assert agent.run(SCRIPT).decision == "deny"
    assert agent.run(f"git checkout -q -- {ORDER}").decision == "allow"
    assert agent.stop().decision == "allow"


def test_files_that_a_script_renames_or_deletes_are_settled(agent: Agent) -> None:
    move = "import os; os.rename('src/shop/domain/old.py', 'src/shop/domain/older.py')"
    assert agent.run(f'python3 -c "{move}"').decision == "allow"
    said = agent.run("python3 -c \"import os; os.unlink('README.md')\"")
    assert said.decision == "deny"
    assert "0007-domain/readme" in said.reason


def test_a_should_that_a_script_breaks_is_told(agent: Agent) -> None:
    said = agent.run(f"python3 -c \"open('{ORDER}','a').write('print(1)\\n')\"")
    assert said.decision == "allow"
    assert "no-print" in said.context


def test_weaker_decisions_are_judged_by_the_stronger_ones_and_a_person_is_told(
    shop: Shop, agent: Agent
) -> None:
    agent.start()
    adr = shop.root / "docs/adr/0007-domain.md"
    adr.write_text(adr.read_text().replace("MUST NOT import `sqlalchemy`", "MUST NOT import `x`"))
    (shop.root / ORDER).write_text(BAD)
    said = agent.ran("python3 weaken.py")
    assert said.decision == "deny"
    assert "no-orm" in said.reason
    assert "a person has to look at this" in said.reason


# --- stop --------------------------------------------------------------------------------------


def test_an_agent_with_violations_is_sent_back_and_let_go_if_nothing_is_mended(
    agent: Agent,
) -> None:
    agent.run(SCRIPT)
    said = agent.stop()
    assert said.decision == "deny"
    assert "work is not done" in said.reason
    said = agent.stop(again=True)
    assert said.decision == "allow"
    assert "Nothing of this has been mended" in said.context
    assert "no-orm" in said.context


def test_an_agent_that_mends_one_thing_is_sent_back_for_the_other(shop: Shop, agent: Agent) -> None:
    agent.run(SCRIPT)
    agent.run("python3 -c \"open('src/t.txt','w').write('TODO')\"")
    assert agent.stop().decision == "deny"
    shop.write({"src/t.txt": ""})
    assert agent.stop(again=True).decision == "deny"
    shop.write({ORDER: "x = 1\n"})
    assert agent.stop(again=True).decision == "allow"


def test_nobody_is_sent_back_for_ever(shop: Shop, agent: Agent) -> None:
    agent.start()
    decisions = []
    for number in range(8):
        shop.write({f"src/t{number}.txt": "TODO"})
        decisions.append(agent.stop(again=number > 0).decision)
    assert decisions == ["deny"] * 5 + ["allow", "deny", "deny"]


@pytest.mark.parametrize(
    ("sentence", "first", "second"),
    [
        (PAIR, {"src/shop/services/pay.py": "x = 2\n"}, {"docs/pay.md": "x\n"}),
        (MIRROR, {"lib/b.py": "# Copyright Shop\n"}, {"tests/test_b.py": ""}),
        (ALIKE, {"lib/c.txt": "# Other\n"}, {"README.md": "# Other\n"}),
        (HOLD, {"packages/a/x.py": ""}, {"packages/a/OWNERS": "me\n"}),
        (
            EQUAL,
            {"package.json": '{"version": "2"}\n'},
            {"pyproject.toml": '[project]\nname = "shop"\nversion = "2"\n'},
        ),
    ],
)
def test_what_several_files_keep_together_waits_for_the_stop(
    empty: Shop, sentence: str, first: dict[str, str], second: dict[str, str]
) -> None:
    settle_down(empty, sentence, **{"package.json": '{"version": "1"}\n'})
    agent = Agent(empty.root)
    for path, text in first.items():
        assert agent.wrote(path, text).decision == "allow"
    assert agent.run("ls").decision == "allow"
    assert agent.stop().decision == "deny"
    for path, text in second.items():
        assert agent.wrote(path, text).decision == "allow"
    assert agent.stop(again=True).decision == "allow"


@pytest.mark.skipif("BYLAW_SEMGREP" not in os.environ, reason="there is no Semgrep")
def test_a_pattern_of_semgrep_is_judged_at_the_stop(empty: Shop) -> None:
    settle_down(
        empty,
        "- [raw] Code in `src/**` MUST NOT match:\n\n  ```semgrep\n  eval(...)\n  ```\n",
    )
    agent = Agent(empty.root)
    assert agent.wrote(ORDER, "eval('1')\n").decision == "allow"
    said = agent.stop()
    assert said.decision == "deny"
    assert "raw" in said.reason


def test_a_sub_agent_is_held_to_what_it_left_and_not_to_the_end_of_the_work(empty: Shop) -> None:
    settle_down(empty, PAIR, SENTENCES[0])
    agent = Agent(empty.root)
    agent.wrote("src/shop/services/pay.py", "x = 2\n")
    assert agent.ask("SubagentStop").decision == "allow"
    agent.run(SCRIPT)
    assert agent.ask("SubagentStop").decision == "deny"
    assert agent.stop().decision == "deny"


def test_what_cannot_be_judged_at_the_end_is_said_once(empty: Shop) -> None:
    settle_down(empty, "- [tokens] Agents MUST spend at most 9 tokens.")
    agent = Agent(empty.root)
    agent.wrote("a.txt", "x")
    said = agent.stop()
    assert said.decision == "allow"
    assert "does not say how many tokens" in said.context
    assert agent.stop().stdout == b""


# --- without git, and with more of it ----------------------------------------------------------


def test_without_git_calls_are_judged_and_what_cannot_be_settled_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty: Shop
) -> None:
    root = tmp_path / "plain"
    folder = root / "docs/adr"
    folder.mkdir(parents=True)
    settle_down(empty)
    for path in empty.git("ls-files").splitlines():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes((empty.root / path).read_bytes())
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    agent = Agent(root)
    assert agent.write(ORDER, BAD).decision == "deny"
    assert agent.write(ORDER, "y = 1\n").decision == "allow"
    said = agent.run(SCRIPT)
    assert said.decision == "allow"
    assert "git cannot tell" in said.context
    assert agent.run("ls").stdout == b""
    said = agent.stop()
    assert said.decision == "allow"
    assert "git cannot tell" in said.context


def test_in_a_worktree_the_session_is_the_worktrees_own(shop: Shop) -> None:
    shop.git("worktree", "add", "-q", "../tree", "-b", "other")
    agent = Agent(shop.root.parent / "tree")
    assert agent.write(ORDER, BAD).decision == "deny"
    assert agent.run(SCRIPT).decision == "deny"
    assert agent.bash("echo > ../shop/.git/hooks/x").decision == "ask"
    assert agent.bash("echo > .git").decision == "ask"
    assert (shop.root / ".git/worktrees/tree/bylaw/record/s1.jsonl").exists()
    assert Agent(shop.root).stop().decision == "allow"


def test_a_submodule_is_a_repository_of_its_own(shop: Shop, empty: Shop) -> None:
    other = shop.root.parent / "lib"
    subprocess.run(["git", "init", "-q", str(other)], check=True)
    done = Shop(other, empty.capsys)
    settle_down(done, "- [todo] Files in `src/**` MUST NOT contain `FIXME`.")
    shop.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "vendor")
    shop.commit()
    outer, inner = Agent(shop.root), Agent(shop.root / "vendor")
    assert inner.write("src/a.txt", "FIXME").decision == "deny"
    assert inner.write("src/a.txt", "TODO").decision == "allow"
    assert inner.run("python3 -c \"open('src/a.txt','w').write('FIXME')\"").decision == "deny"
    assert outer.run("ls").decision == "allow"
    assert outer.stop().decision == "allow"


def test_a_nested_repository_without_a_commit_does_not_keep_the_start_from_being_known(
    shop: Shop,
) -> None:
    subprocess.run(["git", "init", "-q", str(shop.root / "nested")], check=True)
    agent = Agent(shop.root)
    assert agent.run(SCRIPT).decision == "deny"


def test_a_repository_without_any_commit_is_settled(empty: Shop) -> None:
    sentence = "- [todo] Files in `src/**` MUST NOT contain `TODO`."
    empty.write({"docs/adr/0007-domain.md": decision(sentence), "src/a.txt": "TODO\n"})
    agent = Agent(empty.root)
    assert agent.write("src/b.txt", "TODO").decision == "deny"
    said = agent.run("python3 -c \"open('src/b.txt','w').write('TODO')\"")
    assert "src/b.txt" in said.reason
    assert "src/a.txt" not in said.reason


def test_two_sessions_at_once_have_starts_of_their_own(shop: Shop) -> None:
    first, second = Agent(shop.root, "one"), Agent(shop.root, "two")
    first.start()
    assert first.run(SCRIPT).decision == "deny"
    assert second.run("ls").decision == "allow"
    assert second.stop().decision == "allow"
    assert first.stop().decision == "deny"
    assert second.run("python3 -c \"open('src/t.txt','w').write('TODO')\"").decision == "deny"


def test_a_day_after_a_new_commit_is_the_day_that_counts(empty: Shop) -> None:
    settle_down(empty, "- [soon] Files in `src/**` MUST NOT contain `TODO`, from 2026-07-01.")
    agent = Agent(empty.root)
    assert agent.write("src/a.txt", "TODO").decision == "allow"
    later = {
        "GIT_AUTHOR_DATE": "2026-08-01T12:00:00Z",
        "GIT_COMMITTER_DATE": "2026-08-01T12:00:00Z",
    }
    subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@b", "commit", "-qm", "x", "--allow-empty"],
        cwd=empty.root, env=os.environ | later, check=True,
    )  # fmt: skip
    assert agent.write("src/a.txt", "TODO").decision == "deny"
