"""Request bodies in which nothing is said twice: of two values under one name JSON's readers keep the last and say nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import HTTPException, Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from hegemon.errors import shown


class Once(Request):
    """A request whose JSON names everything once."""

    async def json(self) -> Any:
        """The body; raises `HTTPException` for a name that stands twice."""
        return json.loads(await self.body(), object_pairs_hook=_told)


class OnceRoute(APIRoute):
    """A route whose bodies are read so."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """As FastAPI's, with the request in other words."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            return await handler(Once(request.scope, request.receive))

        return handle


def _told(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise HTTPException(400, f"{shown(double)} stands twice in the body; say it once.")
    return found
