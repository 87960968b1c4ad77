"""What a tool call would do, one effect after the other, with paths from the repository's root."""

from bylaw.checkpoint.plain import Plain

TYPE_CHECKING = False  # `typing` takes longer to import than a call takes to read
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    from bylaw.checkpoint.calls import Extent


class Write(Plain):
    """A file has this content afterwards; None where it cannot be told, and `why`.

    With the extent `tree` any file at or below `path` may be written, with `glob` any that
    matches; their content is never told. `path` is empty for the repository's root.
    """

    __slots__ = ("content", "extent", "path", "why")

    def __init__(
        self, path: str, content: "bytes | None", why: str = "", extent: "Extent" = "file"
    ) -> None:
        self.path = path
        self.content = content
        self.why = why
        self.extent = extent


class Remove(Plain):
    """A file is gone afterwards; with `tree` all at and below the path, with `glob` all matches."""

    __slots__ = ("extent", "path")

    def __init__(self, path: str, extent: "Extent" = "file") -> None:
        self.path = path
        self.extent = extent


class Read(Plain):
    """A file's content gets to the agent; the extent as with Remove."""

    __slots__ = ("extent", "path")

    def __init__(self, path: str, extent: "Extent" = "file") -> None:
        self.path = path
        self.extent = extent


class Outside(Plain):
    """A file outside the repository, or in `.git`, is touched; `path` is absolute."""

    __slots__ = ("path", "what")

    def __init__(self, path: str, what: "Literal['write', 'remove', 'read']") -> None:
        self.path = path
        self.what = what


class Run(Plain):
    """A program is started with these words, its name first.

    A word that the text does not tell stands as it is written (`$X`), and `told` is False. A
    command with a wrapper (`sudo`, `env`, `xargs`, `bash -c` …) gives one Run as it is written
    and one for each command within.
    """

    __slots__ = ("told", "words")

    def __init__(self, words: "tuple[str, ...]", told: bool = True) -> None:
        self.words = words
        self.told = told


class Install(Plain):
    """A package is added: its registry, name, version range as written, and if for development.

    `name` is None where it is a file, an address or a name that the text does not tell; `written`
    is the argument as it stands. `folder` is the absolute path of the one that the command runs
    in, None where it is not known.
    """

    __slots__ = ("dev", "folder", "name", "registry", "requirement", "written")

    def __init__(  # noqa: PLR0917 - what is known of a package
        self,
        registry: "Literal['pypi', 'npm', 'go', 'crates']",
        name: "str | None",
        requirement: str,
        written: str,
        dev: bool = False,
        folder: "str | None" = None,
    ) -> None:
        self.folder = folder
        self.registry = registry
        self.name = name
        self.requirement = requirement
        self.written = written
        self.dev = dev


class Spend(Plain):
    """What the agent says it has spent."""

    __slots__ = ("minutes", "tokens", "usd")

    def __init__(self, tokens: int = 0, minutes: float = 0, usd: float = 0) -> None:
        self.tokens = tokens
        self.minutes = minutes
        self.usd = usd


class Fails(Plain):
    """The host itself will refuse the call, so that nothing happens, and why."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason


class Opaque(Plain):
    """It cannot be told what is done.

    `program`: a program runs that may write files, and nothing hides it (`make`, a test run); what
    it has written is settled afterwards. `code`: inline code of another language runs.
    `hidden`: the text itself does not say what is run or written: a computed name, a folder that
    is not known, text that is no shell.
    """

    __slots__ = ("reason", "sort")

    def __init__(
        self, reason: str, sort: "Literal['program', 'code', 'hidden']" = "hidden"
    ) -> None:
        self.reason = reason
        self.sort = sort


if TYPE_CHECKING:
    Effect: TypeAlias = Write | Remove | Read | Outside | Run | Install | Spend | Fails | Opaque
