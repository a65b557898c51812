"""A coder's session (`hegemon data code`): the crises of one file, what is asked, and the coder's own codes. Nobody else's."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from hegemon.history.questions import steps
from hegemon.history.sheet import Row, Sheet, answers, reached
from hegemon.server.answers import Coding, CodingCrisis
from hegemon.server.bodies import Body
from hegemon.server.errors import NotFound
from hegemon.server.routes import Here, errors
from hegemon.server.site import Site

router = APIRouter(tags=["coding"])

Crisis = Annotated[str, Path(max_length=200, description="a crisis's id, as the list gives it")]


class Codes(BaseModel):
    """Codes of one step, by column; empty where nothing is coded."""

    model_config = ConfigDict(extra="forbid")
    values: dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=8_000)]] = Field(max_length=40)


@router.get("/coding", response_model=Coding, responses=errors(404))
async def coding(site: Here, request: Request) -> Response:
    """The session: what is asked, and every crisis with what this coder has said of it."""
    sheet = open_sheet(site)
    found = {
        "coder": sheet.coder, "file": sheet.path.name, "steps": [asdict(step) for step in steps()],
        "crises": [told(row) for row in sheet.rows.values()],
    }  # fmt: skip
    return Body.of(found).response(request)


@router.post("/coding/{crisis}", response_model=CodingCrisis, responses=errors(404))
async def code(site: Here, request: Request, crisis: Crisis, codes: Codes) -> Response:
    """Save codes of one crisis in the coder's file. What the codebook does not allow is refused, and nothing is saved."""
    sheet = open_sheet(site)
    if crisis not in sheet.rows:
        raise NotFound("This crisis is none of the file's.")
    row = await run_in_threadpool(sheet.save, crisis, codes.values)
    return Body.of(told(row)).response(request)


def open_sheet(site: Site) -> Sheet:
    """The file that is open. Raises `NotFound` in an explorer that `hegemon data code` has not started."""
    if site.sheet is None:
        raise NotFound("Nobody is coding here. Start with: hegemon data code --coder NAME.")
    return site.sheet


def told(row: Row) -> dict[str, object]:
    """A crisis as its coder sees it: the end only once the crisis itself is coded."""
    done = reached(row)
    facts = {name: row[name] for name in ("crisis_id", "order", "patron", "state", "start", "name")}
    return {**facts, "end": row["end"] if done else "", "reached": done, "answers": answers(row)}
