"""Answers as they are sent, compressed once; and those that are kept, by what was asked for."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from hegemon.server import limits
from hegemon.studies.plain import finite

SMALL = 1_000  # bytes below which compressing does not pay

Key = tuple[Hashable, ...]


@dataclass(frozen=True)
class Body:
    """Content as it is sent."""

    content: bytes
    packed: bool  # whether the content is compressed
    media: str
    cache: str
    tag: str  # a fingerprint, as a header has it

    @staticmethod
    def of(document: Any) -> Body:
        """From plain data, as JSON; what is no finite number becomes null."""
        try:
            text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        except ValueError:
            text = json.dumps(finite(document), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return Body.holding(text.encode(), "application/json", pack=6)

    @staticmethod
    def holding(raw: bytes, media: str, cache: str = "no-cache", *, pack: int) -> Body:
        """From content, compressed at level `pack` where that pays; 0, not at all."""
        packs, tag = pack > 0 and len(raw) > SMALL, f'"{hashlib.sha256(raw).hexdigest()[:20]}"'
        return Body(gzip.compress(raw, pack, mtime=0) if packs else raw, packs, media, cache, tag)

    def response(self, request: Request) -> Response:
        """As this client takes it: compressed, or whole; nothing if it has it already."""
        headers = {"etag": self.tag, "cache-control": self.cache, "vary": "accept-encoding"}
        if self.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if self.packed and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(self.content, headers={**headers, "content-encoding": "gzip"}, media_type=self.media)
        whole = gzip.decompress(self.content) if self.packed else self.content
        return Response(whole, headers=headers, media_type=self.media)


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
        finally:
            del self._making[key]
        self._kept[key] = body
        self.size += len(body.content)
        while self.size > self.most and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self.size -= len(gone.content)
        return body
