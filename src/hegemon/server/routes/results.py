"""Results of every kind: list them, watch one, stop it, look at it, take it home."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as InPath
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse

from hegemon.engine.plain import DIGITS, LEVELS
from hegemon.server import serialize
from hegemon.server.answers import CompareResult, Document, Entry, History, RunResult, Taken
from hegemon.server.errors import Conflict, NotFound
from hegemon.server.once import OnceRoute
from hegemon.server.questions import Named
from hegemon.server.routes import Here, Id, errors
from hegemon.server.site import Site
from hegemon.studies.folder import as_drawn
from hegemon.studies.telling import PAGE

router = APIRouter(tags=["results"], route_class=OnceRoute)

Measures = Annotated[
    str | None, Query(max_length=2_000, description="only these measures, separated by commas", examples=["autonomy"])
]

Levels = Annotated[
    str | None, Query(max_length=200, description="only these quantiles, separated by commas", examples=["p25,median,p75"])
]

Digits = Annotated[int, Query(ge=2, le=6, description="digits of a number")]

MEDIA = {
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "dta": "application/x-stata-dta",
    "nc": "application/x-netcdf",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "zip": "application/zip",
    "bundle": "application/zip",
}
"""Media types. html is the page, bundle all that rebuilds the result, zip all its tables; the others are numbers
(`studies.export`)."""

FORMATS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file",
          "content": {media.partition(";")[0]: {"schema": {} if "json" in media else {"type": "string", "format": "binary"}}
                      for media in MEDIA.values()}},
}  # fmt: skip

Format = Literal["html", "csv", "dta", "nc", "parquet", "xlsx", "json", "zip", "bundle"]


@router.get("/results", response_model=list[Entry])
async def results(site: Here, request: Request) -> Response:
    """Every result, finished or not, the latest first."""
    key = ("results", site.changes.revision)
    return (await site.built(key, lambda: [each.model_dump() for each in site.entries()])).response(request)


def published(site: Site) -> Iterator[str]:
    """The list; of every result what its pages ask for: numbers of a run or a comparison measure by measure."""
    yield "results"
    for name, saved in site.index.saved.items():
        yield from (f"results/{name}", f"results/{name}/document")
        if saved.study.name in ("run", "compare"):
            yield from (f"results/{name}/numbers?measures={measure}" for measure in serialize.MEASURES)
        if saved.study.name == "run":
            yield f"results/{name}/numbers?measures=orientation&levels=p25,median,p75&digits=3"
        if saved.study.name in ("room", "predict"):
            yield f"results/{name}/numbers"


@router.get("/results/{id}", response_model=Entry, responses=errors(404))
async def result(site: Here, id: Id) -> Entry:
    """One result: what was asked, and how far it is."""
    return site.entry(id)


@router.patch("/results/{id}", response_model=Entry, responses=errors(404, 429))
async def rename(site: Here, id: Id, asked: Named) -> Entry:
    """Call a result otherwise in lists and on pages; its folder keeps its name."""
    return await run_in_threadpool(site.rename, id, asked.title)


@router.delete("/results/{id}", response_model=Taken, responses=errors(404, 409))
async def delete(site: Here, id: Id) -> Taken:
    """Take a result away; for a week it can be had back."""
    await run_in_threadpool(site.take_away, id)
    return Taken(id=id)


@router.post("/results/{id}/restore", response_model=Entry, responses=errors(404, 409))
async def restore(site: Here, id: Id) -> Entry:
    """Have a result back that was taken away."""
    return await run_in_threadpool(site.put_back, id)


@router.post("/results/{id}/cancel", response_model=Taken, status_code=202, responses=errors(404, 409))
async def cancel(site: Here, id: Id) -> Taken:
    """Stop working on it; what is finished is kept."""
    found = site.entry(id)
    if found.status not in ("queued", "running") or id not in site.jobs.jobs:
        raise Conflict(f"It is {found.status} already." if id in site.jobs.jobs else "It is not made by this explorer.")
    await run_in_threadpool(site.jobs.cancel, id)
    return Taken(id=id)


@router.post("/results/{id}/resume", response_model=Taken, status_code=202, responses=errors(404, 409, 429))
async def resume(site: Here, id: Id) -> Taken:
    """Go on with what was stopped, from what is finished."""
    return Taken(id=await run_in_threadpool(site.resume, id))


@router.get("/results/{id}/document", response_model=Document, responses=errors(404, 409, 429))
async def document(site: Here, request: Request, id: Id) -> Response:
    """A finished result as it is told: prose, figures as data, tables."""
    saved = await run_in_threadpool(site.whole, id)
    key = ("document", saved.id, saved.stamp)
    return (await site.asked(key, {"task": "document", "folder": saved.id})).response(request)


@router.get("/results/{id}/numbers", response_model=RunResult | CompareResult | dict[str, Any], responses=errors(404, 409))
async def numbers(
    site: Here, request: Request, id: Id, measures: Measures = None, levels: Levels = None, digits: Digits = DIGITS
) -> Response:
    """The numbers of a finished result. Of a run: quantiles over histories; of a comparison: means, and differences with
    intervals; both by measure, neighbour and quarter. Of all others: every array and table."""
    names, which = serialize.wanted(measures, serialize.MEASURES, "measure"), serialize.wanted(levels, LEVELS, "level")
    saved = await run_in_threadpool(site.whole, id)
    key = ("numbers", saved.id, saved.stamp, names, which, digits)
    return (await site.built(key, lambda: serialize.numbers_of(saved, names, which, digits))).response(request)


@router.get("/results/{id}/histories/{number}", response_model=History, responses=errors(404, 409, 429))
async def history(site: Here, request: Request, id: Id, number: Annotated[int, InPath(ge=0, lt=2**48)]) -> Response:
    """One history of a finished run, to step through."""
    saved = await run_in_threadpool(site.whole, id)
    if saved.study.name != "run":
        raise NotFound(f"{saved.study.noun.capitalize()} has no single histories.")
    if number >= saved.about["runs"]:
        raise NotFound(f"It has histories 0 to {saved.about['runs'] - 1}.")
    key = ("history", saved.id, saved.stamp, number)
    return (await site.asked(key, {"task": "history", "folder": saved.id, "run": number})).response(request)


@router.get("/results/{id}/download", response_class=Response, responses={**errors(404, 409, 429), **FORMATS})
async def download(site: Here, id: Id, format: Annotated[Format, Query(description="what to get")] = "zip") -> Response:
    """A finished result as a file: its page, its numbers for another program, or all that rebuilds it."""
    saved = await run_in_threadpool(site.whole, id)
    if format == "html" and not await run_in_threadpool(as_drawn, saved.folder, PAGE):
        await site.do({"task": "page", "folder": saved.id})
    ending = ".zip" if format == "bundle" else f".{format}"
    site.scratch.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(ending, dir=site.scratch)
    os.close(handle)
    target = Path(name)
    try:
        if format == "html":
            target.write_bytes((saved.folder / PAGE).read_bytes())
        else:
            what = "bundle" if format == "bundle" else "export"
            await site.do({"task": what, "folder": saved.id, "target": str(target)})
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    called = f"{saved.id}-bundle{ending}" if format == "bundle" else f"{saved.id}{ending}"
    return FileResponse(target, media_type=MEDIA[format], filename=called, background=BackgroundTask(os.unlink, target))

