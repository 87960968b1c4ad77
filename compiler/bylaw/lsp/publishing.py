"""Diagnostics while one types: soon after the last key, and in the other open files, too."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types

from bylaw.config_source import FILE
from bylaw.diagnostics import Diagnostic
from bylaw.lsp.documents import Document, Snapshot
from bylaw.lsp.host import Host
from bylaw.lsp.repositories import Repository, Texts
from bylaw.lsp.shown import Speaker, diagnostics

_PAUSE_SECONDS = 0.05
"""A pause in typing; what is asked for within it is answered once."""
_LONGEST_SECONDS = 0.3
"""However fast one types, something is shown after this."""


class Shown(NamedTuple):
    """Diagnostics of one state of a text, as the client gets them and as they are."""

    some: list[types.Diagnostic]
    known: tuple[Diagnostic, ...]


class Publishing:
    """Publishes what is wrong with the open texts, the one that has changed first."""

    def __init__(self, server: Host) -> None:
        self._server = server
        self._wanted: dict[str, float] = {}
        """The addresses of texts to look at, and when that was asked first."""
        self._timer: asyncio.TimerHandle | None = None
        self._busy = False
        self._configured: dict[Path, bool] = {}

    def soon(self, document: Document) -> None:
        """Look at a text after a pause."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        first = self._wanted.pop(document.uri, now)
        self._wanted[document.uri] = first
        if self._timer is not None:
            self._timer.cancel()
        wait = max(0.0, min(_PAUSE_SECONDS, first + _LONGEST_SECONDS - now))
        self._timer = loop.call_later(wait, self._start)

    def clear(self, document: Document) -> None:
        """Take back what was published of a text that is closed, and look at the others."""
        self._wanted.pop(document.uri, None)
        self._server.publish(document.uri, None, [])
        for other in self._server.documents:
            self.soon(other)

    def _start(self) -> None:
        if not self._busy and self._wanted:
            self._busy = True
            self._server.run(self._run())

    async def _run(self) -> None:
        try:
            while self._wanted:
                wanted, self._wanted = list(self._wanted), {}
                roots: dict[Path, list[str]] = {}
                for uri in reversed(wanted):
                    place = self._server.place(uri)
                    if place is not None:
                        roots.setdefault(place[1], []).append(uri)
                for root, uris in roots.items():
                    await self._refresh(root, uris)
        finally:
            self._busy = False

    async def _refresh(self, root: Path, changed: list[str]) -> None:
        """Publish all of a repository's open texts, those that have changed first."""
        documents = self._server.snapshots(root)
        texts = await self._server.ask(root, lambda repo: texts_of(repo, documents))
        order = sorted(documents, key=lambda path: documents[path].uri not in changed)
        for path in order:
            document = documents[path]
            look = partial(self._look, texts=texts, path=path, documents=documents)
            shown = await self._server.ask(root, look)
            now = self._server.documents.get(document.uri)
            # What has gone on meanwhile is looked at in its turn.
            if now is None or now.text != document.text:
                continue
            if shown is not None:
                now.shown = shown
                self._server.publish(document.uri, now.version, shown.some)
            elif now.shown is not None:
                now.shown = None
                self._server.publish(document.uri, now.version, [])
        await self._publish_configuration(root, documents)

    def _look(
        self, repository: Repository, texts: Texts, path: str, documents: Mapping[str, Snapshot]
    ) -> Shown | None:
        if path not in texts:
            return None
        linked = repository.linked(texts)
        preview = repository.preview(texts, path)
        if preview is None:
            return None
        some = tuple(each for each in preview.diagnostics if not linked.config.allows(each))
        uris = {name: document.uri for name, document in documents.items()}
        return Shown(diagnostics(Speaker(linked, self._server.encoding, uris), path, some), some)

    async def _publish_configuration(self, root: Path, documents: Mapping[str, Snapshot]) -> None:
        """Publish what is wrong with the configuration as it lies on disk."""

        def look(repository: Repository) -> list[tuple[str, list[types.Diagnostic]]]:
            uris = {name: document.uri for name, document in documents.items()}
            linked = repository.workspace.on_disk
            speaker = Speaker(linked, self._server.encoding, uris)
            return [
                (speaker.uri(path), diagnostics(speaker, path, some))
                for path, some in _by_path(repository.workspace.faults)
            ]

        found = await self._server.ask(root, look)
        if found or self._configured.get(root):
            known = dict(found) or {root.joinpath(FILE).as_uri(): []}
            for uri, some in known.items():
                self._server.publish(uri, None, some)
        self._configured[root] = bool(found)


def _by_path(faults: Iterable[Diagnostic]) -> Iterator[tuple[str, list[Diagnostic]]]:
    found: dict[str, list[Diagnostic]] = {}
    for each in faults:
        found.setdefault(each.span.path if each.span is not None else FILE, []).append(each)
    yield from found.items()


def texts_of(repository: Repository, documents: Mapping[str, Snapshot]) -> Texts:
    """Return the open texts that are ADRs, by their paths.

    A file that is not UTF-8 is shown to the client as something else, which is not what counts.
    """
    found: dict[str, bytes] = {}
    for path, document in documents.items():
        if not repository.is_adr(path):
            continue
        data = document.data
        if document.pristine:
            on_disk = repository.workspace.on_disk.data(path)
            if on_disk is not None and not _is_text(on_disk):
                data = on_disk
        found[path] = data
    return found


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
