"""A stage for coding agents: a copy of the sample shop, the real hook, and what is shown of it.

The agents' tool calls are recorded in `adrs-sample/agents/calls`.
"""

import json
import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tests.demo import BIN, DAY, SAMPLE

CALLS = SAMPLE / "agents" / "calls"
GIT = ("git", "-c", "user.name=Agent", "-c", "user.email=agent@tidemark.example")
COLOURS = {
    "allowed": "green",
    "accepted": "green",
    "clean": "green",
    "waits": "yellow",
    "asked": "yellow",
}
"""How the words for an outcome are shown; every other one is a refusal."""


@dataclass(frozen=True)
class Answer:
    """What a call was answered: `allow`, `deny`, `ask` or `block`, and what the agent reads."""

    decision: str
    told: str


@dataclass
class Stage:
    """A copy of the shop, and what is to be shown of what happens there."""

    shop: Path
    shown: list[RenderableType] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    is_long: bool = False

    # --- processes -------------------------------------------------------------------------

    def run(self, command: list[str], given: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command in the shop."""
        environment = os.environ | {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "BYLAW_CACHE_DIR": str(self.shop.parent / "cache"),
            # It takes seconds to start, and no scene is about its one sentence.
            "BYLAW_SEMGREP": "no-such-engine",
            "GIT_AUTHOR_DATE": DAY,
            "GIT_COMMITTER_DATE": DAY,
        }
        for name in ("BYLAW_AGENT", "BYLAW_AUTONOMY"):
            environment.pop(name, None)
        return subprocess.run(
            command,
            cwd=self.shop,
            env=environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def git(self, *arguments: str) -> None:
        """Run git; it has to succeed."""
        done = self.run([*GIT, *arguments])
        if done.returncode:
            raise RuntimeError(f"git {' '.join(arguments)}: {done.stdout}{done.stderr}")

    def bylaw(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Run a command of bylaw; return its exit status and its output."""
        done = self.run([str(BIN / "bylaw"), *arguments, "--format", "json"])
        if not done.stdout.startswith("{"):
            raise RuntimeError(f"bylaw {' '.join(arguments)}: {done.stdout}{done.stderr}")
        found: dict[str, Any] = json.loads(done.stdout)
        return done.returncode, found

    def again(self, branch: str) -> None:
        """Start a branch from the shop as it was."""
        self.git("checkout", "-q", "-f", "main")
        self.git("clean", "-q", "-f", "-d")
        self.git("checkout", "-q", "-b", branch)

    # --- the agent's host ------------------------------------------------------------------

    def ask(self, call: dict[str, Any], agent: str) -> Answer:
        """Ask the hook about a call, as the host does."""
        host = "json" if "actions" in call else "claude-code"
        command = [str(BIN / "bylaw"), "hook", host, "--agent", agent]
        done = self.run(command, json.dumps(call))
        said = json.loads(done.stdout) if done.stdout else {}
        if host == "json":
            return Answer(said["decision"], said["reason"])
        self.expect(done.returncode == 0 and not done.stderr, f"the hook fails: {done.stderr}")
        if "decision" in said:
            return Answer(said["decision"], said["reason"])
        output = said.get("hookSpecificOutput", {})
        reason = output.get("permissionDecisionReason") or output.get("additionalContext", "")
        return Answer(output.get("permissionDecision", "allow"), reason)

    def call(self, name: str) -> dict[str, Any]:
        """Return a recorded call."""
        self.used.add(name)
        found: dict[str, Any] = json.loads((CALLS / f"{name}.json").read_text("utf-8"))
        return found

    def make(self, call: dict[str, Any], agent: str) -> Answer:
        """Make a call that is allowed, and return what the hook says afterwards."""
        tool, given = call["tool_name"], call["tool_input"]
        if tool == "Bash":
            done = self.run(["bash", "-c", given["command"]])
            self.expect(done.returncode == 0, f"`{given['command']}` fails: {done.stderr}")
        elif tool != "Read":
            file = self.shop / given["file_path"]
            text = given.get("content")
            if text is None:
                text = file.read_text("utf-8")
                for edit in given.get("edits", [given]):
                    self.expect(text.count(edit["old_string"]) == 1, f"no edit: {edit}")
                    text = text.replace(edit["old_string"], edit["new_string"])
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        return self.ask(call | {"hook_event_name": "PostToolUse"}, agent)

    # --- what is shown ---------------------------------------------------------------------

    def expect(self, holds: bool, fault: str) -> None:
        """Note a fault where something is not as it should be."""
        if not holds:
            self.faults.append(fault)
            self.shown.append(Text(fault, "bold red"))

    def scene(self, title: str) -> None:
        """Print the title of what follows."""
        self.shown += [Text(title, "bold cyan"), ""]

    def show(self, who: str, tried: str, outcome: str, told: str = "") -> None:
        """Print what somebody tried, and what came of it."""
        if self.is_long:
            self.shown.append("")
        self.is_long = bool(told)
        table = Table.grid(padding=(0, 1))
        table.add_column(width=9)
        table.add_column(width=7)
        table.add_column(max_width=80, overflow="fold")
        colour = COLOURS.get(outcome, "red")
        table.add_row(Text(outcome, f"bold {colour}"), Text(who), Text(tried, "bold"))
        for line in told.splitlines():
            table.add_row("", "", Text(line))
        self.shown.append(table)

    def tries(
        self, name: str, *broken: str, agent: str = "B", line: str = "", says: str = ""
    ) -> Answer:
        """Let an agent make a recorded call, which breaks these constraints; show both.

        `line` is what to show of a content; `says` has to be in what the agent is told.
        """
        call = self.call(name)
        written = json.dumps(line, ensure_ascii=False)[1:-1]
        self.expect(written in json.dumps(call), f"{name} has no line {line!r}")
        answer = self.ask(call, agent)
        word = "asked" if answer.decision == "ask" else "denied"
        wanted = "deny" if broken else "allow"
        self.expect(answer.decision == wanted, f"{name} is answered {answer}")
        self.holds_to(name, answer, *broken, says=says)
        if answer.decision == "allow":
            if "actions" not in call:
                answer = self.make(call, agent)
            word = "caught" if answer.decision == "block" else "allowed"
        told = "" if word == "allowed" else essence(answer.told)
        self.show(f"agent {agent}", described(call, line), word, told)
        return answer

    def holds_to(self, name: str, answer: Answer, *broken: str, says: str = "") -> None:
        """Expect that an answer names these constraints, and that text."""
        named = set(re.findall(r"\b\d{4}-[a-z-]+/[a-z-]+", essence(answer.told)))
        self.expect(named >= set(broken), f"{name} is told {named}, not {broken}")
        if answer.decision == "deny":
            self.expect(named == set(broken), f"{name} is told {named}, not {broken} only")
        self.expect(says in answer.told, f"{name} is not told {says!r}: {answer.told}")


def described(call: dict[str, Any], line: str) -> str:
    """Return what a call does, in a line or two."""
    if "actions" in call:
        return f"{call['tool']} {call['actions'][0]['path']}\n+ {line}"
    given = call["tool_input"]
    if call["tool_name"] == "Bash":
        return f"$ {given['command']}"
    shown = f"{call['tool_name']} {given['file_path']}"
    return f"{shown}\n+ {line}" if line else shown


def essence(told: str) -> str:
    """Return what of an answer is violated: no title, no closing advice, nothing unknown."""
    items = re.findall(r"^- .*(?:\n  .*)*", told, re.MULTILINE)
    violated = [item for item in items if "not evaluated: " not in item]
    return "\n".join(line[2:] for item in violated for line in item.splitlines())
