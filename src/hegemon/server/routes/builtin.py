"""Coded records by name, those that come with hegemon and those of orders of one's own; and maps that were projected beforehand,
one region a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from hegemon.engine.plain import rows
from hegemon.errors import UserError
from hegemon.files import builtin
from hegemon.history import COVERAGE, coverage, history, record_events
from hegemon.history import coded as record_of
from hegemon.pages.atlas import cut
from hegemon.pages.order import region_map as read
from hegemon.scenarios.loader import builtin_names
from hegemon.scenarios.schema import Scenario
from hegemon.server.answers import CodedRecord, Map
from hegemon.server.errors import NotFound
from hegemon.server.routes import Here, errors
from hegemon.server.site import Site

router = APIRouter()

Name = Annotated[str, Path(max_length=80, examples=["post-soviet"])]
Region = Annotated[str, Path(max_length=1_100, examples=["post-soviet"])]


@router.get("/history/{name}", response_model=CodedRecord, responses=errors(404), tags=["record"])
async def coded_record(site: Here, request: Request, name: Name) -> Response:
    """Coded crises, all columns, with the quarter in which the model has each: a built-in record by its name, that of an order of
    one's own by the order's."""
    if name in COVERAGE:
        return (await site.built(("record", name), lambda: coded(name))).response(request)
    own = None if name in builtin_names() else await run_in_threadpool(recorded_itself, site, name)
    if own is None:
        raise NotFound(f"There is no such record. Known: {', '.join(COVERAGE)}.")
    return (await site.built(("record", name, own.hash), lambda: coded(name, own))).response(request)


def recorded_itself(site: Site, name: str) -> Scenario | None:
    """An order of one's own that brings its record; None where there is none of that name."""
    with suppress(UserError, OSError, UnicodeDecodeError):
        found = site.scenarios.scenario(name)
        return found if found.history in (found.files or {}) else None
    return None


def published(site: Site) -> Iterator[str]:
    """Records, and the maps of what is published."""
    yield from (f"history/{name}" for name in COVERAGE)
    regions = {order.scenario.region for saved in site.index.saved.values() for order in saved.question.orders().values()}
    yield from (f"map/{region}" for region in builtin("pages/maps", ".json") if region in regions)


def coded(name: str, own: Scenario | None = None) -> dict[str, Any]:
    """A built-in record, or that of an order of one's own, as plain rows."""
    table, covered = (history(name), COVERAGE[name]) if own is None else (record_of(own), coverage(own))
    events = record_events(table).set_index("crisis_id")
    for column in ("quarter", "kind", "line", "side", "requested", "consented", "survived", "successor"):
        table[f"model_{column}"] = table["crisis_id"].map(events[column])
    return {"name": name, "covered": list(covered), "columns": [str(c) for c in table.columns], "rows": rows(table)}


@router.get("/map/{region}", response_model=Map, responses=errors(404), tags=["maps"])
async def region_map(site: Here, request: Request, region: Region) -> Response:
    """A region's map. Borders are for orientation only."""
    if region not in (regions := builtin("pages/maps", ".json")) and cut(region) is None:
        raise NotFound(f"There is no map of that region. Known: {', '.join(regions)}.")
    return (await site.built(("map", region), lambda: read(region))).response(request)
