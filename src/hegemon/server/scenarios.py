"""Scenarios by name: those that come with hegemon, and those a client has sent, kept as files in the results folder."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from hegemon.errors import BadValue, UnknownScenario, UserError, did_you_mean, shown
from hegemon.files import write_together
from hegemon.order import from_scenario
from hegemon.scenarios.loader import builtin_names, load_scenario, read_scenario
from hegemon.scenarios.schema import Scenario
from hegemon.server import limits
from hegemon.server.errors import Conflict, NotFound, TooLarge, TooMany
from hegemon.studies.question import scenario_text

NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class Scenarios:
    """A folder of scenarios that were sent, beside the built-in ones and those named when the explorer was started."""

    def __init__(self, folder: Path, named: Sequence[Scenario] = ()) -> None:
        self.folder = folder
        self.named = {scenario.name: scenario for scenario in named}

    def sent(self) -> dict[str, Path]:
        """Files by name."""
        files = self.folder.glob("*.toml") if self.folder.is_dir() else ()
        return {file.stem: file for file in sorted(files) if NAME.fullmatch(file.stem)}

    def kept(self) -> tuple[str, ...]:
        """Names of those that were sent, and can be renamed and taken away."""
        return tuple(name for name in self.sent() if name not in self.named)

    def names(self) -> tuple[str, ...]:
        """All, the built-in ones first."""
        return (*builtin_names(), *self.named, *self.kept())

    def scenario(self, name: str) -> Scenario:
        """A scenario by name. Raises `UnknownScenario`."""
        if name in builtin_names():
            return _builtin(name)
        if name in self.named:
            return self.named[name]
        files = self.sent()
        if name not in files:
            raise UnknownScenario(f"no scenario is called {shown(name)}", did_you_mean(name, self.names()))
        record = self.record(name)
        found = _read(files[name].read_text("utf-8"), name, record)
        return found if record is not None else found.named(name, files[name].as_posix())  # with a record it is no file alone

    def record(self, name: str) -> str | None:
        """The record that was sent along with a scenario."""
        file = self.folder / f"{name}.csv"
        return file.read_text("utf-8") if name in self.sent() and file.is_file() else None

    def told(self, name: str) -> str | None:
        """A scenario as questions carry it (`Question.given`); None where there is none of that name."""
        if name in builtin_names():
            return _told(None, name, None)
        if name in self.named:
            return scenario_text(self.named[name])
        with contextlib.suppress(UserError, OSError, UnicodeDecodeError):
            return _told(self.sent()[name].read_text("utf-8"), name, self.record(name)) if name in self.sent() else None
        return None

    def keep(self, name: str, text: str, record: str | None = None) -> Scenario:
        """Check a scenario, with a record of its own where one is sent, and keep it; one of that name that was sent before is
        replaced."""
        for what, content in (("A scenario", text), ("A record", record or "")):
            if len(content.encode("utf-8", "replace")) > limits.SCENARIO:
                raise TooLarge(f"{what} may have up to {limits.SCENARIO // 1000} kB.")
        if name in self.named:
            raise BadValue(f"{shown(name)} was named when the explorer was started", "Choose another name.")
        if name in builtin_names():
            raise BadValue(f"{shown(name)} is built in", "Choose another name.")
        raw, coded = utf8(text), None if record is None else utf8(record)
        found = _read(text, name, record)
        limits.check_size(from_scenario(found))
        if name not in self.sent() and len(self.sent()) >= limits.SCENARIOS:
            raise TooMany(f"{limits.SCENARIOS} scenarios are kept already. Delete some in the folder of results.")
        beside = self.folder / f"{name}.csv"
        write_together({self.folder / f"{name}.toml": raw} | ({} if coded is None else {beside: coded}))
        if coded is None:
            beside.unlink(missing_ok=True)
        return found

    def text(self, name: str) -> str:
        """A scenario of one's own as it was sent. Raises `NotFound`."""
        files = self.sent()
        if name not in files:
            raise NotFound("There is no such scenario of your own.")
        return files[name].read_text("utf-8")

    def drop(self, name: str) -> tuple[str, str | None]:
        """Take a scenario of one's own away; its text and its record. Results that were made with it keep what they said. Raises
        `NotFound`."""
        text, record = self.text(name), self.record(name)
        self.sent()[name].unlink()
        (self.folder / f"{name}.csv").unlink(missing_ok=True)
        return text, record

    def rename(self, name: str, new: str) -> Scenario:
        """Call one otherwise. Raises `NotFound`, `Conflict`, `UserError`."""
        text, record = self.text(name), self.record(name)
        if new in self.sent():
            raise Conflict(f"There is a scenario called {new} already.")
        if new in builtin_names():
            raise BadValue(f"{shown(new)} is built in", "Choose another name.")
        found = _read(text, new, record)
        if record is not None:
            (self.folder / f"{name}.csv").rename(self.folder / f"{new}.csv")
        self.sent()[name].rename(self.folder / f"{new}.toml")
        return found


def utf8(text: str) -> bytes:
    """What a client has sent. Raises `BadValue` for text that no file can hold."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise BadValue("the text holds half characters", "Send it as UTF-8.") from None


_builtin = lru_cache(maxsize=32)(load_scenario)
_read = lru_cache(maxsize=64)(read_scenario)


@lru_cache(maxsize=128)
def _told(text: str | None, name: str, record: str | None) -> str:
    return scenario_text(_builtin(name) if text is None else _read(text, name, record))
