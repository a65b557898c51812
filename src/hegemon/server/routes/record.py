"""The coded record."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from hegemon.server.answers import CodedRecord
from hegemon.server.errors import NotFound
from hegemon.server.routes import Here, errors

router = APIRouter(tags=["record"])


@router.get("/history/{name}", response_model=CodedRecord, responses=errors(404))
async def coded_record(
    site: Here, request: Request, name: Annotated[str, Path(max_length=80, examples=["post-soviet"])]
) -> Response:
    """Coded crises, all columns, with the quarter in which the model has each."""
    from hegemon.history import COVERAGE

    if name not in COVERAGE:
        raise NotFound(f"There is no such record. Known: {', '.join(COVERAGE)}.")
    return (await site.built(("record", name), lambda: coded(name))).response(request)


def coded(name: str) -> dict[str, Any]:
    """A built-in record as plain rows."""
    from hegemon.engine.plain import rows
    from hegemon.history import COVERAGE, history, record_events

    table = history(name)
    events = record_events(table).set_index("crisis_id")
    for column in ("quarter", "kind", "line", "requested", "consented", "survived", "successor"):
        table[f"model_{column}"] = table["crisis_id"].map(events[column])
    return {"name": name, "covered": list(COVERAGE[name]), "columns": [str(c) for c in table.columns], "rows": rows(table)}
