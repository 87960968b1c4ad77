"""What the parts of the server need of the whole."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Protocol, TypeVar

from lsprotocol import types

from bylaw.lsp.documents import Document, Documents, Snapshot
from bylaw.lsp.measuring import Measuring
from bylaw.lsp.positions import Encoding
from bylaw.lsp.repositories import Repository

T = TypeVar("T")


class Host(Protocol):
    """One session with one client; `bylaw.lsp.server` has it."""

    documents: Documents
    measuring: Measuring

    @property
    def encoding(self) -> Encoding:
        """The code units in which the client counts."""

    @property
    def client_capabilities(self) -> types.ClientCapabilities:
        """What the client can do."""

    @property
    def work_done_progress(self) -> Any:
        """What tells the client how far something is."""

    def place(self, uri: str) -> tuple[Document, Path, str] | None:
        """Return an open text, its repository and its path in that; None where it has none."""

    def locate(self, file: Path) -> tuple[Path, str] | None:
        """Return the repository of a file, and the file's path in it."""

    def snapshots(self, root: Path) -> dict[str, Snapshot]:
        """Return the open texts of a repository, as they are now, by their paths."""

    def ask(self, root: Path, function: Callable[[Repository], T]) -> Coroutine[Any, Any, T]:
        """Return what a function says of a repository, called in the thread that it belongs to."""

    def run(self, task: Coroutine[Any, Any, None]) -> None:
        """Let something go on by itself."""

    def publish(self, uri: str, version: int | None, some: list[types.Diagnostic]) -> None:
        """Publish the diagnostics of a text."""
