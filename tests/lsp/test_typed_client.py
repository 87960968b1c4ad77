"""A client that holds every answer against the protocol's own types understands all of them."""

import asyncio
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import BaseLanguageClient  # type: ignore[attr-defined] # by its own guide

from tests.apart import run_apart
from tests.lsp.client import BYLAW, PATIENCE

HEAD = "# 99. New\n\n## Status\n\nAccepted\n\n## Constraints\n\n"
TEXT = (
    f"{HEAD}- [a-b] Modules in `shop.web` MUST NOT imprt `x`.\n"
    "- [c-d] Code in `src/shop/**` MUST NOT call `breakpoint`.\n"
    "- Waiver for [c-d]: `src/shop/money.py` until 2030-01-01, approved by `@a`, because b.\n"
)
LINE = HEAD.count("\n")


async def talk(root: Path) -> dict[str, Any]:
    client = BaseLanguageClient("typed", "1")
    published: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
    said: list[str] = []
    client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(
        lambda each: published.put_nowait(each)  # noqa: PLW0108 - pygls writes on what it is given
    )
    client.feature(types.WINDOW_LOG_MESSAGE)(lambda each: said.append(each.message))
    await client.start_io(BYLAW, "lsp")
    begun = await client.initialize_async(
        types.InitializeParams(
            types.ClientCapabilities(
                general=types.GeneralClientCapabilities(
                    position_encodings=[types.PositionEncodingKind.Utf32]
                )
            ),
            root_uri=root.as_uri(),
        )
    )
    client.initialized(types.InitializedParams())
    uri = (root / "docs/adr/0099-new.md").as_uri()
    item = types.TextDocumentItem(uri, "markdown", 1, TEXT)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    document = types.TextDocumentIdentifier(uri)
    first = await asyncio.wait_for(published.get(), PATIENCE)
    at = types.Position(LINE + 1, 20)
    span = types.Range(types.Position(LINE, 0), types.Position(LINE + 1, 60))
    context = types.CodeActionContext(first.diagnostics)
    references = types.ReferenceContext(include_declaration=True)
    found: dict[str, Any] = {
        "encoding": begun.capabilities.position_encoding,
        "diagnostics": [each.code for each in first.diagnostics],
        "hover": await client.text_document_hover_async(types.HoverParams(document, at)),
        "completion": await client.text_document_completion_async(
            types.CompletionParams(document, at)
        ),
        "definition": await client.text_document_definition_async(
            types.DefinitionParams(document, types.Position(LINE + 2, 15))
        ),
        "references": await client.text_document_references_async(
            types.ReferenceParams(references, document, at)
        ),
        "actions": await client.text_document_code_action_async(
            types.CodeActionParams(document, span, context)
        ),
        "symbols": await client.text_document_document_symbol_async(
            types.DocumentSymbolParams(document)
        ),
        "folds": await client.text_document_folding_range_async(types.FoldingRangeParams(document)),
        "lens": await client.text_document_code_lens_async(types.CodeLensParams(document)),
    }
    await client.shutdown_async(None)
    client.exit(None)
    await asyncio.wait_for(client.stop(), PATIENCE)  # type: ignore[no-untyped-call]
    found["said"] = said
    return found


def test_every_answer_is_of_its_type(kept_shop: Path) -> None:
    found = run_apart(talk(kept_shop))
    assert found["encoding"] == types.PositionEncodingKind.Utf32
    assert found["diagnostics"] == ["BL013"]
    assert "breakpoint" in found["hover"].contents.value
    assert isinstance(found["completion"], types.CompletionList)
    assert found["definition"][0].range.start.line == LINE + 1
    assert [each.range.start.line for each in found["references"]] == [LINE + 1, LINE + 2]
    assert "Write `import`" in [each.title for each in found["actions"]]
    assert [each.name for each in found["symbols"]][-3:] == ["rejected", "c-d", "waiver"]
    assert found["folds"]
    assert len(found["lens"]) <= 1, "the number is there once it is known"
    assert found["said"] == []
