"""Answers kept as they are sent: JSON, compressed once, by what was asked for."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import math
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from hegemon.server import limits

SMALL = 1_000  # bytes below which compressing does not pay

Key = tuple[Hashable, ...]


@dataclass(frozen=True)
class Body:
    """A JSON document, compressed, with its fingerprint."""

    packed: bytes
    tag: str

    @staticmethod
    def of(document: Any) -> Body:
        """From plain data; what is no finite number becomes null."""
        try:
            text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        except ValueError:
            text = json.dumps(finite(document), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        raw = text.encode()
        return Body(gzip.compress(raw, 6, mtime=0), tag_of(raw))

    def response(self, request: Request) -> Response:
        """As this client takes it."""
        packed = self.packed if len(self.packed) > SMALL else None
        return sent(request, self.tag, "application/json", packed, lambda: gzip.decompress(self.packed))


def tag_of(content: bytes) -> str:
    """A fingerprint, as a header has it."""
    return f'"{hashlib.sha256(content).hexdigest()[:20]}"'


def sent(
    request: Request, tag: str, media: str, packed: bytes | None, whole: Callable[[], bytes], cache: str = "no-cache"
) -> Response:
    """Content as this client takes it: compressed, if that is at hand, or whole; nothing if it has it already."""
    headers = {"etag": tag, "cache-control": cache, "vary": "accept-encoding"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, headers={**headers, "content-encoding": "gzip"}, media_type=media)
    return Response(whole(), headers=headers, media_type=media)


def finite(found: Any) -> Any:
    """The same with None for what is no finite number."""
    if isinstance(found, float):
        return found if math.isfinite(found) else None
    if isinstance(found, dict):
        return {name: finite(value) for name, value in found.items()}
    if isinstance(found, list | tuple):
        return [finite(value) for value in found]
    return found


class Bodies:
    """Documents by key, up to so many bytes; the longest unused goes first. To be used in one event loop."""

    def __init__(self, most: int = limits.CACHE) -> None:
        self.most, self.size = most, 0
        self._kept: OrderedDict[Key, Body] = OrderedDict()
        self._making: dict[Key, asyncio.Future[Body]] = {}

    def ready(self, key: Key) -> bool:
        """Whether it is there, or about to be."""
        return key in self._kept or key in self._making

    async def get(self, key: Key, make: Callable[[], Any], pool: Executor) -> Body:
        """What was asked for, made in one of the pool's threads by whoever comes first, for all who wait for the same."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key not in self._making:
            self._making[key] = asyncio.ensure_future(self._make(key, make, pool))
        return await asyncio.shield(self._making[key])

    async def _make(self, key: Key, make: Callable[[], Any], pool: Executor) -> Body:
        try:
            body = await asyncio.get_running_loop().run_in_executor(pool, lambda: Body.of(make()))
            self.keep(key, body)
            return body
        finally:
            del self._making[key]

    def keep(self, key: Key, body: Body) -> None:
        """Keep a document, and let go of what is too much."""
        if (old := self._kept.pop(key, None)) is not None:
            self.size -= len(old.packed)
        self._kept[key] = body
        self.size += len(body.packed)
        while self.size > self.most and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self.size -= len(gone.packed)
