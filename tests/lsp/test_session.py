"""What changes around a session: texts, files, folders, the configuration, the client itself."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.client import PATIENCE, Client
from tests.lsp.conftest import make_shop

HEAD = "# 99. New\n\n## Status\n\nAccepted\n\n## Constraints\n\n"
LINE = HEAD.count("\n")
GOOD = "- [a-b] CI MUST run `x`.\n"
BAD = "- [a-b] CI MUST runn `x`.\n"
NEW = "docs/adr/0099-new.md"


def codes(faults: list[dict[str, Any]]) -> list[str]:
    return [each["code"] for each in faults]


def watched(client: Client, *files: Path, kind: int = 2) -> None:
    changes = [{"uri": each.as_uri(), "type": kind} for each in files]
    client.notify("workspace/didChangeWatchedFiles", {"changes": changes})


def test_typing_is_answered_with_the_last_version(client: Client, shop: Path) -> None:
    uri = client.open(shop / NEW, HEAD + GOOD)
    assert client.diagnostics(uri) == []
    for text in ("r", "ru", "runn", "run", "runn"):
        version = client.change(uri, HEAD + GOOD.replace("run", text))
    assert codes(client.diagnostics(uri, version)) == ["BL013"]
    versions = [
        each["params"].get("version")
        for each in client.kept
        if each.get("method") == "textDocument/publishDiagnostics"
    ]
    assert len(versions) < 5, "not each key is answered"


def test_closing_clears_and_what_lies_on_disk_counts_again(client: Client, shop: Path) -> None:
    (shop / NEW).write_text(HEAD + GOOD)
    uri = client.open(shop / NEW, HEAD + BAD)
    assert codes(client.diagnostics(uri)) == ["BL013"]
    client.close(uri)
    client.versions.pop(uri)
    assert client.diagnostics(uri) == []


def test_another_open_file_is_looked_at_again(client: Client, shop: Path) -> None:
    waiver = (
        f"{HEAD}- Waiver for [0099-new/a-b]: `src/shop/money.py` until 2030-01-01, approved by "
        "`@a`, because b.\n"
    )
    uri = client.open(shop / NEW, HEAD + GOOD)
    other = client.open(shop / "docs/adr/0098-other.md", waiver)
    assert "BL220" not in codes(client.diagnostics(other))
    client.change(uri, HEAD + GOOD.replace("a-b", "c-d"))
    found = client.wait(
        lambda each: (
            each.get("method") == "textDocument/publishDiagnostics"
            and each["params"]["uri"] == other
            and "BL220" in codes(each["params"]["diagnostics"])
        )
    )
    assert found["params"]["version"] == 1
    client.close(uri)
    client.wait(
        lambda each: (
            each.get("method") == "textDocument/publishDiagnostics"
            and each["params"]["uri"] == other
            and "no decision" in str(each["params"]["diagnostics"])
        )
    )


def test_a_file_outside_the_adr_folders_is_none_of_ours(client: Client, shop: Path) -> None:
    for path in ("README.md", "src/shop/money.py"):
        uri = client.open(shop / path, HEAD + BAD)
        assert client.ask("hover", uri, LINE, 4) is None
        assert client.ask("completion", uri, LINE, 4) is None
        symbols = client.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
        assert symbols is None
    uri = client.open(shop / NEW, HEAD + BAD)
    client.diagnostics(uri)
    published = {
        each["params"]["uri"]
        for each in client.kept
        if each.get("method") == "textDocument/publishDiagnostics"
    }
    assert not published - {uri}


@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "git:/a/b.md", "file://host/x.md", "", "%"])
def test_what_is_no_file_is_ignored(client: Client, shop: Path, uri: str) -> None:
    item = {"uri": uri, "languageId": "markdown", "version": 1, "text": HEAD + BAD}
    client.notify("textDocument/didOpen", {"textDocument": item})
    assert client.ask("hover", uri, LINE, 4) is None
    client.close(uri)


def test_a_change_on_disk_is_seen(client: Client, shop: Path) -> None:
    reader = client.open(shop / "docs/adr/0098-other.md", _waiver("0099-new/a-b"))
    assert "BL220" in codes(client.diagnostics(reader))
    (shop / NEW).write_text(HEAD + GOOD)
    watched(client, shop / NEW, kind=1)
    client.versions[reader] = 1
    assert "BL220" not in codes(client.diagnostics(reader))
    (shop / NEW).unlink()
    watched(client, shop / NEW, kind=3)
    assert "BL220" in codes(client.diagnostics(reader))


def _waiver(full_id: str) -> str:
    return (
        f"{HEAD}- Waiver for [{full_id}]: `src/shop/money.py` until 2030-01-01, approved by `@a`, "
        "because b.\n"
    )


def test_a_client_that_watches_no_files_has_them_read_when_it_saves(shop: Path) -> None:
    with Client(shop) as client:
        client.begin({})
        uri = client.open(shop / NEW, HEAD + GOOD)
        reader = client.open(shop / "docs/adr/0098-other.md", _waiver("0097-there/a-b"))
        assert "BL220" in codes(client.diagnostics(reader))
        (shop / "docs/adr/0097-there.md").write_text(HEAD.replace("99", "97") + GOOD)
        (shop / NEW).write_text(HEAD + GOOD)
        client.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
        client.wait(
            lambda each: (
                each.get("method") == "textDocument/publishDiagnostics"
                and each["params"]["uri"] == reader
                and "BL220" not in codes(each["params"]["diagnostics"])
            )
        )
        assert client.end() == 0


def test_a_file_that_is_renamed_is_known_by_its_new_name(client: Client, shop: Path) -> None:
    (shop / NEW).write_text(HEAD + GOOD)
    uri = client.open(shop / NEW)
    client.diagnostics(uri)
    reader = client.open(shop / "docs/adr/0098-other.md", _waiver("0097-moved/a-b"))
    assert "BL220" in codes(client.diagnostics(reader))
    moved = shop / "docs/adr/0097-moved.md"
    (shop / NEW).rename(moved)
    client.close(uri)
    again = client.open(moved)
    watched(client, shop / NEW, kind=3)
    watched(client, moved, kind=1)
    client.diagnostics(again)
    client.wait(
        lambda each: (
            each.get("method") == "textDocument/publishDiagnostics"
            and each["params"]["uri"] == reader
            and "BL220" not in codes(each["params"]["diagnostics"])
        )
    )


def test_a_configuration_that_changes_is_read_again(client: Client, shop: Path) -> None:
    uri = client.open(shop / "decisions-here/0001-new.md", HEAD + BAD)
    assert client.ask("hover", uri, LINE, 4) is None
    (shop / "bylaw.toml").write_text('adrs = ["decisions-here"]\n')
    watched(client, shop / "bylaw.toml")
    assert "BL013" in codes(client.diagnostics(uri))


def test_a_broken_configuration_is_marked_in_its_file_until_it_is_whole(
    client: Client, shop: Path
) -> None:
    before = (shop / "bylaw.toml").read_text()
    uri = client.open(shop / NEW, HEAD + BAD)
    client.diagnostics(uri)
    (shop / "bylaw.toml").write_text(f"{before}\n[nonsense]\n")
    watched(client, shop / "bylaw.toml")
    config = (shop / "bylaw.toml").as_uri()
    (fault,) = client.diagnostics(config)
    assert fault["code"] == "BL912"
    (shop / "bylaw.toml").write_text(before)
    watched(client, shop / "bylaw.toml")
    assert client.diagnostics(config) == []


def test_without_a_configuration_the_usual_folders_are_taken(tmp_path: Path) -> None:
    root = tmp_path / "plain"
    (root / "docs/adr").mkdir(parents=True)
    with Client(root) as client:
        client.begin()
        uri = client.open(root / "docs/adr/0001-new.md", HEAD + BAD)
        assert "BL013" in codes(client.diagnostics(uri))
        assert client.end() == 0


def test_several_folders_are_served_each_with_its_own_decisions(tmp_path: Path) -> None:
    one, two = make_shop(tmp_path / "one"), make_shop(tmp_path / "two")
    (one / NEW).write_text(HEAD + GOOD)
    with Client(one, two) as client:
        client.begin()
        here = client.open(one / "docs/adr/0098-other.md", _waiver("0099-new/a-b"))
        there = client.open(two / "docs/adr/0098-other.md", _waiver("0099-new/a-b"))
        assert "BL220" not in codes(client.diagnostics(here))
        assert "BL220" in codes(client.diagnostics(there))
        three = make_shop(tmp_path / "three")
        folder = {"uri": three.as_uri(), "name": "three"}
        event = {"event": {"added": [folder], "removed": []}}
        client.notify("workspace/didChangeWorkspaceFolders", event)
        uri = client.open(three / NEW, HEAD + BAD)
        assert codes(client.diagnostics(uri)) == ["BL013"]
        assert client.end() == 0


def test_a_repository_within_the_folder_has_its_own_configuration(tmp_path: Path) -> None:
    inner = make_shop(tmp_path / "outer" / "inner")
    with Client(tmp_path / "outer") as client:
        client.begin()
        uri = client.open(inner / NEW, HEAD + BAD)
        assert codes(client.diagnostics(uri)) == ["BL013"]
        assert client.end() == 0


def test_a_file_without_any_folder_is_served(shop: Path) -> None:
    with Client() as client:
        client.begin()
        uri = client.open(shop / NEW, HEAD + BAD)
        assert codes(client.diagnostics(uri)) == ["BL013"]
        assert client.end() == 0


def test_a_file_that_is_not_utf_8_is_said_to_be(client: Client, shop: Path) -> None:
    (shop / NEW).write_bytes((HEAD + GOOD).encode() + b"\xff\xfe")
    uri = client.open(shop / NEW)
    found = client.diagnostics(uri)
    assert any("UTF-8" in each["message"] for each in found), found
    assert client.ask("completion", uri, LINE, 4) in (None, {"isIncomplete": True, "items": []})
    version = client.change(uri, HEAD + BAD)
    assert codes(client.diagnostics(uri, version)) == ["BL013"]


def test_it_starts_in_a_folder_that_is_gone(tmp_path: Path) -> None:
    root = make_shop(tmp_path / "shop")
    with Client(root) as client:
        client.begin()
        uri = client.open(root / NEW, HEAD + BAD)
        client.diagnostics(uri)
        shutil.rmtree(root)
        watched(client, root / NEW, kind=3)
        version = client.change(uri, HEAD + GOOD)
        del version
        assert client.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}}) != 1
        assert client.end() == 0


# --- the client --------------------------------------------------------------------------------


def test_it_ends_as_the_protocol_says(shop: Path) -> None:
    with Client(shop) as client:
        client.begin()
        client.notify("exit")
        assert client.process.wait(PATIENCE) == 1, "without `shutdown`"
    with Client(shop) as client:
        client.begin()
        assert client.end() == 0
        assert client.noise == b""


def test_it_ends_with_its_pipe(shop: Path) -> None:
    with Client(shop) as client:
        client.begin()
        client.diagnostics(client.open(shop / NEW, HEAD + BAD))
        assert client.process.stdin is not None
        client.process.stdin.close()
        assert client.process.wait(PATIENCE) == 0


def test_it_ends_with_its_client_that_was_killed(shop: Path) -> None:
    """The pipe stays open in another process, as an editor's may; only its number tells."""
    starter = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    with Client(shop) as client:
        client.begin(processId=starter.pid)
        starter.send_signal(signal.SIGKILL)
        starter.wait()
        assert client.process.wait(PATIENCE) == 0


def test_its_judge_ends_with_it(shop: Path) -> None:
    with Client(shop) as client:
        client.begin()
        uri = client.open(shop / NEW, f"{HEAD}- [a-b] Code in `src/**` MUST NOT call `eval`.\n")
        client.ask("hover", uri, LINE, 10)
        judges = _children(client.process.pid)
        client.process.kill()
        client.process.wait(PATIENCE)
        end = time.monotonic() + PATIENCE
        while any(_lives(each) for each in judges):
            assert time.monotonic() < end, "the judge outlives its server"
            time.sleep(0.1)


def _children(number: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == number:
            found.append(int(entry.name))
    return found


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_progress_of_long_work_begins_goes_on_and_ends(tmp_path: Path) -> None:
    root = tmp_path / "large"
    (root / "docs/adr").mkdir(parents=True)
    items = "".join(f"- [r-{n}] CI MUST run `make {n}`.\n" for n in range(40))
    for number in range(1, 300):
        text = HEAD.replace("99", str(number)) + items
        (root / f"docs/adr/{number:04}-decision.md").write_text(text)
    with Client(root) as client:
        client.begin()
        uri = client.open(root / "docs/adr/0001-decision.md")
        client.diagnostics(uri)
        told = [each["params"] for each in client.kept if each.get("method") == "$/progress"]
        kinds = [each["value"]["kind"] for each in told]
        if not kinds:
            pytest.skip("this machine has done it within a second")
        assert (kinds[0], kinds[-1]) == ("begin", "end")
        assert set(kinds[1:-1]) <= {"report"}
        assert len({each["token"] for each in told}) == 1
        assert client.end() == 0
