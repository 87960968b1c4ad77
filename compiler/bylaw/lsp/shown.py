"""The protocol's words for what is shown: diagnostics, completions, symbols, edits."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from lsprotocol import types

from bylaw.diagnostics import Diagnostic, Severity
from bylaw.editing.actions import Action
from bylaw.editing.model import Completion, Edit, Kind, Position
from bylaw.editing.places import Place, Range, range_of
from bylaw.editing.symbols import Symbol
from bylaw.lsp.positions import Encoding, units
from bylaw.preview.workspace import Linked
from bylaw.source import BOM, Source

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}
_KINDS: Mapping[Kind, types.CompletionItemKind] = {
    "shape": types.CompletionItemKind.Snippet,
    "subject": types.CompletionItemKind.Keyword,
    "modal": types.CompletionItemKind.Keyword,
    "predicate": types.CompletionItemKind.Keyword,
    "tail": types.CompletionItemKind.Keyword,
    "word": types.CompletionItemKind.Keyword,
    "module": types.CompletionItemKind.Module,
    "package": types.CompletionItemKind.Module,
    "path": types.CompletionItemKind.File,
    "folder": types.CompletionItemKind.Folder,
    "key": types.CompletionItemKind.Property,
    "value": types.CompletionItemKind.Value,
    "command": types.CompletionItemKind.Event,
    "id": types.CompletionItemKind.Reference,
    "status": types.CompletionItemKind.EnumMember,
    "decision": types.CompletionItemKind.Reference,
}
_SYMBOLS = {
    "section": types.SymbolKind.Namespace,
    "constraint": types.SymbolKind.Property,
    "permission": types.SymbolKind.Interface,
    "waiver": types.SymbolKind.Event,
    "guidance": types.SymbolKind.String,
    "note": types.SymbolKind.String,
    "rejected": types.SymbolKind.Null,
}
_MOST_DIAGNOSTICS = 1000
"""Beyond this nobody reads on, and some editors stand still."""


class Speaker:
    """Puts places of one state of the decisions into a client's units."""

    def __init__(self, linked: Linked, encoding: Encoding, uris: Mapping[str, str]) -> None:
        self._linked = linked
        self._encoding = encoding
        self._uris = uris
        self._sources: dict[str, Source | None] = {}

    def uri(self, path: str) -> str:
        """Return the address of a file: as the client has called it, where it has it open."""
        known = self._uris.get(path)
        return known if known is not None else Path(self._linked.root, path).as_uri()

    def position(self, path: str, at: Position) -> types.Position:
        """Return a place of a file."""
        line, column = at
        source = self._source(path)
        text = source.lines[line] if source is not None and line < len(source.lines) else ""
        character = units(text[:column], self._encoding)
        # A byte order mark that the client has sent is a character of its text, and none of ours.
        if line == 0 and path in self._uris and source is not None and source.data[:3] == BOM:
            character += units("\ufeff", self._encoding)
        return types.Position(line, character)

    def range(self, path: str, span: Range) -> types.Range:
        """Return a range of a file."""
        return types.Range(self.position(path, span[0]), self.position(path, span[1]))

    def text(self, path: str, text: str) -> str:
        """Return a text with the line ends of a file."""
        source = self._source(path)
        ends = source is not None and b"\r\n" in source.data
        return text.replace("\n", "\r\n") if ends else text

    def location(self, path: str, span: Range) -> types.Location:
        """Return a range with its file."""
        return types.Location(self.uri(path), self.range(path, span))

    def _source(self, path: str) -> Source | None:
        if path not in self._sources:
            self._sources[path] = self._linked.source(path)
        return self._sources[path]


# --- diagnostics -------------------------------------------------------------------------------


def diagnostics(speaker: Speaker, path: str, some: Iterable[Diagnostic]) -> list[types.Diagnostic]:
    """Return diagnostics as they are shown in one file."""
    found: list[types.Diagnostic] = []
    for each in some:
        if len(found) >= _MOST_DIAGNOSTICS:
            break
        found.append(_diagnostic(speaker, path, each))
    return found


def _diagnostic(speaker: Speaker, path: str, fault: Diagnostic) -> types.Diagnostic:
    here = fault.span if fault.span is not None and fault.span.path == path else None
    others = [(label.span, label.message) for label in fault.labels]
    if here is None:
        here = next((span for span, _ in others if span.path == path), None)
        if fault.span is not None:
            others.insert(0, (fault.span, fault.note or fault.message))
    related = [
        types.DiagnosticRelatedInformation(speaker.location(span.path, range_of(span)), message)
        for span, message in others
        if span is not here
    ]
    span = ((0, 0), (0, 0)) if here is None else range_of(here)
    return types.Diagnostic(
        speaker.range(path, span),
        message_of(fault),
        severity=_SEVERITIES[fault.severity],
        code=fault.code,
        source="bylaw",
        related_information=related or None,
    )


def message_of(fault: Diagnostic) -> str:
    """Return a diagnostic's message with what stands beside its caret, and the help below it."""
    note = f": {fault.note}" if fault.note else ""
    return f"{fault.message}{note}" + (f"\nhelp: {fault.help}" if fault.help else "")


# --- completion --------------------------------------------------------------------------------


def completion_items(
    speaker: Speaker, path: str, line: str, some: Iterable[Completion], *, snippets: bool
) -> list[types.CompletionItem]:
    """Return completions in their order, which no client is to change; `line` is the caret's."""
    return [
        _item(speaker, path, line, each, number, snippets=snippets)
        for number, each in enumerate(some)
    ]


def _item(
    speaker: Speaker, path: str, line: str, each: Completion, number: int, *, snippets: bool
) -> types.CompletionItem:
    typed = line[each.start[1] : each.end[1]]
    snippet = each.snippet if snippets else None
    text = each.insert if snippet is None else snippet
    fits = each.insert.casefold().startswith(typed.casefold())
    return types.CompletionItem(
        each.label,
        kind=_KINDS[each.kind],
        detail=each.detail or None,
        sort_text=f"{number:04}",
        # What was found otherwise than by its beginning would be filtered out by the client.
        filter_text=each.insert if fits else typed + each.insert,
        insert_text_format=(
            types.InsertTextFormat.PlainText if snippet is None else types.InsertTextFormat.Snippet
        ),
        insert_text_mode=types.InsertTextMode.AsIs,
        text_edit=types.TextEdit(
            speaker.range(path, (each.start, each.end)), speaker.text(path, text)
        ),
        data={"path": path, "kind": each.kind, "label": each.label, "detail": each.detail},
    )


# --- the rest ----------------------------------------------------------------------------------


def document_symbols(
    speaker: Speaker, path: str, some: Iterable[Symbol]
) -> list[types.DocumentSymbol]:
    """Return an outline, nested."""
    return [
        types.DocumentSymbol(
            each.name,
            _SYMBOLS[each.kind],
            speaker.range(path, each.span),
            speaker.range(path, each.selection),
            detail=each.detail or None,
            children=document_symbols(speaker, path, each.children),
        )
        for each in some
    ]


def flat_symbols(
    speaker: Speaker, path: str, some: Iterable[Symbol], above: str | None = None
) -> Iterator[types.SymbolInformation]:
    """Yield an outline for a client that knows no nesting."""
    for each in some:
        where = speaker.location(path, each.span)
        yield types.SymbolInformation(where, each.name, _SYMBOLS[each.kind], container_name=above)
        yield from flat_symbols(speaker, path, each.children, each.name)


def location_links(
    speaker: Speaker, found: tuple[Place, Range], path: str, *, links: bool
) -> list[types.LocationLink] | list[types.Location]:
    """Return where something stands, with where it is named if the client wants to know."""
    place, at = found
    if not links:
        return [speaker.location(place.path, place.selection)]
    return [
        types.LocationLink(
            speaker.uri(place.path),
            speaker.range(place.path, place.span),
            speaker.range(place.path, place.selection),
            origin_selection_range=speaker.range(path, at),
        )
    ]


def code_action(
    speaker: Speaker,
    path: str,
    action: Action,
    shown: Callable[[Diagnostic], types.Diagnostic | None],
    versions: Mapping[str, int | None],
    *,
    versioned: bool,
) -> types.CodeAction:
    """Return an action; `shown` returns a diagnostic as the client has it."""
    mended = shown(action.diagnostic) if action.diagnostic is not None else None
    data = None
    if action.example is not None and not action.edits:
        uri = speaker.uri(path)
        data = {"uri": uri, "version": versions.get(path), "example": list(action.example)}
    return types.CodeAction(
        action.title,
        kind=(
            types.CodeActionKind.QuickFix
            if action.group == "quickfix"
            else types.CodeActionKind.RefactorRewrite
        ),
        diagnostics=[mended] if mended is not None else None,
        edit=None
        if data is not None
        else workspace_edit(speaker, action.edits, versions if versioned else None),
        data=data,
    )


def workspace_edit(
    speaker: Speaker, edits: Iterable[Edit], versions: Mapping[str, int | None] | None
) -> types.WorkspaceEdit:
    """Return edits; with `versions` they hold only for the texts that they were made for."""
    by_path: dict[str, list[types.TextEdit]] = {}
    for edit in edits:
        by_path.setdefault(edit.path, []).append(_edit(speaker, edit))
    if versions is None:
        return types.WorkspaceEdit(changes={speaker.uri(p): some for p, some in by_path.items()})
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(
                    speaker.uri(path), versions.get(path)
                ),
                list(some),
            )
            for path, some in by_path.items()
        ]
    )


def _edit(speaker: Speaker, edit: Edit) -> types.TextEdit:
    text = speaker.text(edit.path, edit.text)
    return types.TextEdit(speaker.range(edit.path, (edit.start, edit.end)), text)
