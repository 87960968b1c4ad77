"""Facts of a call that touches more than one root, or seems to touch none."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.check.shop import Shop
from tests.checkpoint.hooking import ADR, Agent, decision, settle_down

BANNED = "import sqlalchemy\n"
BAD = "src/shop/domain/bad.py"
NO_ORM = "- [no-orm] Modules in `shop.domain` MUST NOT import `sqlalchemy`."


def _from(agent: Agent, folder: Path) -> Agent:
    return Agent(folder, agent.session)


@pytest.fixture(name="agent")
def _agent(shop: Shop) -> Agent:
    settle_down(shop, NO_ORM)
    agent = Agent(shop.root)
    agent.start()
    return agent


def _written(agent: Agent, path: Path | str, text: str = BANNED) -> str:
    given = {"file_path": str(path), "content": text}
    return agent.ask("PreToolUse", "Write", given).decision


def test_a_file_is_bound_by_its_repository_wherever_the_agent_is(
    agent: Agent, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    elsewhere = _from(agent, tmp_path / "elsewhere")
    assert _written(elsewhere, agent.root / BAD) == "deny"
    assert _written(_from(agent, tmp_path / "gone"), agent.root / BAD) == "deny"
    assert elsewhere.bash(f"echo import sqlalchemy > {agent.root}/{BAD}").decision == "deny"
    assert _written(elsewhere, tmp_path / "elsewhere" / "note.py") == "allow"


@pytest.mark.parametrize("name", ["bylaw.toml", "pyproject.toml"])
def test_a_configuration_further_down_frees_nobody(agent: Agent, name: str) -> None:
    folder = agent.root / "src/shop/domain"
    text = 'adrs = ["docs"]\n' if name == "bylaw.toml" else '[tool.bylaw]\nadrs = ["docs"]\n'
    assert _written(agent, folder / name, text) == "ask"
    (folder / name).write_text(text)
    inside = _from(agent, folder)
    assert _written(inside, folder / "bad.py") == "deny"
    command = "python3 -c \"open('bad.py', 'w').write('import sqlalchemy')\""
    assert inside.run(command).decision == "deny"
    assert inside.stop().decision == "deny"


def test_what_the_host_was_started_in_binds_wherever_the_agent_goes(
    agent: Agent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAUDE_PROJECT_DIR", str(agent.root))
    (tmp_path / "elsewhere").mkdir()
    elsewhere = _from(agent, tmp_path / "elsewhere")
    path = agent.root / BAD
    command = f"python3 -c \"open('{path}', 'w').write('import sqlalchemy')\""
    assert elsewhere.run(command).decision == "deny"
    assert elsewhere.stop().decision == "deny"


def test_a_root_further_down_binds_an_agent_that_works_above_it(shop: Shop) -> None:
    shop.commit(
        {
            "README.md": "",
            "service/bylaw.toml": 'adrs = ["docs/adr"]\n',
            f"service/{ADR}": decision("- [todo] Files in `src/**` MUST NOT match `/TODO/`."),
            "service/src/a.py": "",
        }
    )
    agent = Agent(shop.root)
    assert agent.write("service/src/a.py", "# TODO\n").decision == "deny"
    assert agent.write("service/bylaw.toml", "adrs = []\n").decision == "ask"
    assert agent.wrote("service/src/a.py", "# done\n").decision == "allow"
    agent.run("python3 -c \"open('service/src/a.py', 'w').write('# TODO')\"")
    assert agent.stop().decision == "deny"


def test_a_worktree_that_an_agent_makes_is_bound(agent: Agent, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    agent.run(f"git worktree add -q {tree} -b feat/tree")
    assert _written(agent, tree / BAD) == "deny"
    assert agent.bash(f"cd {tree} && echo import sqlalchemy > {BAD}").decision == "deny"
    assert _written(agent, tree / "src/shop/ports.py", "x = 1\n") == "allow"


def test_only_the_root_of_the_command_line_counts_where_it_is_given(shop: Shop) -> None:
    settle_down(shop, NO_ORM)
    (shop.root / "lib/bylaw.toml").write_text("adrs = [\n")
    agent = Agent(shop.root, host="json")
    call = '{"event": "pre", "actions": [{"do": "write", "path": "%s", "content": "%s"}]}'
    assert agent.hand_in((call % ("lib/a.py", "x = 1")).encode()).decision == "allow"
    assert agent.hand_in((call % (BAD, "import sqlalchemy")).encode()).decision == "deny"


def test_a_call_in_another_form_is_not_let_pass(shop: Shop) -> None:
    settle_down(shop, NO_ORM)
    agent = Agent(shop.root, host="json")
    call = b'{"event": "pre", "tool": "Write", "input": {"file_path": "a.py", "content": ""}}'
    assert agent.hand_in(call).decision == "ask"
    assert agent.hand_in(b'{"event": "pre", "actions": []}').decision == "allow"


def test_the_folders_of_a_workspace_bind_a_shell_that_is_elsewhere(
    agent: Agent, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    cursor = Agent(agent.root, host="cursor")
    path = agent.root / BAD
    call = {
        "hook_event_name": "beforeShellExecution",
        "conversation_id": "c",
        "workspace_roots": [str(agent.root)],
        "cwd": str(tmp_path / "elsewhere"),
        "command": f"echo import sqlalchemy > {path}",
    }
    assert cursor.hand_in(json.dumps(call).encode()).decision == "deny"
    call |= {"command": "git config core.hooksPath x"}
    assert cursor.hand_in(json.dumps(call).encode()).decision == "ask"


def test_a_path_of_the_system_that_leads_back_is_seen(agent: Agent) -> None:
    (agent.root / "link").symlink_to("src/shop/domain")
    for path in (
        f"/proc/self/root{agent.root}/{BAD}",
        f"/proc/thread-self/root{agent.root}/{BAD}",
        f"/proc/self/cwd/{BAD}",
        f"/dev/..{agent.root}/link/bad.py",
    ):
        assert _written(agent, path) == "deny", path


def test_other_tables_of_a_pyproject_are_nobodys_question(agent: Agent) -> None:
    text = (agent.root / "pyproject.toml").read_text()
    more = text + '\n[project.scripts]\nshop = "bylaw:main"\n'
    assert _written(agent, agent.root / "pyproject.toml", more) == "allow"
    more = text + "\n[tool.bylaw]\nadrs = []\n"
    assert _written(agent, agent.root / "pyproject.toml", more) == "ask"


# --- a record that is gone ---------------------------------------------------------------------


def test_a_record_that_a_command_has_removed_is_told(agent: Agent) -> None:
    gone = "import shutil; shutil.rmtree('.git/bylaw')"
    said = agent.run(f"python3 -c \"{gone}; open('{BAD}', 'w').write('import sqlalchemy')\"")
    assert "record of this session was removed" in said.context
    assert "record of this session was removed" in agent.stop().context


def test_a_record_that_is_removed_at_the_end_is_told(agent: Agent) -> None:
    subprocess.run(["rm", "-rf", ".git/bylaw"], cwd=agent.root, check=True)
    assert not agent.stop().context
    subprocess.run(["rm", "-rf", ".git/bylaw"], cwd=agent.root, check=True)
    (agent.root / BAD).write_text(BANNED)
    assert "record of this session was removed" in agent.stop().context


# --- git ---------------------------------------------------------------------------------------


def test_options_are_banned_in_every_spelling(shop: Shop) -> None:
    settle_down(
        shop,
        "- [x] Agents MUST NOT run `git commit --no-verify`, `git commit -n` or `rm -rf`.",
    )
    agent = Agent(shop.root)
    for command in ("-nm x", "-anm x", "-n", "--no-veri -m x"):
        assert agent.bash(f"git commit {command}").decision == "deny", command
    for command in ("rm -fr build", "rm -vrf build"):
        assert agent.bash(command).decision == "deny", command
    assert agent.bash("rm -r build").decision == "allow"
    for command in ("-mnote", "-am note", "--no-edit", "-m --no", "-Fnote"):
        assert agent.bash(f"git commit {command}").decision == "allow", command


def test_an_option_that_is_not_banned_is_no_news(shop: Shop) -> None:
    settle_down(shop, "- [x] Agents MUST NOT run `git commit --no-verify` or `git commit -n`.")
    agent = Agent(shop.root)
    assert not agent.bash("python3 -c 'x = 1'; git commit -qam Done").context


def test_where_git_looks_for_hooks_is_asked_about(agent: Agent) -> None:
    assert agent.bash("git config core.hooksPath /tmp/none").decision == "ask"
    assert agent.bash("git config --unset core.hookspath").decision == "ask"
    for command in ("--get core.hooksPath", "core.hooksPath", "user.name Ada"):
        assert agent.bash(f"git config {command}").decision == "allow", command
