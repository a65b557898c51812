"""Questions to the law: a neighbour's room for manoeuvre, and what the patron will do in a crisis."""

from __future__ import annotations

import csv
import io
import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from hegemon.errors import BadValue, UnknownName, UnknownState, did_you_mean, shown
from hegemon.order import Order
from hegemon.server import limits
from hegemon.server.answers import Predictions
from hegemon.server.asked import PredictAsked, Quarter
from hegemon.server.routes import Here, errors
from hegemon.server.spec import spec

router = APIRouter(tags=["questions"])


@router.get("/room", response_model=dict[str, Any], responses=errors(429))
async def room(
    site: Here,
    request: Request,
    state: Annotated[str, Query(pattern="^[A-Z]{3}$", examples=["KAZ"])],
    scenario: Annotated[str, Query(max_length=80, examples=["post-soviet"])] = "post-soviet",
    at: Annotated[Quarter | None, Query(description="date, as the quarter opens; else the last one known")] = None,
    draws: Annotated[int, Query(ge=2, le=400, description="worlds, each with shocks and parameters of its own")] = 100,
) -> Response:
    """A neighbour's room for manoeuvre, as `hegemon room --json` tells it. The first answer takes seconds."""
    order = await run_in_threadpool(site.scenarios.order, scenario)
    if state not in order.states:
        raise UnknownState(f"{shown(state)} is no neighbour in {scenario}", did_you_mean(state, order.states))
    limits.check(order, 1)
    at, since = dates(order, at)
    key = ("room", order.hash, state, at, draws)
    task = {"task": "room", "order": spec(order), "line": scenario, "state": state, "at": at, "draws": draws}
    name = f"room-{order.name}-{order.hash[:8]}-{state}-{at}-{since}-seed0-{draws}"
    return (await site.asked(key, task, name)).response(request)


def dates(order: Order, at: str | None) -> tuple[str, str]:
    """The date that is asked for, else the last one known; and the earlier one it is compared with."""
    from hegemon.experiments.manoeuvre.dated import check_dates
    from hegemon.experiments.manoeuvre.room import earlier, last_known

    date = at or last_known(order, dice=False)
    since = earlier(order, date)
    check_dates(order, date, since)
    return date, since


@router.post("/predict", response_model=Predictions, responses=errors(429))
async def predict(site: Here, request: Request, asked: PredictAsked) -> Response:
    """A probability per instrument for each crisis, from what was known when it began."""
    from hegemon.history import COVERAGE

    if asked.rows is None and asked.name not in COVERAGE:
        raise UnknownName(f"no record is called {shown(asked.name)}", did_you_mean(asked.name, COVERAGE))
    text = None if asked.rows is None else await run_in_threadpool(written, asked.rows)
    key = ("predict", asked.name if text is None else json.dumps(text))
    return (await site.asked(key, {"task": "predict", "name": asked.name, "rows": text})).response(request)


def written(rows: list[dict[str, str | int | None]]) -> str:
    """Rows as the text of a crisis file, checked as a file would be."""
    from hegemon.history.reading import read_crises

    columns = list(dict.fromkeys(name for row in rows for name in row))
    if not columns:
        raise BadValue("the rows are empty", "Give each the columns of the codebook.")
    if any("\ud800" <= c <= "\udfff" for row in rows for cell in (*row, *row.values()) for c in str(cell)):
        raise BadValue("the rows hold half characters", "Send them as UTF-8.")
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: "" if value is None else value for name, value in row.items()} for row in rows)
    read_crises(file.getvalue(), "rows")
    return file.getvalue()
