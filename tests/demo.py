"""Compile the sample shop, let every engine look at it, and compare with the plan.

    python tests/demo.py [--only DECISION ...] [--svg FILE]

The shop holds one violation of each kind, listed in `adrs-sample/planted.toml`. `bylaw check` has
to find all of them; Semgrep and import-linter, run on what `bylaw build` emits, those that they can
speak of. At the end `bylaw prove` puts programs with known verdicts to all three. The exit status
is 1 where an engine misses one that it should find, or finds one that nobody has planted, and where
a rule is not proven.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "adrs-sample"
BIN = Path(sys.executable).parent
OUTPUT = ".bylaw"
SOURCES = "src"
ENGINES = {"semgrep": "Semgrep", "import-linter": "import-linter", "evaluator": "bylaw check"}
GIT = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@tidemark.example")
DAY = "2026-06-01T12:00:00+00:00"


@dataclass(frozen=True)
class Finding:
    """What an engine has found: a constraint's id, and the place; `line` 0 is a whole file."""

    id: str
    path: str
    line: int


@dataclass(frozen=True)
class Planted:
    """One violation of the sample; `line` is 0 where the place is a file, a folder or missing."""

    id: str
    path: str
    engines: tuple[str, ...]
    comment: str
    line: int = 0
    text: str = ""

    def found_by(self, finding: Finding) -> bool:
        return (self.id, self.path) == (finding.id, finding.path) and (
            not self.line or finding.line in {0, self.line}
        )

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass
class Outcome:
    """What the engines found, and where that is not what was planted."""

    found: dict[str, list[Finding]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def planted(sample: Path = SAMPLE) -> list[Planted]:
    """Read the table of planted violations."""
    table = tomllib.loads((sample / "planted.toml").read_text("utf-8"))
    # There is nothing that the evaluator cannot speak of.
    return [
        Planted(**{**entry, "engines": (*entry["engines"], "evaluator")})
        for entry in table["planted"]
    ]


def semgrep() -> str:
    """Return the Semgrep to run: named in the environment, what `make` has installed, or any."""
    installed = ROOT / ".venv-semgrep" / "bin" / "semgrep"
    named = os.environ.get("BYLAW_SEMGREP") or (str(installed) if installed.exists() else "semgrep")
    return shutil.which(named) or sys.exit(f"there is no `{named}`; `make demo` installs it")


# --- the steps -----------------------------------------------------------------------------------


def build(sample: Path, *options: str) -> str:
    """Compile the decisions, and return what the compiler said."""
    command = [str(BIN / "bylaw"), "build", *options]
    done = subprocess.run(command, cwd=sample, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"bylaw build failed ({done.returncode}):\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def constraint_set(sample: Path) -> dict[str, dict[str, Any]]:
    """Read the compiled constraints, by id."""
    text = (sample / OUTPUT / "constraints.json").read_text("utf-8")
    return {constraint["id"]: constraint for constraint in json.loads(text)["constraints"]}


def rules(constraints: dict[str, dict[str, Any]], target: str) -> dict[str, str]:
    """Return which constraint each of a target's rules speaks for."""
    return {
        rule: id_
        for id_, constraint in constraints.items()
        for rule in constraint["fidelity"].get(target, {}).get("rules", ())
    }


def run_semgrep(sample: Path, constraints: dict[str, dict[str, Any]]) -> list[Finding]:
    """Scan the shop with the emitted rules."""
    command = [semgrep(), "scan", "--config", f"{OUTPUT}/semgrep.yml", "--json", "--quiet"]
    command += ["--no-rewrite-rule-ids", "--disable-nosem", "--project-root", ".", "."]
    quiet = {"SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0"}
    done = subprocess.run(
        command, cwd=sample, env=os.environ | quiet, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"Semgrep failed ({done.returncode}):\n{done.stdout[-4000:]}{done.stderr}")
    report = json.loads(done.stdout)
    if report["errors"]:
        sys.exit(f"Semgrep could not run all rules: {json.dumps(report['errors'], indent=1)}")
    ids = rules(constraints, "semgrep")
    return [
        Finding(ids[r["check_id"]], r["path"].removeprefix("./"), r["start"]["line"])
        for r in report["results"]
    ]


def run_import_linter(sample: Path, constraints: dict[str, dict[str, Any]]) -> list[Finding]:
    """Check the shop's imports with the emitted contracts."""
    environment = os.environ | {"PYTHONPATH": SOURCES, "COLUMNS": "500", "NO_COLOR": "1"}
    findings: list[Finding] = []
    for config in sorted((sample / OUTPUT).glob("importlinter*.toml")):
        command = [str(BIN / "lint-imports"), "--no-cache", "--config", str(config)]
        done = subprocess.run(
            command, cwd=sample, env=environment, capture_output=True, text=True, check=False
        )
        if "Contracts:" not in done.stdout:
            sys.exit(f"import-linter failed ({done.returncode}):\n{done.stdout}{done.stderr}")
        findings += _broken(done.stdout, constraints, sample)
    return findings


def run_check(shop: Path) -> list[Finding]:
    """Judge the shop with the evaluator; its own commands may run."""
    done = bylaw(shop, "check", "--run", "--trust", "--format", "json")
    report = json.loads(done.stdout)
    if report["diagnostics"]:
        sys.exit(f"bylaw check complains: {json.dumps(report['diagnostics'], indent=1)}")
    # What stands at the base is found as well; it only does not count in `for new code`.
    old = [each for each in report["excused"] if each["excuse"] == "old"]
    return [
        Finding(each["constraint"], each["path"] or "", each["line"] or 0)
        for each in (*report["violations"], *old)
    ]


def bylaw(shop: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run bylaw in the shop, with the Semgrep of the demonstration."""
    environment = os.environ | {"BYLAW_SEMGREP": semgrep()} | more
    return subprocess.run(
        [str(BIN / "bylaw"), *arguments],
        cwd=shop,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def committed(shop: Path) -> None:
    """Copy the shop, and commit it to a repository of its own, whose branch is `main`."""
    generated = ("AGENTS.md", "CLAUDE.md", "bylaw*.mdc", "bylaw*.md", "copilot-instructions.md")
    ignored = shutil.ignore_patterns("__pycache__", ".import*", OUTPUT, *generated)
    shutil.copytree(SAMPLE, shop, ignore=ignored)
    dated = os.environ | {"GIT_AUTHOR_DATE": DAY, "GIT_COMMITTER_DATE": DAY}
    for arguments in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "Shop")):
        subprocess.run([*GIT, *arguments], cwd=shop, env=dated, check=True)


_SIBLINGS = re.compile(r"^\s*- \.(?P<importer>[\w.]+) -> \.(?P<imported>[\w.]+) \(\d+ import")
_EDGE = re.compile(r"^\s*-\s*(?P<importer>[\w.]+) -> [\w.]+ \(l\.(?P<line>\d+)")


def _broken(text: str, constraints: dict[str, dict[str, Any]], sample: Path) -> Iterable[Finding]:
    """Read import-linter's report: below each broken contract's name, chains of imports.

    The name starts with the constraint's id. The first import of a chain stands after a hyphen;
    the place of a violation is there. Of a cycle no lines are told; its place is its first module.
    """
    current = None
    package = ""
    for line in text.partition("Broken contracts")[2].splitlines():
        id_, colon, _ = line.partition(": ")
        current = id_ if colon and id_ in constraints else current
        if current and (match := _EDGE.match(line)):
            yield Finding(current, _file(match["importer"], sample), int(match["line"]))
        if found := re.match(r"No cycles are allowed in ([\w.]+)\.$", line):
            package = found[1]
        elif current and (match := _SIBLINGS.match(line)):
            first = min(match["importer"], match["imported"])
            yield Finding(current, _file(f"{package}.{first}", sample), 0)


def _file(module: str, sample: Path) -> str:
    path = f"{SOURCES}/{module.replace('.', '/')}"
    return f"{path}.py" if (sample / f"{path}.py").exists() else f"{path}/__init__.py"


# --- judging and showing -------------------------------------------------------------------------


def judge(plan: list[Planted], found: dict[str, list[Finding]]) -> Outcome:
    """Compare what the engines found with what was planted for them."""
    outcome = Outcome(found)
    for engine, findings in found.items():
        for entry in plan:
            hit = any(entry.found_by(finding) for finding in findings)
            if hit and engine not in entry.engines:
                outcome.faults.append(f"{engine} finds {entry.id}, and is not said to")
            elif not hit and engine in entry.engines:
                outcome.faults.append(f"{engine} misses {entry.id} in {entry.place}")
        for finding in sorted(set(findings), key=lambda f: (f.path, f.line, f.id)):
            if not any(entry.found_by(finding) for entry in plan):
                place = f"{finding.path}:{finding.line}"
                outcome.faults.append(f"{engine} reports {finding.id} in {place}: not planted")
    return outcome


def tables(
    plan: list[Planted], outcome: Outcome, constraints: dict[str, Any], width: int
) -> Iterable[Table]:
    """Draw, for each decision, which planted violation each engine has found."""
    groups: dict[str, list[Planted]] = {}
    for entry in plan:
        groups.setdefault(entry.id.partition("/")[0], []).append(entry)
    for decision, entries in groups.items():
        drawn = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
        drawn.title, drawn.title_justify, drawn.title_style = decision, "left", "bold cyan"
        drawn.add_column(width=18)
        wide = width - 18 - 8 - 11 - 13 - 11 - 5
        drawn.add_column(width=wide, no_wrap=True, style="dim")
        drawn.add_column(width=8, style="dim")
        drawn.add_column(width=11)
        drawn.add_column(width=13)
        drawn.add_column(width=11)
        for entry in entries:
            cells = [_cell(entry, engine, outcome, constraints) for engine in ENGINES]
            kind = constraints[entry.id]["kind"]
            name, place = entry.id.partition("/")[2], Text(_end(entry.place, wide))
            drawn.add_row(f"  {name}", place, kind, *cells)
        yield drawn


def _end(place: str, width: int) -> str:
    """Return the end of a place that is too long, which has the file and the line."""
    return place if len(place) <= width else f"…{place[len(place) - width + 1 :]}"


def _cell(entry: Planted, engine: str, outcome: Outcome, constraints: dict[str, Any]) -> Text:
    if any(entry.found_by(finding) for finding in outcome.found[engine]):
        return Text("found", "bold green")
    if engine in entry.engines:
        return Text("MISSED", "bold red")
    level = constraints[entry.id]["fidelity"].get(engine, {}).get("level", "unsupported")
    return Text("–" if level == "unsupported" else level, "dim")


def show(
    console: Console, plan: list[Planted], outcome: Outcome, said: str, only: tuple[str, ...]
) -> None:
    """Print the demonstration; of the table, the decisions that start with one of `only`."""
    constraints = constraint_set(SAMPLE)
    shown = [entry for entry in plan if entry.id.startswith(only or ("",))]
    console.print(Text("$ bylaw build", "bold"))
    console.print(Text(said.strip()), highlight=False)
    console.print()
    console.print(Text("$ semgrep scan --config .bylaw/semgrep.yml --project-root . .", "bold"))
    console.print(Text("$ lint-imports --config .bylaw/importlinter*.toml  # one by one", "bold"))
    console.print(Text("$ bylaw check --run", "bold"))
    console.print()
    width = min(console.width, 110)
    columns = f"{'kind':<9}{'Semgrep':<12}{'import-linter':<14}bylaw check"
    console.print(Text(f"{'constraint':<19}{'planted in':<{width - 66}} {columns}", "bold"))
    for drawn in tables(shown, outcome, constraints, width):
        console.print(drawn)
    console.print()
    for engine, title in ENGINES.items():
        due = sum(engine in entry.engines for entry in plan)
        hits = sum(any(e.found_by(f) for f in outcome.found[engine]) for e in plan)
        summary = f"{title} found {hits} of the {due} planted violations it can see."
        console.print(summary, highlight=False)
    for fault in outcome.faults:
        console.print(Text(fault, "bold red"))


def show_proof(console: Console, shop: Path, only: tuple[str, ...]) -> int:
    """Prove the rules, print the table, and return the exit status."""
    decisions = sorted({c.partition("/")[0] for c in constraint_set(SAMPLE)})
    named = [name for name in decisions if only and name.startswith(only)]
    with console.status("proving the rules"):
        done = bylaw(shop, "--color", "always", "prove", *named, COLUMNS=str(console.width))
    console.print()
    console.print(Text(" ".join(["$ bylaw prove", *named]), "bold"))
    said = Text.from_ansi((done.stdout + done.stderr).rstrip())
    # A line of carets that is broken points at nothing.
    console.print(said, highlight=False, soft_wrap=True)
    return done.returncode


def main() -> int:
    """Run the demonstration, and return an exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", nargs="*", default=[], help="show these decisions in the table")
    parser.add_argument("--svg", type=Path, help="save a picture of the terminal")
    arguments = parser.parse_args()
    console = Console(record=bool(arguments.svg), width=96 if arguments.svg else None)
    said = build(SAMPLE)
    constraints = constraint_set(SAMPLE)
    plan, only = planted(), tuple(arguments.only)
    with tempfile.TemporaryDirectory() as folder:
        shop = Path(folder) / "shop"
        committed(shop)
        with console.status("running Semgrep, import-linter and bylaw check"):
            found = {
                "semgrep": run_semgrep(SAMPLE, constraints),
                "import-linter": run_import_linter(SAMPLE, constraints),
                "evaluator": run_check(shop),
            }
        outcome = judge(plan, found)
        show(console, plan, outcome, said, only)
        proven = show_proof(console, shop, only)
    if arguments.svg:
        picture = console.export_svg(title="make demo")
        # Fonts from elsewhere would be fetched by whoever looks at it.
        arguments.svg.write_text(re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.S), "utf-8")
    return 1 if outcome.faults or proven else 0


if __name__ == "__main__":
    sys.exit(main())
