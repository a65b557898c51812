"""Where to begin: worked examples."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from hegemon.server import examples
from hegemon.server.answers import ExampleInfo
from hegemon.server.routes import Here

router = APIRouter(tags=["orders"])


@router.get("/examples", response_model=list[ExampleInfo])
async def worked_examples(site: Here, request: Request) -> Response:
    """Worked examples, and how far their answers are."""
    key = ("examples", site.changes.revision)
    return (await site.built(key, lambda: [each.model_dump() for each in examples.told(site)])).response(request)
