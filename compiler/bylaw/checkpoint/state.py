"""What a shell knows while its text is walked: its folder, its variables, the files' contents.

Where a command may or may not run, what it has changed is not known afterwards.
"""

TYPE_CHECKING = False  # `typing` takes longer to import than a command takes to read
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from bylaw.checkpoint.files import Files

    Key: TypeAlias = tuple[str, str]


class Mark:
    """A value that is no text and no bytes."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


UNKNOWN = Mark("UNKNOWN")
GONE = Mark("GONE")
FOLDER = Mark("FOLDER")
UNTOLD = Mark("UNTOLD")
"""A file whose content is not told."""
LINK = Mark("LINK")
"""A link that the text itself makes: what lies below it lies elsewhere."""

FOLDER_KEY: "Key" = ("folder", "")
ARGUMENTS_KEY: "Key" = ("arguments", "")
ALL_VARIABLES: "Key" = ("variable", "")


class State:
    """Values by key, and how to undo them; a later value of a folder hides older ones below it."""

    def __init__(self, files: "Files", folder: "str | None") -> None:
        self.files = files
        self.values: dict[Key, tuple[Any, int]] = {}
        self.journals: list[dict[Key, tuple[Any, int] | None]] = []
        self.count = 0
        self.repeats = 0
        self.set(FOLDER_KEY, folder)

    def set(self, key: "Key", value: "Any") -> None:
        """Give a key a value, so that it can be undone."""
        self.count += 1
        if self.journals and key not in self.journals[-1]:
            self.journals[-1][key] = self.values.get(key)
        self.values[key] = (value, self.count)

    def open(self) -> None:
        """Start to note what is changed."""
        self.journals.append({})

    def blur(self, outer: bool = False) -> None:
        """Forget the values of what was changed since `open`; go on noting.

        With `outer` it is what was changed since the `open` before.
        """
        for key, before in list(self.journals[-2 if outer else -1].items()):
            now = self.values[key]
            if before is None or now[0] is not before[0]:
                self.set(key, UNKNOWN)

    def close_maybe(self) -> None:
        """End noting; what was changed is not known, as the commands may not have run."""
        self.blur()
        self._merge(self.journals.pop())

    def close(self) -> None:
        """End noting; what was changed stays."""
        self._merge(self.journals.pop())

    def close_subshell(self) -> None:
        """End noting; files stay as they are, and the shell gets its own values back."""
        journal = self.journals.pop()
        for key, before in journal.items():
            if key[0] == "file":
                continue
            if before is None:
                del self.values[key]
            else:
                self.values[key] = before
        self._merge({key: before for key, before in journal.items() if key[0] == "file"})

    def _merge(self, journal: "dict[Key, tuple[Any, int] | None]") -> None:
        if self.journals:
            above = self.journals[-1]
            for key, before in journal.items():
                above.setdefault(key, before)

    # --- variables ---

    @property
    def folder(self) -> "str | None":
        """The folder that the shell is in, None where it is not known."""
        value = self.values[FOLDER_KEY][0]
        return value if isinstance(value, str) else None

    def variable(self, name: str) -> "str | None":
        """Return a variable's text, None where it is not known."""
        value = self.values.get(("variable", name))
        blurred = self.values.get(ALL_VARIABLES)
        if value is not None and (blurred is None or blurred[1] < value[1]):
            return value[0] if isinstance(value[0], str) else None
        if blurred is None:
            if name == "PWD":
                return self.folder
            if name == "HOME":
                return self.files.home
            if name in ("CLAUDE_PROJECT_DIR", "CURSOR_PROJECT_DIR"):
                return self.files.root
        return None

    # --- files ---

    def note(self, path: str, value: "bytes | Mark") -> None:
        """Note what a file is now; of a folder, and all below it."""
        self.set(("file", path), value)

    def noted(self, path: str) -> "Any":
        """Return what was noted last of a file or a folder above it, None where nothing was."""
        latest: tuple[Any, int] | None = None
        at = path
        while True:
            value = self.values.get(("file", at))
            plain = at != path and value is not None and value[0] is FOLDER
            if value is not None and not plain and (latest is None or value[1] > latest[1]):
                latest = value
            if at == "/" or not at:
                break
            at = at.rpartition("/")[0] or "/"
        return latest[0] if latest is not None else None

    def content(self, path: str) -> "bytes | Mark":
        """Return a file's bytes as they would be now, or why there are none."""
        if self.repeats:
            return UNKNOWN
        noted = self.noted(path)
        if noted is not None:
            found_before: bytes | Mark = noted
            return found_before
        found = self.files.read(path)
        if found is not None:
            return found
        kind = self.files.kind(path)
        return GONE if kind is None else FOLDER if kind == "folder" else UNKNOWN

    def is_folder(self, path: str) -> "bool | None":
        """Tell whether a path is a folder now, None where it cannot be told."""
        noted = self.noted(path)
        if noted is None:
            return self.files.kind(path) == "folder"
        if noted is FOLDER:
            return True
        if noted is UNKNOWN:
            # Programs hardly ever make a folder of a file, or a file of a folder.
            kind = self.files.kind(path)
            return None if kind is None else kind == "folder"
        return None if noted is LINK else False
