"""The protocol's own bookkeeping: who may say what when, and which texts are open.

pygls keeps texts of its own and counts their lines otherwise than the protocol does, so the three
messages that change texts are taken over; what starts and ends a session is its as ever.
"""

import contextvars
import inspect
import json
from collections.abc import Callable
from typing import Any

from lsprotocol import types
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.language_server import lsp_method

from bylaw.lsp.stream import BrokenMessageError, Message

_NOT_INITIALIZED = -32002
_INVALID_REQUEST = -32600
_INVALID_PARAMS = -32602


class Protocol(LanguageServerProtocol):
    """pygls's protocol, with texts of our own and an answer to whatever arrives."""

    _server: Any
    """A `Host`, and pygls's server besides."""

    def take(self, message: Message) -> None:
        """Take up one message; a request that cannot be served is answered with why."""
        method, number = message.get("method"), message.get("id")
        if isinstance(method, str) and "id" in message and (refused := self._refusal(method)):
            self.refuse(number, *refused)
            return
        if isinstance(method, str) and "id" not in message and self._workspace is None:
            return
        try:
            if isinstance(number, bool | float | list | dict):
                raise BrokenMessageError(_INVALID_REQUEST, "an id that is neither text nor number")
            structured = self.structure_message(message)
        except BrokenMessageError as error:
            self.refuse(None, error.code, str(error))
        except Exception as error:
            if isinstance(method, str) and "id" in message:
                self.refuse(number, _INVALID_PARAMS, f"`{method}` does not take this")
            else:
                self._server.tell(f"a message that cannot be read: {type(error).__name__}")
        else:
            if hasattr(structured, "jsonrpc"):
                contextvars.copy_context().run(self._handle, structured)

    def _handle(self, structured: Any) -> None:
        try:
            self.handle_message(structured)
        except Exception as error:
            self._server.tell(f"a message that cannot be served: {type(error).__name__}")

    def _refusal(self, method: str) -> tuple[int, str] | None:
        if self._workspace is None and method != types.INITIALIZE:
            return _NOT_INITIALIZED, "nothing may be asked before `initialize`"
        if self._workspace is not None and method == types.INITIALIZE:
            return _INVALID_REQUEST, "`initialize` comes once"
        if self._shutdown:
            return _INVALID_REQUEST, "nothing may be asked after `shutdown`"
        return None

    @property
    def was_shut_down(self) -> bool:
        """Whether the client has said that it will go."""
        return self._shutdown

    def refuse(self, number: Any, code: int, reason: str) -> None:
        """Answer a request with an error."""
        identity = number if isinstance(number, int | str) else None
        error = {"code": code, "message": reason}
        body = json.dumps({"jsonrpc": "2.0", "id": identity, "error": error}).encode()
        if self.writer is not None:
            self.writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        """Take up a text."""
        self._server.opened(params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Change a text."""
        self._server.changed(params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        """Let a text go."""
        self._server.closed(params)


def calm(handler: Callable[..., Any], tell: Callable[[str], None]) -> Callable[..., Any]:
    """Make a handler answer nothing where it fails: the next question may well be answered."""

    async def answer(params: Any) -> Any:
        try:
            found = handler(params)
            return await found if inspect.isawaitable(found) else found
        except Exception as error:
            tell(f"{handler.__name__}: {type(error).__name__}: {error}"[:300])
            return None

    return answer
