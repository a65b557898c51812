"""Firefox as it is installed, driven by WebDriver BiDi, which it speaks itself: Playwright would bring a Firefox of its own."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from webexplorer import until
from websockets.sync.client import ClientConnection, connect


class Page:
    """The one page of a Firefox."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket, self.numbers = socket, itertools.count(1)
        self.ask("session.new", capabilities={})
        self.context = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, timeout: float = 120.0, **params: Any) -> Any:
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while (said := json.loads(self.socket.recv(timeout))).get("id") != number:
            pass
        assert said["type"] == "success", said
        return said["result"]

    def goto(self, address: str) -> None:
        self.ask("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """What an expression gives, or the promise that it is: a string, a number, yes or no."""
        found = self.ask("script.evaluate", expression=expression, target={"context": self.context}, awaitPromise=True)
        assert found["type"] == "success", found["exceptionDetails"]["text"]
        return found["result"].get("value")


@contextmanager
def opened(program: str, profile: Path) -> Iterator[Page]:
    """A Firefox without a window and without a past."""
    command = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0", "about:blank"]
    said = profile / "said"
    with said.open("w") as log:
        process = subprocess.Popen(command, stderr=log, env={**os.environ, "HOME": str(profile)})
    try:
        at = until(lambda: re.search(r"listening on (ws://\S+)\n", said.read_text("utf-8")), 60.0)[1]
        with connect(f"{at}/session", max_size=None) as socket:
            yield Page(socket)
    finally:
        process.terminate()
        process.wait(30)
