"""Nobody gets an answer but who knows the token, from a page of ours."""

import json
import socket
import stat
import time
from pathlib import Path

import pytest

from tests.preview.server.talk import Serve, Server

PREVIEW = json.dumps({"path": "docs/adr/0007-domain.md", "seq": 1}).encode()
EVERYWHERE = (
    *("/", "/new", "/decisions/0007-domain", "/map", "/static/base.css", "/nowhere"),
    *("/api/list", "/api/events", "/constraints/0007-domain/no-orm", "/impact/0007-domain"),
)


@pytest.mark.parametrize("path", EVERYWHERE)
def test_without_the_token_there_is_no_answer(asked: Server, path: str) -> None:
    answer = asked.ask("GET", path, token=False)
    assert answer.status == 403
    assert "token" in answer.text
    assert asked.token not in answer.text
    assert "repo" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer x"},
        {"authorization": "Bearer "},
        {"authorization": "Basic {token}"},
        {"cookie": "bylaw-{port}=x"},
        {"cookie": "bylaw-{port}="},
        {"cookie": "bylaw-1={token}"},
        {"cookie": "xbylaw-{port}={token}"},
        {"cookie": "bylaw-{port}=é"},
    ],
)
def test_what_is_not_the_token_is_refused(asked: Server, headers: dict[str, str]) -> None:
    given = {n: v.format(token=asked.token, port=asked.port) for n, v in headers.items()}
    assert asked.ask("GET", "/", headers=given, token=False).status == 403


def test_a_token_of_another_run_in_the_address_is_refused(asked: Server) -> None:
    for path in ("/?token=x", "/?token=", f"/?token={asked.token}x", "/api/list?token=%C3%A9"):
        assert asked.ask("GET", path, token=False).status == 403
    twice = f"/?token={asked.token}&token=x"
    assert asked.ask("GET", twice, token=False).status == 403


def test_the_address_with_the_token_gives_a_cookie_and_leads_on(asked: Server) -> None:
    answer = asked.ask("GET", f"/decisions/7?a=b&token={asked.token}", token=False)
    assert answer.status == 303
    assert answer.headers["location"] == "/decisions/7?a=b"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"bylaw-{asked.port}={asked.token};")
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "Path=/" in cookie
    given = {"cookie": f"other=1; {cookie.partition(';')[0]}; more=2"}
    assert asked.ask("GET", "/decisions/7", headers=given, token=False).status == 200


def test_the_way_on_never_leads_to_another_host(asked: Server) -> None:
    for path in ("//evil.example/x", "/\\evil.example/x", "///evil.example"):
        answer = asked.ask("GET", f"{path}?token={asked.token}", token=False)
        assert answer.status == 303
        assert answer.headers["location"].startswith("/evil.example")


def test_a_link_in_another_page_opens_ours_without_its_own_request_counting(asked: Server) -> None:
    """A terminal in a browser shows the address as a link; its request is cross-site."""
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    answer = asked.ask("GET", f"/?token={asked.token}", headers=headers, token=False)
    assert answer.status == 200
    assert 'http-equiv="refresh" content="0; url=/"' in answer.text
    assert "set-cookie" in answer.headers
    assert asked.token not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", {"host": "evil.example"}, 421),
        ("GET", "/", {"host": "evil.example:{port}"}, 421),
        ("GET", "/", {"host": "127.0.0.1"}, 421),
        ("GET", "/", {"host": "127.0.0.1:1"}, 421),
        ("GET", "/", {"host": "127.0.0.1.evil.example:{port}"}, 421),
        ("GET", "/?token={token}", {"host": "evil.example:{port}"}, 421),
        ("GET", "/api/list", {"origin": "http://evil.example"}, 403),
        ("GET", "/api/list", {"origin": "null"}, 403),
        ("GET", "/api/list", {"origin": "https://127.0.0.1:{port}"}, 403),
        ("GET", "/api/list", {"origin": "http://127.0.0.1:1"}, 403),
        ("GET", "/?token={token}", {"origin": "http://evil.example"}, 403),
        ("POST", "/api/preview", {"origin": "http://127.0.0.1"}, 403),
        ("POST", "/api/save", {"origin": "http://evil.example"}, 403),
        ("GET", "/", {"sec-fetch-site": "cross-site"}, 403),
        ("GET", "/static/shell.js", {"sec-fetch-site": "cross-site"}, 403),
        ("GET", "/api/list", {"sec-fetch-site": "same-site"}, 403),
        ("POST", "/api/save", {"sec-fetch-site": "same-site"}, 403),
        ("POST", "/api/preview", {"content-type": "text/plain"}, 415),
        ("POST", "/api/preview", {"content-type": "application/x-www-form-urlencoded"}, 415),
        ("POST", "/api/preview", {"content-type": "multipart/form-data; boundary=x"}, 415),
        ("POST", "/api/preview", {"content-type": ""}, 415),
        ("GET", "/api/preview", {}, 405),
        ("POST", "/api/list", {}, 405),
        ("PUT", "/api/save", {}, 405),
        ("DELETE", "/decisions/7", {}, 405),
        ("OPTIONS", "/api/preview", {}, 405),
        ("POST", "/?token={token}", {}, 405),
    ],
)
def test_strangers_and_strange_requests_are_refused_even_with_the_token(
    asked: Server, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    values = {"token": asked.token, "port": str(asked.port)}
    given = {name: value.format(**values) for name, value in headers.items()}
    body = None if method == "GET" else PREVIEW
    answer = asked.ask(method, path.format(**values), body, given)
    assert answer.status == status
    assert "access-control-allow-origin" not in answer.headers
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "localhost:{port}"},
        {"host": "LOCALHOST:{port}"},
        {"host": "[::1]:{port}"},
        {"origin": "http://localhost:{port}", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"content-type": "application/json; charset=utf-8"},
    ],
)
def test_what_our_own_page_sends_is_answered(asked: Server, headers: dict[str, str]) -> None:
    given = {name: value.format(port=asked.port) for name, value in headers.items()}
    assert asked.ask("POST", "/api/preview", PREVIEW, given).status == 200


def test_every_answer_tells_browsers_how_to_treat_it(asked: Server) -> None:
    answers = [
        asked.get("/"),
        asked.get("/static/base.css"),
        asked.get("/api/list"),
        asked.get("/nowhere"),
        asked.ask("GET", "/", token=False),
        asked.ask("GET", f"/?token={asked.token}", token=False),
        asked.ask("DELETE", "/api/list", b"{}"),
        asked.post("/api/preview", {"path": "x.md"}),
    ]
    for answer in answers:
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "server" not in answer.headers


def test_a_body_that_is_too_large_is_not_read(asked: Server) -> None:
    said = {"content-length": str(1 << 40)}
    assert asked.ask("POST", "/api/preview", b"{}", said).status == 413
    whole = b'{"path": "' + b"x" * (5 << 20) + b'"}'
    assert asked.ask("POST", "/api/preview", whole).status == 413


def test_a_body_of_unsaid_length_is_counted(asked: Server) -> None:
    head = (
        f"POST /api/preview HTTP/1.1\r\nHost: 127.0.0.1:{asked.port}\r\n"
        f"Authorization: Bearer {asked.token}\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", asked.port), timeout=30) as client:
        client.sendall(head.encode())
        sent = 0
        try:
            while sent < 64 << 20:
                client.sendall(chunk)
                sent += 0x10000
        except OSError:
            pass
        assert sent < 32 << 20
        try:
            answer = client.recv(4096)
        except ConnectionResetError:
            answer = b""
    assert not answer or b" 413 " in answer


@pytest.mark.parametrize(
    "lines",
    [
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil.example\r\n{token}\r\n",
        "GET / HTTP/1.0\r\n{token}\r\n",
        "GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n{token}\r\n",
    ],
)
def test_a_request_without_one_host_is_refused(asked: Server, lines: str) -> None:
    token = f"Authorization: Bearer {asked.token}\r\nConnection: close\r\n"
    with socket.create_connection(("127.0.0.1", asked.port), timeout=30) as client:
        client.sendall(lines.format(port=asked.port, token=token).encode())
        answer = client.recv(65536)
    assert answer.split(b" ", 2)[1] in (b"400", b"421")


def test_no_file_but_the_pages_own_is_served(asked: Server) -> None:
    for path in ("/static/../__init__.py", "/static/%2e%2e/__init__.py", "/static/", "/static"):
        assert asked.get(path).status in (404, 307)
    for path in ("/static/..%2f__init__.py", "/static//etc/passwd"):
        assert asked.get(path).status == 404


def test_the_server_listens_on_the_loopback_interface_only(asked: Server) -> None:
    entries = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ours = {each[1] for each in entries if each[1].endswith(f":{asked.port:04X}")}
    listening = {each[1] for each in entries if each[3] == "0A"} & ours
    assert listening == {f"0100007F:{asked.port:04X}"}


def test_what_opens_the_browser_opens_the_page_once(
    repo: Path, tmp_path: Path, serve: Serve
) -> None:
    """Other users of the machine can read the command line of a browser."""
    seen, browser = tmp_path / "seen", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {seen}.part && mv {seen}.part {seen}\n')
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    server = serve(repo, "--open", "8", BROWSER=f"{browser} %s")
    end = time.monotonic() + 20
    while not seen.exists() and time.monotonic() < end:
        time.sleep(0.02)
    address = seen.read_text()
    assert server.token not in address
    path = address.partition(str(server.port))[2]
    assert path.startswith("/decisions/8?token=")
    first = server.ask("GET", path, token=False)
    assert first.status == 303
    assert server.token in first.headers["set-cookie"]
    assert server.ask("GET", path, token=False).status == 403
