"""Nothing that arrives ends the server, and nothing but messages leaves it."""

import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.client import BYLAW, Client

HEAD = "# 99. New\n\n## Status\n\nAccepted\n\n## Constraints\n\n"
_NUMBERS = itertools.count(100)
LINE = HEAD.count("\n")
BAD = "- [a-b] CI MUST runn `x`.\n"
NEW = "docs/adr/0099-new.md"


def still_there(client: Client, shop: Path) -> None:
    """See that a session goes on as ever."""
    uri = client.open(shop / "docs/adr/0098-still.md", HEAD.replace("99", "98") + BAD)
    faults = client.diagnostics(uri)
    assert [each["code"] for each in faults] == ["BL013"]
    client.close(uri)


def framed(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


@pytest.mark.parametrize(
    "data",
    [
        framed(b"{"),
        framed(b"\xff\xfe"),
        framed(b"[]"),
        framed(b"null"),
        framed(b"17"),
        framed(b'"text"'),
        framed(b"{}"),
        framed(b"[" * 100_000),
        framed(b'{"jsonrpc": "1.0", "method": "x"}'),
        framed(b'[{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}]'),
        b"Content-Length: x\r\n\r\n",
        b"Content-Length: -5\r\n\r\n",
        b"Nonsense\r\n\r\n",
        b"\r\n\r\n\r\n",
        b"\x00\x01\x02\r\n",
        b"content-length: 2\r\nContent-Type: x\r\n\r\n{}",
        b"Content-Length: 0\r\n\r\n",
        b"x" * 20_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_message_is_passed_over(session: Client, kept_shop: Path, data: bytes) -> None:
    session.send_bytes(data)
    still_there(session, kept_shop)


def test_what_is_no_json_is_answered_with_an_error(session: Client) -> None:
    session.send_bytes(framed(b"{nonsense"))
    # Answers to what other tests have sent may be among those that wait.
    answer = session.wait(lambda each: each.get("error", {}).get("code") == -32700)
    assert answer["id"] is None


@pytest.mark.parametrize(
    "message",
    [
        {"method": "textDocument/hover"},
        {"method": "textDocument/hover", "params": {}},
        {"method": "textDocument/hover", "params": []},
        {"method": "textDocument/hover", "params": {"textDocument": 5, "position": None}},
        {"method": "textDocument/completion", "params": {"textDocument": {"uri": 7}}},
        {"method": "textDocument/codeAction", "params": {"range": "x"}},
        {"method": "workspace/executeCommand", "params": {"command": "rm"}},
        {"method": "no/such/method", "params": {"a": 1}},
        {"method": "initialize", "params": {"capabilities": {}}},
    ],
)
def test_a_request_that_cannot_be_served_is_answered_with_an_error(
    session: Client, kept_shop: Path, message: dict[str, Any]
) -> None:
    number = session.next_number()
    session.send({"jsonrpc": "2.0", "id": number, **message})
    answer = session.wait(lambda each: each.get("id") == number and "method" not in each)
    assert answer["error"]["code"] in {-32600, -32601, -32602, -32603}
    assert "Traceback" not in json.dumps(answer)
    still_there(session, kept_shop)


@pytest.mark.parametrize(
    "message",
    [
        {"method": 5},
        {"method": None, "id": 3},
        {"method": "textDocument/hover", "id": {"a": 1}},
        {"method": "textDocument/hover", "id": [1]},
        {"method": "textDocument/hover", "id": 1.5},
        {"method": "textDocument/hover", "id": None, "params": {}},
        {"id": 991, "result": None},
        {"id": 992, "error": {"code": 1, "message": "x"}},
        {"id": 993, "error": "x"},
        {"id": 994},
        {"method": "textDocument/didOpen"},
        {"method": "textDocument/didOpen", "params": {"textDocument": {}}},
        {"method": "textDocument/didChange", "params": {"textDocument": {"uri": "file:///x"}}},
        {"method": "textDocument/didClose", "params": {"textDocument": {"uri": "file:///x"}}},
        {"method": "$/cancelRequest", "params": {"id": 12345}},
        {"method": "$/cancelRequest", "params": {}},
        {"method": "$/setTrace", "params": {"value": "nonsense"}},
        {"method": "workspace/didChangeWatchedFiles", "params": {"changes": [{"uri": "x"}]}},
        {"method": "workspace/didChangeWorkspaceFolders", "params": {"event": {}}},
        {"method": "initialized", "params": {}},
    ],
)
def test_a_notice_that_cannot_be_read_is_passed_over(
    session: Client, kept_shop: Path, message: dict[str, Any]
) -> None:
    session.send({"jsonrpc": "2.0", **message})
    still_there(session, kept_shop)


def test_nothing_is_answered_before_the_beginning_and_after_the_end(shop: Path) -> None:
    with Client(shop) as client:
        early = client.error("textDocument/hover", client.at("file:///x.md", 0, 0))
        assert early["code"] == -32002
        client.notify("textDocument/didOpen", {"textDocument": {"uri": "file:///x"}})
        client.begin()
        still_there(client, shop)
        client.request("shutdown")
        assert client.error("textDocument/hover", client.at("file:///x.md", 0, 0))["code"] == -32600
        client.notify("exit")
        assert client.process.wait(30) == 0


def test_places_that_are_nowhere_are_the_nearest(session: Client, kept_shop: Path) -> None:
    uri = session.open(kept_shop / NEW, HEAD + BAD)
    session.diagnostics(uri)
    for line, character in ((0, 0), (10**6, 0), (LINE, 10**6), (2**31 - 1, 2**31 - 1)):
        for method in ("hover", "completion", "definition"):
            session.ask(method, uri, line, character)
    start, end = {"line": 10**6, "character": 9}, {"line": 10**7, "character": 0}
    version = session.change(uri, {"range": {"start": start, "end": end}, "text": "\n- Note: x\n"})
    session.diagnostics(uri, version)
    backwards = {"start": {"line": LINE, "character": 5}, "end": {"line": 0, "character": 0}}
    version = session.change(uri, {"range": backwards, "text": ""})
    session.diagnostics(uri, version)
    version = session.change(uri, HEAD + BAD)
    assert [e["code"] for e in session.diagnostics(uri, version)] == ["BL013"]


@pytest.mark.parametrize(
    "text",
    [
        "\ud800",
        "\x00" * 100,
        "# X\n" + "- " * 3000,
        "`" * 50_000,
        "[" * 20_000,
        "# X\n\n## Constraints\n\n" + "- Modules in `a` MUST NOT import `b`.\n" * 1500,
        "---\n" + "a: [" * 3000,
        "x" * 2_000_000,
        "\u2028\u2029\x0b\x0c\x85" * 500,
    ],
    ids=range(9),
)
def test_texts_that_no_person_writes_are_read_all_the_same(
    session: Client, kept_shop: Path, text: str
) -> None:
    uri = session.open(kept_shop / f"docs/adr/0{next(_NUMBERS)}-new.md", text)
    session.ask("completion", uri, 4, 3)
    session.ask("hover", uri, 4, 3)
    session.close(uri)
    still_there(session, kept_shop)


def test_nothing_but_messages_is_written_to_standard_output(shop: Path) -> None:
    """Even what a library prints, or the interpreter itself, goes elsewhere."""
    code = (
        "import sys; from bylaw.lsp import server, hover\n"
        "import bylaw.lsp.answers as answers, os\n"
        "def loud(*a, **k): print('noise'); os.write(1, b'more noise'); return None\n"
        "answers.hover = loud\n"
        "os._exit(server.serve())\n"
    )
    with Client(shop, command=[sys.executable, "-c", code]) as client:
        client.begin()
        uri = client.open(shop / NEW, f"{HEAD}- [a-b] CI MUST run `x`.\n")
        client.ask("hover", uri, LINE, 4)
        still_there(client, shop)
        assert client.end() == 0
        assert b"noise" in client.noise


def test_a_question_that_fails_is_answered_with_nothing(shop: Path) -> None:
    code = (
        "import sys; from bylaw.lsp import server\n"
        "import bylaw.lsp.answers as answers\n"
        "def broken(*a, **k): raise RuntimeError('no')\n"
        "answers.complete = broken\n"
        "sys.exit(server.serve())\n"
    )
    with Client(shop, command=[sys.executable, "-c", code]) as client:
        client.begin()
        uri = client.open(shop / NEW, HEAD + BAD)
        assert client.ask("completion", uri, LINE, 4) is None
        said = client.wait(lambda each: each.get("method") == "window/logMessage")
        assert "RuntimeError" in said["params"]["message"]
        still_there(client, shop)
        assert client.end() == 0


def test_a_client_that_reads_nothing_does_not_stop_it(shop: Path) -> None:
    with subprocess.Popen(
        [BYLAW, "lsp"], cwd=shop, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        params: dict[str, Any] = {"processId": None, "rootUri": shop.as_uri(), "capabilities": {}}
        message = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params}
        process.stdin.write(framed(json.dumps(message).encode()))
        item = {"uri": (shop / NEW).as_uri(), "languageId": "markdown", "version": 1, "text": HEAD}
        opened = {"textDocument": item}
        message = {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": opened}
        process.stdin.write(framed(json.dumps(message).encode()))
        at = {"textDocument": {"uri": item["uri"]}, "position": {"line": LINE - 1, "character": 0}}
        for number in range(1, 800):
            method = "textDocument/documentSymbol"
            message = {"jsonrpc": "2.0", "id": number, "method": method, "params": at}
            process.stdin.write(framed(json.dumps(message).encode()))
        process.stdin.write(framed(b'{"jsonrpc": "2.0", "method": "exit"}'))
        process.stdin.flush()
        assert process.wait(60) == 1
