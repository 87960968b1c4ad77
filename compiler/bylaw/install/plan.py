"""What an installation changes on disk: looked at first, then written in one step for each file."""

import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bylaw.install.faults import CLOSED_HOST_FILE, InstallError
from bylaw.install.parts import Part
from bylaw.output import staged

_MOST_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Step:
    """One file that changes: what it holds before and after, None where it is not there."""

    path: str
    place: Path
    before: bytes | None
    after: bytes | None
    mode: int | None = None


def plan(top: Path, parts: Iterable[Part], *, remove: bool = False) -> tuple[Step, ...]:
    """Return what an installation, or its removal, would change below `top`."""
    steps = []
    for part in parts:
        place = _placed(top, part.path)
        before, mode = _look(part.path, place)
        after = part.removed(before) if remove else part.installed(before)
        if before == after:
            continue
        if mode is not None and not mode & 0o222:
            raise InstallError(
                CLOSED_HOST_FILE, f"`{part.path}` is read-only", "make it writable first"
            )
        steps.append(Step(part.path, place, before, after, mode))
    return tuple(steps)


def write(top: Path, steps: Iterable[Step]) -> None:
    """Make the changes; OSError where a file cannot be written, InstallError where it moved."""
    for step in steps:
        before, _ = _look(step.path, step.place)
        if before != step.before:
            raise InstallError(
                CLOSED_HOST_FILE,
                f"somebody else has just written `{step.path}`",
                "look at what it holds now, then run the command again",
            )
        if step.after is None:
            step.place.unlink()
            _remove_empty(top, step.place)
        else:
            with staged(step.place, step.after, step.mode) as publish:
                publish()


def _remove_empty(top: Path, place: Path) -> None:
    for folder in place.parents:
        if folder == top.resolve() or folder == top:
            return
        try:
            folder.rmdir()
        except OSError:
            return


def _placed(top: Path, path: str) -> Path:
    """Return where a file really lies; raise InstallError where a link leads elsewhere."""
    real = top.resolve()
    try:
        place = (real / path).resolve()
    except (OSError, RuntimeError):
        place = Path("/")
    if place.is_relative_to(real) and ".git" not in place.relative_to(real).parts:
        return place
    raise InstallError(
        CLOSED_HOST_FILE,
        f"`{path}` is a link that leads out of the repository",
        "put a file or a folder of its own in the link's place",
    )


def _look(path: str, place: Path) -> tuple[bytes | None, int | None]:
    """Return what a file holds and its rights; None where there is none."""
    try:
        status = place.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None, None
    if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_BYTES:
        what = "is larger than any configuration" if stat.S_ISREG(status.st_mode) else "is no file"
        raise InstallError(
            CLOSED_HOST_FILE, f"`{path}` {what}", "move away what stands in its place"
        )
    return place.read_bytes(), stat.S_IMODE(status.st_mode)
