"""Forecasts that nobody can alter unseen: each is sealed with its date, its rules and the fingerprint of the one before."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon import quarters
from hegemon.errors import BadFile, BadValue, Missing, shown
from hegemon.files import read_text, write_file
from hegemon.history import coded, history, record_events
from hegemon.owner import owned_file
from hegemon.studies.backtest import scores
from hegemon.studies.backtest.scores import Interval
from hegemon.studies.forecast.cut import covered
from hegemon.studies.forecast.result import Forecast

RULES = (
    "A chance is settled as yes when the record has a crisis of that kind in that state that began in the window, as no when "
    "the record covers the whole window and has none. What counts as a crisis, and of which kind, says the codebook "
    "(hegemon data codebook); whoever codes it does so from published sources, without sight of the sealed chances. Crises that "
    "were known when it was sealed do not count. Nothing is scored before the window is over, because what has happened is "
    "settled sooner than what has not."
)
"""How a sealed forecast is resolved; part of the seal."""

LARGEST = 50_000_000
PATIENCE = 10.0
"""Seconds to wait for another process that adds a seal to the same file."""
NOTHING = "0" * 64
"""What the first seal has for the fingerprint of the one before."""

Seal = dict[str, Any]
"""One line of a file of seals: number, sealed (UTC), previous, rules, order, command, version, code, data, first, last, known
(crises of the first quarter that were known), chances, sha256."""


@dataclass(frozen=True)
class Settled:
    """What came of a sealed forecast whose window is over: crises by kind and neighbour.

    cells     chances that are settled, of which `came` as yes
    log, brier, base_log, base_brier   mean scores (log: nat, higher is better; Brier: lower), of the forecast and of base rates
    ahead     log score over the base rates', a cell, 95 % by state
    """

    cells: int
    came: int
    log: float
    brier: float
    base_log: float
    base_brier: float
    ahead: Interval


@dataclass(frozen=True)
class Scored:
    """A sealed forecast and what came of it; `settled` is None while the record does not cover its window."""

    number: int
    sealed: str
    first: str
    last: str
    settled: Settled | None


def seal(of: Forecast, file: Path) -> Seal:
    """Add a forecast to a file of seals, which is made if it is not there. Raises `UserError` where that has been altered, or
    the forecast has no window of years to come (it was asked without `years`)."""
    asked = of.question
    if asked.years is None:
        raise BadValue("that forecast is of years that have come", "Make one with --years.")
    order = asked.order()
    record = record_events(coded(order.scenario), end=order.scenario.end)
    known = record[(record["coded_quarter"] == of.first) & (record["coded_quarter"] == covered(order))]["crisis_id"]
    with owned_file(file, PATIENCE):
        before = read(file) if file.exists() else []
        content: Seal = {
            "number": len(before) + 1, "sealed": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "previous": before[-1]["sha256"] if before else NOTHING, "rules": RULES, "order": order.name,
            "order_hash": order.hash, "command": asked.line, **{name: of.made[name] for name in ("version", "code", "data")},
            "record_hash": of.made["record_hash"], "first": of.first, "last": of.last, "known": sorted(known),
            "chances": of.chances[["state", "kind", "probability", "base"]].to_dict("records"),
        }  # fmt: skip
        content["sha256"] = _hash(content)
        lines = [*(_line(each) for each in before), _line(content)]
        write_file(file, "".join(f"{line}\n" for line in lines))
    return content


def read(file: Path) -> list[Seal]:
    """All seals of a file, the chain checked. Raises `BadFile`, with the line, where one was altered, removed or put in."""
    found: list[Seal] = []
    for number, line in enumerate(read_text(file, LARGEST).splitlines(), 1):
        remedy = "Take the file from where it was kept unaltered; what follows this line is not to be trusted."
        place = f"line {number}"
        try:
            content = json.loads(line)
            whole = content["sha256"] == _hash({name: value for name, value in content.items() if name != "sha256"})
            follows = content["previous"] == (found[-1]["sha256"] if found else NOTHING) and content["number"] == number
        except (ValueError, KeyError, TypeError, RecursionError):
            raise BadFile(f"{shown(str(file), 200)} is no file of seals", remedy, place=place) from None
        if not whole:
            raise BadFile(f"a seal of {shown(str(file), 200)} was altered", remedy, place=place)
        if not follows:
            raise BadFile(f"seals of {shown(str(file), 200)} are missing or out of order", remedy, place=place)
        found.append(content)
    return found


def score(file: Path, record: str | None, until: str | None, order: str | None = None) -> list[Scored]:
    """Every sealed forecast, scored with a record that has grown.

    record  a name or a CSV file with the columns of `hegemon.history()`; None: each order's own
    until   the last quarter that the record covers in full; None: what is known of a built-in one
    order   the order of one's own that was forecast, by file or folder; None: what was forecast is built in
    """
    if record is not None and until is None:
        raise Missing("nothing says how far that record goes", "Say with --until QUARTER which is the last one covered in full.")
    return [_scored(each, record, until, order) for each in read(file)]


def _scored(sealed: Seal, record: str | None, until: str | None, own: str | None) -> Scored:
    from hegemon.order import load
    from hegemon.scenarios.loader import builtin_names

    if record is None or until is None:  # else nothing needs the order, which may be a file of somebody's
        if own is None and sealed["order"] not in builtin_names():
            remedy = "Name its folder with --order, or its record with --history and --until."
            raise Missing(f"{shown(sealed['order'])}, of seal {sealed['number']}, is an order of somebody's own", remedy)
        order = load(own or sealed["order"])
        table = history(record) if record is not None else coded(order.scenario)
        until = until or quarters.shift(covered(order), -1)
    else:
        table = history(record)
    over = quarters.index(until) >= quarters.index(sealed["last"])
    settled = _settled(sealed, table) if over else None
    return Scored(sealed["number"], sealed["sealed"], sealed["first"], sealed["last"], settled)


def _settled(sealed: Seal, crises: pd.DataFrame) -> Settled:
    table = record_events(crises)
    table = table[table["coded_quarter"].isin(quarters.span(sealed["first"], sealed["last"]))]
    happened = {(row["state"], row["kind"]) for row in table.to_dict("records") if row["crisis_id"] not in sealed["known"]}
    cells = [row for row in sealed["chances"] if row["state"] and row["kind"]]
    came = np.array([(row["state"], row["kind"]) in happened for row in cells], float)
    mine, base = (np.array([row[name] for row in cells], float) for name in ("probability", "base"))
    logs = [_log(share, came) for share in (mine, base)]
    return Settled(
        len(cells), int(came.sum()), float(logs[0].mean()), float(((mine - came) ** 2).mean()),
        float(logs[1].mean()), float(((base - came) ** 2).mean()),
        scores.interval(logs[0] - logs[1], [row["state"] for row in cells], 0),
    )  # fmt: skip


def _log(share: npt.NDArray[np.float64], came: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Log scores; a chance of nothing counts as half a history in the most that are simulated."""
    inside = np.clip(share, 1.0 / 8_000, 1.0 - 1.0 / 8_000)
    return np.asarray(came * np.log(inside) + (1.0 - came) * np.log(1.0 - inside))


def _line(content: Seal) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _hash(content: Seal) -> str:
    return hashlib.sha256(_line(content).encode()).hexdigest()

