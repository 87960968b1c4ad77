"""Whether agents' hosts ask before they act, and are answered; and whether commits are checked."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bylaw.doctor.patient import SECONDS, Finding, Patient, State, output_of
from bylaw.git import run_git
from bylaw.install.hosts import (
    CLAUDE_FILE,
    CURSOR_FILE,
    CURSOR_MCP_FILE,
    PRE_COMMIT_FILE,
    claude_command,
    is_hook,
)

_LOCAL_SETTINGS = ".claude/settings.local.json"


def claude(patient: Patient) -> Iterator[Finding]:
    """Look whether Claude Code asks, and is answered."""
    for path in (_LOCAL_SETTINGS, CLAUDE_FILE):
        value = patient.json(path)
        if patient.read(path) is not None and not isinstance(value, dict):
            yield Finding("claude-code", "error", f"`{path}` is not JSON, so no hook in it runs")
            return
        if isinstance(value, dict) and value.get("disableAllHooks") is True:
            message = f"`{path}` switches all hooks off"
            yield Finding("claude-code", "error", message, "take `disableAllHooks` out of it")
            return
    commands = list(_hooks(patient.json(CLAUDE_FILE), "claude-code"))
    if not commands:
        used = any((patient.root / name).exists() for name in (".claude", "CLAUDE.md"))
        yield Finding(
            "claude-code",
            "warning" if used else "note",
            "it asks nobody before it acts",
            "`bylaw install claude-code` has it ask",
        )
        return
    before = [command for event, command in commands if event == "PreToolUse"]
    if not before:
        message = "nothing is asked before a tool is used"
        yield Finding("claude-code", "error", message, "`bylaw install claude-code` mends it")
    elif "||" not in before[0]:
        message = "a hook that cannot be started lets every call through"
        yield Finding("claude-code", "warning", message, "`bylaw install claude-code` mends it")
    elif not {"Stop", "PostToolUse"} <= {event for event, _ in commands}:
        message = "what a command has written is not looked at afterwards"
        yield Finding("claude-code", "warning", message, "`bylaw install claude-code` mends it")
    else:
        yield from _answers(patient, before[0])


def _hooks(value: Any, host: str) -> Iterator[tuple[str, str]]:
    """Yield event and command of each hook of ours in a host's settings."""
    hooks = value.get("hooks") if isinstance(value, dict) else None
    for event, groups in hooks.items() if isinstance(hooks, dict) else ():
        for group in groups if isinstance(groups, list) else ():
            inner = group.get("hooks") if isinstance(group, dict) else None
            for hook in (group, *(inner if isinstance(inner, list) else ())):
                if is_hook(hook, host):
                    yield event, hook["command"]


def _answers(patient: Patient, command: str) -> Iterator[Finding]:
    """Try the hook with a call that does nothing, if it is the very one that we install."""
    if command != claude_command("PreToolUse", "bylaw"):
        message = "it asks, by a command of its own, which is not tried here"
        yield Finding("claude-code", "ok", message)
        return
    if shutil.which("bylaw") is None:
        yield Finding(
            "claude-code",
            "error",
            "its hook calls `bylaw`, which is not found, so that it may do nothing",
            "install bylaw on the path, or name it with `bylaw install claude-code --command`",
        )
        return
    call = {
        "session_id": "bylaw-doctor",
        "cwd": str(patient.root),
        # Of a tool call the hook would keep a record.
        "hook_event_name": "UserPromptSubmit",
        "prompt": "",
    }
    said = _try(patient, ["sh", "-c", command], json.dumps(call).encode())
    if said is None:
        yield Finding("claude-code", "ok", "it asks, and is answered")
    else:
        yield Finding("claude-code", "error", f"its hook fails: {said}", "see `bylaw hook --help`")


def _try(patient: Patient, words: list[str], given: bytes = b"") -> str | None:
    """Start a program of ours; return None where it ends well, else what it says."""
    try:
        done = subprocess.run(
            words,
            cwd=patient.root,
            input=given,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {SECONDS} seconds"
    except OSError as error:
        return (error.strerror or type(error).__name__).lower()
    if not done.returncode:
        return None
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[0][:200] if lines else f"status {done.returncode}"


def cursor(patient: Patient) -> Iterator[Finding]:
    """Look whether Cursor asks."""
    if patient.read(CURSOR_FILE) is None:
        used = (patient.root / ".cursor").exists() or (patient.root / ".cursorrules").exists()
        state: State = "warning" if used else "note"
        advice = "`bylaw install cursor` has it ask"
        yield Finding("cursor", state, "it asks nobody before it acts", advice)
    elif not list(_hooks(patient.json(CURSOR_FILE), "cursor")):
        message = f"`{CURSOR_FILE}` does not call bylaw"
        yield Finding("cursor", "warning", message, "`bylaw install cursor` mends it")
    else:
        asks = "asks, and has the MCP server" if patient.read(CURSOR_MCP_FILE) else "asks"
        yield Finding("cursor", "ok", f"it {asks}")


def pre_commit(patient: Patient) -> Iterator[Finding]:
    """Look whether commits are checked, in this clone."""
    data = patient.read(PRE_COMMIT_FILE)
    hooks = _hooks_folder(patient)
    script = _text(hooks / "pre-commit") if hooks is not None else ""
    if data is None or b"bylaw check" not in data:
        if "bylaw check" in script:
            yield Finding("pre-commit", "ok", "git's own hook runs `bylaw check`")
            return
        advice = "`bylaw install pre-commit` has it checked"
        yield Finding("pre-commit", "note", "a commit is not checked", advice)
    elif "pre-commit" not in script:
        message = "the check is configured, and this clone does not run it"
        yield Finding("pre-commit", "warning", message, "run `pre-commit install`")
    else:
        yield Finding("pre-commit", "ok", "each commit is checked")


def _hooks_folder(patient: Patient) -> Path | None:
    """Return where git looks for hooks in this clone."""
    named = output_of(["git", "config", "--get", "core.hooksPath"], patient.top)
    if named:
        return patient.top / os.path.expanduser(named)
    done = run_git(str(patient.top), "rev-parse", "--git-common-dir")
    if done is None or done.returncode:
        return None
    return patient.top / os.fsdecode(done.stdout.strip()) / "hooks"


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
