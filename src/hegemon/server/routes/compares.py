"""Comparisons: two orders under the same luck. They are listed, cancelled and taken home as runs are."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from hegemon.server import limits, thin
from hegemon.server.answers import CompareResult, Taken
from hegemon.server.asked import CompareAsked, changes, pair_of
from hegemon.server.jobs import Job
from hegemon.server.routes import Here, Id, Measures, errors
from hegemon.server.routes.runs import about
from hegemon.server.site import Site
from hegemon.server.spec import spec

router = APIRouter(tags=["comparisons"])


@router.post("/compares", response_model=Taken, status_code=202, responses=errors(409, 429))
async def send_compare(site: Here, asked: CompareAsked) -> Taken:
    """Compare two orders. The same request has the same id, and is simulated once."""
    return Taken(id=site.submit(await run_in_threadpool(job_of, site, asked), asked.model_dump()))


def job_of(site: Site, asked: CompareAsked) -> Job:
    """The comparison that is asked for."""
    from hegemon.experiments.compare import alike
    from hegemon.report.comparison_page import titled

    one, other = pair_of(asked, site.scenarios)
    alike(one, other)
    for order in (one, other):
        limits.check(order, asked.runs, limits.PAIRS)
    name = f"compare-{one.name}-{one.hash[:8]}-{other.hash[:8]}-seed{asked.seed}-{asked.runs}"
    said = [*(f"first: {change}" for change in changes(asked.first)), *(f"second: {c}" for c in changes(asked.second))]
    task = {"task": "compare", "folder": name, "first": spec(one), "runs": asked.runs, "seed": asked.seed,
            "second": spec(other), "changes": said}  # fmt: skip
    shown = about(site, one, asked.runs, asked.seed, titled(one, other), said)
    return Job(name, "compare", task, shown | {"estimate": round(2 * shown["estimate"] + 5.0, 1)})


@router.get("/compares/{id}/result", response_model=CompareResult, responses=errors(404, 409))
async def compare_result(site: Here, request: Request, id: Id, measures: Measures = None) -> Response:
    """A finished comparison: means, differences with intervals, and what exceeds luck."""
    names, kept = thin.wanted(measures), await run_in_threadpool(site.whole, id, "compare")
    key = ("compare", kept.id, kept.stamp, names)
    return (await site.built(key, lambda: thin.compare_result(kept.folder, kept.attrs, names))).response(request)
