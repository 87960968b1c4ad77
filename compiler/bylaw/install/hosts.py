"""The hosts: for each, which files bylaw writes into, and what.

What stands here is what a host documents, or what independent accounts of it agree on.
"""

import json
import os
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from bylaw.install import templates
from bylaw.install.json_text import Member
from bylaw.install.parts import JsonPart, OwnPart, Part, YamlPart
from bylaw.install.yaml_text import Block


@dataclass(frozen=True, slots=True)
class Setting:
    """What an installation depends on.

    `command` starts bylaw, as a shell reads it. `folder` is that of the configuration, seen from
    the top of the repository, `branch` the main branch; `committed` tells whether the output folder
    is one that git keeps.
    """

    command: str = "bylaw"
    folder: str = "."
    branch: str = "main"
    committed: bool = False

    @property
    def suffix(self) -> str:
        """What tells the job of this project from those of others in the same repository."""
        if self.folder == ".":
            return ""
        plain = re.sub(r"[^A-Za-z0-9_]+", "-", self.folder).strip("-")
        if plain == self.folder:
            return f"-{plain}"
        return f"-{plain[:60]}-{sha256(os.fsencode(self.folder)).hexdigest()[:6]}"

    def named(self, host: str) -> str:
        """Return the command of this installation, by which its part of a file is known."""
        # A mark ends at a backtick.
        where = shlex.quote(self.folder).replace("`", "?")
        return f"bylaw install {host}{self.suffix and f' -C {where}'}"

    def call(self, name: str) -> str:
        """Return a command of bylaw's as it is called from the top of the repository."""
        where = "" if self.folder == "." else f" -C {shlex.quote(self.folder)}"
        return f"{self.command} {name}{where}"


@dataclass(frozen=True, slots=True)
class Host:
    """A host: what is installed, where its files lie, and what is to be done besides.

    The files of a host `at_top` lie at the top of the repository, the others beside the
    configuration.
    """

    summary: str
    parts: Callable[[Setting], tuple[Part, ...]]
    at_top: bool = False
    then: tuple[str, ...] = ()


# --- agents ------------------------------------------------------------------------------------

CLAUDE_FILE = ".claude/settings.json"
CURSOR_FILE = ".cursor/hooks.json"
CURSOR_MCP_FILE = ".cursor/mcp.json"

_BLOCKING = ("PreToolUse", "PostToolUse", "PostToolUseFailure")
_ENDING = ("Stop", "SubagentStop", "SessionStart")

# A status other than 0 and 2 lets a call through: that of a program which is not there (127), or
# of one that has crashed. Whatever is no answer, therefore, becomes 2.
_CLOSED = (
    "{command} hook claude-code || {{ s=$?; [ $s -eq 2 ] || echo \"bylaw's hook gave no answer "
    '(status $s), so nothing is allowed; bylaw doctor tells more" >&2; exit 2; }}'
)

# When it ends, a 2 would make the agent go on for ever; that bylaw is absent a person has to mend.
_OPEN = (
    "{command} hook claude-code || {{ s=$?; [ $s -eq 2 ] || {{ echo \"bylaw's hook gave no answer "
    '(status $s); bylaw doctor tells more" >&2; exit 1; }}; exit 2; }}'
)


def claude_command(event: str, command: str) -> str:
    """Return what Claude Code is to run at an event."""
    return (_CLOSED if event in _BLOCKING else _OPEN).format(command=command)


def is_hook(value: Any, host: str) -> bool:
    """Tell whether a hook of a host's settings is ours, whoever has edited it since."""
    command = value.get("command") if isinstance(value, dict) else None
    return isinstance(command, str) and f"hook {host}" in command and "bylaw" in command


def _claude(setting: Setting) -> tuple[Part, ...]:
    members = []
    for event in (*_BLOCKING, *_ENDING):
        hook = {
            "type": "command",
            "command": claude_command(event, setting.command),
            "timeout": 60 if event in _BLOCKING else 600,
        }
        # Every tool: one that nobody had heard of yet may write, too.
        group = {"matcher": "*", "hooks": [hook]} if event in _BLOCKING else {"hooks": [hook]}
        members.append(
            Member(("hooks", event), group, lambda v: is_hook(v, "claude-code"), within="hooks")
        )
    return (JsonPart(CLAUDE_FILE, tuple(members)),)


_CURSOR_ASKING = ("preToolUse", "beforeShellExecution", "beforeMCPExecution", "beforeReadFile")
_CURSOR_TELLING = ("afterShellExecution", "afterFileEdit", "stop")


def _cursor(setting: Setting) -> tuple[Part, ...]:
    command = f"{setting.command} hook cursor"
    members = []
    for event in (*_CURSOR_ASKING, *_CURSOR_TELLING):
        # Where the hook cannot be run, the call must not pass.
        closed = {"failClosed": True} if event in _CURSOR_ASKING else {}
        hook = {"command": command, **closed}
        members.append(Member(("hooks", event), hook, lambda v: is_hook(v, "cursor")))
    program, *arguments = shlex.split(setting.command)
    server = {"command": program, "args": [*arguments, "mcp"]}
    member = Member(("mcpServers",), server, _is_server, key="bylaw")
    return (
        JsonPart(CURSOR_FILE, tuple(members), tail={"version": 1}),
        JsonPart(CURSOR_MCP_FILE, (member,)),
    )


def _is_server(value: Any) -> bool:
    arguments = value.get("args") if isinstance(value, dict) else None
    return isinstance(arguments, list) and "mcp" in arguments


COPILOT_FILE = ".github/workflows/copilot-setup-steps.yml"


def _copilot(setting: Setting) -> tuple[Part, ...]:  # noqa: ARG001 - one signature for all
    block = Block(
        "bylaw install copilot",
        templates.SETUP_STEPS,
        ("jobs", "copilot-setup-steps", "steps"),
        templates.SETUP_HEAD,
    )
    return (YamlPart(COPILOT_FILE, block),)


# --- commits and CI ----------------------------------------------------------------------------

PRE_COMMIT_FILE = ".pre-commit-config.yaml"
GITHUB_FILE = ".github/workflows/bylaw.yml"
GITLAB_FILE = ".gitlab-ci.yml"


def _pre_commit(setting: Setting) -> tuple[Part, ...]:
    check = f"{setting.call('check')} --staged --diff HEAD --lenient"
    lines = _filled(templates.PRE_COMMIT, CHECK=_scalar(check))
    lines = lines.replace("id: bylaw-check", f"id: bylaw-check{setting.suffix}")
    block = Block(setting.named("pre-commit"), lines, ("repos",), "repos:\n")
    return (YamlPart(PRE_COMMIT_FILE, block),)


def _github(setting: Setting) -> tuple[Part, ...]:
    text = _filled(
        templates.GITHUB,
        BRANCH=_scalar(setting.branch),
        CHECK=setting.call("check"),
        BUILD=_scalar(_build(setting)),
        JOB=f"bylaw{setting.suffix}",
    )
    path = GITHUB_FILE.replace(".yml", f"{setting.suffix}.yml")
    return (OwnPart(path, text, setting.named("github-actions")),)


def _gitlab(setting: Setting) -> tuple[Part, ...]:
    job = f"bylaw{setting.suffix}"
    text = _filled(
        templates.GITLAB, CHECK=setting.call("check"), BUILD=_scalar(_build(setting)), JOB=job
    )
    return (YamlPart(GITLAB_FILE, Block(setting.named("gitlab"), text), job=job),)


def _build(setting: Setting) -> str:
    """Return what shows that the decisions compile, and that what they compile to is committed."""
    if setting.committed:
        return f"{setting.call('build')} --check --strict"
    return f"{setting.call('build')} --strict && git diff --exit-code"


def _filled(template: str, **texts: str) -> str:
    """Return a template with each word in capitals replaced, once and for all."""
    return re.sub("|".join(texts), lambda match: texts[match[0]], template)


_PLAIN = re.compile(r"[A-Za-z][\w./@=+-]*(?: [\w./@=+&-]+)*")


def _scalar(text: str) -> str:
    """Return a text as a scalar of YAML: as it is, where that means itself."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


HOSTS: dict[str, Host] = {
    "claude-code": Host(
        "hooks before and after each tool call, and when the agent stops",
        _claude,
        then=("hooks count from the next session on",),
    ),
    "cursor": Host(
        "hooks before and after the agent's actions, and the MCP server",
        _cursor,
        then=("the MCP server needs `bylaw[mcp]`",),
    ),
    "copilot": Host(
        "bylaw in the environment of GitHub's coding agent; it has no hook that is used yet",
        _copilot,
        at_top=True,
        then=("it counts once it is on the default branch",),
    ),
    "pre-commit": Host(
        "a check of what is staged, at each commit",
        _pre_commit,
        at_top=True,
        then=("each clone needs `pre-commit install`, once",),
    ),
    "github-actions": Host(
        "a workflow that checks pull requests and the main branch",
        _github,
        at_top=True,
        then=("require its check, named as its job, in a ruleset, or nobody is held by it",),
    ),
    "gitlab": Host(
        "a job that checks merge requests and the main branch",
        _gitlab,
        at_top=True,
        then=("forbid merging while a pipeline fails, or nobody is held by it",),
    ),
}
"""By the name on the command line."""
