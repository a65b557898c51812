"""Studies: every kind of answer is asked in one way, by a route of its own that knows its question."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from hegemon import studies
from hegemon.server import questions
from hegemon.server.answers import Estimate, StudyInfo, Taken
from hegemon.server.once import OnceRoute
from hegemon.server.routes import Here, errors
from hegemon.server.site import Site
from hegemon.studies.study import Study


def router() -> APIRouter:
    """The routes: the list, and two for each study."""
    found = APIRouter(tags=["studies"], route_class=OnceRoute)
    found.add_api_route("/studies", listed, response_model=list[StudyInfo], name="studies")
    for kind in studies.STUDIES:
        more: dict[str, Any] = {"methods": ["POST"], "description": kind.summary}
        found.add_api_route(f"/studies/{kind.name}", _typed(asker(kind), kind), name=f"ask_{kind.name}", response_model=Taken,
                            status_code=202, responses=errors(409, 429), summary=f"Ask for {kind.noun}", **more)  # fmt: skip
        found.add_api_route(f"/estimate/{kind.name}", _typed(estimator(kind), kind), name=f"estimate_{kind.name}",
                            response_model=Estimate, summary=f"What {kind.noun} would take", **more)  # fmt: skip
    return found


async def listed(site: Here, request: Request) -> Response:
    """Kinds of answer, each with its question as a JSON schema."""
    return (await site.built(("studies",), infos)).response(request)


def infos() -> list[dict[str, Any]]:
    """All kinds of answer."""
    return [{"name": kind.name, "noun": kind.noun, "summary": kind.summary, "help": inspect.getdoc(kind.asks) or "",
             "question": questions.schema(kind)} for kind in studies.STUDIES]  # fmt: skip


def asker(kind: Study) -> Callable[..., Any]:
    """Take on a question. The same question has the same id, here and on the command line, and is answered once."""

    async def ask(site: Here, asked: BaseModel) -> Taken:
        return Taken(id=await run_in_threadpool(lambda: site.submit(_job(site, kind, asked))))

    return ask


def estimator(kind: Study) -> Callable[..., Any]:
    """What an answer would be and take, without starting it."""

    async def estimate(site: Here, asked: BaseModel) -> Estimate:
        job = await run_in_threadpool(_job, site, kind, asked)
        return Estimate(id=job.id, exists=job.id in site.index.saved, seconds=job.about["estimate"])

    return estimate


def _job(site: Site, kind: Study, asked: BaseModel) -> Any:
    return site.job(questions.question_of(kind, asked, site.scenarios))


def _typed(route: Callable[..., Any], kind: Study) -> Callable[..., Any]:
    """The route with its question's type, which its description tells."""
    route.__annotations__["asked"] = questions.body_of(kind)
    return route
