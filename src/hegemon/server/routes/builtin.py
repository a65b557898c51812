"""What comes with hegemon, by name: coded records, and maps that were projected beforehand, one region a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from hegemon.engine.plain import rows
from hegemon.files import builtin
from hegemon.history import COVERAGE, history, record_events
from hegemon.pages.atlas import cut
from hegemon.pages.order import region_map as read
from hegemon.server.answers import CodedRecord, Map
from hegemon.server.errors import NotFound
from hegemon.server.routes import Here, errors
from hegemon.server.site import Site

router = APIRouter()

Name = Annotated[str, Path(max_length=80, examples=["post-soviet"])]
Region = Annotated[str, Path(max_length=1_100, examples=["post-soviet"])]


@router.get("/history/{name}", response_model=CodedRecord, responses=errors(404), tags=["record"])
async def coded_record(site: Here, request: Request, name: Name) -> Response:
    """Coded crises, all columns, with the quarter in which the model has each."""
    if name not in COVERAGE:
        raise NotFound(f"There is no such record. Known: {', '.join(COVERAGE)}.")
    return (await site.built(("record", name), lambda: coded(name))).response(request)


def published(site: Site) -> Iterator[str]:
    """Records, and the maps of what is published."""
    yield from (f"history/{name}" for name in COVERAGE)
    regions = {order.scenario.region for saved in site.index.saved.values() for order in saved.question.orders().values()}
    yield from (f"map/{region}" for region in builtin("pages/maps", ".json") if region in regions)


def coded(name: str) -> dict[str, Any]:
    """A built-in record as plain rows."""
    table = history(name)
    events = record_events(table).set_index("crisis_id")
    for column in ("quarter", "kind", "line", "requested", "consented", "survived", "successor"):
        table[f"model_{column}"] = table["crisis_id"].map(events[column])
    return {"name": name, "covered": list(COVERAGE[name]), "columns": [str(c) for c in table.columns], "rows": rows(table)}


@router.get("/map/{region}", response_model=Map, responses=errors(404), tags=["maps"])
async def region_map(site: Here, request: Request, region: Region) -> Response:
    """A region's map. Borders are for orientation only."""
    if region not in (regions := builtin("pages/maps", ".json")) and cut(region) is None:
        raise NotFound(f"There is no map of that region. Known: {', '.join(regions)}.")
    return (await site.built(("map", region), lambda: read(region))).response(request)
