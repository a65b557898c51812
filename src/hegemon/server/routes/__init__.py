"""What the API gives, a file per kind of thing."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Request

from hegemon.server.answers import Error
from hegemon.server.errors import Blind
from hegemon.server.site import Site


def _site(request: Request) -> Site:
    return request.app.state.site


BLIND = "Somebody codes crises here and must see nobody's codes. Until hegemon data code is stopped, this shows the coding alone."

def sighted(request: Request) -> None:
    """Let pass unless a coder's session is on; what this explorer is may be asked even then. Raises `Blind`."""
    if _site(request).sheet is not None and request.scope["route"].name != "about":
        raise Blind(BLIND)


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
