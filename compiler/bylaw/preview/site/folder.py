"""The folder of a site: written aside, then put in place, and never over somebody else's files.

A site is all of one state or it is not there: its pages are written to a folder within the folder,
and what lies at the top is exchanged when all are complete. While that is done, a few renames long,
the front page is missing, so that a run that is cut off leaves no front of a mixed site.
"""

import contextlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from bylaw.output import staged

MANIFEST = "bylaw-site.json"
"""Names all files of the site; a folder that has none of ours belongs to somebody else."""

FRONT = "index.html"

_FORMAT = "bylaw/site/1"
_ASIDE = ".bylaw-site.part"
_NOT_OURS = frozenset({".git", "CNAME"})
"""What may lie at the top of a folder that is published from a branch."""


class ForeignSiteError(Exception):
    """The folder holds files that no site of ours has put there."""

    def __init__(self, files: tuple[str, ...]) -> None:
        super().__init__(files)
        self.files = files


class SiteFolder:
    """A site that is being written; leaving without `publish` leaves the folder as it was.

    Raises ForeignSiteError for a folder that holds something else, OSError where it cannot be
    written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.aside = folder / _ASIDE
        self._written: set[str] = set()

    def __enter__(self) -> Self:
        """Make room beside the old site."""
        foreign = tuple(sorted(self._foreign()))
        if foreign:
            raise ForeignSiteError(foreign)
        self._made = not self.folder.exists()
        shutil.rmtree(self.aside, ignore_errors=True)
        (self.aside / "new").mkdir(parents=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take away what was not published."""
        shutil.rmtree(self.aside, ignore_errors=True)
        if self._made:
            with contextlib.suppress(OSError):
                self.folder.rmdir()

    def write(self, path: str, data: bytes) -> None:
        """Write a file of the new site; one that is there already must have come the same way."""
        place = self.aside / "new" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        self._written.add(path)

    @property
    def count(self) -> int:
        """How many files the new site has, with the one that names them all."""
        return len(self._written | {MANIFEST})

    def take(self, paths: Iterable[str]) -> None:
        """Count files as written that another process has written."""
        self._written.update(paths)

    def publish(self) -> None:
        """Put the new site in the place of the old one."""
        new, old = self.aside / "new", self.aside / "old"
        old.mkdir()
        before = self._listed()
        self._write_manifest(before | self._written, complete=False)
        with contextlib.suppress(FileNotFoundError):
            os.replace(self.folder / FRONT, old / FRONT)
        tops = dict.fromkeys(path.partition("/")[0] for path in sorted(before | self._written))
        for top in tops:
            if (self.folder / top).exists() and top != MANIFEST:
                os.replace(self.folder / top, old / top)
            if (new / top).exists() and top != FRONT:
                os.replace(new / top, self.folder / top)
        os.replace(new / FRONT, self.folder / FRONT)
        self._write_manifest(self._written, complete=True)

    def _write_manifest(self, files: set[str], *, complete: bool) -> None:
        listed = sorted(files - {MANIFEST})
        text = json.dumps({"format": _FORMAT, "complete": complete, "files": listed}, indent=0)
        with staged(self.folder / MANIFEST, f"{text}\n".encode()) as publish:
            publish()

    def _listed(self) -> set[str]:
        """Return the files of the site that is there, cut off or not."""
        try:
            manifest = json.loads((self.folder / MANIFEST).read_bytes())
            if manifest["format"] != _FORMAT:
                return set()
            return {str(path) for path in manifest["files"]}
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return set()

    def _foreign(self) -> Iterator[str]:
        """Yield the files that are in the way: those beside a site's are, and all without one."""
        if self.folder.exists() and not self.folder.is_dir():
            yield self.folder.name
            return
        known = self._listed()
        tops = {path.partition("/")[0] for path in known}
        for entry in sorted(self.folder.iterdir()) if self.folder.exists() else ():
            if entry.name in {*_NOT_OURS, _ASIDE}:
                continue
            if known and entry.name not in tops:
                if entry.name == MANIFEST or not _is_of_a_site(entry.name):
                    continue
                yield entry.name
            elif entry.is_dir() and not entry.is_symlink():
                found = (path.relative_to(self.folder).as_posix() for path in _files(entry))
                yield from (path for path in found if path not in known)
            elif entry.name not in known:
                yield entry.name


def _is_of_a_site(name: str) -> bool:
    """Tell whether a name at the top is one that a site may need."""
    return name in {FRONT, "decisions", "constraints", "impact", "map", "static", "list"}


def _files(folder: Path) -> Iterator[Path]:
    for directory, _, names in os.walk(folder):
        for name in names:
            yield Path(directory) / name
