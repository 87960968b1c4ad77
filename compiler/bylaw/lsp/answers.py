"""What the server answers: hover, completion, definition, references, actions, symbols."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types

from bylaw.diagnostics import Diagnostic
from bylaw.editing.actions import actions, made
from bylaw.editing.completion import complete
from bylaw.editing.model import Position
from bylaw.editing.places import definition, references
from bylaw.editing.symbols import folds, symbols
from bylaw.lsp.documents import Document, Snapshot
from bylaw.lsp.host import Host
from bylaw.lsp.hover import hover, hovered_constraint
from bylaw.lsp.positions import column, split_lines
from bylaw.lsp.publishing import Shown, texts_of
from bylaw.lsp.repositories import Repository, Texts
from bylaw.lsp.shown import (
    Speaker,
    code_action,
    completion_items,
    document_symbols,
    flat_symbols,
    location_links,
    workspace_edit,
)
from bylaw.preview.workspace import Linked

T = TypeVar("T")

_HOVER_SECONDS = 0.4
"""How long a hover waits for an impact that is nearly there."""


@dataclass
class _Asked:
    """A question about an open text, as it was when it was asked, in its repository's thread."""

    repository: Repository
    root: Path
    path: str
    documents: Mapping[str, Snapshot]
    texts: Texts
    linked: Linked
    speaker: Speaker

    @property
    def document(self) -> Snapshot:
        """The text."""
        return self.documents[self.path]

    @property
    def versions(self) -> Mapping[str, int | None]:
        """The versions of the open texts, by their paths."""
        return {path: each.version for path, each in self.documents.items()}


class Answers:
    """The handlers of requests, by their methods."""

    def __init__(self, server: Host) -> None:
        self._server = server

    def features(self) -> Mapping[str, tuple[Callable[[Any], Any], Any]]:
        """Return handler and options by method."""
        kinds = [types.CodeActionKind.QuickFix, types.CodeActionKind.RefactorRewrite]
        triggers = ["`", "[", "/", ".", " ", "-"]
        return {
            types.TEXT_DOCUMENT_HOVER: (self.hover, None),
            types.TEXT_DOCUMENT_COMPLETION: (
                self.completion,
                types.CompletionOptions(trigger_characters=triggers, resolve_provider=True),
            ),
            types.COMPLETION_ITEM_RESOLVE: (self.resolve, None),
            types.TEXT_DOCUMENT_DEFINITION: (self.definition, None),
            types.TEXT_DOCUMENT_REFERENCES: (self.references, None),
            types.TEXT_DOCUMENT_CODE_ACTION: (
                self.code_action,
                types.CodeActionOptions(code_action_kinds=kinds, resolve_provider=True),
            ),
            types.CODE_ACTION_RESOLVE: (self.resolve_action, None),
            types.TEXT_DOCUMENT_CODE_LENS: (self.code_lens, None),
            types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: (self.symbols, None),
            types.TEXT_DOCUMENT_FOLDING_RANGE: (self.folding, None),
        }

    async def _ask(self, uri: str, function: Callable[[_Asked], T]) -> T | None:
        """Return what a function says of an open ADR; None where it is none."""
        place = self._server.place(uri)
        if place is None:
            return None
        _, root, path = place
        documents = self._server.snapshots(root)
        encoding = self._server.encoding

        def answer(repository: Repository) -> T | None:
            texts = texts_of(repository, documents)
            if path not in texts:
                return None
            linked = repository.linked(texts)
            uris = {name: document.uri for name, document in documents.items()}
            speaker = Speaker(linked, encoding, uris)
            return function(_Asked(repository, root, path, documents, texts, linked, speaker))

        return await self._server.ask(root, answer)

    def _position(self, document: Snapshot, at: types.Position) -> Position:
        """Return a place as we count it."""
        lines = split_lines(document.text)
        if at.line >= len(lines):
            return len(lines) - 1, len(lines[-1])
        found = column(lines[at.line], at.character, self._server.encoding)
        if at.line == 0 and document.text.startswith("\ufeff"):
            found = max(0, found - 1)
        return at.line, found

    # --- completion ------------------------------------------------------------------------------

    async def completion(self, params: types.CompletionParams) -> types.CompletionList | None:
        """Return what may stand at a caret."""
        text = self._server.client_capabilities.text_document
        item = text.completion.completion_item if text is not None and text.completion else None
        snippets = bool(item is not None and item.snippet_support)

        def look(asked: _Asked) -> types.CompletionList:
            line, at = self._position(asked.document, params.position)
            some = complete(asked.linked, asked.path, line, at)
            source = asked.linked.source(asked.path)
            shown = source.lines[line] if source is not None and line < len(source.lines) else ""
            items = completion_items(asked.speaker, asked.path, shown, some, snippets=snippets)
            # What fits is decided here, so the client asks again at each key.
            return types.CompletionList(is_incomplete=True, items=items)

        return await self._ask(params.text_document.uri, look)

    async def resolve(self, item: types.CompletionItem) -> types.CompletionItem:
        """Return a completion with what there is to read about it."""
        data = item.data if isinstance(item.data, dict) else {}
        path, kind, label = (data.get(name) for name in ("path", "kind", "label"))
        document = next((d for d in self._server.documents if self._path(d) == path), None)
        if document is not None and isinstance(label, str) and kind in {"id", "decision"}:
            said = await self._ask(document.uri, lambda asked: _documentation(asked, label))
            if said:
                item.documentation = types.MarkupContent(types.MarkupKind.Markdown, said)
        elif isinstance(label, str) and kind == "shape":
            said = f"> {label}\n\n{data.get('detail') or ''}"
            item.documentation = types.MarkupContent(types.MarkupKind.Markdown, said)
        return item

    def _path(self, document: Document) -> str | None:
        place = self._server.locate(document.file)
        return place[1] if place is not None else None

    # --- hover -----------------------------------------------------------------------------------

    async def hover(self, params: types.HoverParams) -> types.Hover | None:
        """Return what there is to say of a place; what would break is measured meanwhile."""
        uri = params.text_document.uri

        def find(asked: _Asked) -> tuple[Path, str, str | None] | None:
            at = self._position(asked.document, params.position)
            named = hovered_constraint(asked.linked, asked.path, at)
            if named is None:
                return None
            path = named[0].header.path
            data = asked.texts.get(path)
            text = data.decode("utf-8", "surrogateescape") if data is not None else None
            return asked.root, path, text

        about = await self._ask(uri, find)
        measured = None
        if about is not None:
            measured = await self._server.measuring.wait(*about, _HOVER_SECONDS)

        def look(asked: _Asked) -> types.Hover | None:
            at = self._position(asked.document, params.position)
            of = about[1] if about is not None else asked.path
            preview = asked.repository.preview(asked.texts, of)
            found = hover(asked.linked, preview, asked.path, at, measured)
            if found is None:
                return None
            said = types.MarkupContent(types.MarkupKind.Markdown, found[0])
            return types.Hover(said, asked.speaker.range(asked.path, found[1]))

        return await self._ask(uri, look)

    async def code_lens(self, params: types.CodeLensParams) -> list[types.CodeLens] | None:
        """Return over each constraint how many violations it has, once that is known."""

        def look(asked: _Asked) -> list[types.CodeLens]:
            data = asked.texts[asked.path]
            text = data.decode("utf-8", "surrogateescape")
            known = self._server.measuring.known(asked.root, asked.path, text)
            preview = asked.repository.preview(asked.texts, asked.path)
            found = []
            for view in preview.statements if preview is not None and known is not None else ():
                count = known.counts.get(view.key) if known is not None else None
                if count is not None:
                    word = "violation" if count == 1 else "violations"
                    at = (view.span.line - 1, view.span.column - 1)
                    where = asked.speaker.range(asked.path, (at, at))
                    found.append(types.CodeLens(where, types.Command(f"{count} {word} today", "")))
            return found

        return await self._ask(params.text_document.uri, look)

    # --- places ----------------------------------------------------------------------------------

    async def definition(self, params: types.DefinitionParams) -> Any:
        """Return where that stands which is named at a place."""
        text = self._server.client_capabilities.text_document
        links = bool(text is not None and text.definition and text.definition.link_support)

        def look(asked: _Asked) -> Any:
            at = self._position(asked.document, params.position)
            found = definition(asked.linked, asked.path, at)
            if found is None:
                return None
            return location_links(asked.speaker, found, asked.path, links=links)

        return await self._ask(params.text_document.uri, look)

    async def references(self, params: types.ReferenceParams) -> list[types.Location] | None:
        """Return where that is named which stands at a place."""

        def look(asked: _Asked) -> list[types.Location]:
            at = self._position(asked.document, params.position)
            declared = params.context.include_declaration
            found = references(asked.linked, asked.path, at, declared=declared)
            return [asked.speaker.location(each.path, each.selection) for each in found]

        return await self._ask(params.text_document.uri, look)

    # --- actions and outlines --------------------------------------------------------------------

    async def code_action(self, params: types.CodeActionParams) -> list[types.CodeAction] | None:
        """Return what can be done about a range."""
        wanted = params.context.only
        workspace = self._server.client_capabilities.workspace
        edits = workspace.workspace_edit if workspace is not None else None
        versioned = bool(edits is not None and edits.document_changes)
        text = self._server.client_capabilities.text_document
        can = text.code_action.resolve_support if text is not None and text.code_action else None
        later = can is not None and "edit" in can.properties

        def look(asked: _Asked) -> list[types.CodeAction]:
            start = self._position(asked.document, params.range.start)
            end = self._position(asked.document, params.range.end)
            preview = asked.repository.preview(asked.texts, asked.path)
            some = preview.diagnostics if preview is not None else ()
            text = asked.texts[asked.path].decode("utf-8", "surrogateescape")
            known = self._server.measuring.known(asked.root, asked.path, text)
            paths = known.paths if known is not None and known.state == "done" else None

            def violated(full_id: str) -> tuple[str, ...] | None:
                return None if paths is None else paths.get(full_id, ())

            found = actions(asked.linked, asked.path, (start, end), some, violated, later=later)
            shown = _shown(asked.document)
            return [
                code_action(
                    asked.speaker, asked.path, each, shown, asked.versions, versioned=versioned
                )
                for each in found
            ]

        made = await self._ask(params.text_document.uri, look)
        if made is None or wanted is None:
            return made
        kinds = tuple(f"{getattr(kind, 'value', kind)}." for kind in wanted)
        return [action for action in made if f"{_kind(action)}.".startswith(kinds)]

    async def resolve_action(self, action: types.CodeAction) -> types.CodeAction:
        """Return an action with its edits, which took too long to make for one that is not taken.

        What has been typed since has its own actions.
        """
        data = action.data if isinstance(action.data, dict) else {}
        uri, version, example = (data.get(name) for name in ("uri", "version", "example"))
        if not isinstance(uri, str) or not isinstance(example, list):
            return action
        workspace = self._server.client_capabilities.workspace
        edits = workspace.workspace_edit if workspace is not None else None
        versioned = bool(edits is not None and edits.document_changes)

        def look(asked: _Asked) -> types.WorkspaceEdit | None:
            if asked.document.version != version:
                return None
            some = made(asked.linked, asked.path, tuple(example))
            return workspace_edit(asked.speaker, some, asked.versions if versioned else None)

        action.edit = await self._ask(uri, look)
        return action

    async def symbols(self, params: types.DocumentSymbolParams) -> Any:
        """Return the outline of an ADR."""
        text = self._server.client_capabilities.text_document
        symbol = text.document_symbol if text is not None else None
        nested = bool(symbol is not None and symbol.hierarchical_document_symbol_support)

        def look(asked: _Asked) -> Any:
            some = symbols(asked.linked, asked.path)
            if nested:
                return document_symbols(asked.speaker, asked.path, some)
            return list(flat_symbols(asked.speaker, asked.path, some))

        return await self._ask(params.text_document.uri, look)

    async def folding(self, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
        """Return the sections that can be folded."""

        def look(asked: _Asked) -> list[types.FoldingRange]:
            return [types.FoldingRange(*each) for each in folds(asked.linked, asked.path)]

        return await self._ask(params.text_document.uri, look)


def _kind(action: types.CodeAction) -> str:
    return str(getattr(action.kind, "value", action.kind or ""))


def _shown(document: Snapshot) -> Callable[[Diagnostic], types.Diagnostic | None]:
    """Return what finds a diagnostic as the client has it."""
    shown = document.known
    pairs = zip(shown.known, shown.some, strict=False) if isinstance(shown, Shown) else ()
    return dict(pairs).get


def _documentation(asked: _Asked, label: str) -> str | None:
    """Return what to read about a constraint or a decision that is offered."""
    program = asked.linked.program
    decision, _, identity = label.rpartition("/")
    own = program.by_path.get(asked.path)
    units = program.by_id.get(decision, []) if decision else [own] if own is not None else []
    for unit in units:
        for statement in unit.decision.statements:
            if getattr(statement, "id", None) == identity:
                return f"> {statement.sentence}\n\n{unit.header.title}"
    return None
