"""The output folder: artifacts go there whole or not at all, and what is there is compared.

Those that lie elsewhere are for `bylaw.outside`.
"""

import contextlib
import json
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bylaw.target import Artifact

MANIFEST = "manifest.json"
"""The artifact that names all others; written last."""

_MARK = re.compile(rb'(?:Written|Generated) by bylaw|"format":"bylaw/')
_MARKED_BYTES = 512
"""How far into a file its mark stands."""

_LEFTOVER_SECONDS = 3600
"""A temporary file this old belongs to a build that was killed, not to one that still runs."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How an output folder differs from a build: paths below the folder, sorted.

    `orphaned` files were written by an earlier build, `foreign` ones by somebody else.
    """

    stale: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    orphaned: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.stale or self.missing or self.orphaned or self.foreign)


class ForeignFolderError(Exception):
    """The output folder holds files and no manifest of ours: a hand-written folder."""

    def __init__(self, files: tuple[str, ...]) -> None:
        super().__init__(files)
        self.files = files


def compare(artifacts: Iterable[Artifact], folder: Path, *, partial: bool = False) -> Difference:
    """Compare the artifacts with the files in `folder`, byte for byte.

    Of a `partial` build, of some targets only, other files in the folder are no business.
    """
    expected = {a.path: a.data for a in artifacts if a.place == "output"}
    present = set(_files(folder))
    extra = set() if partial else present - expected.keys()
    written = _written_before(folder) if extra else set()
    return Difference(
        stale=tuple(
            sorted(p for p in expected.keys() & present if _differs(folder / p, expected[p]))
        ),
        missing=tuple(sorted(expected.keys() - present)),
        orphaned=tuple(sorted(extra & written)),
        foreign=tuple(sorted(extra - written)),
    )


def write(artifacts: Iterable[Artifact], folder: Path, *, partial: bool = False) -> Difference:
    """Make `folder` hold the artifacts and no older ones, and return what was different.

    A `partial` build leaves what other targets have written, and the manifest, as they are.

    Each file is replaced in one step, the manifest last, so that a build killed at any moment
    leaves the old or the new file. Files that no build has written are left alone. Raises
    ForeignFolderError for a folder that looks hand-written, OSError where it cannot be written.
    """
    artifacts = [artifact for artifact in artifacts if artifact.place == "output"]
    difference = compare(artifacts, folder, partial=partial)
    if not _has_mark(folder / MANIFEST):
        # Until a manifest of ours says whose the folder is, a file of an artifact's name may be
        # somebody's own, a `manifest.json` above all.
        same = {artifact.path for artifact in artifacts} - {*difference.stale}
        others = set(_files(folder)) - same - _written_before(folder)
        if found := sorted(path for path in others if not _has_mark(folder / path)):
            raise ForeignFolderError(tuple(found))
    changed = {*difference.stale, *difference.missing}
    waiting = [artifact for artifact in artifacts if artifact.path in changed]
    last = [artifact for artifact in waiting if artifact.path == MANIFEST]
    with contextlib.ExitStack() as waiting_manifest:
        # The new manifest is on disk before the first artifact is replaced: where this build is
        # killed, the next one learns from it which files are not hand-written.
        publish = [waiting_manifest.enter_context(staged(folder / a.path, a.data)) for a in last]
        for artifact in sorted(waiting, key=lambda a: a.path):
            if artifact.path != MANIFEST:
                with staged(folder / artifact.path, artifact.data) as publish_one:
                    publish_one()
        for publish_one in publish:
            publish_one()
    for path in difference.orphaned:
        (folder / path).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            (folder / path).parent.rmdir()
    _remove_leftovers(folder)
    return difference


def _has_mark(path: Path) -> bool:
    """Tell whether a file begins as those do that a build writes."""
    try:
        with path.open("rb") as file:
            return _MARK.search(file.read(_MARKED_BYTES)) is not None
    except OSError:
        return False


def _written_before(folder: Path) -> set[str]:
    """Return the paths that manifests say earlier builds have written, killed ones included."""
    found: set[str] = set()
    for path in [folder / MANIFEST, *folder.glob(f".{MANIFEST}.*.part")]:
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
            manifest = json.loads(path.read_bytes())
            outputs = [each for each in manifest["outputs"] if "place" not in each]
            found |= {str(output["path"]) for output in outputs} | {MANIFEST}
    return found


def _differs(path: Path, data: bytes) -> bool:
    with path.open("rb") as file:
        return os.fstat(file.fileno()).st_size != len(data) or file.read() != data


def _files(folder: Path) -> Iterator[str]:
    """Yield the files in the folder, without those that a running build has yet to rename."""
    for directory, _, names in os.walk(folder):
        for name in names:
            if not _is_temporary(name):
                yield (Path(directory) / name).relative_to(folder).as_posix()


def _is_temporary(name: str) -> bool:
    return name.startswith(".") and name.endswith(".part")


def _remove_leftovers(folder: Path) -> None:
    for directory, _, names in os.walk(folder):
        for name in filter(_is_temporary, names):
            remove_leftover(Path(directory) / name)


def remove_leftover(path: Path) -> None:
    """Remove a temporary file where the build that made it was killed."""
    with contextlib.suppress(OSError):
        if time.time() - path.lstat().st_mtime > _LEFTOVER_SECONDS:
            path.unlink()


@contextlib.contextmanager
def staged(path: Path, data: bytes, mode: int | None = None) -> Iterator[Callable[[], None]]:
    """Write a file under another name, and yield what gives it its own, in one step.

    `mode` are its permission bits; without them it gets those of any new file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o666 & ~_umask() if mode is None else mode)
        yield lambda: os.replace(name, path)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(name)


def _umask() -> int:
    """Return the process's umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
