"""An agent in a real repository: its tool calls, answered in this process or by a process."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bylaw.checkpoint import hook
from bylaw.checkpoint.asked import Asked
from bylaw.checkpoint.hosts import claude_code, cursor, neutral
from tests.check.shop import Shop

HOSTS = {"claude-code": claude_code, "cursor": cursor, "json": neutral}

ADR = "docs/adr/0007-domain.md"
OTHER = "docs/adr/0008-others.md"
PROGRAM = "from bylaw.cli import main; main()"

SENTENCES = (
    (
        "- [no-orm] Modules in `shop.domain` MUST NOT import `sqlalchemy`; use `shop.ports` "
        "instead, because the domain outlives its database."
    ),
    "- [no-print] Code in `src/**` SHOULD NOT call `print`.",
    "- [no-todo] Files in `src/**` MUST NOT match `/\\bTODO\\b/`.",
    "- [header] Files matching `lib/*.py` MUST start with `# Copyright Shop`.",
    "- [one-lock] Files matching `**/package-lock.json` MUST NOT exist; use `pnpm` instead.",
    "- [readme] File `README.md` MUST exist.",
    "- [strict] Key `tool.mypy.strict` in `pyproject.toml` MUST be `true`.",
    "- [no-moment] The project MUST NOT depend on `moment`; use `date-fns` instead.",
    "- [no-flask] The project MUST NOT depend on `flask`.",
    "- [no-cycles] Modules in `shop` MUST NOT form import cycles.",
    "- [tiers] `shop.web`, `shop.services` and `shop.domain` MUST be layered.",
    "- [tests-named] Files in `tests/**` MUST be named `test_*.py`.",
)

FILES = {
    "bylaw.toml": 'adrs = ["docs/adr"]\n',
    ".gitignore": "build/\n*.log\n",
    "README.md": "# Shop\n",
    "package.json": '{"name": "shop", "dependencies": {"react": "18.0.0"}}\n',
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n[tool.mypy]\nstrict = true\n',
    "src/shop/__init__.py": "",
    "src/shop/domain/__init__.py": "",
    "src/shop/domain/order.py": "x = 1\n",
    "src/shop/domain/old.py": "import sqlalchemy\n\ny = 2\n",
    "src/shop/ports.py": "",
    "src/shop/services/__init__.py": "",
    "src/shop/services/pay.py": "from shop.domain import order\n",
    "src/shop/web/__init__.py": "",
    "src/shop/web/page.py": "from shop.services import pay\n",
    "lib/a.py": "# Copyright Shop\n",
    "tests/test_order.py": "",
    "docs/payments.md": "Pay.\n",
}

CONTEXT_STATUS = {"allow": 0, "deny": 1, "ask": 2}


def decision(*sentences: str, status: str = "accepted") -> str:
    """Return a decision with these sentences."""
    body = "\n".join(sentences)
    return f"# 7. The domain\n\nStatus: {status}\n\n## Constraints\n\n{body}\n"


def settle_down(shop: Shop, *sentences: str, **files: str) -> Shop:
    """Commit a shop with these sentences; other files by path."""
    shop.commit({**FILES, ADR: decision(*(sentences or SENTENCES)), **files})
    return shop


@dataclass
class Said:
    """What an agent's host was told: the decision, and the texts."""

    decision: str
    reason: str
    context: str
    status: int
    stdout: bytes
    stderr: bytes
    json: Any = None


@dataclass
class Agent:
    """An agent with one session."""

    root: Path
    session: str = "s1"
    agent: str | None = None
    autonomy: str | None = None
    host: str = "claude-code"
    calls: int = field(default=0)

    def ask(self, event: str, tool: str = "", given: object = None, **more: object) -> Said:
        """Hand in a call in the form of Claude Code, and read the answer."""
        return self.hand_in(json.dumps(self._call(event, tool, given, more)).encode())

    def _call(
        self, event: str, tool: str, given: object, more: dict[str, object]
    ) -> dict[str, object]:
        self.calls += event == "PreToolUse"
        return {
            "hook_event_name": event,
            "session_id": self.session,
            "cwd": str(self.root),
            "tool_name": tool,
            "tool_input": {} if given is None else given,
            "tool_use_id": f"t{self.calls}",
            **more,
        }

    def hand_in(self, data: bytes) -> Said:
        """Hand in bytes."""
        asked = Asked()
        asked.host, asked.agent, asked.autonomy = self.host, self.agent, self.autonomy
        if self.host == "json":
            asked.root = str(self.root)
        reply = hook.respond(asked, HOSTS[self.host], data)
        return read(self.host, reply.stdout, reply.stderr, reply.status)

    # --- by tool ---

    def write(self, path: str, text: str) -> Said:
        """Ask to write a file."""
        return self.ask("PreToolUse", "Write", {"file_path": self._at(path), "content": text})

    def edit(self, path: str, old: str, new: str, **more: object) -> Said:
        """Ask to edit a file."""
        given = {"file_path": self._at(path), "old_string": old, "new_string": new, **more}
        return self.ask("PreToolUse", "Edit", given)

    def bash(self, command: str) -> Said:
        """Ask to run a command."""
        return self.ask("PreToolUse", "Bash", {"command": command})

    def read(self, path: str) -> Said:
        """Read a file: ask, and say that it was done."""
        given = {"file_path": self._at(path)}
        self.ask("PreToolUse", "Read", given)
        return self.ask("PostToolUse", "Read", given, tool_response={"file": {}})

    def ran(self, command: str, failed: bool = False) -> Said:
        """Say that a command was run."""
        event = "PostToolUseFailure" if failed else "PostToolUse"
        return self.ask(event, "Bash", {"command": command}, tool_response={"stdout": ""})

    def run(self, command: str, failed: bool = False) -> Said:
        """Ask to run a command, run it if that is allowed, and say so."""
        said = self.bash(command)
        if said.decision != "allow":
            return said
        subprocess.run(command, shell=True, cwd=self.root, check=False, capture_output=True)
        return self.ran(command, failed)

    def wrote(self, path: str, text: str) -> Said:
        """Ask to write a file, write it if that is allowed, and say so."""
        said = self.write(path, text)
        if said.decision != "allow":
            return said
        full = self.root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(text)
        given = {"file_path": self._at(path), "content": text}
        return self.ask("PostToolUse", "Write", given, tool_response={"success": True})

    def stop(self, again: bool = False) -> Said:
        """Say that the agent wants to stop."""
        return self.ask("Stop", stop_hook_active=again)

    def start(self) -> Said:
        """Say that the session starts."""
        return self.ask("SessionStart", source="startup")

    def _at(self, path: str) -> str:
        return str(self.root / path)


def read(host: str, stdout: bytes, stderr: bytes, status: int) -> Said:
    """Read an answer, and hold it to what the host documents."""
    found = json.loads(stdout) if stdout else None
    assert found is None or isinstance(found, dict)
    assert stdout.count(b"\n") == (1 if stdout else 0)
    said = {"claude-code": _read_claude, "cursor": _read_cursor, "json": _read_neutral}[host](
        found or {}, stderr, status
    )
    assert b"Traceback" not in stdout + stderr
    return Said(*said, status, stdout, stderr, found)


def _read_claude(found: dict[str, Any], stderr: bytes, status: int) -> tuple[str, str, str]:
    if status:
        assert status == 2
        assert stderr
        return "deny", stderr.decode(), ""
    output = found.get("hookSpecificOutput", {})
    if "permissionDecision" in output:
        assert output["permissionDecision"] in {"deny", "ask"}
        reason = output["permissionDecisionReason"]
        return output["permissionDecision"], reason, output.get("additionalContext", "")
    if found.get("decision") == "block":
        return "deny", found["reason"], ""
    return "allow", "", output.get("additionalContext", "") or found.get("systemMessage", "")


def _read_cursor(found: dict[str, Any], stderr: bytes, status: int) -> tuple[str, str, str]:
    del stderr
    assert status in {0, 2}
    if "followup_message" in found:
        return "deny", found["followup_message"], ""
    reason = found.get("user_message", "")
    return found.get("permission", "allow"), reason, found.get("additional_context", "")


def _read_neutral(found: dict[str, Any], stderr: bytes, status: int) -> tuple[str, str, str]:
    assert not stderr
    assert CONTEXT_STATUS[found["decision"]] == status
    return found["decision"], found["reason"], found.get("context", "")


def in_a_process(
    root: Path, call: object, *words: str, cache: str | None = None, code: str | None = None
) -> "subprocess.CompletedProcess[bytes]":
    """Hand a call to a real process of `bylaw hook`."""
    program = [sys.executable, "-c", code or PROGRAM]
    data = call if isinstance(call, bytes) else json.dumps(call).encode()
    environment = os.environ | ({"BYLAW_CACHE_DIR": cache} if cache else {})
    return subprocess.run(
        [*program, "hook", *words], input=data, cwd=root, env=environment,
        capture_output=True, check=False,
    )  # fmt: skip
