"""What the API gives, a file per kind of thing."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Request

from hegemon.server.answers import Error
from hegemon.server.site import Site


def _site(request: Request) -> Site:
    return request.app.state.site


Here = Annotated[Site, Depends(_site)]
"""The explorer."""

Id = Annotated[str, Path(max_length=200, description="a result's id, as lists give it")]

_SAID = {
    400: "A mistake in what was asked", 401: "The token is missing", 403: "Asked from elsewhere", 404: "No such thing",
    408: "Too slow", 409: "Not in its present state", 413: "Too large", 429: "Others are waiting",
    503: "Cannot be had now",
}  # fmt: skip


def errors(*codes: int) -> dict[int | str, dict[str, Any]]:
    """Refusals that a route may give."""
    return {code: {"model": Error, "description": _SAID[code]} for code in codes}
