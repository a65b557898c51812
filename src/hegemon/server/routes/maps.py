"""Maps: one region a file, projected beforehand."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from hegemon.files import builtin
from hegemon.server.answers import Map
from hegemon.server.errors import NotFound
from hegemon.server.routes import Here, errors

router = APIRouter(tags=["maps"])


def regions() -> tuple[str, ...]:
    """Regions that have a map."""
    return builtin("pages/maps", ".json")


@router.get("/map/{region}", response_model=Map, responses=errors(404))
async def region_map(
    site: Here, request: Request, region: Annotated[str, Path(max_length=80, examples=["post-soviet"])]
) -> Response:
    """A region's map. Borders are for orientation only."""
    from hegemon.pages.order import region_map as read

    if region not in regions():
        raise NotFound(f"There is no map of that region. Known: {', '.join(regions())}.")
    return (await site.built(("map", region), lambda: read(region))).response(request)
