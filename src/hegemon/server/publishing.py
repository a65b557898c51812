"""A static site of results: the explorer's own pages, beside them every answer that they ask for, as a file, and the engine with
which a reader's browser runs orders anew.

The answers are the API's, asked in this process by the addresses at which pages ask. What a part of the API wants published, it
says itself: a module of `routes` may have a function `published` that gives the addresses its pages ask for. Each answer is a
script that says what it holds, since a page that is opened from a disk may run scripts but not read files.
"""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import importlib
import json
import pkgutil
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote, urlsplit

import hegemon
from hegemon.errors import BadFile, BadValue, Failure, shown
from hegemon.files import try_to_write, write_folder
from hegemon.owner import LOCK, owned
from hegemon.server import routes, tasks
from hegemon.server.app import API, create
from hegemon.server.errors import Stopped
from hegemon.server.keeping import read_names
from hegemon.server.site import OWN, Site
from hegemon.studies.folder import manifest_of
from hegemon.studies.study import Progress
from hegemon.studies.telling import PAGE

NOTE = "published.json"
"""Stands in a published folder: by it the next publishing knows that the folder is its own to replace."""
HOST = b"localhost"
ELSEWHERE = "choose another folder."
BUSY = "{place} is being written by {who}. Wait until it is through and give the same command again, or name another folder."
PATIENCE = 60.0
"""Seconds to wait for another process that publishes there."""


class Here:
    """Who does the work: this process."""

    def __init__(self, results: Path) -> None:
        self.results = results

    def ask(self, task: dict[str, Any], progress: Progress | None = None) -> Any:
        """Do a task, of those that read."""
        return tasks.do({**task, "folder": str(self.results / task["folder"])}, progress or (lambda done, total: None))

    def cancel(self) -> None:
        """Nothing is done that could be cancelled."""

    def stop(self) -> None:
        """Nothing runs."""


@dataclass(frozen=True)
class Published:
    """What was written."""

    folder: Path
    results: tuple[str, ...]
    files: int
    size: int


def addresses(site: Site) -> Iterator[str]:
    """What the pages of a published site ask for, as they ask."""
    for module in pkgutil.iter_modules(routes.__path__):
        wants = getattr(importlib.import_module(f"{routes.__name__}.{module.name}"), "published", None)
        if wants is not None:
            yield from wants(site)


async def answered(app: Any, address: str) -> bytes:
    """What the API answers, as it would over the network. Raises `Failure` where it refuses."""
    parts, said, status = urlsplit(f"{API}/{address}"), list[bytes](), 0
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
             "root_path": "", "path": unquote(parts.path), "raw_path": parts.path.encode(),
             "query_string": parts.query.encode(), "headers": [(b"host", HOST)],
             "server": ("localhost", 80), "client": ("127.0.0.1", 0)}  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)
        said.append(message.get("body", b""))

    await app(scope, receive, send)
    if status != 200:
        raise Failure(f"{address} cannot be published ({b''.join(said)[:200].decode(errors='replace')})")
    return b"".join(said)


def script(address: str, answer: bytes) -> bytes:
    """An answer as a script that says it."""
    packed = base64.b64encode(gzip.compress(answer, 9, mtime=0)).decode()
    return f"hegemonData({json.dumps(address)},{json.dumps(packed)})\n".encode()


async def files(site: Site, progress: Progress) -> dict[str, bytes]:
    """Every answer as a file, and the list of them."""
    app, shelf, found = create(site), dict[str, str](), dict[str, bytes]()
    wanted = list(dict.fromkeys(addresses(site)))
    for n, address in enumerate(wanted):
        progress(n, len(wanted))
        name = f"data/{hashlib.sha256(address.encode()).hexdigest()[:12]}.js"
        shelf[address], found[name] = name, script(address, await answered(app, address))
    progress(len(wanted), len(wanted))
    found["data/shelf.js"] = f"hegemonShelf={json.dumps(shelf, indent=0)}\n".encode()
    return found


def publish(
    folder: Path, results: Sequence[Path], *, title: str | None = None, reports: bool = False, engine: bool = True,
    progress: Progress | None = None,
) -> Published:  # fmt: skip
    """Write a static site of finished results, with `reports` their reports beside it, with `engine` what runs orders in a page.

    Raises `UserError` where one is not finished, or the folder holds something else.

    Nothing is written unless everything can be; a site that stands there already is replaced.
    """
    replaceable(folder)
    names = distinct(results)
    with TemporaryDirectory() as scratch:
        shelf = Path(scratch) / "results"
        for name, result in names.items():
            shutil.copytree(result, shelf / name, ignore=shutil.ignore_patterns("trajectories", ".lock*"))
        site = Site(shelf, runner=Here(shelf), asker=Here(shelf))
        site.names.given = {name: given[name] for name, result in names.items()
                            if name in (given := read_names(result.parent / OWN / "names.json"))}  # fmt: skip
        site.index.scan()
        try:
            made = asyncio.run(files(site, progress or (lambda done, total: None)))
            beside = {f"reports/{name}.html": report(site, name) for name in names if reports}
        except Stopped:  # pragma: no cover
            raise Failure("Stopped") from None
        finally:
            for pool in (site.building, site.asking):
                pool.shutdown()
    if engine:
        from hegemon.portable import tab

        made |= {f"engine/{name}": content for name, content in tab.files().items()}
    note = json.dumps({"hegemon": hegemon.__version__, "results": list(names)}, indent=1).encode() + b"\n"
    made = {NOTE: note, **made, **beside, **pages(title or "hegemon", list(beside))}  # the note first: it says whose the rest is
    with owned(folder, PATIENCE, BUSY):
        replaceable(folder)
        before = written(folder)
        for draft in folder.rglob("*.part"):  # of a process that was killed
            draft.unlink(missing_ok=True)
        write_folder(folder, made, ELSEWHERE)
        for old in set(before) - set(made):
            (folder / old).unlink(missing_ok=True)
    return Published(folder, tuple(names), len(made), sum(map(len, made.values())))


def report(site: Site, name: str) -> bytes:
    """A result's page for those without JavaScript, for print, and for whoever wants one file."""
    site.asker.ask({"task": "page", "folder": name})
    return (site.results / name / PAGE).read_bytes()


def pages(title: str, reports: Sequence[str]) -> dict[str, bytes]:
    """The page with its script and style."""
    here = resources.files("hegemon.pages")
    names = ", ".join(f'<a href="{escape(name)}">{escape(Path(name).stem)}</a>' for name in reports)
    links = f"The reports do not: {names}." if reports else ""
    frame = Template(here.joinpath("site.html").read_text("utf-8"))
    page = frame.substitute(title=escape(title), version=escape(hegemon.__version__), reports=links)
    made = {name: here.joinpath("published", name).read_bytes() for name in ("site.js", "site.css")}
    return {"index.html": page.encode(), **made}


def distinct(results: Sequence[Path]) -> dict[str, Path]:
    """Finished results by the names of their folders. Raises `UserError` where one is not finished, or two share a name."""
    found: dict[str, Path] = {}
    for result in results:
        manifest_of(result)
        name = result.resolve().name
        if found.setdefault(name, result.resolve()) != result.resolve():
            raise BadValue(f"two results are called {shown(name)}", "Rename one of the folders.")
    if not found:
        raise BadFile("there is no finished result to publish", "Name one, or make one: hegemon run.")
    return found


def written(folder: Path) -> list[str]:
    """What an earlier publishing has left that this one may replace."""
    parts = ("data/*.js", "reports/*.html", "engine/*")
    kept = [each for part in parts for each in folder.glob(part)] if (folder / NOTE).is_file() else []
    return [each.relative_to(folder).as_posix() for each in kept]


def replaceable(folder: Path) -> None:
    """Raise `BadFile` where a folder holds something that is no published site, or where none can be written."""
    there = (each for each in folder.rglob("*") if each.is_file()) if folder.is_dir() else ()
    other = any(not each.name.startswith(LOCK) and each.suffix != ".part" for each in there)  # of a process that was killed
    if folder.is_file() or (other and not (folder / NOTE).is_file()):
        raise BadFile(f"{shown(folder.as_posix(), 200)} holds something else", "Name a new folder, or an empty one.")
    try_to_write(folder / NOTE, ELSEWHERE)
