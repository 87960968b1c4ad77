"""Calls as hosts write them, the effects they have, and answers as hosts read them."""

import json
import random
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bylaw.checkpoint.acting import effects_of
from bylaw.checkpoint.calls import Answer, Fault, Item, Reply, ToolCall
from bylaw.checkpoint.effects import Fails, Read, Run, Spend, Write
from bylaw.checkpoint.files import MemoryFiles
from bylaw.schema import SCHEMAS
from tests.checkpoint.test_shell import written

CALLS = sorted((Path(__file__).parent / "calls").glob("*.json"))
NOTEBOOK = {"cells": [{"id": "c1", "cell_type": "code", "source": "1", "metadata": {}}]}
FILES = MemoryFiles(
    {
        "src/a.py": b"x = 1\n",
        "src/b.py": b"y\n",
        "docs/guide.md": b"# Guide\n",
        "twice.txt": b"a a\n",
        "crlf.txt": b"one\r\ntwo\r\n",
        "latin.txt": b"caf\xe9 a\n",
        "n.ipynb": json.dumps(NOTEBOOK).encode(),
    }
)
HOSTS = ("claude_code", "cursor", "neutral")


def host(name: str) -> ModuleType:
    return import_module(f"bylaw.checkpoint.hosts.{name}")


def told(effect: object) -> str:
    match effect:
        case Run():
            return "run " + " ".join(effect.words)
        case Read():
            return f"read {effect.path}"
        case Fails():
            return f"fails {effect.reason}"
        case Spend():
            return f"spend {effect.tokens} {effect.minutes} {effect.usd}"
    return str(written(effect))


@pytest.mark.parametrize("path", CALLS, ids=lambda path: path.stem)
def test_a_recorded_call_has_its_effects(path: Path) -> None:
    recorded = json.loads(path.read_text("utf-8"))
    call = host(recorded["host"]).read(json.dumps(recorded["call"]).encode())
    assert isinstance(call, ToolCall), call
    found = [told(effect) for effect in effects_of(call, FILES)]
    wanted = recorded["effects"]
    assert len(found) == len(wanted), found
    for text, expected in zip(found, wanted, strict=True):
        start, dots, part = expected.partition("=…")
        assert (text.startswith(start) and part.strip("'") in text) if dots else text == expected


def read(name: str, **fields: Any) -> Any:
    return host(name).read(json.dumps(fields).encode())


DENY = Answer("deny", "no: `a/b`", None, (Item("a/b", "violated", "it is there", path="x"),))
ASK = Answer("ask", "may it?")
ALLOW = Answer("allow")
TOLD = Answer("allow", "", "mind the docs")


def said(call: Any, answer: Answer, name: str = "claude_code") -> tuple[Any, bytes, int]:
    reply = host(name).answer(call, answer)
    assert isinstance(reply, Reply)
    return json.loads(reply.stdout) if reply.stdout else None, reply.stderr, reply.status


class TestClaudeCode:
    def test_before_a_tool_it_says_the_decision(self) -> None:
        call = read("claude_code", hook_event_name="PreToolUse", tool_name="Read", tool_input={})
        for answer in (DENY, ASK):
            assert said(call, answer) == (
                {
                    "hookSpecificOutput": {
                        "hookEventName": "PreToolUse",
                        "permissionDecision": answer.decision,
                        "permissionDecisionReason": answer.reason,
                    }
                },
                b"",
                0,
            )

    def test_an_allowed_call_is_left_to_the_hosts_own_permissions(self) -> None:
        call = read("claude_code", hook_event_name="PreToolUse", tool_name="Read", tool_input={})
        assert said(call, ALLOW) == (None, b"", 0)
        output, _, _ = said(call, TOLD)
        assert "permissionDecision" not in output["hookSpecificOutput"]
        assert output["hookSpecificOutput"]["additionalContext"] == "mind the docs"

    def test_after_a_tool_it_blocks_with_a_reason(self) -> None:
        call = read("claude_code", hook_event_name="PostToolUse", tool_name="Edit", tool_input={})
        assert said(call, DENY)[0] == {"decision": "block", "reason": DENY.reason}

    def test_a_stop_is_blocked_with_a_reason_or_the_person_is_told(self) -> None:
        call = read("claude_code", hook_event_name="Stop", stop_hook_active=True)
        assert call.again
        assert said(call, DENY)[0] == {"decision": "block", "reason": DENY.reason}
        assert said(call, TOLD)[0] == {"systemMessage": "mind the docs"}

    def test_a_call_that_cannot_be_read_is_blocked_by_status_2(self) -> None:
        call = host("claude_code").read(b"{")
        assert isinstance(call, Fault)
        assert said(call, DENY) == (None, b"no: `a/b`\n", 2)

    def test_a_question_about_an_unreadable_call_is_put(self) -> None:
        output, _, status = said(host("claude_code").read(b"{"), ASK)
        assert output["hookSpecificOutput"]["permissionDecision"] == "ask"
        assert status == 0

    def test_a_long_reason_is_cut_where_the_host_would_cut_it_and_says_so(self) -> None:
        call = read("claude_code", hook_event_name="PostToolUse", tool_name="Edit", tool_input={})
        reason = said(call, Answer("deny", "x" * 20000))[0]["reason"]
        assert len(reason) < 10000
        assert reason.endswith("run `bylaw check`")


class TestCursor:
    def test_before_a_command_it_says_the_permission(self) -> None:
        call = read("cursor", hook_event_name="beforeShellExecution", command="ls")
        assert said(call, ALLOW, "cursor")[0] == {"permission": "allow"}
        assert said(call, ASK, "cursor")[0]["permission"] == "ask"
        assert said(call, DENY, "cursor")[0] == {
            "permission": "deny",
            "user_message": DENY.reason,
            "agent_message": DENY.reason,
        }

    def test_reading_a_file_knows_no_question(self) -> None:
        call = read("cursor", hook_event_name="beforeReadFile", file_path="/x")
        assert said(call, ASK, "cursor")[0]["permission"] == "deny"

    def test_at_a_stop_it_goes_on_with_a_message_but_not_for_ever(self) -> None:
        first = read("cursor", hook_event_name="stop", loop_count=0)
        last = read("cursor", hook_event_name="stop", loop_count=4)
        assert said(first, DENY, "cursor")[0] == {"followup_message": DENY.reason}
        assert said(last, DENY, "cursor")[0] == {}


class TestNeutral:
    def test_the_answer_has_every_verdict_and_the_status_says_the_decision(self) -> None:
        call = read("neutral", event="pre")
        for answer, status in ((ALLOW, 0), (DENY, 1), (ASK, 2), (TOLD, 0)):
            output, _, found = said(call, answer, "neutral")
            assert found == status
            Draft202012Validator(SCHEMAS["tool-answer"].build()).validate(output)
        assert said(call, DENY, "neutral")[0]["verdicts"] == [
            {"constraint": "a/b", "detail": "it is there", "path": "x", "verdict": "violated"}
        ]

    def test_recorded_calls_are_of_the_published_form(self) -> None:
        validator = Draft202012Validator(SCHEMAS["tool-call"].build())
        for path in CALLS:
            recorded = json.loads(path.read_text("utf-8"))
            if recorded["host"] == "neutral":
                validator.validate(recorded["call"])

    @pytest.mark.parametrize(
        ("call", "message"),
        [
            ("", "there is no call on standard input"),
            ("[]", "the call is no JSON object"),
            ("{", "the call is no JSON (character 2)"),
            ("[" * 100_000, "the call is nested too deeply to be read"),
            ("{}", "the call does not say which event it is"),
            ('{"event":"pre","actions":{}}', "`actions` is no list"),
            ('{"event":"pre","actions":[1]}', "action 1 is no object"),
            ('{"event":"pre","actions":[{}]}', "action 1 does not say what it does in `do`"),
            ('{"event":"pre","actions":[{"do":"write"}]}', "action 1 has no text in `path`"),
            (
                '{"event":"pre","actions":[{"do":"run","argv":[]}]}',
                "action 1 has no words in `argv`",
            ),
            (
                '{"event":"pre","actions":[{"do":"spend","tokens":-1}]}',
                "action 1 has no amount in `tokens`",
            ),
        ],
    )
    def test_a_call_of_another_form_is_a_fault(self, call: str, message: str) -> None:
        found = host("neutral").read(call.encode())
        assert isinstance(found, Fault)
        assert found.message == message
        assert found.number in ("BL550", "BL551", "BL552")


TEXT = st.text("ab/\\ \0é\ud800\"'{}$\n", max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
NAMES = [
    "hook_event_name",
    "tool_name",
    "tool_input",
    "cwd",
    "session_id",
    "event",
    "actions",
    "do",
    "path",
    "content",
    "edits",
    "old",
    "new",
    "file_path",
    "old_string",
    "new_string",
    "replace_all",
    "command",
    "argv",
    "stop_hook_active",
    "tool_response",
    "workspace_roots",
    "notebook_path",
    "cell_id",
    "new_source",
    "edit_mode",
    "patch",
    "tokens",
]
VALUES = [
    "PreToolUse",
    "PostToolUse",
    "Stop",
    "Write",
    "Edit",
    "MultiEdit",
    "NotebookEdit",
    "Bash",
    "Read",
    "Grep",
    "mcp__a__b",
    "pre",
    "post",
    "write",
    "edit",
    "run",
    "spend",
    "patch",
    "beforeShellExecution",
    "afterFileEdit",
    "/repository",
    "src/a.py",
    "n.ipynb",
    "../x",
    "/etc/passwd",
    "\x00",
    "�",
    "rm",
    "replace",
    "insert",
    "delete",
    "c1",
    "{}",
    "~/x",
    "file:///x",
]
FIELD = st.sampled_from(VALUES) | JSON
OBJECT = st.dictionaries(st.sampled_from(NAMES), FIELD, max_size=8)
CALL = st.dictionaries(
    st.sampled_from(NAMES), FIELD | OBJECT | st.lists(OBJECT, max_size=3), max_size=10
)


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(HOSTS), CALL, st.sampled_from((ALLOW, DENY, ASK, TOLD)))
def test_any_object_is_read_and_answered(name: str, fields: dict[str, Any], answer: Answer) -> None:
    check_one(name, json.dumps(fields).encode(), answer)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(HOSTS), st.binary(max_size=60))
def test_any_bytes_are_read_and_answered(name: str, source: bytes) -> None:
    check_one(name, source, ASK)


def check_one(name: str, source: bytes, answer: Answer) -> None:
    call = host(name).read(source)
    if isinstance(call, ToolCall):
        for effect in effects_of(call, FILES):
            assert not isinstance(effect, Write | Read) or not effect.path.startswith(("/", "../"))
    output, stderr, status = said(call, answer, name)
    assert status in (0, 1, 2)
    assert output is None or isinstance(output, dict)
    stderr.decode("utf-8")


def test_ten_thousand_generated_calls_are_read_and_answered() -> None:
    chance = random.Random(4)
    tools = ("Write", "Edit", "MultiEdit", "NotebookEdit", "Bash", "Read", "Grep", "mcp__a__b", "")
    paths = (
        "/repository/src/a.py",
        "src/b.py",
        "../x",
        "",
        "/",
        "\0",
        "twice.txt",
        "n.ipynb",
        "~/x",
    )
    texts = ("", "x", "a", "x = 1\n", "é\ud800", "\r\n", "rm -rf src", "echo $X > y", "git push")
    commands = (*texts, "cd src && rm *.py", "cat <<E\nx\nE\n", "((", "sed -i s/a/b/ src/a.py")
    for _ in range(10_000):
        edit = {"old_string": chance.choice(texts), "new_string": chance.choice(texts)}
        fields: dict[str, Any] = {
            "hook_event_name": chance.choice(("PreToolUse", "PostToolUse", "Stop", "x", 1)),
            "tool_name": chance.choice(tools),
            "cwd": chance.choice(("/repository", "/", "x", None)),
            "tool_input": chance.choice(
                (
                    {
                        "file_path": chance.choice(paths),
                        "content": chance.choice((*texts, 1, None)),
                    },
                    {
                        "file_path": chance.choice(paths),
                        **edit,
                        "replace_all": chance.random() < 0.5,
                    },
                    {"file_path": chance.choice(paths), "edits": [edit, edit]},
                    {"notebook_path": chance.choice(paths), "new_source": chance.choice(texts)},
                    {"command": chance.choice(commands)},
                    chance.choice(texts),
                    [],
                )
            ),
        }
        check_one("claude_code", json.dumps(fields).encode(), chance.choice((ALLOW, DENY, ASK)))
