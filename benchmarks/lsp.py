"""Times `bylaw lsp` over generated repositories, as an editor would feel it.

    python benchmarks/lsp.py [--sizes 1000,10000] [--files 0,100000] [--runs 40]

A real server, over its pipes. `open` is from its start to the first diagnostics, with all ADRs
compiled before; `edit` from one key (`didChange`) to the diagnostics of that version, the pause of
50 ms that ends typing included; `complete` a list of modules, of paths, and of whole sentences;
`hover` and `action` over a constraint. Medians, with the 95th of a hundred.
"""

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpus import write_repository
from run import BYLAW

HEAD = "# 99999. New\n\n## Status\n\nAccepted\n\n## Constraints\n\n"
LINE = HEAD.count("\n")


class Server:
    """A session, one question after the other."""

    def __init__(self, root: Path) -> None:
        self.process = subprocess.Popen(
            [BYLAW, "lsp"], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.number = 0

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.process.stdin.flush()

    def receive(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        stream = self.process.stdout
        assert stream is not None
        while True:
            length = 0
            while (line := stream.readline()).strip():
                if line.startswith(b"Content-Length"):
                    length = int(line.partition(b":")[2])
            message: dict[str, Any] = json.loads(stream.read(length))
            if wanted(message):
                return message

    def ask(self, method: str, params: Any) -> Any:
        self.number += 1
        number = self.number
        self.send({"id": number, "method": method, "params": params})
        return self.receive(lambda each: each.get("id") == number and "method" not in each)

    def published(self, uri: str, version: int) -> None:
        def fits(message: dict[str, Any]) -> bool:
            params = message.get("params") or {}
            method = message.get("method") == "textDocument/publishDiagnostics"
            return method and (params["uri"], params.get("version")) == (uri, version)

        self.receive(fits)


def milliseconds(work: Callable[[int], None], runs: int) -> str:
    found = []
    for run in range(runs + 2):
        began = time.perf_counter()
        work(run)
        if run >= 2:
            found.append((time.perf_counter() - began) * 1000)
        time.sleep(0.02)
    worst = sorted(found)[min(len(found) - 1, round(len(found) * 0.95))]
    return f"{statistics.median(found):6.0f} ms, 95 % within {worst:5.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--files", default="0,100000")
    parser.add_argument("--runs", type=int, default=40)
    arguments = parser.parse_args()
    for size in map(int, arguments.sizes.split(",")):
        for files in map(int, arguments.files.split(",")):
            with tempfile.TemporaryDirectory() as folder:
                root = Path(folder) / "repository"
                root.mkdir()
                write_repository(root, size)
                for number in range(files):
                    place = root / f"src/area{number % 40}/team{number % 400}/mod{number % 3000}"
                    place.mkdir(parents=True, exist_ok=True)
                    (place / f"f{number}.py").write_text(f"import os\nimport lib{number % 50}\n")
                subprocess.run([BYLAW, "list"], cwd=root, stdout=subprocess.DEVNULL, check=True)
                print(f"{size} ADRs, {files} more files")
                time_session(root, arguments.runs)


def time_session(root: Path, runs: int) -> None:
    began = time.perf_counter()
    server = Server(root)
    resolve = {"resolveSupport": {"properties": ["edit"]}}
    capabilities = {"textDocument": {"codeAction": resolve}}
    params = {"processId": None, "rootUri": root.as_uri(), "capabilities": capabilities}
    server.ask("initialize", params)
    server.send({"method": "initialized", "params": {}})
    uri = (root / "docs/adr/ADR-99999-new.md").as_uri()
    item = {"uri": uri, "languageId": "markdown", "version": 0, "text": HEAD}
    server.send({"method": "textDocument/didOpen", "params": {"textDocument": item}})
    server.published(uri, 0)
    print(f"  open      {(time.perf_counter() - began) * 1000:6.0f} ms")
    version = 0

    def write(text: str) -> None:
        nonlocal version
        version += 1
        document = {"uri": uri, "version": version}
        change = {"textDocument": document, "contentChanges": [{"text": HEAD + text}]}
        server.send({"method": "textDocument/didChange", "params": change})

    def edit(run: int) -> None:
        write(f"- [new] Modules in `shop.p{run % 100}` MUST NOT import `lib{run}`.\n")
        server.published(uri, version)

    print(f"  edit      {milliseconds(edit, runs)}")
    for name, text in (
        ("modules", "- [new] Modules in `shop.p"),
        ("paths", "- [new] Code in `s"),
        ("sentence", "- "),
        ("packages", "- [new] Modules in `shop` MUST NOT import "),
    ):

        def complete(run: int, text: str = text) -> None:
            write(text)
            at = {"line": LINE, "character": len(text)}
            found = server.ask(
                "textDocument/completion", {"textDocument": {"uri": uri}, "position": at}
            )
            assert run < 0 or found["result"]["items"], text

        print(f"  complete  {milliseconds(complete, runs)}  {name}")
    write("- [new] Modules in `shop.p1` MUST NOT import `lib1`.\n")
    server.published(uri, version)
    at = {"line": LINE, "character": 12}
    place = {"textDocument": {"uri": uri}, "position": at}

    def hover(_: int) -> None:
        server.ask("textDocument/hover", place)

    def action(_: int) -> None:
        span = {"start": at, "end": at}
        asked = {"textDocument": {"uri": uri}, "range": span, "context": {"diagnostics": []}}
        server.ask("textDocument/codeAction", asked)

    print(f"  hover     {milliseconds(hover, min(runs, 10))}")
    print(f"  action    {milliseconds(action, min(runs, 10))}")
    server.ask("shutdown", None)
    server.send({"method": "exit", "params": None})
    server.process.wait(60)


if __name__ == "__main__":
    main()
