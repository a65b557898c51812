"""Runs: ask for one, watch it, stop it, look at it, take it home."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as InPath
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse

from hegemon.ensemble.plain import DIGITS, LEVELS
from hegemon.order import Order
from hegemon.server import downloads, limits, thin
from hegemon.server.answers import Entry, Estimate, History, RunResult, Taken
from hegemon.server.asked import RunAsked, changes, order_of
from hegemon.server.errors import Conflict, NotFound
from hegemon.server.jobs import Job
from hegemon.server.listing import estimate
from hegemon.server.routes import Here, Id, Measures, errors
from hegemon.server.shelf import Kept
from hegemon.server.site import Site
from hegemon.server.spec import order_from, spec, spec_of

router = APIRouter(tags=["runs"])

Levels = Annotated[
    str | None, Query(max_length=200, description="only these quantiles, separated by commas", examples=["p25,median,p75"])
]

Digits = Annotated[int, Query(ge=2, le=6, description="digits of a number")]

FORMATS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file", "content": {media.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
                                                 for _, media in downloads.MEDIA.values()}},
}  # fmt: skip


@router.get("/runs", response_model=list[Entry])
async def runs(site: Here, request: Request) -> Response:
    """Every run and comparison, the latest first."""
    key = ("runs", site.changes.revision)
    return (await site.built(key, lambda: [each.model_dump() for each in site.entries()])).response(request)


@router.post("/runs", response_model=Taken, status_code=202, responses=errors(409, 429))
async def send_run(site: Here, asked: RunAsked) -> Taken:
    """Simulate an order. The same request has the same id, and is simulated once."""
    return Taken(id=site.submit(await run_in_threadpool(job_of, site, asked), asked.model_dump()))


@router.post("/estimate", response_model=Estimate)
async def estimate_run(site: Here, asked: RunAsked) -> Estimate:
    """What a run would be and take, without starting it."""
    job = await run_in_threadpool(job_of, site, asked)
    return Estimate(id=job.id, exists=job.id in site.shelf.kept, seconds=job.about["estimate"], cells=job.about["cells"])


def job_of(site: Site, asked: RunAsked) -> Job:
    """The run that is asked for."""
    order = order_of(asked, site.scenarios)
    limits.check(order, asked.runs)
    name = f"{order.name}-{order.hash[:8]}-seed{asked.seed}-{asked.runs}"
    plain = not (asked.force or asked.record or asked.end)
    task = {"task": "run", "folder": name, "order": spec(order), "runs": asked.runs, "seed": asked.seed,
            "line": asked.scenario if plain else None}  # fmt: skip
    return Job(name, "run", task, about(site, order, asked.runs, asked.seed, order.scenario.title, changes(asked)))


def about(site: Site, order: Order, runs: int, seed: int, title: str, changed: list[str]) -> dict[str, Any]:
    """What a list shows of a job."""
    import hegemon

    cells = len(order.states) * len(order.quarters)
    return {"title": title, "scenario": order.name, "scenario_hash": order.hash, "seed": seed, "runs": runs,
            "version": hegemon.__version__, "changes": changed, "cells": cells,
            "estimate": estimate(cells, runs, site.shelf.kept.values())}  # fmt: skip


@router.get("/runs/{id}", response_model=Entry, responses=errors(404))
async def run(site: Here, id: Id) -> Entry:
    """One run or comparison."""
    return site.entry(id)


@router.post("/runs/{id}/cancel", response_model=Taken, status_code=202, responses=errors(404, 409))
async def cancel(site: Here, id: Id) -> Taken:
    """Stop a run between two chunks; what is finished is kept."""
    found = site.entry(id)
    if found.status not in ("queued", "running") or id not in site.jobs.jobs:
        raise Conflict(f"It is {found.status} already." if id in site.jobs.jobs else "It is not run by this explorer.")
    await run_in_threadpool(site.jobs.cancel, id)
    return Taken(id=id)


@router.post("/runs/{id}/resume", response_model=Taken, status_code=202, responses=errors(404, 409, 429))
async def resume(site: Here, id: Id) -> Taken:
    """Go on with a run that was stopped, from its last finished chunk."""
    found = site.entry(id)
    if found.status == "done":
        raise Conflict("It is done already.")
    if id in site.jobs.jobs:
        return Taken(id=site.jobs.resume(id).id)
    return Taken(id=site.submit(await run_in_threadpool(begun_elsewhere, site, site.shelf.kept[id])))


def begun_elsewhere(site: Site, kept: Kept) -> Job:
    """A job that finishes what the command line has begun."""
    if kept.attrs.get("trajectories"):
        raise Conflict(f"It keeps every history, which is for the command line: {kept.attrs.get('command')}")
    given = spec_of(kept.attrs)
    order, runs, seed = order_from(given), int(kept.attrs["runs"]), int(kept.attrs["seed"])
    limits.check(order, runs)
    task = {"task": "run", "folder": kept.id, "order": given, "runs": runs, "seed": seed, "line": given["name"]}
    return Job(kept.id, "run", task, about(site, order, runs, seed, order.scenario.title, []))


@router.get("/runs/{id}/result", response_model=RunResult, responses=errors(404, 409))
async def run_result(
    site: Here, request: Request, id: Id, measures: Measures = None, levels: Levels = None, digits: Digits = DIGITS
) -> Response:
    """A finished run: quantiles over histories by measure, neighbour and quarter."""
    names, which = thin.wanted(measures), thin.levels(levels)
    kept = await run_in_threadpool(site.whole, id, "run")
    key = ("result", kept.id, kept.stamp, names, which, digits)
    return (await site.built(key, lambda: result_of(kept, names, which, digits))).response(request)


def result_of(
    kept: Kept, names: tuple[str, ...], which: tuple[str, ...] = LEVELS, digits: int = DIGITS
) -> dict[str, Any]:
    """A result with its record."""
    from hegemon.cli.run import record_of
    from hegemon.order import restored

    record = record_of(restored(kept.attrs["scenario_text"], kept.attrs["scenario"]))
    return thin.run_result(kept.folder, kept.attrs, names, record, which, digits)


@router.get("/runs/{id}/histories/{number}", response_model=History, responses=errors(404, 409, 429))
async def history(site: Here, request: Request, id: Id, number: Annotated[int, InPath(ge=0, lt=2**48)]) -> Response:
    """One history of a finished run, to step through."""
    kept = await run_in_threadpool(site.whole, id, "run")
    attrs = kept.attrs
    if number >= attrs["runs"]:
        raise NotFound(f"It has histories 0 to {attrs['runs'] - 1}.")
    key = ("history", kept.id, kept.stamp, number)
    task: dict[str, Any] = {} if site.bodies.ready(key) else {
        "task": "history", "order": await run_in_threadpool(spec_of, attrs), "run": number,
        "seed": attrs["seed"], "runs": attrs["runs"], "chunk": attrs["chunk"], "platform": attrs["platform"],
    }  # fmt: skip
    return (await site.asked(key, task)).response(request)


@router.get("/runs/{id}/download", response_class=Response, responses={**errors(404, 409, 429), **FORMATS})
async def download(
    site: Here, id: Id, format: Annotated[downloads.Format, Query(description="what to get")] = "zip"
) -> Response:
    """A finished run or comparison as a file."""
    kept = await run_in_threadpool(site.whole, id)
    if format == "html" and kept.kind == "run" and not (kept.folder / "report.html").is_file():
        given = {"text": kept.attrs["scenario_text"], "name": kept.attrs["scenario"]}
        await site.do({"task": "page", "folder": kept.id, "order": given})
    ending, media = downloads.MEDIA[format]
    if format == "zip" and kept.kind == "run":
        target = scratch(site, ".zip")
        await site.do({"task": "bundle", "folder": kept.id, "target": str(target)})
    else:
        target = await in_pool(site, kept, format)
    name = f"{kept.id}.{ending}"
    return FileResponse(target, media_type=media, filename=name, background=BackgroundTask(os.unlink, target))


def scratch(site: Site, ending: str) -> Path:
    """A new file of the explorer's own."""
    site.scratch.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(ending, dir=site.scratch)
    os.close(handle)
    return Path(name)


async def in_pool(site: Site, kept: Kept, format: downloads.Format) -> Path:
    """The file, made beside others that are being made."""
    import asyncio

    def make() -> Path:
        target = scratch(site, "")
        try:
            downloads.write(kept, format, target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return target

    return await asyncio.get_running_loop().run_in_executor(site.building, make)


