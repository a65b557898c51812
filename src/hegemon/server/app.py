"""The application: routes, pages, and what every answer has in common."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI, Request, WebSocket
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

import hegemon
from hegemon.errors import Failure, UserError, printable
from hegemon.machine import refused
from hegemon.server import examples, pages, shipped
from hegemon.server.bodies import Body
from hegemon.server.errors import Refused, Stopped, lacking, told
from hegemon.server.routes import builtin, claims, coding, errors, orders, results, sighted, stories, studies
from hegemon.server.safety import COMPILING, Guard
from hegemon.server.site import Site

API = "/api/v1"


def create(site: Site, static: Path | None = None, *, prepared: bool = False) -> FastAPI:
    """The application of one explorer.

    static    where its built pages are, if not in the package
    prepared  whether the worked examples are answered before anybody asks
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        site.start()
        if prepared:
            site.building.submit(ship, site)
            site.building.submit(examples.prepare, site)
        yield
        site.stop()

    app = FastAPI(
        title="hegemon", version=hegemon.__version__, lifespan=lifespan, openapi_url=None,
        docs_url=None, redoc_url=None, generate_unique_id_function=lambda route: route.name,
        responses=errors(400, 401, 403, 408, 413, 503),
        description="What the explorer's pages use. Results are those of the results folder, whoever made them.",
    )  # fmt: skip
    app.state.site = site
    for router in (orders.router, studies.router(), results.router, claims.router, builtin.router, stories.router):
        app.include_router(router, prefix=API, dependencies=[Depends(sighted)])
    app.include_router(coding.router, prefix=API)
    _refusals(app)
    _described(app)
    _pages(app, site, static)

    @app.websocket(f"{API}/changes")
    async def changes(socket: WebSocket) -> None:
        await site.changes.serve(socket)

    app.add_middleware(Guard, rules=site.rules)
    return app


def ship(site: Site) -> None:
    """Put the answers that come with hegemon among the results."""
    if shipped.unpack(site.results, site.scratch / "shipped"):
        site.look(at_once=True)


def _refusals(app: FastAPI) -> None:
    """Every refusal is one sentence."""

    async def said(_: Request, error: Exception) -> Response:
        status, sentence = refusal(error)
        legible = printable(" ".join(sentence.split()))
        return JSONResponse({"error": legible}, status, dict(getattr(error, "headers", None) or {}))

    for kind in (UserError, Refused, Failure, Stopped, ImportError, OSError, MemoryError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, said)


def refusal(error: Exception) -> tuple[int, str]:
    """Status and sentence of what went wrong."""
    match error:
        case UserError():
            return 400, told(error)
        case Refused():
            return error.status, str(error)
        case ImportError():
            return 503, lacking(error)
        case OSError() | MemoryError():
            return 507, refused(error)
        case HTTPException():
            return error.status_code, str(error.detail)
        case RequestValidationError():
            return 400, sentence(list(error.errors()))
    return 503, f"{error}." if str(error) else "The explorer is stopping."


def sentence(errors: list[Any]) -> str:
    """What does not fit the description of a request: the first thing, and where."""
    first = errors[0] if errors else {"loc": (), "msg": "It cannot be read"}
    where = ".".join(str(part)[:60] for part in first["loc"] if part not in ("body", "query", "path"))
    return f"{where or 'the request'}: {str(first['msg'])[:200].rstrip('.')}."


def _described(app: FastAPI) -> None:
    """The description says 400 for what does not fit, as this API does, and not 422. It is made when it is first asked for."""
    plain = app.openapi

    @functools.cache
    def described() -> dict[str, Any]:
        found = plain()
        for path in found["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)
        for name in ("HTTPValidationError", "ValidationError"):
            found["components"]["schemas"].pop(name, None)
        return found

    app.openapi = described  # type: ignore[method-assign]


def _pages(app: FastAPI, site: Site, static: Path | None) -> None:
    """Everything that is not the API: its documentation, and the application."""
    docs, built = pages.documentation(), pages.built(static)
    described = functools.cache(lambda: Body.of(app.openapi()))

    @app.get(f"{API}/openapi.json", include_in_schema=False)
    async def description(request: Request) -> Response:
        return described().response(request)

    @app.get("/api/docs", include_in_schema=False)
    @app.get("/api/docs/{name}", include_in_schema=False)
    async def documentation(request: Request, name: str = "") -> Response:
        if name not in docs:
            raise HTTPException(404, "There is no such page.")
        return docs[name].response(request)

    @app.get("/engine/{name}", include_in_schema=False, dependencies=[Depends(sighted)])
    async def engine(request: Request, name: str) -> Response:
        files = await asyncio.get_running_loop().run_in_executor(site.building, pages.engine)
        if name not in files:
            raise HTTPException(404, "There is no such file of the engine.")
        found = files[name].response(request)
        found.headers["content-security-policy"] = COMPILING
        return found

    @app.get("/{address:path}", include_in_schema=False)
    async def application(request: Request, address: str) -> Response:
        found = None if address.startswith("api/") else pages.page_of(built, address)
        if found is None:
            raise HTTPException(404, "There is no such page.")
        return found.response(request)
