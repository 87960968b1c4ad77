"""The language server: texts in, and out what is wrong with them and what can be said of them."""

import asyncio
import contextlib
import logging
import os
import threading
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from bylaw import __version__
from bylaw.lsp.answers import Answers
from bylaw.lsp.documents import Document, Documents, Snapshot, file_of
from bylaw.lsp.measuring import Measuring
from bylaw.lsp.positions import Encoding
from bylaw.lsp.progress import Telling
from bylaw.lsp.protocol import Protocol, calm
from bylaw.lsp.publishing import Publishing
from bylaw.lsp.repositories import Repositories, Repository
from bylaw.lsp.roots import Roots
from bylaw.lsp.stream import BrokenMessageError, Writer, read_message, take_streams
from bylaw.preview.server.opening import fill_cache, is_cold

T = TypeVar("T")

_ALIVE_SECONDS = 5.0
"""How often the client's process is looked for."""
_SETTLE_SECONDS = 0.2
"""How long files have to be left alone before they are read again: a checkout changes many."""


class Server(LanguageServer):
    """One session with one client."""

    protocol: Protocol

    def __init__(self) -> None:
        # The threads of pygls stand still unless somebody asks for one.
        super().__init__(
            "bylaw", __version__, types.TextDocumentSyncKind.Incremental, protocol_cls=Protocol
        )
        self.documents = Documents()
        self.repositories = Repositories()
        self.roots = Roots()
        self.measuring = Measuring(self._measured)
        self.publishing = Publishing(self)
        self.ended = asyncio.Event()
        self._telling = Telling(self)
        self._stale: set[Path] = set()
        self._warmed: dict[Path, asyncio.Future[None]] = {}
        self._settling: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Future[Any]] = set()
        answers = Answers(self)
        for method, (handler, options) in answers.features().items():
            self.feature(method, options)(calm(handler, self.tell))
        for method in (types.INITIALIZED, types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS):
            self.feature(method)(calm(self._begun, self.tell))
        for method in (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, types.TEXT_DOCUMENT_DID_SAVE):
            self.feature(method)(calm(self._on_disk, self.tell))
        for method in _FILE_OPERATIONS:
            options = types.FileOperationRegistrationOptions(
                [types.FileOperationFilter(types.FileOperationPattern("**/*"), "file")]
            )
            self.feature(method, options)(calm(self._on_disk, self.tell))

    # --- what the client is ----------------------------------------------------------------------

    @property
    def encoding(self) -> Encoding:
        """The code units in which the client counts."""
        agreed = self.server_capabilities.position_encoding
        return "utf-16" if agreed is None else str(getattr(agreed, "value", agreed))  # type: ignore[return-value]

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders that the client works in."""
        known = [file_of(uri) for uri in self.workspace.folders]
        root = file_of(self.workspace.root_uri or "")
        return tuple(dict.fromkeys(each for each in (*known, root) if each is not None))

    def publish(self, uri: str, version: int | None, some: list[types.Diagnostic]) -> None:
        """Publish the diagnostics of a text."""
        params = types.PublishDiagnosticsParams(uri, some, version)
        self.text_document_publish_diagnostics(params)

    def tell(self, what: str) -> None:
        """Write to the client's log what has gone wrong."""
        with contextlib.suppress(Exception):
            message = types.LogMessageParams(types.MessageType.Warning, f"bylaw: {what}")
            self.window_log_message(message)

    # --- texts -----------------------------------------------------------------------------------

    def opened(self, params: types.DidOpenTextDocumentParams) -> None:
        """Take up a text."""
        given = params.text_document
        document = self.documents.open(given.uri, given.text, given.version)
        if document is not None:
            self.publishing.soon(document)

    def changed(self, params: types.DidChangeTextDocumentParams) -> None:
        """Change a text; one that is not open is none of ours."""
        document = self.documents.get(params.text_document.uri)
        if document is not None:
            document.change(params.content_changes, self.encoding)
            document.version = params.text_document.version
            self.publishing.soon(document)

    def closed(self, params: types.DidCloseTextDocumentParams) -> None:
        """Let a text go: what lies on disk counts again, for the others that are open."""
        document = self.documents.close(params.text_document.uri)
        if document is not None:
            self.publishing.clear(document)

    def place(self, uri: str) -> tuple[Document, Path, str] | None:
        """Return an open text, its repository and its path in that; None where it has none."""
        document = self.documents.get(uri)
        found = self.locate(document.file) if document is not None else None
        return (document, *found) if document is not None and found is not None else None

    def locate(self, file: Path) -> tuple[Path, str] | None:
        """Return the repository of a file, and the file's path in it."""
        file = Path(os.path.normpath(file))
        root = self.roots.of(file, self.folders)
        if root is None or not file.is_relative_to(root):
            return None
        return root, file.relative_to(root).as_posix()

    def snapshots(self, root: Path) -> dict[str, Snapshot]:
        """Return the open texts of a repository, as they are now, by their paths."""
        found: dict[str, Snapshot] = {}
        for document in self.documents:
            place = self.locate(document.file)
            if place is not None and place[0] == root:
                found[place[1]] = document.snapshot()
        return found

    # --- asking ----------------------------------------------------------------------------------

    async def ask(self, root: Path, function: Callable[[Repository], T]) -> T:
        """Return what a function says of a repository, called in the thread that it belongs to."""
        tell = self._telling.of(root)
        try:
            await self._warm(root, tell)
            return await asyncio.wrap_future(self.repositories.ask(root, function, tell))
        finally:
            self._telling.end(root)

    async def _warm(self, root: Path, tell: Callable[[str, int, int], None]) -> None:
        """Before a repository is opened, have other processes compile what is new of many ADRs."""
        if root not in self._warmed:
            self._warmed[root] = asyncio.ensure_future(_compile_first(root, tell))
        await asyncio.shield(self._warmed[root])

    def run(self, task: Coroutine[Any, Any, None]) -> None:
        """Let something go on by itself."""
        future = asyncio.ensure_future(task)
        self._tasks.add(future)
        future.add_done_callback(self._finished)

    def _finished(self, task: "asyncio.Future[Any]") -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self.tell(f"{type(error).__name__}: {error}"[:300])

    # --- what changes around us ------------------------------------------------------------------

    def _begun(self, _params: Any) -> None:
        """Have the client tell which files change."""
        if isinstance(_params, types.InitializedParams):
            self.run(self._watch_client())
            watched = self.client_capabilities.workspace
            can = watched.did_change_watched_files if watched is not None else None
            if can is not None and can.dynamic_registration:
                options = types.DidChangeWatchedFilesRegistrationOptions(_WATCHED)
                method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
                some = [types.Registration("bylaw-files", method, options)]
                self.client_register_capability(types.RegistrationParams(some))
            return
        self.roots.forget()
        for document in self.documents:
            self.publishing.soon(document)

    def _on_disk(self, params: Any) -> None:
        """Note that files have changed, and read their repositories again soon."""
        for uri in _uris(params):
            file = file_of(uri)
            if file is None:
                continue
            if file.name in {"bylaw.toml", "pyproject.toml", ".git"}:
                self.roots.forget()
            document = self.documents.get(uri)
            if document is not None:
                document.pristine = True
            place = self.locate(file)
            if place is not None and not place[1].startswith(".git/"):
                self._stale.add(place[0])
        if self._settling is not None:
            self._settling.cancel()
        loop = asyncio.get_running_loop()
        self._settling = loop.call_later(_SETTLE_SECONDS, self._reload)

    def _reload(self) -> None:
        roots, self._stale = self._stale, set()
        for root in roots:
            self.measuring.forget(root)
            self.run(self._read_again(root))

    async def _read_again(self, root: Path) -> None:
        if not root.is_dir():
            self.repositories.drop(root)
            self.roots.forget()
            return
        await self.ask(root, Repository.reload)
        for document in self.documents:
            self.publishing.soon(document)

    def _measured(self, root: Path, path: str) -> None:
        """Have the client ask again for what it shows of an impact."""
        del root, path
        capabilities = self.client_capabilities.workspace
        lens = capabilities.code_lens if capabilities is not None else None
        if lens is not None and lens.refresh_support:
            self.workspace_code_lens_refresh(None)

    # --- a session -------------------------------------------------------------------------------

    async def _watch_client(self) -> None:
        """End with the client's process, should it leave its pipes to another one."""
        number = self.process_id
        while number:
            await asyncio.sleep(_ALIVE_SECONDS)
            try:
                os.kill(number, 0)
            except ProcessLookupError:
                self.ended.set()
                return
            except OSError:
                return

    async def talk(self) -> int:
        """Serve the client on standard input and output; return the exit status."""
        reading, writing = take_streams()
        loop = asyncio.get_running_loop()
        inbox: asyncio.Queue[Any] = asyncio.Queue()

        def put(what: Any) -> None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(inbox.put_nowait, what)

        writer = Writer(writing, lambda: put(None))
        self.protocol.set_writer(writer)

        def read() -> None:
            while True:
                try:
                    message: Any = read_message(reading)
                except BrokenMessageError as error:
                    message = error
                except (OSError, ValueError, MemoryError):
                    message = None
                put(message)
                if message is None:
                    return

        threading.Thread(target=read, name="reader", daemon=True).start()
        gone = asyncio.ensure_future(self.ended.wait())
        status = await self._serve(inbox, gone)
        self.measuring.close()
        writer.close()
        return status

    async def _serve(self, inbox: "asyncio.Queue[Any]", gone: "asyncio.Future[Any]") -> int:
        while True:
            arriving = asyncio.ensure_future(inbox.get())
            await asyncio.wait({arriving, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not arriving.done():
                arriving.cancel()
                return 0
            message = arriving.result()
            if message is None:
                return 0
            if isinstance(message, BrokenMessageError):
                self.protocol.refuse(None, message.code, str(message))
            elif message.get("method") == types.EXIT:
                return 0 if self.protocol.was_shut_down else 1
            else:
                self.protocol.take(message)


_COMING_AND_GOING = types.WatchKind.Create | types.WatchKind.Delete
_READ = "**/{*.md,*.markdown,*.toml,*.json,*.yml,*.yaml,*.ini,*.cfg,CODEOWNERS,Makefile}"
_WATCHED = [
    types.FileSystemWatcher(_READ),
    types.FileSystemWatcher("**/*", _COMING_AND_GOING),
]
"""What decisions are made of and speak of; the content of code only changes impacts."""

_FILE_OPERATIONS = (
    types.WORKSPACE_DID_CREATE_FILES,
    types.WORKSPACE_DID_RENAME_FILES,
    types.WORKSPACE_DID_DELETE_FILES,
)


async def _compile_first(root: Path, tell: Callable[[str, int, int], None]) -> None:
    with contextlib.suppress(OSError):
        if await asyncio.to_thread(is_cold, root):
            await fill_cache(root, tell)


def _uris(params: Any) -> Iterable[str]:
    if isinstance(params, types.DidSaveTextDocumentParams):
        yield params.text_document.uri
    elif isinstance(params, types.DidChangeWatchedFilesParams):
        yield from (change.uri for change in params.changes)
    elif isinstance(params, types.RenameFilesParams):
        yield from (uri for each in params.files for uri in (each.old_uri, each.new_uri))
    else:
        yield from (each.uri for each in params.files)


def serve() -> int:
    """Serve one client until it goes, and return the exit status."""
    # What pygls logs is about messages, and those that matter are answered.
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    return asyncio.run(_session())


async def _session() -> int:
    return await Server().talk()
