"""Remake what is generated in the documentation: lists, transcripts and pictures.

    python docs/remake.py [--check]

The list of diagnostics comes from the code. What stands below a `$ command` in a fence `console` is
what the command prints in a fresh copy of the sample shop; a fence starts anew. The pictures are
those of real runs. With `--check` nothing is written, and the exit status is 1 where a page is not
what it should be; pictures are not compared.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from difflib import unified_diff
from pathlib import Path

from bylaw.check.judges import JUDGES
from bylaw.codes import known
from bylaw.coverage import WAYS, Traits, covers_of
from bylaw.diagnostics import Code

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
INDEX = DOCS / "diagnostics" / "README.md"
PICTURE = DOCS / "images" / "demo.svg"
AGENTS = DOCS / "images" / "agents.svg"
GIT = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@tidemark.example")
DAY = "2026-06-01T12:00:00+00:00"

STAGES = {
    "0": "Files, metadata and syntax",
    "1": "From sentences to nodes",
    "2": "Decisions in each other's company",
    "3": "Places in the tree",
    "4": "Targets",
    "5": "Checks",
    "9": "Configuration and command line",
}

HEAD = """# Diagnostics

Everything the compiler can say about decisions, by stage.
`bylaw explain BLnnn` prints a page.
An *error* fails the build; a *warning* does under `--strict`; a *note* never does.
This list is made from the code by `make docs`.
"""


def index() -> str:
    """Return the list of all codes, in Markdown."""
    parts = [HEAD]
    stage = ""
    for code in known().values():
        if code.number[2] != stage:
            stage = code.number[2]
            parts.append(f"\n## {STAGES[stage]}\n\n")
            parts.append("| Code | Severity | Reports |\n| --- | --- | --- |\n")
        name = f"[{code.number}]({code.number}.md) {code.slug}"
        parts.append(f"| {name} | {code.severity} | {summary(code)} |\n")
    return "".join(parts)


def summary(code: Code) -> str:
    """Return the line below the title of a code's page."""
    page = INDEX.with_name(f"{code.number}.md")
    if not page.exists():
        return "(no page)"
    lines = [line for line in page.read_text("utf-8").splitlines()[1:] if line.strip()]
    return lines[0].replace("|", "\\|") if lines else ""


BYPASS = DOCS / "bypass.md"


def mapped(page: str) -> str:
    """Return the page of the bypass map with the map, and the ways round, as the code has them."""
    rows = [
        "| Sentence | call | stop | commit | pull request | main | if |",
        "| --- |" + " --- |" * 6,
    ]
    units = ("files", "lines", "tokens", "minutes", "USD", "failed attempts")
    traits = [(f"`{sort}`", Traits(sort)) for sort in JUDGES if sort != "agent-limit"]
    traits += [(f"`agent-limit` on {unit}", Traits("agent-limit", unit)) for unit in units]
    traits.append(("`agent-change` of a class", Traits("agent-change", classed=True)))
    traits.append(("`name-match` of commit messages", Traits("name-match", commits=True)))
    words = {"judged": "yes", "given": "if", "never": "–"}
    for name, each in traits:
        covers = covers_of(each).values()
        cells = " | ".join(words[cover.level] for cover in covers)
        given = ", ".join(dict.fromkeys(c.why for c in covers if c.level == "given"))
        rows.append(f"| {name} | {cells} | {given} |")
    ways = ["| Past | How | What is not got round |", "| --- | --- | --- |"]
    ways += [f"| {', '.join(way.past)} | {way.how} | {way.then} |" for way in WAYS]
    for name, lines in (("map", rows), ("ways", ways)):
        table = "\n".join(lines)
        page = re.sub(
            rf"(?s)(<!-- {name} -->\n).*?(<!-- /{name} -->)",
            lambda match, table=table: f"{match[1]}{table}\n{match[2]}",  # type: ignore[misc]
            page,
        )
    return page


_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def transcribed(page: str) -> str:
    """Return a page with what the commands in it really print."""
    return _CONSOLE.sub(lambda match: f"```console\n{_replay(match[1])}```", page)


def _replay(transcript: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        shop = Path(folder) / "shop"
        copy_sample(shop)
        # Beside the shop, as in the checkout.
        shop.with_name("tests").symlink_to(ROOT / "tests")
        commands = re.findall(r"^\$ (.*)$", transcript, re.MULTILINE)
        return "".join(f"$ {command}\n{_run(command, shop)}" for command in commands)


def copy_sample(shop: Path) -> None:
    """Copy the sample shop, and commit it to a repository of its own on a day in June."""
    generated = ("AGENTS.md", "CLAUDE.md", "bylaw*.mdc", "bylaw*.md", "copilot-instructions.md")
    ignored = shutil.ignore_patterns(".bylaw", "__pycache__", ".import*", *generated)
    shutil.copytree(ROOT / "adrs-sample", shop, ignore=ignored)
    dated = os.environ | {"GIT_AUTHOR_DATE": DAY, "GIT_COMMITTER_DATE": DAY}
    for arguments in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "Shop")):
        subprocess.run([*GIT, *arguments], cwd=shop, env=dated, check=True)


def _run(command: str, folder: Path) -> str:
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "BYLAW_CACHE_DIR": str(folder.parent / "cache"),
        "COLUMNS": "100",
        "NO_COLOR": "1",
    }
    # Where `make` has put it, for whoever starts this without `make`.
    environment.setdefault("BYLAW_SEMGREP", str(ROOT / ".venv-semgrep/bin/semgrep"))
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    lines = [line.rstrip() for line in done.stdout.rstrip("\n").splitlines()]
    return "".join(f"{line}\n" for line in lines)


def pages() -> dict[Path, str]:
    """Return every generated page as it should be."""
    made = {INDEX: index(), BYPASS: mapped(BYPASS.read_text("utf-8"))}
    for path in (ROOT / "README.md", *sorted(DOCS.glob("*.md"))):
        text = path.read_text("utf-8")
        if _CONSOLE.search(text):
            made[path] = transcribed(text)
    return made


def main() -> int:
    """Remake everything, or compare the pages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare only")
    check = parser.parse_args().check
    different = False
    for path, text in pages().items():
        old = path.read_text("utf-8") if path.exists() else ""
        if old == text:
            continue
        different = True
        if check:
            lines = unified_diff(old.splitlines(), text.splitlines(), str(path), "made anew")
            sys.stdout.write("\n".join(lines) + "\n")
        else:
            path.write_text(text, "utf-8")
    if check:
        return 1 if different else 0
    PICTURE.parent.mkdir(exist_ok=True)
    demo = [sys.executable, str(ROOT / "tests" / "demo.py"), "--svg", str(PICTURE)]
    walk = [sys.executable, str(ROOT / "tests" / "walkthrough.py"), "--svg", str(AGENTS)]
    # All of it would fill the page.
    shown = subprocess.call([*demo, "--only", "0002", "0003", "0007", "0011"])
    return subprocess.call([*walk, "lane", "bypass"]) or shown


if __name__ == "__main__":
    sys.exit(main())
