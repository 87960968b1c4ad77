"""Trees that lie in a git repository: the index, and commits, read without a work tree."""

import contextlib
import os
import subprocess
import threading
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, cast

from bylaw.diagnostics import Report
from bylaw.git import command, environment, run_git
from bylaw.snapshot import MAX_BYTES
from bylaw.unevaluable import UnevaluableError
from bylaw.worktree import nameable

_NO_FILES = (b"120000", b"160000")
"""The modes of symbolic links and submodules."""

_SKIPPED_BYTES = 1 << 20

IN_CONFLICT = ""
"""Stands for the object of a path whose merge is not finished."""


class Objects:
    """Reads objects of one repository through one process, which starts when the first is read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._inherited: list[subprocess.Popen[bytes]] = []

    def read(self, name: str) -> bytes:
        """Return an object's content; UnevaluableError where it cannot be read."""
        with self._lock:
            try:
                return self._read(name.encode("ascii"))
            except OSError as error:
                self._process = None
                reason = (error.strerror or type(error).__name__).lower()
                raise UnevaluableError(f"git does not give its content: {reason}") from None

    def _read(self, name: bytes) -> bytes:
        process = self._started()
        asking, answer = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        asking.write(name + b"\n")
        asking.flush()
        header = answer.readline().split()
        if len(header) != 3 or not header[2].isdigit():
            if not header:
                # The process has ended; the next read starts another.
                self._process = None
            raise UnevaluableError("its content is not in the repository")
        size = int(header[2])
        if size > MAX_BYTES:
            left = size + 1
            while left:
                left -= len(answer.read(min(left, _SKIPPED_BYTES))) or left
            raise UnevaluableError(f"it is larger than {MAX_BYTES >> 20} MiB")
        data = answer.read(size + 1)
        if len(data) != size + 1:
            self._process = None
            raise UnevaluableError("git stopped in the middle of its content")
        return data[:-1]

    def _started(self) -> "subprocess.Popen[bytes]":
        """Return the process; a forked child starts its own, lest two read one answer."""
        if self._process is not None and self._owner == os.getpid():
            return self._process
        if self._process is not None:
            self._inherited.append(self._process)
        process = subprocess.Popen(
            command(str(self.root), "cat-file", "--batch"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(str(self.root)),
        )
        self._process, self._owner = process, os.getpid()
        weakref.finalize(self, _stop, process, self._owner)
        return process


def _stop(process: "subprocess.Popen[bytes]", owner: int) -> None:
    if os.getpid() != owner:
        return
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            # Closing sends what is left to a process that may be gone.
            with contextlib.suppress(OSError):
                stream.close()
    process.wait()


@dataclass(frozen=True)
class GitTree:
    """Regular files of a repository, by path the name of the object that holds each."""

    root: Path
    entries: Mapping[str, str]

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The paths, sorted."""
        return tuple(sorted(self.entries))

    @cached_property
    def objects(self) -> Objects:
        """What the files' bytes are read through."""
        return Objects(self.root)

    def read(self, path: str) -> bytes:
        """Return a file's bytes."""
        name = self.entries.get(path)
        if name is None:
            raise UnevaluableError("there is no such file")
        if name == IN_CONFLICT:
            raise UnevaluableError("its merge is not finished")
        return self.objects.read(name)


@dataclass(frozen=True)
class IndexTree(GitTree):
    """What is staged: the tree that a commit would record now."""


@dataclass(frozen=True)
class CommitTree(GitTree):
    """The tree of a commit."""

    commit: str = ""


def index_tree(root: Path, report: Report) -> IndexTree | None:
    """Return what is staged below `root`; None where git does not list it.

    In a hook this is the index of the commit in the making.
    """
    done = run_git(str(root), "ls-files", "-s", "-z")
    if done is None or done.returncode:
        return None
    names: dict[bytes, str] = {}
    for entry in done.stdout.split(b"\0"):
        head, _, path = entry.partition(b"\t")
        if not path or head.startswith(_NO_FILES):
            continue
        _, name, stage = head.split(b" ")
        names[path] = name.decode("ascii") if stage == b"0" else IN_CONFLICT
    return IndexTree(root, _by_name(names, report))


def commit_tree(root: Path, commit: str, report: Report) -> CommitTree | None:
    """Return the tree of a commit (or the named tree) below `root`; None where git has none."""
    done = run_git(str(root), "ls-tree", "-r", "-z", commit)
    if done is None or done.returncode:
        return None
    names: dict[bytes, str] = {}
    for entry in done.stdout.split(b"\0"):
        head, _, path = entry.partition(b"\t")
        if path and not head.startswith(_NO_FILES):
            names[path] = head.split(b" ")[2].decode("ascii")
    return CommitTree(root, _by_name(names, report), commit)


def _by_name(names: Mapping[bytes, str], report: Report) -> dict[str, str]:
    return {path: names[path.encode()] for path in nameable(names, report)}
