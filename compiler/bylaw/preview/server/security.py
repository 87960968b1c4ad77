"""Who may talk to the server: whoever has read the token where it was printed, from our pages.

Any program of this machine can connect to a loopback port, and any page in any browser on it can
have its visitor's browser do so. Neither knows the token, and a page of another origin is told
from ours by what browsers say of themselves and no script can change.
"""

import secrets
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS = ("127.0.0.1", "localhost", "[::1]")
"""The names by which a browser may call us; any other may belong to somebody's rebound address."""

MOST_BYTES = 4 << 20
"""Of a request's body: an ADR is a text that people read."""

_MOST_DRAINED = 8 * MOST_BYTES

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

_HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)

_WHERE = "open the address that `bylaw preview` has printed where it was started"

_SAFE = ("GET", "HEAD")

_OURS = (b"same-origin", b"none")
"""What a browser says of a request that our page, or the user by hand, has made.

Another port of this machine is the same site and another origin, and gets our cookie.
"""


Headers = dict[bytes, list[bytes]]
"""The values of each header, by its name in lower case."""


class RefusedError(Exception):
    """A request that is not answered: the status, and why in one clause."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class Guard:
    """Stands before the application: refuses strangers, and says how browsers are to treat it.

    `once` is a second token that opens the page a single time: for the command line of a browser,
    which other users of the machine can read.
    """

    def __init__(self, app: "ASGIApp", token: str, port: int, once: str | None = None) -> None:
        self._app = app
        self._token = token
        self._once = once
        self._cookie = f"bylaw-{port}"
        names = [f"{host}:{port}" for host in HOSTS]
        if port == 80:
            names += HOSTS
        self._hosts = frozenset(name.encode() for name in names)
        self._origins = frozenset(f"http://{name}".encode() for name in names)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            return

        async def guarded(message: "Message") -> None:
            if message["type"] == "http.response.start":
                given = [(n, v) for n, v in message["headers"] if n.lower() != b"cache-control"]
                message = {**message, "headers": [*given, *_HEADERS]}
            await send(message)

        headers = _by_name(scope["headers"])
        try:
            app = self._admitted(scope, headers)
        except RefusedError as refused:
            app = _refusal(scope, refused)
            if refused.status == 413:
                await _drain(headers, receive)
        await app(scope, _limited(receive), guarded)

    def _admitted(self, scope: "Scope", headers: Headers) -> "ASGIApp":
        """Return what answers a request; RefusedError for a stranger's."""
        hosts = headers.get(b"host", [])
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            raise RefusedError(421, "this server does not go by that name")
        if any(origin.lower() not in self._origins for origin in headers.get(b"origin", ())):
            raise RefusedError(403, "pages of other origins are not answered")
        foreign = any(each.lower() not in _OURS for each in headers.get(b"sec-fetch-site", ()))
        if scope["method"] in _SAFE and (given := _tokens_in_address(scope)):
            if not all(map(self._opens, given)):
                raise RefusedError(
                    403, f"the token in the address is not that of this run; {_WHERE}"
                )
            return self._welcome(_without_token(scope), foreign)
        if foreign:
            raise RefusedError(403, "pages of other origins are not answered")
        tokens = [*_bearers(headers), *_cookies(headers, self._cookie)]
        if not any(map(self._is_token, tokens)):
            raise RefusedError(403, f"the token is missing, or is that of another run; {_WHERE}")
        _check_body(scope, headers)
        return self._app

    def _is_token(self, given: bytes) -> bool:
        return secrets.compare_digest(given, self._token.encode())

    def _opens(self, given: bytes) -> bool:
        if self._once is not None and secrets.compare_digest(given, self._once.encode()):
            self._once = None
            return True
        return self._is_token(given)

    def _welcome(self, address: str, foreign: bool) -> "ASGIApp":
        """Give a browser the cookie, and lead it to the address without the token.

        Where another page has led it here (a terminal in a browser, say), it would not send the
        cookie along to where we lead it; to where our own page leads it, it does.
        """
        from starlette.responses import HTMLResponse, Response  # noqa: PLC0415 - an extra

        response: Response
        if foreign:
            response = HTMLResponse(
                '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>bylaw</title>'
                f'<meta http-equiv="refresh" content="0; url={escape(address)}"></head>'
                f'<body><a href="{escape(address)}">Go on</a></body></html>'
            )
        else:
            response = Response(status_code=303, headers={"location": address})
        response.set_cookie(self._cookie, self._token, httponly=True, samesite="strict", path="/")
        return response


def _refusal(scope: "Scope", refused: RefusedError) -> "ASGIApp":
    from starlette.responses import HTMLResponse, JSONResponse  # noqa: PLC0415 - an extra

    # What is left of the body is not read.
    headers = {"connection": "close"} if scope["method"] not in _SAFE else None
    if scope["path"].startswith("/api/"):
        return JSONResponse({"error": refused.why}, refused.status, headers)
    from bylaw.preview.page import environment  # noqa: PLC0415 - an extra

    template = environment().get_template("refused.html")
    return HTMLResponse(template.render(reason=refused.why), refused.status, headers)


# --- what a request says of itself ---------------------------------------------------------------


def _by_name(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    found: Headers = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value.strip())
    return found


def _tokens_in_address(scope: "Scope") -> list[bytes]:
    return [value.encode() for name, value in _query(scope) if name == "token"]


def _without_token(scope: "Scope") -> str:
    """Return the address asked for, free of the token."""
    rest = urlencode([(name, value) for name, value in _query(scope) if name != "token"])
    # One slash, or the browser would take what follows for the name of a host.
    path = "/" + str(scope["raw_path"], "latin-1").lstrip("/\\")
    return path + (f"?{rest}" if rest else "")


def _query(scope: "Scope") -> list[tuple[str, str]]:
    return parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)


def _bearers(headers: Headers) -> list[bytes]:
    given = (value.partition(b" ") for value in headers.get(b"authorization", ()))
    return [token.strip() for scheme, _, token in given if scheme.lower() == b"bearer"]


def _cookies(headers: Headers, name: str) -> list[bytes]:
    """Return the values of a cookie; other programs of this machine set what they like."""
    found = []
    for header in headers.get(b"cookie", ()):
        for part in header.split(b";"):
            key, equals, value = part.strip().partition(b"=")
            if equals and key == name.encode():
                found.append(value)
    return found


# --- bodies --------------------------------------------------------------------------------------


def _check_body(scope: "Scope", headers: Headers) -> None:
    if scope["method"] in _SAFE:
        return
    kinds = headers.get(b"content-type", [])
    if len(kinds) != 1 or kinds[0].partition(b";")[0].strip().lower() != b"application/json":
        # What a form can send, it can send from any page without asking first.
        raise RefusedError(415, "a body must be JSON")
    for length in headers.get(b"content-length", ()):
        if int(length) > MOST_BYTES:
            raise RefusedError(413, f"a body may have {MOST_BYTES:,} bytes at most")


async def _drain(headers: Headers, receive: "Receive") -> None:
    """Read a body that is not much too large: a browser listens only when it has sent it."""
    left = int(headers[b"content-length"][0])
    while 0 < left <= _MOST_DRAINED:
        message = await receive()
        left -= len(message.get("body", b""))
        if not message.get("more_body"):
            return


def _limited(receive: "Receive") -> "Receive":
    """Count a body that does not say its length."""
    seen = 0

    async def counted() -> "Message":
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MOST_BYTES:
            raise RefusedError(413, f"a body may have {MOST_BYTES:,} bytes at most")
        return message

    return counted
