"""Notes what is done to files, with paths from the repository's root."""

import posixpath

from bylaw.checkpoint.effects import Opaque, Outside, Read, Remove, Write
from bylaw.checkpoint.state import GONE, LINK, UNKNOWN, UNTOLD, State

TYPE_CHECKING = False  # `typing` takes longer to import than a call takes to read
if TYPE_CHECKING:
    from bylaw.checkpoint.calls import Extent
    from bylaw.checkpoint.effects import Effect
    from bylaw.checkpoint.field import Field
    from bylaw.checkpoint.files import Files

_DEVICES = ("/dev/null", "/dev/stdout", "/dev/stderr", "/dev/stdin", "/dev/tty", "/dev/zero")


class Recorder:
    """What is done, in order, and what is known of the files while it is done."""

    def __init__(self, files: "Files", folder: "str | None") -> None:
        self.files = files
        self.state = State(files, folder)
        self.effects: list[Effect] = []

    def add(self, effect: "Effect") -> None:
        """Note an effect."""
        self.effects.append(effect)

    def hide(self, reason: str) -> None:
        """Note that the text does not tell what is done; nothing is known of the files then."""
        self.add(Opaque(reason, "hidden"))
        self.state.note("/", UNKNOWN)

    def opaque(self, reason: str, code: bool = False) -> None:
        """Note that a program may write files."""
        self.add(Opaque(reason, "code" if code else "program"))
        self.state.note("/", UNKNOWN)

    # --- files ---

    def locate(self, text: str, follow: bool = True) -> "str | None":
        """Return the absolute path that a text means, None where the folder is not known."""
        if text.startswith(("/dev/", "/proc/")):
            text = self._of_process(posixpath.normpath(text))
            if text.startswith(("/dev/", "/proc/self/")):
                return text
        if not text.startswith("/"):
            folder = self.state.folder
            if folder is None:
                return None
            text = f"{folder}/{text}"
        if follow:
            return self.files.real(text)
        head, _, tail = text.rstrip("/").rpartition("/")
        if tail in ("", ".", ".."):
            return self.files.real(text)
        return posixpath.join(self.files.real(head or "/"), tail)

    def _of_process(self, path: str) -> str:
        """Return what a path of the system means to whoever runs the call, and not to us."""
        for name, place in (("root", ""), ("cwd", self.state.folder)):
            for process in ("self", "thread-self"):
                start = f"/proc/{process}/{name}/"
                if place is not None and path.startswith(start):
                    return f"{place}/{path.removeprefix(start)}"
        return path

    def paths(self, field: "Field", does: str, follow: bool = True) -> "list[tuple[str, Extent]]":
        """Return the absolute paths that a field means; note it where they are not told."""
        if not field.told:
            self.hide(f"it {does} `{shorten(field.text)}`, which the text does not tell")
            return []
        if not field.text:
            return []
        path = self.locate(field.text, follow and not field.glob)
        if path is None:
            self.hide(f"it {does} `{shorten(field.text)}` in a folder that is not known")
            return []
        return [(path, "glob" if field.glob else "file")]

    def inside(self, path: str) -> "str | None":
        """Return a path from the repository's root; None outside of it and in `.git`."""
        root = self.files.root
        if path == root:
            return ""
        if not path.startswith(root + "/" if root != "/" else "/"):
            return None
        found = path[len(root) :].lstrip("/")
        return None if ".git" in found.split("/") else found

    def is_device(self, path: str) -> bool:
        """Tell whether a path is no file, such as `/dev/null`."""
        return path in _DEVICES or path.startswith(("/dev/fd/", "/proc/self/fd/", "/dev/tcp/"))

    def write(
        self, path: str, content: "bytes | None", why: str, extent: "Extent" = "file"
    ) -> None:
        """Note that a file is written; `content` is None where it is not told."""
        if self.is_device(path) or self.is_linked(path):
            return
        inside = self.inside(path)
        if inside is None:
            self.add(Outside(path, "write"))
        else:
            self.add(Write(inside, content, "" if content is not None else why, extent))
        if extent == "glob":
            path = _above_pattern(path)
        if extent == "file" and self.state.is_folder(path) is True:
            # It fails, and the folder stays one.
            return
        if content is None:
            self.state.note(path, UNTOLD if extent == "file" else UNKNOWN)
        else:
            self.state.note(path, content)

    def write_pattern(self, path: str, why: str) -> None:
        """Note that whatever matches is written; where nothing does, a shell takes it by name."""
        self.write(path, None, why, "glob")
        self.write(path, None, why)

    def remove(self, path: str, extent: "Extent" = "file") -> None:
        """Note that a file is removed."""
        inside = self.inside(path)
        self.add(Outside(path, "remove") if inside is None else Remove(inside, extent))
        if extent == "glob":
            self.state.note(_above_pattern(path), UNKNOWN)
        else:
            self.state.note(path, GONE)

    def read(self, path: str, extent: "Extent" = "file") -> None:
        """Note that a file is read."""
        if self.is_device(path):
            return
        inside = self.inside(path)
        self.add(Outside(path, "read") if inside is None else Read(inside, extent))

    def is_linked(self, path: str) -> bool:
        """Tell whether a path lies behind a link that the text itself makes, and note it."""
        if self.state.noted(path) is LINK:
            self.hide(f"it writes through a link that it has made, at `{shorten(path)}`")
            return True
        return False


def shorten(text: str) -> str:
    """Return text on one line, and not too long."""
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:79] + "…"


def _above_pattern(path: str) -> str:
    """Return the folder that holds whatever matches a pattern."""
    kept: list[str] = []
    for part in path.split("/"):
        if any(sign in part for sign in "*?["):
            break
        kept.append(part)
    return "/".join(kept) or "/"
