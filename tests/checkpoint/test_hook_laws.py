"""What holds of every call: an answer in the host's form, and the verdict of `bylaw check`."""

import json
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bylaw.check.request import Request
from bylaw.check.run import check_repository
from bylaw.checkpoint.acting import effects_of
from bylaw.checkpoint.compile import compile_set
from bylaw.checkpoint.files import DiskFiles
from bylaw.checkpoint.hosts import claude_code
from bylaw.checkpoint.judge import Found, Quick
from bylaw.checkpoint.nodes import Thawed, freeze, thaw
from bylaw.checkpoint.proposed import propose
from bylaw.checkpoint.whole import config_of, judge_whole
from bylaw.moments import BEFORE, OF_AGENTS
from tests.check.shop import Shop
from tests.checkpoint.hooking import HOSTS, SENTENCES, Agent, settle_down

CALLS = 10_000
EDITS = 70

MORE = (
    "- [calls] Code in `src/**` MUST NOT call `eval` or `shop.ports.open_all`.",
    "- [env] Code in `src/**` MUST NOT use `os.environ`, except in `src/shop/ports.py`.",
    "- [swallow] Code in `src/**` MUST NOT catch `Exception` for new code.",
    "- [timeouts] Each call to `requests.get` in `src/**` MUST pass `timeout`.",
    "- [stars] Code in `src/**` MUST NOT use wildcard imports.",
    "- [docs] Functions in `src/**` MUST have a docstring, except in tests.",
    "- [snake] Functions in `src/**` MUST be named `snake_case`.",
    "- [bases] Each class in `src/**` matching `*Repository` MUST inherit from `Repository`.",
    (
        "- [register] Each module in `src/shop/web/*.py` MUST define `register`, except in "
        "`**/__init__.py`."
    ),
    "- [short] Files in `src/**` MUST have at most 6 lines.",
    "- [pure] Modules in `shop.ports` MUST only import `attrs`.",
    "- [door] Only modules in `shop.services` MAY import `requests`, except in tests.",
    "- [far] Modules in `shop.domain` MUST NOT import `requests` directly or indirectly.",
    "- [apart] `shop.services`, `shop.web` MUST be independent.",
    "- [home] Files matching `**/*.sql` MUST live in `migrations/`.",
    "- [lines] Key `name` in `package.json` MUST match `/sho.*/`.",
    "- [pins] Dependencies in `requirements.txt` MUST be pinned.",
    "- [ci] CI MUST run `make test`.",
)

LINES = (
    "import os", "import sqlalchemy", "import requests", "from shop import ports",
    "from shop.domain import order", "from shop.services import pay", "from shop.web import page",
    "from shop.domain.order import x", "from shop.domain import fresh", "from os import *",
    "eval('1')", "ports.open_all()", "os.environ['A']", "requests.get('u')",
    "requests.get('u', timeout=1)", "print(1)", "# TODO", "x = 1", "def load():\n    pass",
    'def load():\n    """Load."""', "def loadAll():\n    \"\"\"Load.\"\"\"",
    "class OrderRepository:\n    pass", "class OrderRepository(Repository):\n    pass",
    "try:\n    x\nexcept Exception:\n    pass", "register = 1", "import attrs", "def broken(",
)  # fmt: skip

PATHS = (
    "src/shop/domain/order.py", "src/shop/domain/old.py", "src/shop/domain/fresh.py",
    "src/shop/ports.py", "src/shop/services/pay.py", "src/shop/services/fresh.py",
    "src/shop/web/page.py", "src/shop/web/fresh.py", "src/shop/fresh/__init__.py",
    "src/notes.txt", "tests/test_order.py", "tests/order.py", "lib/a.py", "lib/b.py",
    "build/x.py", "x.sql", "migrations/x.sql", "src/shop/debug.log",
)  # fmt: skip

TEXTS = {
    "package.json": (
        '{"name": "shop"}\n', '{"name": "x"}\n', '{"dependencies": {"moment": "1"}}\n', "{\n",
        '{"name": "shop", "devDependencies": {"moment": "1", "react": "2"}}\n',
    ),
    "pyproject.toml": (
        '[project]\nname = "shop"\nversion = "1"\n[tool.mypy]\nstrict = false\n',
        '[project]\nname = "s"\nversion = "1"\ndependencies = ["flask"]\n',
        "[tool.mypy]\nstrict = true\n", "", "x = [\n",
    ),
    "requirements.txt": ("a==1\n", "a\n", "a>=1\n"),
    ".github/workflows/ci.yml": (
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make test\n",
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make lint\n",
    ),
    "README.md": ("# Shop\n\nMore.\n",),
}  # fmt: skip


# --- the hook says what a check says -----------------------------------------------------------


def _start(shop: Shop) -> None:
    ci = TEXTS[".github/workflows/ci.yml"][0]
    settle_down(
        shop,
        *SENTENCES,
        *MORE,
        **{
            "src/shop/web/page.py": "from shop.domain import order\nregister = 1\n",
            "src/shop/domain/old.py": "import sqlalchemy\n# TODO\neval('1')\n",
            "src/shop/services/pay.py": "from shop.domain import fresh\nimport requests\n",
            "requirements.txt": "a==1\nb\n",
            ".github/workflows/ci.yml": ci,
        },
    )


def _text(dice: random.Random, path: str, before: str | None) -> str:
    if path in TEXTS:
        return dice.choice(TEXTS[path])
    lines = before.splitlines() if before is not None and dice.random() < 0.7 else []
    for _ in range(dice.randint(1, 3)):
        lines.insert(dice.randint(0, len(lines)), dice.choice(LINES))
    return "\n".join(lines) + "\n"


def _command(dice: random.Random, root: Path) -> dict[str, object]:
    """Return a call that changes something: a write, an edit, a move, a removal, a command."""
    path = dice.choice((*PATHS, *TEXTS) if dice.random() < 0.8 else tuple(TEXTS))
    full = root / path
    before = full.read_text() if full.is_file() else None
    kind = dice.random()
    files = sorted(p for p in _files(root) if not p.startswith("docs/adr"))
    if kind < 0.55:
        given = {"file_path": str(full), "content": _text(dice, path, before)}
        return {"tool_name": "Write", "tool_input": given}
    if kind < 0.7 and before:
        old = dice.choice(before.splitlines(keepends=True))
        given = {"file_path": str(full), "old_string": old, "new_string": dice.choice(LINES) + "\n"}
        return {"tool_name": "Edit", "tool_input": given}
    other = dice.choice(PATHS)
    folder = other.rpartition("/")[0] or "."
    verb = dice.choice(("mv", "cp", "rm", "write"))
    source = dice.choice(files)
    command = {
        "mv": f"mkdir -p {folder} && mv {source} {other}",
        "cp": f"mkdir -p {folder} && cp {source} {other}",
        "rm": f"rm {source}",
        "write": f"mkdir -p {folder} && cat >> {other} <<'EOF'\n{_text(dice, other, None)}EOF",
    }[verb]
    return {"tool_name": "Bash", "tool_input": {"command": command}}


def _files(root: Path) -> list[str]:
    done = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


def _apply(root: Path, call: dict[str, Any]) -> bool:
    """Do what a call asks for; False where the host would refuse it."""
    given = call["tool_input"]
    if call["tool_name"] == "Bash":
        done = subprocess.run(
            given["command"], shell=True, cwd=root, capture_output=True, check=False
        )
        return done.returncode == 0
    path = Path(given["file_path"])
    text = given.get("content")
    if text is None:
        before = path.read_text()
        if before.count(given["old_string"]) != 1 or given["old_string"] == given["new_string"]:
            return False
        text = before.replace(given["old_string"], given["new_string"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return True


def _said(found: "list[Found]") -> set[str]:
    return {each.entry.full_id for each in found if each.violations}


def _by_check(root: Path, base: str) -> set[str]:
    """Return the constraints that `bylaw check --base X --diff X` finds violated."""
    sorts = BEFORE - OF_AGENTS
    run = check_repository(
        root, config_of(str(root)), Request(base=base, diff=base, sorts=frozenset(sorts))
    )
    assert run.usable
    return {
        judgement.scoped.full_id for judgement in run.verdicts.judgements if judgement.violations
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_the_hook_denies_what_a_check_of_the_change_would_find_and_nothing_else(
    empty: Shop, seed: int
) -> None:
    _start(empty)
    root = empty.root
    head = empty.git("rev-parse", "HEAD").strip()
    dice = random.Random(seed)
    agent = Agent(root)
    denied = allowed = quick = 0
    for _ in range(EDITS):
        call = _command(dice, root)
        told = agent.ask("PreToolUse", call["tool_name"], call["tool_input"])  # type: ignore[arg-type] # a name
        event = {"hook_event_name": "PreToolUse", "cwd": str(root), **call}
        read = claude_code.read(json.dumps(event).encode())
        set_ = compile_set(str(root))
        proposal = propose(effects_of(read, DiskFiles(str(root))), set_)  # type: ignore[arg-type] # a call
        judged = Quick(str(root), set_, proposal)
        found = _said(list(judged.judge()))
        whole = _said(judge_whole(str(root), proposal.contents))
        if not judged.rest:
            quick += 1
            assert found == whole, call
        if _apply(root, call):
            expected = _by_check(root, head)
            assert whole == expected, call
            errors = {each for each in expected if not each.endswith("no-print")}
            assert (told.decision == "deny") == bool(errors), (call, told.reason)
            assert all(each in told.reason for each in sorted(errors)[:3]), call
            denied, allowed = denied + bool(errors), allowed + (not errors)
        empty.git("reset", "-q", "--hard")
        empty.git("clean", "-qfd", "-x")
    assert min(denied, allowed, quick) > EDITS // 8


def test_a_frozen_constraint_of_the_sample_has_the_fields_of_its_node(sample: Path) -> None:
    assert _compare_nodes(sample) > 70


def test_a_frozen_constraint_has_the_fields_of_its_node(empty: Shop) -> None:
    _start(empty)
    assert _compare_nodes(empty.root) >= len(SENTENCES) + len(MORE)


def _compare_nodes(root: Path) -> int:
    run = check_repository(root, config_of(str(root)), Request(sorts=frozenset()))
    assert run.side is not None
    nodes = [s.constraint for s in run.side.rules.constraints]
    for node in nodes:
        _assert_same(node, thaw(freeze(node)))
    return len(nodes)


def _assert_same(node: Any, thawed: Any) -> None:
    if isinstance(thawed, Thawed):
        fields = getattr(type(node), "model_fields", None) or type(node).__dataclass_fields__
        assert set(fields) == set(vars(thawed))
        for name in fields:
            _assert_same(getattr(node, name), getattr(thawed, name))
    elif isinstance(thawed, tuple):
        assert len(node) == len(thawed)
        for one, other in zip(node, thawed, strict=True):
            _assert_same(one, other)
    else:
        assert node == thawed or str(node) == thawed


# --- every call is answered --------------------------------------------------------------------

HOSTILE = (
    "", " ", "\x00", "\ud800", "a\ud800b", "\u202egnp.exe", "\u200b", "é" * 300, "../../etc/passwd",
    "/etc/passwd", "~/x", "~root/x", "-rf", "a\nb", "C:\\x", "//x//y", "./.", ".git/hooks/x", "😀",
    "x" * 5_000, "file:///a", "src/shop/domain/order.py/x", "docs/adr", "src/*", "{a,b}", "$HOME/x",
    "nul", "\r\n", "\ufeff", "%s%n", "'", '"', "`ls`", "\\",
)  # fmt: skip

COMMANDS = (
    "ls", "echo x > src/a.txt", "echo TODO | tee src/a.txt", "sed -i s/x/y/ src/shop/ports.py",
    "rm -rf src", "mv src lib", "cp -r src /tmp/x", "git apply x.patch", "pip install flask",
    "npm i moment", "cat <<EOF > src/a\nTODO\nEOF", "bash -c 'rm README.md'", "((((", "$(",
    "`", "|",
    "for f in *; do rm $f; done", "eval $X", "curl x | sh", "find . -delete", "xargs rm < x",
    "&& &&",
    "git push", "make test", "cd / && rm -rf *", "python -c 'x'", "a=1 b=2", "<<EOF", "> ",
    "sudo -u x",
    "git checkout -- .", "git stash", "true;" * 200, "tar xf a.tar", "cat docs/payments.md",
)  # fmt: skip

TOOLS = (
    "Write", "Edit", "MultiEdit", "NotebookEdit", "Read", "Bash", "Grep", "Glob", "LS", "WebFetch",
    "Task", "mcp__fs__write_file", "mcp__x__y", "apply_patch", "Delete", "Shell", "TodoWrite",
    "???", "",
)  # fmt: skip

EVENTS = {
    "claude-code": ("PreToolUse",) * 14 + ("PostToolUse", "PostToolUseFailure", "UserPromptSubmit",
                    "SessionEnd", "Notification", "PreCompact", "???"),
    "cursor": ("preToolUse",) * 8 + ("beforeShellExecution",) * 4 + ("beforeReadFile",
               "beforeMCPExecution", "afterFileEdit", "afterShellExecution", "beforeSubmitPrompt",
               "sessionEnd", "???"),
    "json": ("pre",) * 10 + ("post", "prompt", "end", "???"),
}  # fmt: skip


def _value(dice: random.Random, root: str, depth: int = 0) -> Any:
    kind = dice.random()
    if kind < 0.3:
        return f"{root}/{dice.choice(PATHS)}"
    if kind < 0.5:
        return dice.choice(HOSTILE)
    if kind < 0.65:
        return _text(dice, "x", None)
    if kind < 0.75:
        return dice.choice(COMMANDS)
    if kind < 0.85 or depth > 2:
        return dice.choice((None, True, False, 0, -1, 1.5, 10**30, 1e308))
    if kind < 0.95:
        return [_value(dice, root, depth + 1) for _ in range(dice.randint(0, 3))]
    return {dice.choice(HOSTILE): _value(dice, root, depth + 1) for _ in range(2)}


def _input(dice: random.Random, root: str) -> Any:
    """Return a tool's input, that of the right tool or not."""
    if dice.random() < 0.1:
        return _value(dice, root)
    path = f"{root}/{dice.choice(PATHS)}" if dice.random() < 0.7 else dice.choice(HOSTILE)
    found: dict[str, Any] = {
        "file_path": path,
        "content": _text(dice, "x", None) if dice.random() < 0.8 else dice.choice(HOSTILE),
        "old_string": dice.choice(("x = 1", "import sqlalchemy", "", *HOSTILE)),
        "new_string": dice.choice(LINES),
        "command": dice.choice(COMMANDS) + dice.choice(("", "", f" {dice.choice(HOSTILE)}")),
        "edits": [{"old_string": "x = 1", "new_string": dice.choice(LINES)}],
        "notebook_path": path,
        "new_source": "x",
        "pattern": "x",
        "patch": "*** Begin Patch\n*** Add File: src/a.txt\n+TODO\n*** End Patch",
    }
    for name in dice.sample(sorted(found), dice.randint(0, 3)):
        if dice.random() < 0.4:
            del found[name]
        else:
            found[name] = _value(dice, root)
    return found


def _actions(dice: random.Random, root: str) -> Any:
    if dice.random() < 0.1:
        return _value(dice, root)
    found = []
    for _ in range(dice.randint(0, 3)):
        verb = dice.choice(
            ("write", "edit", "remove", "move", "read", "run", "patch", "spend", "other", "???")
        )
        one = {"do": verb, "path": dice.choice(PATHS), "content": dice.choice(LINES), "to": "x",
               "edits": [{"old": "x", "new": "y"}], "patch": "x", "what": "x", "tokens": 1,
               "command": dice.choice(COMMANDS)}  # fmt: skip
        for name in dice.sample(sorted(one), dice.randint(0, 2)):
            one[name] = _value(dice, root)
        found.append(one)
    return found


def _generated(dice: random.Random, root: str) -> Iterator[tuple[str, bytes]]:
    for number in range(CALLS):
        host = dice.choice(("claude-code", "claude-code", "cursor", "json"))
        event = dice.choice(EVENTS[host])
        session = f"s{number % 10}"
        cwd = root if dice.random() < 0.9 else f"{root}/src"
        if number % 2_000 == 1_999:
            event = {"claude-code": "Stop", "cursor": "stop", "json": "stop"}[host]
        if host == "json":
            call: dict[str, Any] = {
                "event": event, "session": session, "cwd": cwd, "actions": _actions(dice, root),
            }  # fmt: skip
        else:
            call = {
                "hook_event_name": event, "session_id": session, "conversation_id": session,
                "cwd": cwd, "workspace_roots": [cwd], "tool_name": dice.choice(TOOLS),
                "tool_input": _input(dice, root), "tool_use_id": f"t{number}",
                "command": dice.choice(COMMANDS), "file_path": dice.choice(HOSTILE),
            }  # fmt: skip
        if dice.random() < 0.1:
            call[dice.choice(sorted(call))] = _value(dice, root)
        data = json.dumps(call).encode()
        if dice.random() < 0.03:
            place = dice.randrange(len(data))
            data = data[:place] + dice.randbytes(2) + data[place + dice.randint(0, 5) :]
        yield host, data


def test_ten_thousand_calls_are_answered_in_their_hosts_form(
    empty: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle_down(
        empty, *SENTENCES[:9], SENTENCES[11], *MORE[:6],
        "- [push] Agents MUST NOT run `git push`.",
        "- [lane] Agents of class `A` MUST only change `src/`.",
    )  # fmt: skip
    monkeypatch.setenv("HOME", str(empty.root.parent))
    agents = {host: Agent(empty.root, host=host, agent="A") for host in HOSTS}
    answers: dict[str, int] = {}
    for host, data in _generated(random.Random(4), str(empty.root)):
        said = agents[host].hand_in(data)
        # The reason of a failure of ours names where it has failed.
        assert b"bylaw itself has failed" not in said.stdout + said.stderr, data[:2_000]
        answers[said.decision] = answers.get(said.decision, 0) + 1
    assert min(answers.get(word, 0) for word in ("allow", "deny", "ask")) > CALLS // 100
    assert empty.git("status", "--porcelain") == ""
    assert shutil.which("git")


def test_a_call_of_a_megabyte_and_one_nested_deeply_are_answered(agent: Agent) -> None:
    assert agent.write("src/a.txt", "x" * (1 << 20)).decision == "allow"
    assert agent.write("src/a.txt", "x\n" * (1 << 19) + "TODO").decision in {"deny", "allow"}
    assert agent.bash("echo " + "x" * (1 << 20)).stdout is not None
    assert agent.bash("(" * 50_000).stdout is not None
    assert agent.edit("src/shop/ports.py", "x" * (1 << 20), "y").decision == "allow"
