"""Stories that come with hegemon."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from hegemon import stories
from hegemon.server.answers import Story, StoryInfo
from hegemon.server.errors import NotFound
from hegemon.server.routes import Here, errors
from hegemon.server.site import Site

router = APIRouter(tags=["stories"])


@router.get("/stories", response_model=list[StoryInfo])
async def every_story(site: Here, request: Request) -> Response:
    """What can be read."""
    keep = set(StoryInfo.model_fields)
    return (await site.built(("stories",), lambda: [{k: v for k, v in stories.story(name).items() if k in keep}
                                                    for name in stories.names()])).response(request)  # fmt: skip


def published(site: Site) -> Iterator[str]:
    """All of them, with the maps they show."""
    yield "stories"
    for name in stories.names():
        yield f"stories/{name}"
        yield from (f"map/{show['region']}" for show in stories.story(name)["shows"].values() if show.get("region"))


@router.get("/stories/{name}", response_model=Story, responses=errors(404))
async def one_story(site: Here, request: Request, name: Annotated[str, Path(max_length=80, examples=["pact"])]) -> Response:
    """A story, with what is shown beside it."""
    if name not in (known := stories.names()):
        raise NotFound(f"There is no such story. Known: {', '.join(known)}.")
    return (await site.built(("story", name), lambda: stories.story(name))).response(request)
