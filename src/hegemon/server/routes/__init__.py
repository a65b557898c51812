"""What the API gives, a file per kind of thing."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request

from hegemon.server.answers import Error
from hegemon.server.site import Site


def _site(request: Request) -> Site:
    found: Site = request.app.state.site
    return found


Here = Annotated[Site, Depends(_site)]
"""The explorer."""

Id = Annotated[str, Path(max_length=200, description="a run's or comparison's id, as lists give it")]

Measures = Annotated[
    str | None, Query(max_length=2_000, description="only these measures, separated by commas", examples=["autonomy"])
]

_SAID = {404: "No such thing", 409: "Not in its present state", 429: "Others are waiting"}


def errors(*codes: int) -> dict[int | str, dict[str, Any]]:
    """Refusals that a route may give besides those that any may."""
    return {code: {"model": Error, "description": _SAID[code]} for code in codes}
