"""What tabs are told: a number that grows whenever anything has changed. They ask for what they show again.

One socket per tab, and nothing but the number on it: whoever is slow misses numbers, never the last.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from hegemon.server import limits

PAUSE = 0.25  # seconds between two numbers to the same tab


class Changes:
    """The revision, raised from any thread and sent from the event loop."""

    def __init__(self) -> None:
        self.revision = 0
        self.open = 0
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed = asyncio.Event()
        self._closing = False

    def started(self) -> None:
        """To be called in the event loop."""
        self._loop, self._changed = asyncio.get_running_loop(), asyncio.Event()

    def raise_(self) -> None:
        """Something changed."""
        with self._lock:
            self.revision += 1
        self._wake()

    def stop(self) -> None:
        """Let every tab go."""
        self._closing = True
        self._wake()

    def _wake(self) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
                self._loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        """Wake everyone who waits; who comes later waits for the next change."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def serve(self, socket: WebSocket) -> None:
        """Tell one tab until it leaves or the explorer stops."""
        if self.open >= limits.SOCKETS:
            await socket.close(1013, "Too many tabs are open.")
            return
        await socket.accept()
        self.open += 1
        gone = asyncio.ensure_future(self._left(socket))
        try:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # it left while it was told
                await self._listen(socket, gone)
        finally:
            self.open -= 1
            gone.cancel()

    async def _listen(self, socket: WebSocket, gone: asyncio.Future[None]) -> None:
        told = -1
        while not (self._closing or gone.done()):
            waiting = self._changed
            if told != self.revision:
                told = self.revision
                await socket.send_json({"revision": told})
                await asyncio.wait({gone}, timeout=PAUSE)
                continue
            change = asyncio.ensure_future(waiting.wait())
            both: set[asyncio.Future[Any]] = {gone, change}
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            change.cancel()
        if not gone.done():
            await socket.close(1001)

    @staticmethod
    async def _left(socket: WebSocket) -> None:
        """Return when the tab has closed its socket; what it says is not listened to."""
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass
