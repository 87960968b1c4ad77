"""A client of the language server, kept by hand: what it says is exactly what is written here."""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

BYLAW = str(Path(sys.executable).with_name("bylaw"))
PATIENCE = 40.0

Json = dict[str, Any]

CAPABILITIES: Json = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": True}},
        "codeAction": {"resolveSupport": {"properties": ["edit"]}},
        "definition": {"linkSupport": True},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "publishDiagnostics": {"relatedInformation": True, "versionSupport": True},
    },
    "workspace": {
        "workspaceEdit": {"documentChanges": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "codeLens": {"refreshSupport": True},
        "workspaceFolders": True,
    },
    "window": {"workDoneProgress": True},
}


class Client:
    """One session with a real `bylaw lsp`."""

    def __init__(self, *folders: Path, command: Sequence[str] = (BYLAW, "lsp", "--stdio")) -> None:
        self.folders = folders
        self.process = subprocess.Popen(
            command,
            cwd=folders[0] if folders else None,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.inbox: queue.Queue[Json | None] = queue.Queue()
        self.kept: list[Json] = []
        self.versions: dict[str, int] = {}
        self.noise = b""
        self._numbers = 0
        self._threads = [
            threading.Thread(target=work, daemon=True) for work in (self._read, self._read_noise)
        ]
        for thread in self._threads:
            thread.start()

    # --- messages ------------------------------------------------------------------------------

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while True:
            length = 0
            while line := stream.readline():
                if not line.strip():
                    break
                name, _, value = line.partition(b":")
                assert name in (b"Content-Length", b"Content-Type"), line
                if name == b"Content-Length":
                    length = int(value)
            if not line:
                self.inbox.put(None)
                return
            self.inbox.put(json.loads(stream.read(length)))

    def _read_noise(self) -> None:
        stream = self.process.stderr
        assert stream is not None
        while chunk := stream.read1(4096):  # type: ignore[attr-defined]
            self.noise += chunk

    def send_bytes(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message: Any) -> None:
        body = json.dumps(message).encode()
        self.send_bytes(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def next_number(self) -> int:
        self._numbers += 1
        return self._numbers

    def request(self, method: str, params: Any = None) -> Any:
        number = self.next_number()
        self.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        answer = self.wait(lambda each: each.get("id") == number and "method" not in each)
        assert "error" not in answer, answer
        return answer.get("result")

    def error(self, method: str, params: Any = None) -> Json:
        number = self.next_number()
        self.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        answer = self.wait(lambda each: each.get("id") == number and "method" not in each)
        found: Json = answer["error"]
        return found

    def wait(self, wanted: Callable[[Json], bool], seconds: float = PATIENCE) -> Json:
        """Return the next message that is wanted; the others are kept."""
        for index, message in enumerate(self.kept):
            if wanted(message):
                return self.kept.pop(index)
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            assert left > 0, f"nothing came; kept: {self.kept}; said: {self.noise.decode()}"
            try:
                message_or_end = self.inbox.get(timeout=left)
            except queue.Empty:
                continue
            assert message_or_end is not None, f"the server has ended: {self.noise.decode()}"
            if "method" in message_or_end and "id" in message_or_end:
                result = None
                self.send({"jsonrpc": "2.0", "id": message_or_end["id"], "result": result})
            if wanted(message_or_end):
                return message_or_end
            self.kept.append(message_or_end)

    # --- a session -----------------------------------------------------------------------------

    def begin(self, capabilities: Json | None = None, **more: Any) -> Json:
        folders = [{"uri": each.as_uri(), "name": each.name} for each in self.folders]
        params = {
            "processId": os.getpid(),
            "rootUri": folders[0]["uri"] if folders else None,
            "workspaceFolders": folders or None,
            "capabilities": CAPABILITIES if capabilities is None else capabilities,
            **more,
        }
        answer: Json = self.request("initialize", params)
        self.notify("initialized", {})
        return answer

    def end(self) -> int:
        self.request("shutdown")
        self.notify("exit")
        return self.process.wait(PATIENCE)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)
        for thread in self._threads:
            thread.join(PATIENCE)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()

    # --- texts ---------------------------------------------------------------------------------

    def open(self, file: Path, text: str | None = None) -> str:
        uri = file.as_uri()
        self.versions[uri] = 1
        said = file.read_bytes().decode("utf-8", "replace") if text is None else text
        item = {"uri": uri, "languageId": "markdown", "version": 1, "text": said}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    def change(self, uri: str, *changes: Any) -> int:
        self.versions[uri] += 1
        some = [each if isinstance(each, dict) else {"text": each} for each in changes]
        document = {"uri": uri, "version": self.versions[uri]}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": some})
        return self.versions[uri]

    def close(self, uri: str) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def diagnostics(self, uri: str, version: int | None = None) -> list[Json]:
        """Return what is published of a text, of this version at least."""
        wanted = self.versions.get(uri) if version is None else version

        def fits(message: Json) -> bool:
            params = message.get("params") or {}
            return (
                message.get("method") == "textDocument/publishDiagnostics"
                and params["uri"] == uri
                and (wanted is None or params.get("version") == wanted)
            )

        found: list[Json] = self.wait(fits)["params"]["diagnostics"]
        return found

    def at(self, uri: str, line: int, character: int, **more: Any) -> Json:
        position = {"line": line, "character": character}
        return {"textDocument": {"uri": uri}, "position": position, **more}

    def ask(self, method: str, uri: str, line: int, character: int, **more: Any) -> Any:
        return self.request(f"textDocument/{method}", self.at(uri, line, character, **more))
