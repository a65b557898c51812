"""Who may ask: this machine's own pages and programs; with a token, the local network.

Host        a page elsewhere whose name is made to point here (DNS rebinding) names itself in it, and is refused
Origin      a page of another address may make a browser send requests, but not hide where it comes from
token       with --lan: in the address once, in a cookie from then on, or as a bearer. There are two: a host's lets do everything,
            a viewer's lets look
size, time  of a body; no client is waited for
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import time
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal
from urllib.parse import quote, urlencode, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hegemon.server import limits

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""Names by which a machine calls itself."""

COOKIE = "hegemon-token"

POLICY = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'none'"
"""Content security policy of every answer: nothing runs or loads but what this server sends."""

COMPILING = f"{POLICY}; script-src 'self' 'wasm-unsafe-eval'"
"""The same for the engine of the browser tab, whose workers compile the module that this server sends, and nothing else."""

HEADERS = {
    "content-security-policy": f"{POLICY}; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""Of every answer, unless it says otherwise."""

SAFE = ("GET", "HEAD", "OPTIONS")
LOOKS = "hegemon-viewer"
"""Where a request's scope says that whoever asks may look only."""
HARMLESS = "/api/v1/estimate/"
"""What may be posted by whoever may look only: it asks how long something would take."""
WATCHING = "This link is for looking. Whoever opens the host's link may start, stop, send and take away."
LARGE = f"A request may have up to {limits.BODY // 1000} kB."


@dataclass(frozen=True)
class Rules:
    """Names by which the server may be called, the tokens if any are asked for, and pages that may show the explorer in a frame.

    token    lets do everything
    viewer   lets look
    frames   origins, as a content security policy names them
    """

    hosts: frozenset[str] = LOOPBACK
    token: str | None = None
    viewer: str | None = None
    frames: tuple[str, ...] = ()

    @property
    def headers(self) -> dict[str, str]:
        """Of every answer, unless it says otherwise."""
        ancestors = " ".join(("'self'", *self.frames)) if self.frames else "'none'"
        return {**HEADERS, "content-security-policy": f"{POLICY}; frame-ancestors {ancestors}"}


class Guard:
    """Refuses what must not come in, and puts its headers on what goes out."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self.app, self.rules, self.headers = app, rules, rules.headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        asked = HTTPConnection(scope)
        refusal = refused(asked, self.rules)
        if scope["type"] == "websocket":
            if refusal is not None:
                await receive()
                return await send({"type": "websocket.close", "code": 1008, "reason": refusal[1]})
            return await self.app(scope, receive, send)
        if refusal is not None:
            said = strangers if refusal[0] == 401 and reads(asked) else answer
            return await said(*refusal)(scope, receive, send)
        given = [one for one in asked.query_params.getlist("token") if allowed([one], self.rules) is not None]
        if self.rules.token is not None and scope["method"] == "GET" and given:
            return await arrival(asked, given[0])(scope, receive, send)
        scope[LOOKS] = self.rules.token is not None and allowed(tokens(asked), self.rules) == "viewer"
        await self._within(scope, receive, send)

    async def _within(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request, its body no longer than allowed and no slower."""
        until, size, begun, over = time.monotonic() + limits.BODY_SECONDS, 0, False, False

        async def refuse(status: int, sentence: str) -> Message:
            nonlocal over
            over = True
            await answer(status, sentence)(scope, receive, send)
            return {"type": "http.disconnect"}

        async def bounded() -> Message:
            nonlocal size, begun
            if over:
                return {"type": "http.disconnect"}
            if begun:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), max(until - time.monotonic(), 0.001))
            except TimeoutError:
                return await refuse(408, "The request took too long to arrive.")
            size += len(message.get("body", b""))
            if size > limits.BODY:
                return await refuse(413, LARGE)
            begun = message["type"] == "http.request" and not message.get("more_body")
            return message

        async def headed(message: Message) -> None:
            if over:
                return
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, bounded, headed)


def arrival(asked: HTTPConnection, token: str) -> Response:
    """Turns a token in the address into a cookie, and takes it out of the address."""
    rest = urlencode([(name, value) for name, value in asked.query_params.multi_items() if name != "token"])
    path = "/" + asked.scope["path"].lstrip("/")  # //elsewhere would be another address
    # Lax: a link pressed in a message comes from another site, and a strict cookie would not go along to where this leads.
    cookie = f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax"
    where = quote(path, safe="/-._~") + (f"?{rest}" if rest else "")
    return Response(status_code=303, headers={**HEADERS, "location": where, "set-cookie": cookie})


def refused(asked: HTTPConnection, rules: Rules) -> tuple[int, str] | None:
    """Status and sentence for a request that must not come in, or None."""
    headers, kind = asked.headers, asked.scope["type"]
    hosts = headers.getlist("host")
    if len(hosts) != 1 or hostname(hosts[0]) not in rules.hosts:
        return 403, "This explorer does not go by that name. Open the address that hegemon serve has printed."
    origins = headers.getlist("origin")
    if len(origins) > 1 or (origins and not same(origins[0], hosts[0])):
        return 403, "The explorer answers its own pages only, not those of another address."
    unsafe = kind == "websocket" or asked.scope["method"] not in SAFE
    if unsafe and headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return 403, "The explorer takes requests from its own pages only."
    length = headers.get("content-length", "0")
    if not length.isascii() or not length.isdigit() or int(length[:12]) > limits.BODY:
        return 413, LARGE
    if rules.token is None:
        return None
    may = allowed(tokens(asked), rules)
    if may is None:
        return 401, "A token is needed. Open the address that hegemon serve has printed, token and all."
    if may == "viewer" and kind == "http" and unsafe and not asked.scope["path"].startswith(HARMLESS):
        return 403, WATCHING
    return None


def hostname(host: str) -> str:
    """The name in a Host header, without its port."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() and name else host).lower()


def same(origin: str, host: str) -> bool:
    """Whether an origin is the address that was asked."""
    try:
        found = urlsplit(origin)
    except ValueError:
        return False
    return found.scheme in ("http", "https") and found.netloc.lower() == host.lower() and not found.path


def tokens(asked: HTTPConnection) -> list[str]:
    """What a request carries of tokens."""
    kind, _, bearer = asked.headers.get("authorization", "").partition(" ")
    given = [*asked.query_params.getlist("token"), asked.cookies.get(COOKIE, "")]
    return [*given, bearer.strip()] if kind.lower() == "bearer" else given


def allowed(given: list[str], rules: Rules) -> Literal["host", "viewer"] | None:
    """What tokens let do, the best of them; None: nothing."""

    def holds(token: str | None) -> bool:
        return token is not None and any(hmac.compare_digest(one.encode(), token.encode()) for one in given)

    return "host" if holds(rules.token) else "viewer" if holds(rules.viewer) else None


def looks_only(asked: HTTPConnection) -> bool:
    """Whether whoever asks has come with a viewer's token."""
    return bool(asked.scope.get(LOOKS))


def reads(asked: HTTPConnection) -> bool:
    """Whether a person's browser asks for a page."""
    kind = asked.headers.get("accept", "")
    return asked.scope["method"] == "GET" and "text/html" in kind and not asked.scope["path"].startswith("/api/")


@cache
def plain_page() -> tuple[bytes, str]:
    """The page for who comes without a token, and the policy that lets its own style in and nothing else."""
    page = resources.files("hegemon.server").joinpath("plain/stranger.html").read_bytes()
    style = page.partition(b"<style>")[2].partition(b"</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style).digest()).decode()
    return page, f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def strangers(status: int, _: str) -> Response:
    """A refusal as a page in plain words."""
    page, policy = plain_page()
    return Response(page, status, {**HEADERS, "content-security-policy": policy}, "text/html; charset=utf-8")


def answer(status: int, sentence: str) -> Response:
    """A refusal: the sentence as JSON."""
    return JSONResponse({"error": sentence}, status, HEADERS)
