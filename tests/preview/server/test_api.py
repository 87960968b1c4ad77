"""What pages ask for is answered, and what they ask wrongly is refused in words."""

import http.client
import json
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from tests.preview.server.conftest import DOMAIN
from tests.preview.server.talk import Serve, Server

ADR = "docs/adr/0007-domain.md"


def _preview(server: Server, text: str | None, path: str = ADR) -> Any:
    answer = server.post("/api/preview", {"path": path, "text": text, "seq": 7})
    assert answer.status == 200, answer.text
    return answer.value


def test_a_preview_says_what_each_statement_becomes(asked: Server) -> None:
    found = _preview(asked, None)
    assert (found["seq"], found["path"], found["saved"]) == (7, ADR, True)
    assert (found["title"], found["standing"]) == ("The domain stands alone", "in-force")
    first, second = found["statements"]
    assert (first["key"], first["severity"]) == ("0007-domain/no-orm", "error")
    assert (second["key"], second["severity"]) == ("0007-domain/short", "warning")
    assert first["about"] == ["0007-domain/no-orm"]
    assert first["start"][0] == DOMAIN.split("\n").index(DOMAIN.splitlines()[6])
    assert set(found["html"]) == {"decision", "outputs", "diagnostics"}
    assert 'data-about="0007-domain/no-orm"' in found["html"]["decision"]
    assert 'data-about="0007-domain/no-orm"' in found["html"]["outputs"]


def test_places_are_counted_as_a_textarea_counts(asked: Server) -> None:
    line = "- [no-orm] Modules 𝒳 in `shop.domain` MUST NOT import `sqlalchemy`."
    found = _preview(asked, f"# 7. Title 𝒳\n\nStatus: accepted\n\n## Constraints\n\n{line}\n")
    places = {each["code"]: (each["start"], each["end"]) for each in found["diagnostics"]}
    start = len(line.partition("𝒳")[0].encode("utf-16-le")) // 2
    assert places["BL017"] == ([6, start], [6, start + 2])
    assert found["statements"][0]["end"] == [6, len(line.encode("utf-16-le")) // 2]


def test_a_sentence_that_is_none_is_told_what_was_expected(asked: Server) -> None:
    text = DOMAIN.replace("MUST NOT import", "MUST NOT improt")
    found = _preview(asked, text)
    assert found["saved"] is False
    problem = next(each for each in found["diagnostics"] if each["severity"] == "error")
    assert problem["nearest"]["shape"] == "Modules in `M` MUST NOT import `X`"
    assert "^" in problem["snippet"]
    assert "Modules in" in found["html"]["diagnostics"]
    assert found["statements"][0]["state"] == "rejected"


def test_other_decisions_are_seen_through_an_unsaved_text(asked: Server) -> None:
    text = DOMAIN + "- [no-orm] Modules in `shop.domain` MUST NOT import `peewee`.\n"
    codes = [each["code"] for each in _preview(asked, text)["diagnostics"]]
    assert "BL201" in codes
    assert "BL201" not in [each["code"] for each in _preview(asked, None)["diagnostics"]]


def test_an_unsaved_text_is_whole_again_when_it_is_the_files(asked: Server) -> None:
    assert _preview(asked, DOMAIN)["saved"] is True
    assert _preview(asked, DOMAIN + " ")["saved"] is False


def test_nothing_that_is_written_gets_into_the_page_as_markup(asked: Server) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    text = f"# {evil}\n\nStatus: {evil}\n\n## Constraints\n\n- [x] {evil} `{evil}`.\n"
    for html in _preview(asked, text)["html"].values():
        assert "<script" not in html
        assert "<img" not in html


def test_completion_offers_what_the_repository_has(asked: Server) -> None:
    text = "# 9. X 𝒳\n\nStatus: accepted\n\n## Constraints\n\n- [y] Modules in `shop.do"
    line = text.rsplit("\n", maxsplit=1)[-1]
    body = {"path": "docs/adr/0009-x.md", "text": text, "line": 6, "character": len(line)}
    items = asked.post("/api/complete", body).value["items"]
    item = next(each for each in items if each["label"] == "shop.domain")
    assert item["kind"] == "module"
    assert item["start"] == [6, line.index("`") + 1]
    assert item["end"] == [6, len(line)]
    far = {**body, "line": 99, "character": 1 << 40}
    assert asked.post("/api/complete", far).value == {"items": []}


def test_the_list_is_searched_and_windowed(tmp_path: Path, serve: Serve) -> None:
    folder = tmp_path / "docs/adr"
    folder.mkdir(parents=True)
    for number in range(1, 261):
        status = "accepted" if number % 2 else "proposed"
        title = "Ünder one roof" if number == 200 else f"Topic {number}"
        (folder / f"{number:04}-topic.md").write_text(f"# {number}. {title}\n\nStatus: {status}\n")
    (folder / "0001-topic.md").write_text(
        "# 1. Topic 1\n\nStatus: accepted\n\n## Constraints\n\n"
        "- [short] Files in `x/**` MUST have at most 9 lines.\n- [nice] Files MUST be nice.\n"
    )
    server = serve(tmp_path)

    def ask(query: str) -> Any:
        return server.get(f"/api/list?{query}").value

    whole = ask("")
    assert (whole["total"], len(whole["rows"])) == (260, 100)
    assert [row["number"] for row in ask("from=255&count=100")["rows"]] == [*range(256, 261)]
    assert ask("from=9999")["rows"] == []
    assert len(ask("count=100000")["rows"]) <= 200
    assert ask("state=proposed")["total"] == 130
    assert [row["number"] for row in ask("q=%C3%9CNDER%20roof")["rows"]] == [200]
    assert ask("q=topic%20113")["total"] == 1
    assert ask("q=nothing")["total"] == 0
    first = whole["rows"][0]
    assert (first["errors"] > 0, first["state"]) == (True, "in-force")
    assert first["counts"]["rejected"] == 1
    assert server.get(first["href"]).status == 200


def test_whatever_shares_an_id_or_has_none_can_be_opened(repo: Path, serve: Serve) -> None:
    other = repo / "docs/adr/more/0007-domain.md"
    other.parent.mkdir()
    other.write_text(DOMAIN)
    (repo / "docs/adr/0030-latin.md").write_bytes(b"# 30. \xff\n")
    (repo / "docs/adr/0031-ä \"b'<i>?#%.md").write_text("# 31. Odd\n\nStatus: accepted\n")
    server = serve(repo)
    rows = server.get("/api/list").value["rows"]
    assert {row["path"] for row in rows} >= {
        *(ADR, "docs/adr/more/0007-domain.md", "docs/adr/0030-latin.md"),
        "docs/adr/0031-ä \"b'<i>?#%.md",
    }
    for row in rows:
        page = server.get(row["href"])
        assert page.status == 200, row
        assert "data-path=" in page.text
    assert len({row["href"] for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/preview", b""),
        ("/api/preview", b"{"),
        ("/api/preview", b"[]"),
        ("/api/preview", b"[" * 100_000),
        ("/api/preview", b"\xff\xfe"),
        ("/api/preview", b"{}"),
        ("/api/preview", b'{"path": 7}'),
        ("/api/preview", b'{"path": "docs/adr/0007-domain.md", "text": 7}'),
        ("/api/preview", b'{"path": "docs/adr/0007-domain.md", "text": "\\ud800"}'),
        ("/api/preview", b'{"path": "docs/adr/0007-domain.md", "seq": "x"}'),
        ("/api/preview", b'{"path": "docs/adr/0007-domain.md", "seq": -1}'),
        ("/api/preview", b'{"path": "docs/adr/0007-domain.md", "seq": 1e400}'),
        ("/api/complete", b'{"path": "docs/adr/0007-domain.md", "text": "x", "line": true}'),
        ("/api/complete", b'{"path": "docs/adr/0007-domain.md"}'),
        ("/api/save", b'{"path": "docs/adr/0007-domain.md"}'),
        ("/api/save", b'{"path": "docs/adr/0007-domain.md", "text": "", "digest": 1}'),
    ],
)
def test_what_is_asked_wrongly_is_refused_in_words(asked: Server, path: str, body: bytes) -> None:
    answer = asked.ask("POST", path, body)
    assert answer.status == 400
    assert set(answer.value) == {"error"}


@pytest.mark.parametrize("query", ["from=x", "from=-1", "count=9e9", "from=" + "9" * 99])
def test_a_window_that_is_none_is_refused(asked: Server, query: str) -> None:
    assert asked.get(f"/api/list?{query}").status == 400


def test_a_name_leads_to_its_page(asked: Server) -> None:
    for name in ("0007-domain", "7", "ADR-0007", ADR):
        page = asked.get(f"/decisions/{name}")
        assert page.status == 200
        assert "The domain stands alone" in page.text
    for name in ("/constraints/0007-domain/no-orm", "/decisions/no-orm"):
        answer = asked.get(name)
        assert answer.status == 303
        assert answer.headers["location"] == "/decisions/0007-domain#no-orm"
    for name in ("/decisions/nope", "/decisions/", "/constraints/x", "/impact/nope", "/x"):
        answer = asked.get(name)
        assert answer.status == 404
        assert "<main" in answer.text


def test_of_two_files_with_one_id_each_leads_to_its_own_impact(repo: Path, serve: Serve) -> None:
    other = "docs/adr/more/0007-domain.md"
    (repo / other).parent.mkdir()
    (repo / other).write_text(DOMAIN)
    server = serve(repo)
    for path in (ADR, other):
        assert f'href="/impact/{path}"' in server.get(f"/decisions/{path}").text
        assert f'href="/decisions/{path}"' in server.get(f"/impact/{path}").text


def test_an_impact_of_no_decision_leads_to_the_list(asked: Server) -> None:
    answer = asked.get("/impact")
    assert (answer.status, answer.headers["location"]) == (303, "/?for=impact")
    assert "Impact is that of one decision" in asked.get("/?for=impact").text
    assert "Impact is that of one decision" not in asked.get("/").text
    assert '<a href="/impact">Impact</a>' in asked.get("/").text


def test_a_new_decision_is_begun_and_not_written(repo: Path, serve: Serve) -> None:
    server = serve(repo)
    before = sorted(repo.rglob("*"))
    page = server.get("/new?title=Our%20%22own%22%20%3Cb%3E").text
    assert "Our &#34;own&#34; &lt;b&gt;" in page
    assert sorted(repo.rglob("*")) == before


def test_what_nobody_waits_for_is_not_compiled(asked: Server) -> None:
    """A page that is typed in gives up its last question when it asks the next."""
    body = json.dumps({"path": ADR, "text": DOMAIN * 200, "seq": 1}).encode()
    head = (
        f"POST /api/preview HTTP/1.1\r\nHost: 127.0.0.1:{asked.port}\r\n"
        f"Authorization: Bearer {asked.token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()
    clients = []
    for _ in range(30):
        client = socket.create_connection(("127.0.0.1", asked.port))
        client.sendall(head + body)
        clients.append(client)
    for client in clients:
        client.close()
    assert _preview(asked, DOMAIN)["saved"] is True


def test_an_answer_is_sent_at_once_on_a_connection_that_is_kept(asked: Server) -> None:
    """Its head and its body go in two parts; the second must not wait for a confirmation."""
    connection = http.client.HTTPConnection("127.0.0.1", asked.port, timeout=20)
    headers = {"authorization": f"Bearer {asked.token}"}
    times = []
    for _ in range(30):
        began = time.perf_counter()
        connection.request("GET", "/api/list?count=0", headers=headers)
        connection.getresponse().read()
        times.append(time.perf_counter() - began)
    connection.close()
    assert min(times) < 0.02
