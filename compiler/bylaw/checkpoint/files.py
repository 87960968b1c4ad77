"""The repository's files as a tool call would find them: on disk, or in memory."""

import os
import stat

TYPE_CHECKING = False  # `typing` takes longer to import than a call takes to read
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal, Protocol, TypeAlias

    Kind: TypeAlias = Literal["file", "folder", "other"]

    class Files(Protocol):
        """What reading a tool call may ask of the disk; paths are absolute."""

        root: str
        home: str

        def read(self, path: str) -> bytes | None:
            """Return a file's bytes, None where there is no such regular file."""

        def kind(self, path: str) -> Kind | None:
            """Tell what stands at a path, links followed; None where nothing does."""

        def real(self, path: str) -> str:
            """Return the absolute path without links, `.` and `..`."""


MAX_BYTES = 64 << 20
"""Larger files are not read."""


_OF_A_PROCESS = ("/dev/", "/proc/")
"""What stands there is of whoever looks: of this process, and not of the shell that will run."""


class DiskFiles:
    """Files as they lie on disk, below and beside the repository's root."""

    def __init__(self, root: str) -> None:
        self.root = os.path.realpath(root)
        self.home = os.environ.get("HOME", "/nowhere")

    def read(self, path: str) -> "bytes | None":
        """Return a file's bytes, None where there is no regular file that can be read."""
        if path.startswith(_OF_A_PROCESS):
            return None
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except (OSError, ValueError):
            return None
        try:
            with open(handle, "rb") as stream:
                status = os.fstat(stream.fileno())
                if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
                    return None
                return stream.read()
        except OSError:
            return None

    def kind(self, path: str) -> "Kind | None":
        """Tell what stands at a path, links followed; None where nothing does."""
        if path.startswith(_OF_A_PROCESS):
            return "other"
        try:
            mode = os.stat(path).st_mode
        except (OSError, ValueError):
            return None
        if stat.S_ISDIR(mode):
            return "folder"
        return "file" if stat.S_ISREG(mode) else "other"

    def real(self, path: str) -> str:
        """Return the absolute path without links, `.` and `..`."""
        try:
            return os.path.realpath(path)
        except (OSError, ValueError):
            return os.path.normpath(path)


class MemoryFiles:
    """Files that lie nowhere but in memory, by their paths from the root."""

    home = "/home/agent"

    def __init__(self, contents: "Mapping[str, bytes]", root: str = "/repository") -> None:
        self.root = root
        self.contents = {f"{root}/{path}": data for path, data in contents.items()}
        self.folders = {root}
        for path in self.contents:
            folder = path
            while len(folder) > len(root):
                folder = folder.rpartition("/")[0]
                self.folders.add(folder)

    def read(self, path: str) -> "bytes | None":
        """Return a file's bytes, None where there is none."""
        return self.contents.get(path)

    def kind(self, path: str) -> "Kind | None":
        """Tell what stands at a path; None where nothing does."""
        if path in self.contents:
            return "file"
        return "folder" if path in self.folders else None

    def real(self, path: str) -> str:
        """Return the absolute path without `.` and `..`."""
        return os.path.normpath(path)
