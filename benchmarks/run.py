"""Times whole builds over generated repositories, beside a peer's where it is installed.

    python benchmarks/run.py [--sizes 10,100,1000,10000] [--runs 5] [--mneme PATH] [--adr-kit PATH]

Each figure is the median of whole processes, interpreter start included. `clean` starts without
cache and output, `same` with both and no change, `edit` after one ADR has changed; after each edit
the artifacts are compared with those of a clean build, byte for byte.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus import write_adr_kit_repository, write_mneme_repository, write_repository

BYLAW = str(Path(sys.executable).with_name("bylaw"))


@dataclass(frozen=True)
class Reading:
    """Wall seconds and peak resident megabytes of whole processes."""

    seconds: tuple[float, ...]
    megabytes: float

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def measure(
    command: Sequence[str],
    folder: Path,
    environment: dict[str, str],
    runs: int,
    before: Callable[[int], None] = lambda _: None,
    accepted: Sequence[int] = (0,),
) -> Reading:
    """Run a command `runs` times after one warm-up; `before` prepares each run.

    An exit status that is not `accepted` ends the benchmark.
    """
    seconds, peak = [], 0.0
    for run in range(runs + 1):
        before(run)
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in accepted:
            raise SystemExit(f"{' '.join(command)} exited with {process.returncode}")
        if run:
            seconds.append(elapsed)
            peak = max(peak, usage.ru_maxrss / 1024)
    return Reading(tuple(seconds), peak)


def artifacts(folder: Path) -> dict[str, bytes]:
    output = folder / ".bylaw"
    return {
        str(path.relative_to(output)): path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file()
    }


def bench_build(count: int, runs: int, scratch: Path) -> dict[str, Reading]:
    """Measure clean, unchanged and edited builds of one repository."""
    root, cache = scratch / f"shop-{count}", scratch / f"cache-{count}"
    write_repository(root, count)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "add", "-A"], cwd=root, check=True)
    identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"]
    subprocess.run(["git", *identity, "commit", "-qm", "Start"], cwd=root, check=True)
    environment = {**os.environ, "BYLAW_CACHE_DIR": str(cache)}

    def clean(_: int) -> None:
        shutil.rmtree(cache, ignore_errors=True)
        shutil.rmtree(root / ".bylaw", ignore_errors=True)

    def edit(run: int) -> None:
        path = root / "docs" / "adr" / f"ADR-{(count // 2):05d}-decision.md"
        text = path.read_text()
        head, _, tail = text.partition("MUST")
        path.write_text(f"{head}MUST{tail.rstrip()}\n\nEdited {run}.\n")

    command = [BYLAW, "build"]
    readings = {"clean": measure(command, root, environment, runs, clean)}
    readings["same"] = measure(command, root, environment, runs)
    readings["edit"] = measure(command, root, environment, runs, edit)
    edited = artifacts(root)
    clean(0)
    subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True)
    if edited != artifacts(root):
        raise SystemExit(f"{count} ADRs: the edited build differs from a clean one")
    return readings


def bench_mneme(mneme: str, count: int, runs: int, scratch: Path) -> Reading:
    root = scratch / f"mneme-{count}"
    write_mneme_repository(root, count)
    memory = str(root / "memory.json")
    subprocess.run([mneme, "init", "--path", memory], check=True, capture_output=True)
    command = [mneme, "adr", "import", "--memory", memory, "docs/adr", "--dry-run"]
    return measure(command, root, dict(os.environ), runs)


def bench_adr_kit(adr_kit: str, count: int, runs: int, scratch: Path) -> Reading:
    root = scratch / f"adr-kit-{count}"
    write_adr_kit_repository(root, count)
    return measure([adr_kit, "contract-build", "--force"], root, dict(os.environ), runs)


def bench_start(runs: int, scratch: Path) -> tuple[Reading, Reading]:
    bare = measure([sys.executable, "-c", "pass"], scratch, dict(os.environ), runs)
    return bare, measure([BYLAW, "--version"], scratch, dict(os.environ), runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10,100,1000,10000")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--mneme", default=shutil.which("mneme"))
    parser.add_argument("--adr-kit", default=shutil.which("adr-kit"))
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        bare, version = bench_start(options.runs, scratch)
        print(f"python -c pass   {bare.median * 1000:6.0f} ms")
        print(f"bylaw --version  {version.median * 1000:6.0f} ms")
        print(
            f"\n{'ADRs':>6} {'clean s':>8} {'same s':>8} {'edit s':>8}"
            f" {'peak MB':>8} {'edit/clean':>10}"
            f" {'mneme s':>8} {'ratio':>6} {'adr-kit s':>9} {'ratio':>6}"
        )
        for size in sizes:
            readings = bench_build(size, options.runs, scratch)
            clean, same, edit = (readings[k] for k in ("clean", "same", "edit"))
            row = (
                f"{size:>6} {clean.median:>8.2f} {same.median:>8.2f} {edit.median:>8.2f}"
                f" {clean.megabytes:>8.0f} {edit.median / clean.median:>10.2f}"
            )
            if options.mneme:
                peer = bench_mneme(options.mneme, size, options.runs, scratch)
                row += f" {peer.median:>8.2f} {clean.median / peer.median:>6.2f}"
            if options.adr_kit:
                peer = bench_adr_kit(options.adr_kit, size, options.runs, scratch)
                row += f" {peer.median:>9.2f} {clean.median / peer.median:>6.2f}"
            print(row, flush=True)


if __name__ == "__main__":
    main()
