"""A unified diff applied to copies of the files that it names, by git, in a folder of its own."""

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bylaw.mcp.places import AskError

_PREFIXED = re.compile(rb"^(?:diff --git a/|--- \"?a/|\+\+\+ \"?b/)", re.M)
_BINARY = re.compile(rb"^GIT binary patch\r?$", re.M)
_SECONDS = 30


def apply(
    patch: str, read: Callable[[str], bytes | None], check: Callable[[str], str]
) -> dict[str, bytes | None]:
    """Return what a diff makes of files, by path; None where one goes.

    `read` gives a file's bytes before it, None where there is no such file; `check` returns a path
    as it is called in the repository, or raises AskError.
    """
    data = patch.encode("utf-8", "surrogatepass")
    if not data.strip():
        raise AskError("the diff is empty")
    if not data.endswith(b"\n"):
        data += b"\n"
    if _BINARY.search(data):
        raise AskError("the diff holds a binary file, which may grow without bounds; leave it out")
    strip = "-p1" if _PREFIXED.search(data) else "-p0"
    with tempfile.TemporaryDirectory(prefix="bylaw-proposal-") as folder:
        top = Path(folder).resolve()
        names = {*_names(top, data, strip), *_names(top, data, strip, "--reverse")}
        before: dict[str, bytes] = {}
        for name in sorted(names):
            if check(name) != name:
                raise AskError(f"`{name}` is no plain path; name files from the root down")
            found = read(name)
            if found is not None:
                before[name] = found
                place = top / name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(found)
        _git(top, data, strip, "--whitespace=nowarn")
        after = dict(_files(top))
    return {
        name: after.get(name)
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }


def _names(top: Path, data: bytes, *options: str) -> Iterator[str]:
    """Yield the paths that a diff changes, as it is read forwards or in reverse."""
    listed = _git(top, data, "--numstat", "-z", *options)
    for entry in listed.split(b"\0"):
        parts = entry.split(b"\t", 2)
        if len(parts) == 3:
            yield parts[2].decode("utf-8", "surrogateescape")


def _files(top: Path) -> Iterator[tuple[str, bytes]]:
    for directory, _, names in os.walk(top):
        for name in names:
            path = Path(directory) / name
            if path.is_symlink():
                raise AskError("the diff makes a symbolic link, which no constraint looks behind")
            yield path.relative_to(top).as_posix(), path.read_bytes()


def _git(top: Path, data: bytes, *options: str) -> bytes:
    """Run `git apply` outside of any repository; raise AskError where it refuses."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    plain = {
        "GIT_CEILING_DIRECTORIES": str(top.parent),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "LC_ALL": "C",
    }
    try:
        done = subprocess.run(
            ["git", "-c", "core.autocrlf=false", "apply", *options, "-"],
            cwd=top,
            env=kept | plain,
            input=data,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AskError(f"git cannot apply the diff: {type(error).__name__}") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise AskError(f"the diff does not apply: {said.removeprefix('error: ')[:300]}")
    return done.stdout
