"""What stands where an artifact is to go: a file, or what keeps one from being written."""

import os
import stat
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_MOST_BYTES = 16 << 20
"""A file that is larger is no page that anybody reads."""


class ClosedError(Exception):
    """A place that cannot be written to, and why, and what to do."""

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Found:
    """A file as it lies on disk; `data` is None where there is none."""

    data: bytes | None = None
    mode: int | None = None


def look(root: Path, path: str) -> Found:
    """Return the file at a path of the repository; links are not followed, wherever they stand."""
    place = root
    *folders, name = path.split("/")
    for number, folder in enumerate(folders):
        place /= folder
        shown = "/".join(folders[: number + 1])
        try:
            mode = place.lstat().st_mode
        except FileNotFoundError:
            return Found()
        except OSError as error:
            raise ClosedError(_reason(error), "make the folder readable") from error
        if stat.S_ISLNK(mode):
            raise ClosedError(f"`{shown}` is a link", _NO_LINK)
        if not stat.S_ISDIR(mode):
            raise ClosedError(
                f"`{shown}` is a file and no folder",
                "move it into the folder that it stands in the way of",
            )
    return _read(place / name)


_NO_LINK = "a build follows no link: put a file in its place, or do not ask for this surface"


def _read(place: Path) -> Found:
    try:
        mode = place.lstat().st_mode
        if stat.S_ISLNK(mode):
            raise ClosedError("it is a link", _NO_LINK)
        if not stat.S_ISREG(mode):
            what = "a folder" if stat.S_ISDIR(mode) else "no regular file"
            raise ClosedError(f"it is {what}", "move what stands in its place")
        handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(handle, "rb") as stream:
            if os.fstat(stream.fileno()).st_size > _MOST_BYTES:
                raise ClosedError(f"it is larger than {_MOST_BYTES >> 20} MiB", "make it smaller")
            return Found(stream.read(), stat.S_IMODE(mode))
    except FileNotFoundError:
        return Found()
    except OSError as error:
        raise ClosedError(_reason(error), "make it readable") from error


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def twins(wanted: Collection[str], tree: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each wanted path that is not there, and one in its folder spelt in another case."""
    spelt = {_without_case(path): path for path in wanted}
    there = frozenset(tree)
    for path in tree:
        other = spelt.get(_without_case(path))
        if other is not None and other not in there:
            yield other, path


def _without_case(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name.casefold()
