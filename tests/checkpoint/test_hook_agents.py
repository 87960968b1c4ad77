"""Sentences about agents, through the hook: classes, limits, commands, reading first, autonomy."""

import json

import pytest

from tests.check.shop import Shop
from tests.checkpoint.hooking import Agent, settle_down

LANE = "- [lane] Agents of class `A` MUST only change `docs/` or `tests/`."
DOOR = "- [door] Only agents of class `C` MAY change `lib/`."
SMALL = "- [small] Agents MUST change at most 2 files."
PUSH = "- [push] Agents MUST NOT run `git push`."
READ = "- [read] Agents MUST read `docs/payments.md` before changing `src/shop/services/**`."
WATCH = "- [watch] Agents in `lib/**` MUST work at autonomy `supervised`."
SUITE = "- [suite] Agents MUST run `make test` before finishing."
MEND = "- [mend] Agents MUST run `make lint` when a check fails."
STOP = "- [stop] Agents MUST stop after 2 failed attempts."
TOKENS = "- [tokens] Agents MUST spend at most 1000 tokens."
NO_TODO = "- [todo] Files in `src/**` MUST NOT contain `TODO`."


@pytest.mark.parametrize(
    ("agent_class", "path", "expected"),
    [
        ("A", "src/shop/x.py", "deny"),
        ("A", "docs/x.txt", "allow"),
        ("A", "lib/x.py", "deny"),
        ("B", "src/shop/x.py", "allow"),
        ("B", "lib/x.py", "deny"),
        ("C", "lib/x.py", "allow"),
        (None, "src/shop/x.py", "allow"),
        (None, "lib/x.py", "deny"),
        ("A", "build/x.py", "allow"),
    ],
)
def test_a_class_is_kept_in_its_lane(
    empty: Shop, agent_class: str | None, path: str, expected: str
) -> None:
    settle_down(empty, LANE, DOOR)
    agent = Agent(empty.root, agent=agent_class)
    assert agent.write(path, "x\n").decision == expected
    assert agent.bash(f"echo x > {path}").decision == expected


def test_an_agent_of_no_class_is_no_error_at_the_stop_and_one_of_a_strange_class_is(
    empty: Shop,
) -> None:
    settle_down(empty, LANE, DOOR)
    agent = Agent(empty.root)
    agent.run("touch a.txt")
    assert agent.stop().stdout == b""
    agent = Agent(empty.root, "s2", agent="a")
    agent.run("touch b.txt")
    assert "no sentence knows the class `a`" in agent.stop().context


def test_the_class_comes_from_the_command_line_else_the_environment_else_the_configuration(
    empty: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle_down(empty, LANE, **{"bylaw.toml": 'adrs = ["docs/adr"]\n[hook]\nclass = "A"\n'})
    assert Agent(empty.root).write("src/x.py", "").decision == "deny"
    monkeypatch.setenv("BYLAW_AGENT", "B")
    from bylaw.checkpoint.hook import parse  # noqa: PLC0415 - with the environment set

    asked = parse(["claude-code"])
    assert asked is not None
    assert asked.agent == "B"
    asked = parse(["claude-code", "--agent", "C", "--autonomy=ase", "--root", "/x"])
    assert asked is not None
    assert (asked.agent, asked.autonomy, asked.root) == ("C", "ase", "/x")
    assert parse(["claude-code", "--autonomy", "free"]) is None
    assert parse(["--help"]) is None
    assert parse([]) is None


def test_files_are_counted_over_the_whole_session_and_each_once(empty: Shop) -> None:
    settle_down(empty, SMALL)
    agent = Agent(empty.root)
    assert agent.wrote("a.txt", "1").decision == "allow"
    assert agent.wrote("a.txt", "2").decision == "allow"
    assert agent.wrote("b.txt", "1").decision == "allow"
    said = agent.wrote("c.txt", "1")
    assert said.decision == "deny"
    assert "more than 2 files" in said.reason
    assert agent.wrote("b.txt", "2").decision == "allow"
    assert Agent(empty.root, "s2").write("c.txt", "1").decision == "allow"


def test_files_that_a_script_has_written_count(empty: Shop) -> None:
    settle_down(empty, SMALL)
    agent = Agent(empty.root)
    agent.run("python3 -c \"open('a.txt','w'); open('b.txt','w')\"")
    assert agent.wrote("c.txt", "1").decision == "deny"


@pytest.mark.parametrize(
    "command",
    [
        "git push",
        "git push --force origin main",
        "git -C . push",
        "cd src && git push",
        "/usr/bin/git push",
        "sudo git push",
        "bash -c 'git push'",
        "true || git push",
        "env A=1 git push",
        "echo $(git push)",
    ],
)
def test_a_command_that_must_not_run_is_denied(empty: Shop, command: str) -> None:
    settle_down(empty, PUSH)
    assert Agent(empty.root).bash(command).decision == "deny"


def test_a_command_that_has_run_once_all_the_same_is_denied_again(empty: Shop) -> None:
    settle_down(empty, PUSH)
    agent = Agent(empty.root)
    agent.ran("git push")
    assert agent.bash("git push").decision == "deny"


def test_other_commands_of_that_program_may_run(empty: Shop) -> None:
    settle_down(empty, PUSH)
    agent = Agent(empty.root)
    assert agent.bash("git commit -m 'git push'").decision == "allow"
    assert agent.bash("echo git push").decision == "allow"


def test_what_has_to_be_read_first_opens_the_way(empty: Shop) -> None:
    settle_down(empty, READ)
    agent = Agent(empty.root)
    said = agent.wrote("src/shop/services/pay.py", "x = 1\n")
    assert said.decision == "deny"
    assert "docs/payments.md" in said.reason
    agent.read("docs/payments.md")
    assert agent.wrote("src/shop/services/pay.py", "x = 1\n").decision == "allow"
    assert Agent(empty.root, "s2").wrote("src/shop/services/pay.py", "y").decision == "deny"


def test_reading_with_a_command_is_reading_once_it_has_run(empty: Shop) -> None:
    settle_down(empty, READ)
    agent = Agent(empty.root)
    agent.run("cat docs/payments.md")
    assert agent.write("src/shop/services/pay.py", "x = 1\n").decision == "allow"


@pytest.mark.parametrize(
    ("level", "expected"),
    [("assisted", "allow"), ("supervised", "allow"), ("autonomous", "deny"), ("ase", "deny")],
)
def test_more_autonomy_than_a_place_allows_is_denied(
    empty: Shop, level: str, expected: str
) -> None:
    settle_down(empty, WATCH)
    agent = Agent(empty.root, autonomy=level)
    assert agent.write("lib/a.py", "x").decision == expected
    assert agent.write("src/a.py", "x").decision == "allow"


def test_the_level_comes_from_the_command_line_else_the_class_else_all_agents(empty: Shop) -> None:
    levels = '[agents]\nautonomy = "ase"\nclass-levels = ["A assisted"]\n'
    settle_down(empty, WATCH, **{"bylaw.toml": f'adrs = ["docs/adr"]\n{levels}'})
    assert Agent(empty.root, agent="A").write("lib/a.py", "x").decision == "allow"
    assert Agent(empty.root, agent="B").write("lib/a.py", "x").decision == "deny"
    agent = Agent(empty.root, agent="A", autonomy="autonomous")
    assert agent.write("lib/a.py", "x").decision == "deny"


def test_where_a_path_has_a_lower_level_that_is_the_level_of_the_call(empty: Shop) -> None:
    levels = '[agents]\nautonomy = "ase"\npath-levels = ["lib/** supervised"]\n'
    settle_down(empty, WATCH, **{"bylaw.toml": f'adrs = ["docs/adr"]\n{levels}'})
    agent = Agent(empty.root)
    assert agent.write("lib/a.py", "x").decision == "allow"
    assert agent.write("src/a.py", "x").decision == "allow"
    levels = levels.replace("supervised", "autonomous")
    settle_down(empty, WATCH, **{"bylaw.toml": f'adrs = ["docs/adr"]\n{levels}'})
    assert Agent(empty.root).write("lib/a.py", "x").decision == "deny"


def test_where_nobody_says_the_autonomy_it_is_said_that_it_is_not_judged(empty: Shop) -> None:
    settle_down(empty, WATCH)
    said = Agent(empty.root).write("lib/a.py", "x")
    assert said.decision == "allow"
    assert "does not say at which autonomy" in said.context


def test_a_level_that_is_none_is_a_malfunction(empty: Shop) -> None:
    settle_down(empty, WATCH)
    said = Agent(empty.root, autonomy="free").write("src/a.py", "x")
    assert said.decision == "ask"
    assert "BYLAW_AUTONOMY" in said.reason


# --- through the end ---------------------------------------------------------------------------


def test_who_has_not_run_what_must_run_before_finishing_is_sent_back(empty: Shop) -> None:
    settle_down(empty, SUITE, Makefile="test:\n\t@true\n")
    agent = Agent(empty.root)
    agent.wrote("src/a.py", "x")
    said = agent.stop()
    assert said.decision == "deny"
    assert "make test" in said.reason
    agent.run("make test")
    assert agent.stop(again=True).decision == "allow"


def test_a_change_after_the_run_asks_for_another_run_whoever_made_it(empty: Shop) -> None:
    settle_down(empty, SUITE, Makefile="test:\n\t@true\n")
    agent = Agent(empty.root)
    agent.wrote("src/a.py", "x")
    agent.run("make test")
    agent.run("python3 -c \"open('src/a.py','w').write('yy')\"")
    assert agent.stop().decision == "deny"
    agent.run("make test")
    assert agent.stop(again=True).decision == "allow"


def test_who_has_changed_nothing_need_not_run_anything(empty: Shop) -> None:
    settle_down(empty, SUITE)
    agent = Agent(empty.root)
    agent.read("README.md")
    agent.run("ls")
    assert agent.stop().decision == "allow"


def test_a_failed_check_asks_for_the_command_once_and_running_it_is_enough(empty: Shop) -> None:
    settle_down(empty, NO_TODO, MEND, Makefile="lint:\n\t@true\n")
    agent = Agent(empty.root)
    agent.run("python3 -c \"open('src/a.py','w').write('TODO')\"")
    assert "todo" in agent.stop().reason
    agent.run("python3 -c \"open('src/a.py','w').write('done')\"")
    said = agent.stop(again=True)
    assert said.decision == "deny"
    assert "make lint" in said.reason
    agent.run("make lint")
    assert agent.stop(again=True).decision == "allow"


def test_who_has_failed_often_enough_is_told_to_stop_and_may_change_nothing_more(
    empty: Shop,
) -> None:
    settle_down(empty, NO_TODO, STOP)
    agent = Agent(empty.root)
    agent.run("python3 -c \"open('src/a.py','w').write('TODO')\"")
    assert agent.stop().decision == "deny"
    agent.run("python3 -c \"open('src/b.py','w').write('TODO')\"")
    said = agent.stop(again=True)
    assert said.decision == "allow"
    assert "give up" in said.context
    assert "todo" in said.context
    said = agent.write("src/a.py", "done")
    assert said.decision == "deny"
    assert "after 2 failed attempts" in said.reason


def test_spending_counts_where_the_runtime_says_it(empty: Shop) -> None:
    settle_down(empty, TOKENS)
    agent = Agent(empty.root, host="json")

    def spend(tokens: int) -> str:
        actions = [{"do": "spend", "tokens": tokens}, {"do": "write", "path": "a", "content": "x"}]
        call = {"event": "pre", "session": "s", "actions": actions, "cwd": str(empty.root)}
        return agent.hand_in(json.dumps(call).encode()).decision

    assert spend(600) == "allow"
    assert spend(600) == "deny"
    assert spend(0) == "deny"
