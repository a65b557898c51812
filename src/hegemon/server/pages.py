"""The built pages, and the API's own documentation: files of the package, looked up by address in a list made at the start."""

from __future__ import annotations

import mimetypes
from functools import cache
from importlib import resources
from pathlib import Path

from hegemon.server.bodies import Body

FOREVER = "public, max-age=31536000, immutable"
"""For files whose name tells their content: what the build puts in assets/."""

TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml",
         ".html": "text/html; charset=utf-8", ".json": "application/json"}  # fmt: skip

PLAIN = resources.files("hegemon.server").joinpath("plain")
"""Pages that need no building: the documentation's, and what stands in for pages that have not been built."""


PACKED = (".js", ".css", ".html", ".json", ".svg", ".map", ".txt")  # endings of files that compressing makes smaller


def page(content: bytes, name: str, cache: str = "no-cache") -> Body:
    """A file's content as it is sent; by default clients ask whether it has changed."""
    ending = Path(name).suffix
    media = TYPES.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Body.holding(content, media, cache, pack=9 if ending in PACKED else 0)


def built(folder: Path | None = None) -> dict[str, Body]:
    """Files of the built pages by address; "" is the page that every address of the application opens."""
    where = folder or Path(str(resources.files("hegemon.server"))) / "static"
    found = {}
    for file in sorted(where.rglob("*")) if where.is_dir() else ():
        if file.is_file() and not file.name.startswith("."):
            address = file.relative_to(where).as_posix()
            cache = FOREVER if address.startswith("assets/") else "no-cache"
            found[address] = page(file.read_bytes(), file.name, cache)
    found[""] = found.get("index.html") or page(PLAIN.joinpath("unbuilt.html").read_bytes(), "index.html")
    return found


@cache
def documentation() -> dict[str, Body]:
    """The API's page with the scripts it needs."""
    swagger = resources.files("fastapi_offline").joinpath("static")
    files = {"docs.html": PLAIN, "start.js": PLAIN, "swagger-ui-bundle.js": swagger, "swagger-ui.css": swagger}
    found = {name: page(where.joinpath(name).read_bytes(), name) for name, where in files.items()}
    return {"": found.pop("docs.html"), **found}


@cache
def engine() -> dict[str, Body]:
    """Files of the engine that runs in a browser tab; to be made outside the event loop."""
    from hegemon.portable.tab import files

    return {name: page(content, name) for name, content in files().items()}


def page_of(pages: dict[str, Body], address: str) -> Body | None:
    """The file of an address; an address of the application (one without an ending) opens the application."""
    if address in pages:
        return pages[address]
    return None if "." in address.rpartition("/")[2] else pages[""]
