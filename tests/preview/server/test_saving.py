"""Saving writes a file whole or not at all, never over somebody else's work, and only ADRs."""

import os
import stat
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from bylaw.preview.server.saving import like
from tests.preview.server.conftest import DOMAIN, write_files
from tests.preview.server.talk import Answer, Serve, Server

ADR = "docs/adr/0007-domain.md"


@pytest.fixture
def server(repo: Path, serve: Serve) -> Server:
    """A server of a repository that the test may write to."""
    return serve(repo)


def _save(server: Server, path: str, text: str, digest: str | None) -> Answer:
    return server.post("/api/save", {"path": path, "text": text, "digest": digest})


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def test_a_text_is_saved_and_the_page_is_told_its_digest(server: Server) -> None:
    file = server.root / ADR
    answer = _save(server, ADR, DOMAIN + "\nMore.\n", _digest(file.read_bytes()))
    assert answer.status == 200
    assert file.read_text() == DOMAIN + "\nMore.\n"
    assert answer.value == {"digest": _digest(file.read_bytes())}
    # The next look knows it: nothing has to be noticed first.
    assert (
        server.post("/api/preview", {"path": ADR, "seq": 1}).value["digest"]
        == (answer.value["digest"])
    )
    assert sorted(os.listdir(file.parent)) == ["0007-domain.md", "0008-store.md"]


def test_a_file_that_has_changed_is_left_alone(server: Server) -> None:
    file = server.root / ADR
    old = _digest(file.read_bytes())
    file.write_text("# Mine\n")
    answer = _save(server, ADR, "# Theirs\n", old)
    assert answer.status == 409
    assert answer.value["digest"] == _digest(b"# Mine\n")
    assert file.read_text() == "# Mine\n"


def test_a_file_that_is_gone_is_not_brought_back_unasked(server: Server) -> None:
    file = server.root / ADR
    old = _digest(file.read_bytes())
    file.unlink()
    answer = _save(server, ADR, "# Theirs\n", old)
    assert (answer.status, answer.value["digest"]) == (409, None)
    assert not file.exists()
    assert _save(server, ADR, "# Theirs\n", None).status == 200
    assert file.read_text() == "# Theirs\n"


def test_a_new_file_never_replaces_one_that_is_there(server: Server) -> None:
    new = "docs/adr/0009-new.md"
    assert _save(server, new, "# New\n", None).status == 200
    assert _save(server, new, "# Newer\n", None).status == 409
    assert (server.root / new).read_text() == "# New\n"
    names = [row["path"] for row in server.get("/api/list").value["rows"]]
    assert new in names


def test_of_saves_at_the_same_moment_one_wins_and_the_others_are_told(server: Server) -> None:
    file = server.root / ADR
    digest = _digest(file.read_bytes())
    texts = [f"{DOMAIN}\n{number}\n" * 200 for number in range(8)]
    for _ in range(5):
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(_save, [server] * 8, [ADR] * 8, texts, [digest] * 8))
        assert sorted(each.status for each in answers) == [200] + [409] * 7
        winner = next(i for i, each in enumerate(answers) if each.status == 200)
        assert file.read_text() == texts[winner]
        digest = answers[winner].value["digest"]
        assert {each.value["digest"] for each in answers} == {digest}
        texts = [text + "x" for text in texts]


def test_byte_order_mark_line_ends_and_permissions_stay(server: Server) -> None:
    file = server.root / ADR
    before = b"\xef\xbb\xbf" + DOMAIN.replace("\n", "\r\n").encode()
    file.write_bytes(before)
    file.chmod(0o640)
    text = server.post("/api/preview", {"path": ADR, "seq": 1})
    assert text.value["digest"] == _digest(before)
    changed = DOMAIN.replace("sqlalchemy", "peewee") + "\nLast\n"
    assert _save(server, ADR, changed, _digest(before)).status == 200
    assert file.read_bytes() == b"\xef\xbb\xbf" + changed.replace("\n", "\r\n").encode()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        (b"a\nb\n", "a\nc\n", b"a\nc\n"),
        (b"a\r\nb\r\n", "a\nb\nc", b"a\r\nb\r\nc"),
        (b"a\rb\r", "x\nb\n", b"x\rb\r"),
        (b"a\r\nb\nc\r\n", "a\nb\nc\n", b"a\r\nb\nc\r\n"),
        (b"a\r\nb\nc\r\n", "b\nc\n", b"b\nc\r\n"),
        (b"a\r\nb\nc\r\n", "a\nx\nb\ny\nc\n", b"a\r\nx\r\nb\ny\nc\r\n"),
        (b"a\r\nb\nc", "a\nb\nc\nd\n", b"a\r\nb\nc\nd\n"),
        (b"", "a\nb\n", b"a\nb\n"),
        (b"a", "a\nb\n", b"a\nb\n"),
        (b"\xef\xbb\xbfa\n", "", b"\xef\xbb\xbf"),
        (b"\r\n\n\r\n", "\n\n\n", b"\r\n\n\r\n"),
    ],
)
def test_lines_that_stay_keep_their_ends(before: bytes, text: str, after: bytes) -> None:
    assert like(before, text) == after


@pytest.mark.parametrize(
    "path",
    [
        "src/shop/domain/order.py",
        "bylaw.toml",
        "docs/README.md",
        "docs/adr/../../outside.md",
        "../outside.md",
        "/tmp/outside.md",
        "docs/adr/../adr/0007-domain.md",
        "docs//adr/0007-domain.md",
        "./docs/adr/0007-domain.md",
        "docs/adr/",
        "docs/adr",
        "",
        "docs/adr/.git/x.md",
        "docs/adr/.hidden.md",
        "docs/adr/x\n.md",
        "docs/adr/x\0.md",
        "docs\\adr\\x.md",
        "docs/adr/logo.png",
        "docs/adr/0007-domain.md/x.md",
        "docs/adr/linked.md",
        "docs/adr/away/x.md",
        "docs/adr/pipe.md",
        "docs/adr/" + "x" * 300 + ".md",
        ".bylaw/docs/adr/x.md",
    ],
)
def test_nothing_but_an_adr_of_the_repository_is_written_or_laid_over(
    repo: Path, asked_to_write: Server, path: str
) -> None:
    root = asked_to_write.root
    before = _all(root.parent)
    for digest in (None, _digest(b""), _digest(DOMAIN.encode())):
        assert _save(asked_to_write, path, "# Written\n", digest).status in (400, 422)
    preview = asked_to_write.post("/api/preview", {"path": path, "text": "# X\n", "seq": 1})
    assert preview.status in (400, 422)
    assert asked_to_write.post("/api/preview", {"path": path, "seq": 1}).status in (400, 404)
    assert _all(root.parent) == before


@pytest.fixture(scope="module")
def asked_to_write(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of a repository with links, a pipe and an output folder of a build."""
    root = write_files(tmp_path_factory.mktemp("write") / "repo")
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "x.md").write_text("# Outside\n")
    (root / "docs/adr/linked.md").symlink_to(outside / "x.md")
    (root / "docs/adr/away").symlink_to(outside)
    os.mkfifo(root / "docs/adr/pipe.md")
    (root / "bylaw.toml").write_text('adrs = ["docs/adr", ".bylaw"]\n')
    server = Server(root)
    yield server
    server.end()


def _all(folder: Path) -> dict[str, bytes]:
    return {
        str(each): each.read_bytes() if each.is_file() else b""
        for each in sorted(folder.rglob("*"))
    }


def test_bytes_that_a_page_cannot_show_are_not_lost(server: Server) -> None:
    for data in (b"# A\n\xff\n", b"# A\n\0\n"):
        with server.events() as told:
            told.wait("ready")
            (server.root / ADR).write_bytes(data)
            told.wait("changed")
        assert "\N{REPLACEMENT CHARACTER}" in server.get(f"/decisions/{ADR}").text
        answer = _save(server, ADR, "# A\n", _digest(data))
        assert answer.status == 422
        assert (server.root / ADR).read_bytes() == data


def test_what_cannot_be_written_is_told(server: Server) -> None:
    new = "docs/adr/sub/0009-new.md"
    (server.root / "docs/adr/sub").write_text("a file")
    answer = _save(server, new, "# New\n", None)
    assert answer.status == 422
    assert "is no file" in answer.value["error"] or "cannot be" in answer.value["error"]


def test_an_unchanged_text_is_not_written_again(server: Server) -> None:
    file = server.root / ADR
    before = file.stat()
    assert _save(server, ADR, DOMAIN, _digest(file.read_bytes())).status == 200
    assert file.stat().st_ino == before.st_ino
    assert file.stat().st_mtime_ns == before.st_mtime_ns


def test_an_adr_folder_that_only_its_names_tell_can_be_written(repo: Path, serve: Serve) -> None:
    (repo / "bylaw.toml").write_text("")
    folder = repo / "records"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"adr-000{number}-x.md").write_text(DOMAIN.replace("# 7.", f"# {number}."))
    subprocess.run(["git", "init", "-q"], cwd=repo, check=True)
    server = serve(repo)
    path = "records/adr-0001-x.md"
    text = "# 1. Changed\n"
    answer = server.post("/api/preview", {"path": path, "text": text, "seq": 1})
    assert answer.value["title"] == "Changed"
    digest = _digest((repo / path).read_bytes())
    assert _save(server, path, text, digest).status == 200
    assert (repo / path).read_text() == text
