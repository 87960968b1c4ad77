"""Places mean the same to client and server, whatever either counts in and however lines end."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from bylaw.lsp.documents import Document, file_of
from bylaw.lsp.positions import Encoding, column, line_starts, split_lines, units
from tests.lsp.client import CAPABILITIES, Client

ENCODINGS: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")
_PYTHON = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
TEXT = st.text(st.sampled_from("aé漢𝕏\u2028\x85\r\n\ufeff`"), max_size=40)


@given(line=TEXT, at=st.integers(0, 50), encoding=st.sampled_from(ENCODINGS))
def test_columns_count_as_python_encodes(line: str, at: int, encoding: Encoding) -> None:
    name, width = _PYTHON[encoding]
    assert units(line, encoding) == len(line.encode(name)) // width
    point = min(at, len(line))
    assert column(line, units(line[:point], encoding), encoding) == point


@given(text=TEXT)
def test_lines_are_those_of_the_protocol(text: str) -> None:
    lines = split_lines(text)
    assert lines == text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for start, line in zip(line_starts(text), lines, strict=True):
        assert text.startswith(line, start)


@given(
    text=TEXT,
    edits=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), TEXT), max_size=5),
    encoding=st.sampled_from(ENCODINGS),
)
def test_a_text_that_is_changed_bit_by_bit_is_the_text_of_the_client(
    text: str, edits: list[tuple[int, int, str]], encoding: Encoding
) -> None:
    document = Document("file:///x", Path("/x"), text, 1)
    for begin, end, inserted in edits:
        start, stop = sorted((min(begin, len(text)), min(end, len(text))))
        places = [_place(text, at, encoding) for at in (start, stop)]
        if None in places:
            continue  # between the two characters of one line end there is no place
        change = types.TextDocumentContentChangePartial(
            range=types.Range(*places),  # type: ignore[arg-type]
            text=inserted,
        )
        document.change([change], encoding)
        text = text[:start] + inserted + text[stop:]
        assert document.text == text


def _place(text: str, at: int, encoding: Encoding) -> types.Position | None:
    if text[at - 1 : at + 1] == "\r\n":
        return None
    starts = line_starts(text)
    line = max(number for number, start in enumerate(starts) if start <= at)
    return types.Position(line, units(text[starts[line] : at], encoding))


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b%20c.md", "/a/b c.md"),
        ("file://localhost/a.md", "/a.md"),
        ("file:///%C3%A9.md", "/é.md"),
        ("file://elsewhere/a.md", None),
        ("https://x/a.md", None),
        ("file:relative.md", None),
        ("file:///a%00b", None),
        ("file://[", None),
    ],
)
def test_addresses_mean_files_of_this_machine_only(uri: str, path: str | None) -> None:
    assert file_of(uri) == (Path(path) if path else None)


def session_edit(client: Client, action: dict[str, Any]) -> dict[str, Any]:
    if "edit" in action:
        return action
    found: dict[str, Any] = client.request("codeAction/resolve", action)
    return found


HEAD = "# 99. Né𝕏\n\n## Status\n\nAccepted\n\n## Constraints\n\n"
ITEM = "- [a-b] Files in `docs/é𝕏/**` MUST shine.\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_diagnostic_and_an_edit_stand_where_the_client_sees_them(
    kept_shop: Path, encoding: Encoding, mark: str, end: str
) -> None:
    capabilities: dict[str, Any] = {**CAPABILITIES, "general": {"positionEncodings": [encoding]}}
    text = mark + (HEAD + ITEM).replace("\n", end)
    with Client(kept_shop) as client:
        assert client.begin(capabilities)["capabilities"]["positionEncoding"] == encoding
        uri = client.open(kept_shop / "docs/adr/0099-new.md", text)
        (fault,) = [e for e in client.diagnostics(uri) if e["code"] == "BL013"]
        line = HEAD.count("\n")
        before = units(ITEM.partition("shine")[0], encoding)
        assert fault["range"]["start"] == {"line": line, "character": before}
        assert fault["range"]["end"] == {"line": line, "character": before + 5}
        word = {"start": fault["range"]["start"], "end": fault["range"]["end"]}
        version = client.change(uri, {"range": word, "text": "exist"})
        assert "BL013" not in [e["code"] for e in client.diagnostics(uri, version)]
        (title,) = client.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
        after = units(mark + "# 99. Né𝕏", encoding)
        assert title["selectionRange"]["end"] == {"line": 0, "character": after}
        at = {"line": line, "character": 10}
        params = {
            "textDocument": {"uri": uri},
            "range": {"start": at, "end": at},
            "context": {"diagnostics": []},
        }
        for action in client.request("textDocument/codeAction", params):
            whole = session_edit(client, action)
            for change in whole["edit"]["documentChanges"]:
                for edit in change["edits"]:
                    assert edit["newText"].replace("\r\n", "").count("\n") == (
                        0 if end == "\r\n" else edit["newText"].count("\n")
                    )
        assert client.end() == 0
