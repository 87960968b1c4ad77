"""Pages are told what changes on disk, soon, and nothing else."""

import os
import time
from pathlib import Path

from tests.preview.server.conftest import DOMAIN
from tests.preview.server.talk import Serve, Server, Told

ADR = "docs/adr/0007-domain.md"
SOON = 1.0


def _told(told: Told, name: str, after: int, since: float) -> object:
    value, when = told.wait(name, after=after)
    assert when - since < SOON, f"{name} after {when - since:.2f} s"
    return value


def test_a_page_hears_of_what_changes_on_disk_within_a_second(repo: Path, serve: Serve) -> None:
    server = serve(repo)
    file, new = repo / ADR, repo / "docs/adr/0010-new.md"
    with server.events() as told:
        assert told.wait("ready")[0] == {"revision": 0}
        now, seen = time.monotonic(), len(told.events)
        file.write_text(DOMAIN.replace("sqlalchemy", "peewee"))
        assert _told(told, "changed", seen, now) == {"revision": 1, "paths": [ADR]}
        preview = server.post("/api/preview", {"path": ADR, "seq": 1}).value
        assert preview["revision"] == 1
        assert "peewee" in preview["statements"][0]["sentence"]

        now, seen = time.monotonic(), len(told.events)
        new.write_text(DOMAIN.replace("# 7.", "# 10."))
        value = _told(told, "changed", seen, now)
        assert value == {"revision": 2, "paths": ["docs/adr/0010-new.md"]}

        now, seen = time.monotonic(), len(told.events)
        file.unlink()
        assert _told(told, "changed", seen, now) == {"revision": 3, "paths": [ADR]}
        assert server.post("/api/preview", {"path": ADR, "seq": 1}).status == 404
        # Whoever has it open still sees what it becomes, as a text that is not saved.
        laid = server.post("/api/preview", {"path": ADR, "text": DOMAIN, "seq": 2}).value
        assert (laid["digest"], laid["saved"]) == (None, False)
        assert server.get("/decisions/0007-domain").status == 404

        now, seen = time.monotonic(), len(told.events)
        os.replace(new, file)
        value = _told(told, "changed", seen, now)
        assert value == {"revision": 4, "paths": [ADR, "docs/adr/0010-new.md"]}


def test_a_save_from_a_page_is_told_to_the_others_once(repo: Path, serve: Serve) -> None:
    server = serve(repo)
    with server.events() as first, server.events() as second:
        digest = server.post("/api/preview", {"path": ADR, "seq": 1}).value["digest"]
        body = {"path": ADR, "text": DOMAIN + "\nMore.\n", "digest": digest}
        assert server.post("/api/save", body).status == 200
        for told in (first, second):
            assert told.wait("changed", SOON)[0] == {"revision": 1, "paths": [ADR]}
        time.sleep(0.6)
        for told in (first, second):
            assert [name for name, _, _ in told.events].count("changed") == 1


def test_code_that_changes_changes_no_decision(repo: Path, serve: Serve) -> None:
    server = serve(repo)
    with server.events() as told:
        told.wait("ready")
        now, seen = time.monotonic(), len(told.events)
        (repo / "src/shop/domain/order.py").write_text("import sqlalchemy\n")
        assert _told(told, "tree", seen, now) == {"revision": 0}
        # A module that comes into being is another matter: sentences speak of modules.
        now, seen = time.monotonic(), len(told.events)
        (repo / "src/shop/ports.py").write_text("")
        assert _told(told, "changed", seen, now) == {"revision": 1, "paths": []}


def test_what_builds_and_git_write_is_no_change(repo: Path, serve: Serve) -> None:
    (repo / ".git/refs").mkdir(parents=True)
    server = serve(repo)
    with server.events() as told:
        told.wait("ready")
        (repo / ".bylaw").mkdir()
        (repo / ".bylaw/constraints.json").write_text("{}")
        (repo / ".git/refs/x.md").write_text("")
        (repo / "docs/adr/.0007-domain.md.x.part").write_text("")
        time.sleep(0.8)
        assert [name for name, _, _ in told.events] == ["ready"]


def test_what_is_wrong_with_the_configuration_is_shown_and_ends_nothing(
    repo: Path, serve: Serve
) -> None:
    server = serve(repo)
    with server.events() as told:
        told.wait("ready")
        for text in ('adrs = ["docs/adr"]\ntargets = 7\n', "adrs = [\n", 'output = "../x"\n'):
            now, seen = time.monotonic(), len(told.events)
            (repo / "bylaw.toml").write_text(text)
            _told(told, "changed", seen, now)
            page = server.get("/").text
            assert "The configuration" in page
            assert "bylaw.toml" in page
        now, seen = time.monotonic(), len(told.events)
        (repo / "bylaw.toml").write_text('adrs = ["docs/adr"]\n')
        _told(told, "changed", seen, now)
    assert "The configuration" not in server.get("/").text
    assert server.get("/api/list").value["total"] == 2


def test_a_configuration_that_is_wrong_from_the_start_is_shown(repo: Path, serve: Serve) -> None:
    (repo / "bylaw.toml").write_text("adrs = [\n")
    server = serve(repo)
    assert "The configuration" in server.get("/").text


def test_pages_may_come_and_go(repo: Path, serve: Serve) -> None:
    server: Server = serve(repo)
    for _ in range(40):
        with server.events() as told:
            told.wait("ready")
    with server.events() as told:
        told.wait("ready")
        (repo / ADR).write_text(DOMAIN + "\nx\n")
        told.wait("changed", SOON)
