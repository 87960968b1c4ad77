"""A repository whose files tests change, and the builds of it."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

BYLAW = str(Path(sys.executable).with_name("bylaw"))
DAY = "2026-06-01"

HEAD = "# {title}\n\nStatus: {status}\n\n## Constraints\n\n"
PACKAGES = ("web", "domain", "store", "tools")


def record(title: str, *items: str, status: str = "accepted") -> str:
    """Return an ADR with these constraints."""
    return HEAD.format(title=title, status=status) + "".join(f"- {item}\n" for item in items)


@dataclass
class Repository:
    """A folder that is built in processes of their own."""

    root: Path
    cache: Path
    environment: dict[str, str] = field(default_factory=dict)

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files, by path."""
        for path, text in files.items():
            full = self.root / path
            full.parent.mkdir(parents=True, exist_ok=True)
            full.write_bytes(text if isinstance(text, bytes) else text.encode())

    def command(self, *arguments: str) -> list[str]:
        """Return a command line; a build is one of a fixed day."""
        if arguments[:1] == ("build",) and "--as-of" not in arguments:
            arguments = (*arguments, "--as-of", DAY)
        return [BYLAW, *arguments]

    def start(self, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
        """Start a command."""
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.root,
            env=self.variables(environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.root,
            env=self.variables(environment),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def variables(self, more: Mapping[str, str]) -> dict[str, str]:
        """Return the environment of a command."""
        return {**os.environ, "BYLAW_CACHE_DIR": str(self.cache), **self.environment, **more}

    def build(self, *options: str, **environment: str) -> dict[str, bytes]:
        """Build without a fault, and return what stands in the output folder."""
        done = self.run("build", *options, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return self.outputs()

    def outputs(self, folder: str = ".bylaw") -> dict[str, bytes]:
        """Return the files of the output folder, by path."""
        base = self.root / folder
        found = sorted(p for p in base.rglob("*") if p.is_file())
        return {p.relative_to(base).as_posix(): p.read_bytes() for p in found}


def fill(repository: Repository, numbers: Sequence[int]) -> None:
    """Write a small package and as many decisions on it."""
    files = {f"src/shop/{package}/__init__.py": "" for package in PACKAGES}
    files["src/shop/__init__.py"] = ""
    files["bylaw.toml"] = 'adrs = ["docs/adr"]\n'
    for number in numbers:
        one = PACKAGES[number % len(PACKAGES)]
        files[f"docs/adr/{number:04}-a-decision.md"] = record(
            f"{number}. A decision",
            f"[no-{number}] Modules in `shop.{one}` MUST NOT import `package{number}`.",
            f"[short] Files matching `src/shop/{one}/**` SHOULD have at most {number + 9} lines.",
        )
    repository.write(files)
