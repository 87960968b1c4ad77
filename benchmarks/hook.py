"""Times `bylaw hook` on a repository of 5,000 files and 200 constraints, beside two peers.

    python benchmarks/hook.py [--rounds 3] [--mneme PATH] [--semgrep PATH] [--tree FOLDER]

A session of an agent is played: reads, searches, commands, edits that keep the constraints, new
files, and some edits that break one. Each call is a whole process, interpreter start included, and
each figure is over all calls of its kind. In the same run stand the bare interpreter, `mneme check`
of one file against one decision, and the start of Semgrep's native core. Every answer is compared
with the one that is expected.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus import write_mneme_repository
from run import BYLAW

PACKAGES = 40
MODULES = 100
OTHERS = 1000
LAYERS = ("web", "services", "store", "domain")

ADR = """# {number}. {title}

- Status: accepted

## Constraints

{sentences}
"""


@dataclass(frozen=True)
class Call:
    """One tool call, of what kind it is, and the answer that it has to get."""

    kind: str
    tool: str
    input: dict[str, object]
    expected: str = "allow"


# --- the repository ----------------------------------------------------------------------------


def write_repository(root: Path) -> None:
    """Write 4,000 modules of Python in 40 packages, 1,000 other files, and 200 constraints."""
    for package in range(PACKAGES):
        folder = root / f"src/shop/{LAYERS[package % 4]}/part{package}"
        folder.mkdir(parents=True)
        for module in range(MODULES):
            name = "__init__" if module == 0 else f"module{module}"
            (folder / f"{name}.py").write_text(_module(package, module))
    for name in ("", *LAYERS):
        (root / "src/shop" / name / "__init__.py").write_text('"""A package."""\n')
    for number in range(OTHERS):
        folder = root / ("web/src", "docs/pages", "config")[number % 3] / f"group{number % 20}"
        folder.mkdir(parents=True, exist_ok=True)
        ending = ("ts", "md", "yml")[number % 3]
        text = (_script(number), f"# Page {number}\n\nText.\n", f"name: c{number}\nsize: 3\n")
        (folder / f"file{number}.{ending}").write_text(text[number % 3])
    folder = root / "docs/adr"
    folder.mkdir(parents=True)
    sentences = list(_sentences())
    for number in range(0, len(sentences), 5):
        path = folder / f"{number // 5 + 1:04}-decision.md"
        text = "\n".join(sentences[number : number + 5])
        title = f"Decision {number // 5 + 1}"
        path.write_text(ADR.format(number=number // 5 + 1, title=title, sentences=text))
    (root / "bylaw.toml").write_text('adrs = ["docs/adr"]\nsource-roots = ["src"]\n')
    (root / "pyproject.toml").write_text('[project]\nname = "shop"\nversion = "1"\n')
    git = ["git", "-c", "user.name=bench", "-c", "user.email=bench@example.com"]
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "Start"]):
        subprocess.run([*git, *arguments], cwd=root, check=True)


def _module(package: int, module: int) -> str:
    below = [p for p in range(PACKAGES) if p % 4 > package % 4]
    other = below[(package + module) % len(below)] if below else None
    lines = ['"""Part of the shop."""', "", "from __future__ import annotations", "", "import json"]
    if other is not None and module % 3 == 0:
        target = module % (MODULES - 1) + 1
        lines.append(f"from shop.{LAYERS[other % 4]}.part{other} import module{target}")
    for number in range(12):
        lines += [
            "",
            "",
            f"def step_{number}(order: dict[str, int], factor: int = {number}) -> int:",
            '    """Return what an order comes to."""',
            f"    total = sum(order.values()) * factor + len(json.dumps(order)) + {module}",
            "    return total if total > 0 else 0",
        ]
    return "\n".join(lines) + "\n"


def _script(number: int) -> str:
    return (
        f'import {{ sum }} from "../lib/sum";\n\nexport const total{number} = () => sum([1, 2]);\n'
    )


def _sentences() -> "list[str]":
    """Return 200 sentences of the kinds that real ADRs have, most of which bind a part."""
    found = [
        "- [layers] `shop.web`, `shop.services`, `shop.store` and `shop.domain` MUST be layered.",
        "- [no-todo] Files in `src/**` MUST NOT match `/\\bTODO\\b/` for new code.",
        "- [future] Each module in `src/shop/domain/**` MUST import `__future__.annotations`.",
        "- [snake] Functions in `src/shop/**` MUST be named `snake_case`.",
        "- [lane] Agents of class `A` MUST only change `docs/`.",
        "- [secrets] Files in `config/**` MUST NOT contain `BEGIN PRIVATE KEY`.",
        "- [no-moment] The project MUST NOT depend on `moment`; use `date-fns` instead.",
        "- [force] Agents MUST NOT run `git push --force`.",
        "- [locks] Files matching `**/package-lock.json` MUST NOT exist; use `pnpm` instead.",
        "- [small] Agents MUST change at most 500 files.",
    ]
    forms = (
        "Modules in `shop.{layer}` MUST NOT import `vendor_{n}`; use `shop.ports` instead.",
        "Python code in `src/shop/{layer}/**` MUST NOT call `legacy_{n}.run`.",
        "Code in `src/shop/{layer}/**` MUST NOT use `settings_{n}.DEBUG`.",
        "TypeScript code in `web/**` MUST NOT import `package-{n}`.",
        "Files in `docs/pages/group{g}/**` MUST NOT contain `secret-{n}`.",
        "Key `name` in `config/group{g}/*.yml` MUST NOT be `forbidden-{n}`.",
        "Only modules in `shop.store` MAY import `driver_{n}`.",
        "Each call to `client_{n}.get` in `src/shop/**` MUST pass `timeout`.",
        "Functions in `src/shop/{layer}/part{p}/**` MUST NOT be decorated with `@trace_{n}`.",
        "Files matching `src/**/generated_{n}.py` MUST NOT exist.",
    )
    for number in range(200 - len(found)):
        form = forms[number % len(forms)]
        text = form.format(n=number, layer=LAYERS[number % 4], g=number % 20, p=number % PACKAGES)
        found.append(f"- [rule-{number}] {text}")
    return found


# --- the session -------------------------------------------------------------------------------


def session(root: Path) -> list[Call]:
    """Return a hundred calls of one session, the same in every run."""
    dice = random.Random(20261121)
    return [_call(root, number % 20, dice) for number in range(100)]


def _call(root: Path, share: int, dice: random.Random) -> Call:
    """Return a call of a kind that has this share: of twenty, so many are of each."""
    package, module = dice.randrange(PACKAGES), dice.randrange(1, MODULES)
    path = root / f"src/shop/{LAYERS[package % 4]}/part{package}/module{module}.py"
    if share < 6:
        return Call("read", "Read", {"file_path": str(path)})
    if share < 11:
        return Call("command", "Bash", {"command": dice.choice(_COMMANDS)})
    if share < 14:
        old = f"def step_{share % 12}("
        return _edit("edit", path, old, old.replace("step", "done"))
    if share < 15:
        return _edit("new import", path, "import json", "import json\nimport hashlib")
    if share < 16:
        # Within its own package: one that breaks no layer.
        other = f"from shop.{LAYERS[package % 4]}.part{package} import module99"
        return _edit("new import", path, "import json", f"import json\n{other}")
    if share < 17:
        text = _module(package, module)
        return Call(
            "new file", "Write", {"file_path": str(path.with_name("n.py")), "content": text}
        )
    if share < 18:
        page = root / f"docs/pages/group{module % 20}/file{(module % 20) + 60}.md"
        return Call("edit", "Write", {"file_path": str(page), "content": "# Other\n"})
    if share < 19:
        path = root / f"src/shop/web/part0/module{module}.py"
        return _edit("breaking", path, "import json", "import json\nimport vendor_0", "deny")
    return Call("breaking", "Bash", {"command": "git push --force"}, "deny")


def _edit(kind: str, path: Path, old: str, new: str, expected: str = "allow") -> Call:
    return Call(
        kind, "Edit", {"file_path": str(path), "old_string": old, "new_string": new}, expected
    )


_COMMANDS = (
    "git status --short && git diff --stat",
    "rg -n 'def step_1' src | head -20",
    "python -m pytest -q tests/test_orders.py -k total 2>&1 | tail -5",
    "sed -n '1,40p' src/shop/web/part0/module1.py",
    "ls -la src/shop && cat docs/pages/group1/file1.md",
    "mkdir -p build && echo done > build/log.txt",
)


# --- measuring ---------------------------------------------------------------------------------


def time_of(command: Sequence[str], folder: Path, data: bytes = b"") -> tuple[float, bytes]:
    """Return the seconds of one process, and what it prints."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, input=data, capture_output=True, check=False)
    return time.perf_counter() - start, done.stdout


def decision(answer: bytes) -> str:
    """Return what a call was answered; nothing means that it may go on."""
    if not answer.strip():
        return "allow"
    said = json.loads(answer).get("hookSpecificOutput", {})
    return str(said.get("permissionDecision", "allow"))


def play(root: Path, rounds: int) -> dict[str, list[float]]:
    """Make each call of the session `rounds` times and return the seconds by kind."""
    found: dict[str, list[float]] = {}
    for call in session(root) * rounds:
        event = {
            "session_id": f"bench-{os.getpid()}",
            "cwd": str(root),
            "hook_event_name": "PreToolUse",
            "tool_name": call.tool,
            "tool_input": call.input,
        }
        seconds, said = time_of([BYLAW, "hook", "claude-code"], root, json.dumps(event).encode())
        if decision(said) != call.expected:
            sys.exit(f"{call} was answered {said!r}")
        found.setdefault(call.kind, []).append(seconds)
    return found


def _percentile(seconds: Sequence[float], share: float) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))]


def _row(name: str, seconds: Sequence[float], bare: float) -> str:
    median, late = statistics.median(seconds), _percentile(seconds, 0.95)
    return (
        f"| {name} | {len(seconds)} | {median * 1000:.0f} | {late * 1000:.0f} "
        f"| {median / bare:.1f} |"
    )


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--mneme", help="the peer's command")
    parser.add_argument("--semgrep", help="the peer's command; its native core starts beside it")
    parser.add_argument("--tree", type=Path, help="keep the repository here")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    os.environ["BYLAW_CACHE_DIR"] = str(folder / "cache")
    root = (options.tree or folder / "tree").resolve()
    if not root.exists():
        write_repository(root)
    bare = [time_of([sys.executable, "-c", "pass"], root)[0] for _ in range(20)]
    first, _ = time_of(
        [BYLAW, "hook", "claude-code"],
        root,
        b'{"hook_event_name":"SessionStart","session_id":"start"}',
    )
    time.sleep(0.2)
    found = play(root, options.rounds)
    every = [seconds for some in found.values() for seconds in some]
    base = statistics.median(bare)
    print("| calls | number | median ms | p95 ms | ÷ bare interpreter |")
    print("| --- | ---: | ---: | ---: | ---: |")
    print(_row("all", every, base))
    for kind in sorted(found):
        print(_row(kind, found[kind], base))
    print(_row("bare interpreter", bare, base))
    for name, command in _peers(options, folder):
        print(_row(name, [time_of(command, folder)[0] for _ in range(11)][1:], base))
    print(f"\nThe first call, which compiles the set: {first * 1000:.0f} ms")
    shutil.rmtree(folder)


def _peers(options: argparse.Namespace, folder: Path) -> list[tuple[str, list[str]]]:
    """Return what stands beside: each peer with as many constraints, as far as it reads any."""
    found: list[tuple[str, list[str]]] = []
    if options.semgrep:
        native = Path(options.semgrep).resolve().parent.parent
        cores = sorted(native.glob("lib/python*/site-packages/semgrep/bin/semgrep-core"))
        found.append(("Semgrep's native core, `-version`", [str(cores[0]), "-version"]))
    if options.mneme:
        memory, page = folder / "memory.json", folder / "page.py"
        page.write_text("import json\n")
        write_mneme_repository(folder / "mneme", 100)
        subprocess.run([options.mneme, "init", "--path", str(memory)], check=True, **_QUIET)
        words = ["adr", "import", "docs/adr", "--memory", str(memory), "--apply"]
        subprocess.run([options.mneme, *words], cwd=folder / "mneme", check=True, **_QUIET)
        words = ["check", "--memory", str(memory), "--input", str(page), "--query", "import"]
        found.append(("`mneme check` of one file", [options.mneme, *words]))
    return found


_QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


if __name__ == "__main__":
    main()
