"""Times `bylaw check` on a large real tree, beside Semgrep and Ruff in the same run.

    python benchmarks/check.py [--runs 5] [--tree FOLDER] [--semgrep PATH] [--ruff PATH]

The tree is django and sqlalchemy, pinned and installed for the purpose where no folder with both is
named. Ten constraints (imports, uses, decorators, keys, files) stand in one ADR; Semgrep runs the
rules that this ADR compiles to, Ruff a `banned-api` table of the same names. Each figure is the
median of whole processes, interpreter start included: `cold` without any cache, `warm` with all,
`edit` with all after one file has changed.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from run import BYLAW, Reading, measure

PACKAGES = ("django==5.2.19", "sqlalchemy==2.1.9")

SENTENCES = """
- [no-pickle] Python code in `{django,sqlalchemy}/**` MUST NOT import `pickle`.
- [no-sqlite] Python code in `django/contrib/**` MUST NOT import `sqlite3` or `psycopg.rows`.
- [no-test-client] Modules in `django.core` MUST NOT import `django.test`.
- [no-environ] Python code in `{django,sqlalchemy}/**` MUST NOT use `os.environ`.
- [no-system] Python code in `{django,sqlalchemy}/**` MUST NOT call `os.system` or `os.popen`.
- [no-eval] Python code in `{django,sqlalchemy}/**` MUST NOT call `eval` or `exec`.
- [cached] Functions in `django/**` MUST NOT be decorated with `@functools.lru_cache`.
- [django-meta] Files in `django/**` MUST NOT contain `BEGIN PRIVATE KEY`.
- [sql-home] Files matching `**/*.sql` MUST NOT exist.
- [line-length] Key `tool.bench.strict` in `pyproject.toml` MUST be `true`.
"""

BANNED = (
    "pickle",
    "sqlite3",
    "django.test",
    "os.environ",
    "os.system",
    "os.popen",
    "functools.lru_cache",
)

ADR = """# 1. What the tree keeps to

- Status: accepted

## Constraints
{sentences}
"""


def write_tree(root: Path, source: Path, sentences: str = SENTENCES) -> None:
    """Lay out a repository: the packages' code, one ADR, and a key to govern."""
    for package in ("django", "sqlalchemy"):
        ignored = shutil.ignore_patterns("__pycache__", "*.so", "*.pyc")
        shutil.copytree(source / package, root / package, ignore=ignored)
    (root / "docs/adr").mkdir(parents=True)
    (root / "docs/adr/0001-bench.md").write_text(ADR.format(sentences=sentences))
    (root / "pyproject.toml").write_text("[tool.bench]\nstrict = true\n")
    (root / "bylaw.toml").write_text('adrs = ["docs/adr"]\n')
    git = ["git", "-c", "user.name=bench", "-c", "user.email=bench@example.com"]
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "Start"]):
        subprocess.run([*git, *arguments], cwd=root, check=True)


def many(count: int) -> str:
    """Return so many sentences of the same kinds, over names that mostly do not occur."""
    forms = (
        "Python code in `{{django,sqlalchemy}}/**` MUST NOT import `forbidden_{n}`.",
        "Python code in `django/**` MUST NOT call `legacy_{n}.run`.",
        "Python code in `sqlalchemy/**` MUST NOT use `settings_{n}.DEBUG`.",
        "Functions in `django/**` MUST NOT be decorated with `@trace_{n}`.",
        "Files in `django/**` MUST NOT contain `SECRET-{n}`.",
    )
    rest = [f"- [more-{n}] " + forms[n % len(forms)].format(n=n) for n in range(count - 10)]
    return SENTENCES + "\n".join(rest)


def timed(
    command: Sequence[str],
    root: Path,
    environment: dict[str, str],
    runs: int,
    before: Callable[[int], None] = lambda _: None,
) -> Reading:
    return measure(command, root, environment, runs, before, accepted=(0, 1, 3))


def bench_bylaw(root: Path, runs: int, cache: Path) -> dict[str, Reading]:
    environment = {**os.environ, "BYLAW_CACHE_DIR": str(cache)}
    edited = root / "django/http/request.py"

    def cold(_: int) -> None:
        shutil.rmtree(cache, ignore_errors=True)

    def edit(run: int) -> None:
        edited.write_text(edited.read_text() + f"# {run}\n")

    command = [BYLAW, "check", "-q"]
    readings = {"cold": timed(command, root, environment, runs, cold)}
    readings["warm"] = timed(command, root, environment, runs)
    readings["edit"] = timed(command, root, environment, runs, edit)
    return readings


def bench_semgrep(semgrep: str, root: Path, runs: int) -> Reading:
    subprocess.run([BYLAW, "build", "-q", "--target", "semgrep"], cwd=root, check=True)
    quiet = {"SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0"}
    command = [semgrep, "scan", "--config", ".bylaw/semgrep.yml", "--quiet", "--json", "-j", "2"]
    command += ["--output", os.devnull, "--disable-nosem", "--max-target-bytes", "0", "."]
    return timed(command, root, {**os.environ, **quiet}, runs)


def bench_ruff(ruff: str, root: Path, runs: int) -> Reading:
    table = "".join(f'"{name}".msg = "no"\n' for name in BANNED)
    config = root.parent / "ruff.toml"
    config.write_text(
        f'[lint]\nselect = ["TID251"]\n[lint.flake8-tidy-imports.banned-api]\n{table}'
    )
    command = [
        ruff,
        "check",
        "--no-cache",
        "--ignore-noqa",
        "--quiet",
        "--config",
        str(config),
        ".",
    ]
    return timed(command, root, dict(os.environ), runs)


def install(scratch: Path) -> Path:
    """Install the packages into a folder of their own."""
    target = scratch / "packages"
    command = [sys.executable, "-m", "pip", "install", "-q", "--target", str(target), *PACKAGES]
    subprocess.run(command, check=True)
    return target


def lines(root: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in root.rglob("*.py"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--tree", type=Path, help="a folder that holds django and sqlalchemy")
    parser.add_argument(
        "--semgrep", default=os.environ.get("BYLAW_SEMGREP") or shutil.which("semgrep")
    )
    parser.add_argument("--ruff", default=str(Path(sys.executable).with_name("ruff")))
    parser.add_argument("--json", type=Path, help="write the readings here, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        source = options.tree or install(scratch)
        root = scratch / "tree"
        write_tree(root, source)
        print(f"{lines(root):,} lines of Python, 10 constraints, medians of {options.runs} runs\n")
        readings = bench_bylaw(root, options.runs, scratch / "cache")
        if Path(options.ruff).exists():
            readings["ruff"] = bench_ruff(options.ruff, root, options.runs)
        if options.semgrep:
            readings["semgrep"] = bench_semgrep(options.semgrep, root, max(options.runs // 2, 1))
        half = scratch / "half"
        shutil.copytree(root, half)
        shutil.rmtree(half / "sqlalchemy")
        readings["half"] = bench_bylaw(half, options.runs, scratch / "cache-half")["cold"]
        share = lines(half) / lines(root)
        big = scratch / "many"
        write_tree(big, source, many(1000))
        thousand = bench_bylaw(big, options.runs, scratch / "cache-many")
        readings |= {f"1000 {kind}": reading for kind, reading in thousand.items()}
        show(readings, share)
        if options.json:
            values = {key: [*r.seconds, r.megabytes] for key, r in readings.items()}
            options.json.write_text(json.dumps(values, indent=1))


def show(readings: dict[str, Reading], share: float) -> None:
    cold = readings["cold"].median
    print(f"{'':<12}{'median s':>9}{'peak MB':>9}{'÷ cold':>9}")
    for key, reading in readings.items():
        print(
            f"{key:<12}{reading.median:>9.2f}{reading.megabytes:>9.0f}{reading.median / cold:>9.2f}"
        )
    print(f"\n`half` has {share:.2f} of the lines")


if __name__ == "__main__":
    main()
