"""Remake what is generated in the documentation.

    python docs/remake.py [--check]

The list of diagnostics comes from the code, the pictures from real runs. With `--check` nothing is
written, and the exit status is 1 where the list is not what it should be.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from bylaw.codes import known
from bylaw.diagnostics import Code

DOCS = Path(__file__).resolve().parent
INDEX = DOCS / "diagnostics" / "README.md"
PICTURE = DOCS / "images" / "demo.svg"

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
            parts.append(
                f"\n## {STAGES[stage]}\n\n| Code | Severity | Reports |\n| --- | --- | --- |\n"
            )
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


def main() -> int:
    """Remake everything, or compare the list."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare only")
    if parser.parse_args().check:
        return 0 if INDEX.read_text("utf-8") == index() else 1
    INDEX.write_text(index(), "utf-8")
    PICTURE.parent.mkdir(exist_ok=True)
    demo = [sys.executable, str(DOCS.parent / "tests" / "demo.py"), "--svg", str(PICTURE)]
    return subprocess.call(demo)


if __name__ == "__main__":
    sys.exit(main())
