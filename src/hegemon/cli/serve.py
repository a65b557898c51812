"""`hegemon serve`: the explorer, in a browser of this machine."""

from __future__ import annotations

import contextlib
import re
import secrets
import socket
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hegemon.cli.output import print_json, say
from hegemon.errors import BadFile, BadValue, Missing, shown
from hegemon.files import refused

if TYPE_CHECKING:
    from hegemon.server.safety import Rules
    from hegemon.server.site import Site

PORT = 8765
"""Where the explorer is found, unless something else is."""

BUSY = "Another explorer ({who}) shows that folder. Open that one, or choose another folder with --results."


def serve(
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help=f"Port; else {PORT}, or a free one. 0: a free one.")
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
    lan: Annotated[
        bool, typer.Option("--lan", help="Let others on the local network in, with a link to look and one to do more.")
    ] = False,
    orders: Annotated[
        list[str] | None, typer.Option("--order", metavar="FOLDER", help="An order of your own to show too (repeatable).")
    ] = None,
    embed: Annotated[
        list[str] | None,
        typer.Option("--embed", metavar="ORIGIN", help="A site whose pages may show the explorer in a frame: https://example.org"),
    ] = None,
    results: Annotated[Path, typer.Option("--results", metavar="DIR", help="Folder of results.")] = Path("results"),
    no_examples: Annotated[
        bool, typer.Option("--no-examples", help="Do not compute the worked examples beforehand.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document when it is ready.")] = False,
) -> None:
    """Open the explorer: run orders, look at them, compare them, in a browser. Nothing leaves this machine."""
    installed()
    from hegemon.scenarios.loader import load_scenario
    from hegemon.server.site import Site

    with refused(f"cannot use {shown(results.as_posix(), 200)}", "choose another folder with --results."):
        results.mkdir(parents=True, exist_ok=True)
    rules = rules_of(lan, frames(embed or []))
    named = tuple(load_scenario(each) for each in orders or ())

    def told(address: str) -> None:
        ready(address, rules, results, as_json=as_json)

    explore(Site(results, rules, named), port, told, lan=lan, no_open=no_open, prepared=not no_examples)


def installed() -> None:
    """Raise where what the explorer needs is not there."""
    try:
        import fastapi_offline  # noqa: F401
        import uvicorn  # noqa: F401
        import websockets  # noqa: F401
    except ImportError as missing:
        raise Missing(f"the explorer needs {missing.name}", "Install it: pip install 'hegemon[serve]'.") from None


def explore(
    site: Site, port: int | None, told: Callable[[str], None], *, lan: bool = False, no_open: bool = False,
    prepared: bool = False, page: str = "",
) -> None:  # fmt: skip
    """Run an explorer until it is stopped; `told` is given its address once it answers. `page`: what a browser opens."""
    import uvicorn

    from hegemon.owner import owned
    from hegemon.server import limits
    from hegemon.server.app import create
    from hegemon.server.site import OWN

    listening = bound("0.0.0.0" if lan else "127.0.0.1", port)
    where = listening.getsockname()[1]
    token = f"?token={site.rules.token}" if site.rules.token else ""
    address = f"http://{own_address() if lan else '127.0.0.1'}:{where}/"
    app = create(site, prepared=prepared)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, ws="websockets-sansio", ws_max_size=4_096, timeout_keep_alive=30,
        timeout_graceful_shutdown=3, limit_concurrency=limits.CONNECTIONS, server_header=False, lifespan="on",
        h11_max_incomplete_event_size=32_768, http="h11", proxy_headers=False,
    )  # fmt: skip

    class Server(uvicorn.Server):
        """Says where it is once it can be asked."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                told(address)
                if not no_open:
                    webbrowser.open(f"http://127.0.0.1:{where}/{token}{page}")

    with contextlib.ExitStack() as alone, contextlib.suppress(KeyboardInterrupt):
        alone.enter_context(listening)
        with contextlib.suppress(BadFile):  # a folder that can only be looked at
            alone.enter_context(owned(site.results / OWN, busy=BUSY))
        Server(config).run(sockets=[listening])


def ready(address: str, rules: Rules, results: Path, *, as_json: bool) -> None:
    """Say where the explorer is."""
    mine, theirs = (address + (f"?token={token}" if token else "") for token in (rules.token, rules.viewer))
    if as_json:
        return print_json({"address": mine, "token": rules.token, "viewer": theirs if rules.viewer else None,
                           "results": results.as_posix()}, indent=None)  # fmt: skip
    if rules.token is None:
        return say(f"The explorer is at {mine}  (results: {results.as_posix()}; Ctrl-C stops it)")
    say(f"To do everything (yours):  {mine}")
    say(f"To look (for others):      {theirs}")
    say(f"Results: {results.as_posix()}; Ctrl-C stops the explorer, and both links with it.")
    say("Whoever on this network has the first link can start, stop, send and take away. Nothing is encrypted.", error=True)


def bound(host: str, port: int | None) -> socket.socket:
    """A socket that listens: at the port asked for, else at the usual one, else at any that is free."""
    for choice in (PORT, 0) if port is None else (port,):
        # The protocol by its name: of a socket of protocol 0 asyncio does not know that it may send small answers at once.
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, choice))
            return listening
        except OSError as error:
            listening.close()
            reason = error.strerror
    raise BadValue(f"port {port} cannot be used ({reason})", "Choose another with --port, or leave it out.")


ORIGIN = re.compile(r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?")


def frames(origins: list[str]) -> tuple[str, ...]:
    """Sites whose pages may show the explorer in a frame. Raises `BadValue` for what is none."""
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise BadValue(f"--embed {shown(origin)}", "Name a site by its origin, without a path: https://example.org.")
    return tuple(dict.fromkeys(origins))


def rules_of(lan: bool, embed: tuple[str, ...] = ()) -> Rules:
    """Names the explorer goes by, tokens where others are let in, sites that may frame it."""
    from hegemon.server.safety import LOOPBACK, Rules

    if not lan:
        return Rules(frames=embed)
    names = {own_address(), socket.gethostname().lower(), f"{socket.gethostname().lower()}.local"}
    return Rules(LOOPBACK | names, secrets.token_urlsafe(24), secrets.token_urlsafe(24), embed)


def own_address() -> str:
    """This machine's address on the local network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for documentation: no packet leaves
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"
