"""The built pages, and the API's own documentation: files of the package, looked up by address in a list made at the start."""

from __future__ import annotations

import gzip
import mimetypes
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from hegemon.server.bodies import SMALL, sent, tag_of

FOREVER = "public, max-age=31536000, immutable"
"""For files whose name tells their content: what the build puts in assets/."""

AGAIN = "no-cache"  # for the rest: ask whether it has changed

TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml",
         ".html": "text/html; charset=utf-8", ".json": "application/json"}  # fmt: skip

PLAIN = resources.files("hegemon.server").joinpath("plain")
"""Pages that need no building: the documentation's, and what stands in for pages that have not been built."""


@dataclass(frozen=True)
class Page:
    """A file as it is sent."""

    content: bytes
    packed: bytes | None
    media: str
    cache: str
    tag: str

    @staticmethod
    def of(content: bytes, name: str, cache: str = AGAIN) -> Page:
        """From a file's content and name."""
        ending = Path(name).suffix
        media = TYPES.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        packs = len(content) > SMALL and ending in (".js", ".css", ".html", ".json", ".svg", ".map", ".txt")
        packed = gzip.compress(content, 9, mtime=0) if packs else None
        return Page(content, packed, media, cache, tag_of(content))

    def response(self, request: Request) -> Response:
        """As this client takes it."""
        return sent(request, self.tag, self.media, self.packed, lambda: self.content, self.cache)


def built(folder: Path | None = None) -> dict[str, Page]:
    """Files of the built pages by address; "" is the page that every address of the application opens."""
    where = folder or Path(str(resources.files("hegemon.server"))) / "static"
    found = {}
    for file in sorted(where.rglob("*")) if where.is_dir() else ():
        if file.is_file() and not file.name.startswith("."):
            address = file.relative_to(where).as_posix()
            found[address] = Page.of(file.read_bytes(), file.name, FOREVER if address.startswith("assets/") else AGAIN)
    found[""] = found.get("index.html") or Page.of(PLAIN.joinpath("unbuilt.html").read_bytes(), "index.html")
    return found


@cache
def documentation() -> dict[str, Page]:
    """The API's page with the scripts it needs."""
    swagger = resources.files("fastapi_offline").joinpath("static")
    files = {"docs.html": PLAIN, "start.js": PLAIN, "swagger-ui-bundle.js": swagger, "swagger-ui.css": swagger}
    found = {name: Page.of(where.joinpath(name).read_bytes(), name) for name, where in files.items()}
    return {"": found.pop("docs.html"), **found}


def page_of(pages: dict[str, Page], address: str) -> Page | None:
    """The file of an address; an address of the application (one without an ending) opens the application."""
    if address in pages:
        return pages[address]
    return None if "." in address.rpartition("/")[2] else pages[""]
