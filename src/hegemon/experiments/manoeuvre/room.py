"""Room for manoeuvre: what a neighbour may do before the patron answers, and what it must expect where it does more.

For one neighbour at one date: the red line, the autonomy it leaves, and over all orientations and levels of unrest the chance
of each crisis and of each answer to it, from the law's own functions, averaged over worlds (shocks) and parameters. Two things
are kept apart throughout:

    given a crisis   how the patron answers if one breaks out
    in a year        that one breaks out and is answered so: what incumbents have to reckon with

Everything but what is varied is as it was at the date. Claims C7, C12.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from hegemon import runtime
from hegemon.errors import BadValue, OutOfRange, UnknownName, did_you_mean, shown
from hegemon.instruments import NAMES
from hegemon.order import Order

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Numbers = npt.NDArray[np.float64]
Progress = Callable[[int, int], None]
Draws = Literal["posterior", "prior", "point"]

GROUPS: Mapping[str, tuple[str, ...]] = {
    "coercion": ("economic_coercion", "separatism_support", "unilateral_force"),
    "force": ("unilateral_force", "collective_force"),
    "help": ("economic_support", "security_support", "peacekeeping", "collective_force"),
}
"""Answers that are told together. Coercion punishes or compels; force is combat, alone or with the pact; help is for the
incumbents or an accord. Collective force is both force and, for incumbents who asked for it, help."""

UNREST = {"as it is": np.nan, "nobody": 0.0, "half": 0.5, "everybody": 1.0}
"""Share of the public in the street on the maps."""

LEVELS = np.linspace(0.0, 1.0, 11)
"""Share of the public in the street where the ties are as they are."""

STEP = 0.1
"""By how much partial effects change things: half of it up, half of it down."""

BAND = (0.05, 0.95)


@dataclass(frozen=True)
class Room:
    """A neighbour's room for manoeuvre at a date.

    data      over `point` (positions; coordinates patron, rival, others), `unrest`, `instrument`, `kind`
    now       the main numbers at the date, where it stands: mean, low and high (90 %) each
    then      the same at the earlier date
    change    what of them changed in between, draw by draw
    unrest    chances where it stands, by share of the public in the street
    profile   chances on the walk from no ties with the patron to all of them
    effects   by how much a tenth more of each thing changes autonomy and chances
    drivers   what moved the red line between the dates
    way       its ties, red line and autonomy at the opening of every quarter between the dates
    made      how it was made
    """

    order: Order
    state: str
    rival: str
    data: xr.Dataset
    now: Mapping[str, Any]
    then: Mapping[str, Any]
    change: Mapping[str, Any]
    unrest: pd.DataFrame
    profile: pd.DataFrame
    effects: pd.DataFrame
    drivers: pd.DataFrame
    way: pd.DataFrame
    made: Mapping[str, Any]

    def document(self) -> dict[str, Any]:
        """As plain data, ready for JSON."""
        from hegemon.experiments.manoeuvre.tables import answers, grid, plain

        tables = {name: plain(getattr(self, name)) for name in ("unrest", "profile", "effects", "drivers", "way")}
        return {**self.made, "now": self.now, "then": self.then, "change": self.change, **tables,
                "grid": plain(grid(self.data)), "answers": answers(self.data)}  # fmt: skip


def room(
    order: Order,
    state: str,
    at: str | None = None,
    since: str | None = None,
    *,
    draws: int = 200,
    seed: int = 0,
    dice: bool = False,
    parameters: Draws | None = None,
    incumbents: Literal["stay", "follow"] = "stay",
    ties: str | None = None,
    steps: int = 20,
    progress: Progress | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
) -> Room:
    """A neighbour's room for manoeuvre as the quarter `at` opens (None: the last one known), and since an earlier one.

    draws       worlds, each with shocks and parameters of its own
    dice        simulated histories even where the order has a record to follow
    parameters  "posterior" (the default where the scenario names one), "prior", or "point": the order's own values. Values
                that were set on the order hold in every draw
    incumbents  "stay": they want what they want, wherever their state is put; "follow": what they want moves along
    ties        measured orientations that say where it stood, as far as known by then: a built-in table, a file, or "none";
                None: the one that comes with the record. Simulated histories have none
    steps       the triangle of orientations is tiled by the square of this
    scheduler   address of a Dask scheduler whose workers compute
    workers     compute in so many processes of this machine, instead of in this one

    Raises `UserError` for a state, a date or a number that cannot be; `Failure` where workers are lost.
    """
    from hegemon.experiments.manoeuvre.dated import check_dates, main_rival, measured, neighbour, source

    if not 2 <= draws <= 4096:
        raise OutOfRange(f"draws = {draws}", "Ask for 2 to 4,096.")
    if not 4 <= steps <= 40:
        raise OutOfRange(f"an orientation grid of {steps} steps", "Ask for 4 to 40.")
    if not 0 <= seed < 2**31:
        raise BadValue(f"seed = {seed}", "Choose one from 0 to 2147483647.")
    if incumbents not in ("stay", "follow"):
        raise UnknownName(f"incumbents cannot {shown(incumbents)}", did_you_mean(incumbents, ("stay", "follow")))
    who, rival = neighbour(order, state), main_rival(order)
    at = last_known(order, dice) if at is None else at
    since = earlier(order, at) if since is None else since
    dates = check_dates(order, at, since)
    runtime.prepare()
    given = source(order, at, dice)
    x, told = parameter_sets(order, draws, seed, parameters)
    from hegemon.ensemble.crew import crew_at
    from hegemon.experiments.manoeuvre import numbers as room_numbers
    from hegemon.experiments.manoeuvre import tables as room_tables

    seen = measured(order, ties_for(order, ties) if given.followed else None, who, dates[0])
    with crew_at(scheduler, workers) as crew:
        worlds = room_numbers.driven(order, given.opening, x, seed, dates, who, seen, crew)
        asked = room_numbers.plan(order, worlds, rival, steps, incumbents == "follow")
        found = room_numbers.ask(worlds, asked, rival, who, crew, progress)
    words = given.words + (" and measured ties" if seen.known.any() else "")
    made = _made(order, draws, seed, crew.platform) | {
        "state": state, "name": order.scenario.states[state].name, "at": at, "since": since, "worlds": words,
        "parameters": told, "incumbents": incumbents, "orientation_grid": steps, "rival": order.poles[rival],
        "prior_spread_left": spread_left(x), "dice": int(dice), "drawn_from": drawn_from(order, parameters),
        "ties": ties_named(order, ties),
    }  # fmt: skip
    return room_tables.assembled(order, state, order.poles[rival], worlds, asked, found, dates, made)


def ties_named(order: Order, name: str | None) -> str:
    """Which measured orientations: a built-in table, the name of a file, or none; by default those of the order's record."""
    from hegemon.evidence.orientation import BUILTIN

    if name is None:
        history = order.scenario.history
        return history if history is not None and history in BUILTIN else "none"
    return Path(name).name


def ties_for(order: Order, name: str | None) -> pd.DataFrame | None:
    """Measured orientations by name or file; by default those that come with the order's record."""
    from hegemon.evidence.orientation import orientation

    name = name or ties_named(order, None)
    return None if name == "none" else orientation(name, order.poles)


def drawn_from(order: Order, kind: Draws | None) -> Draws:
    """Where parameters come from: as asked, else from the posterior that the scenario names, else the order's own."""
    return kind or ("posterior" if order.scenario.posterior is not None else "point")


def last_known(order: Order, dice: bool) -> str:
    """The last quarter of the record, or of the scenario."""
    from hegemon import quarters
    from hegemon.history import COVERAGE

    s = order.scenario
    if dice or s.record is not None or s.force or s.history is None or s.history not in COVERAGE:
        return s.end
    return min(s.end, COVERAGE[s.history][1], key=quarters.index)


def earlier(order: Order, at: str) -> str:
    """The milestone that summaries show, if it lies between the start and the date; else the start."""
    from hegemon import quarters
    from hegemon.studies.run.digest import MILESTONE

    start = order.scenario.start
    between = quarters.index(start) < quarters.index(MILESTONE) < quarters.index(at)
    return MILESTONE if between else start


def parameter_sets(order: Order, draws: int, seed: int, kind: Draws | None) -> tuple[npt.NDArray[np.float32], str]:
    """Parameters of each draw, [R, D] in the order of `vector.FREE`, and in words what they are."""
    from hegemon.inference.check import drawn
    from hegemon.inference.vector import flat
    from hegemon.order import calibrated, default_parameters
    from hegemon.posterior import load_posterior

    name = order.scenario.posterior
    kind = drawn_from(order, kind)
    if kind not in ("posterior", "prior", "point"):
        raise UnknownName(
            f"no parameters are called {shown(kind)}", did_you_mean(kind, ("posterior", "prior", "point"))
        )
    own = flat(order.parameters)
    if kind == "point":
        return np.repeat(own[None], draws, axis=0), "the order's own values"
    if kind == "posterior" and name is None:
        raise BadValue(f"{order.name} names no posterior", "Choose --parameters prior or point.")
    x = drawn(load_posterior(str(name)) if kind == "posterior" else None, draws, seed)
    given = flat(default_parameters() if name is None else calibrated(name))
    held = own != given
    fixed = f", {int(held.sum())} set by hand" if held.any() else ""
    return np.where(held[None], own[None], x).astype(np.float32), f"draws of the {kind}{fixed}"


LINE = ("base", "doctrine", "obligation", "dependence", "integration", "shelter", "overstretch")
"""Parameters that say where the red line runs."""


def spread_left(x: npt.NDArray[np.float32]) -> float | None:
    """Share of the prior spread that the draws leave to the red line's parameters, their mean; None: they are no draws."""
    from hegemon.inference.vector import FREE, prior_moments

    at = [FREE.index(f"red_line.{name}") for name in LINE]
    left = x[:, at].astype(float).std(0) / prior_moments()[1][at]
    return round(float(left.mean()), 4) if left.max() > 1e-6 else None


def _made(order: Order, draws: int, seed: int, platform: str) -> dict[str, Any]:
    from hegemon.ensemble.simulate import provenance

    attrs = provenance(order, draws, seed, draws, False, platform)
    left = ("runs", "chunk", "trajectories")
    return {name: value for name, value in attrs.items() if name not in left} | {"draws": draws}


def grouped(answers: Numbers, axis: int = 0) -> dict[str, Numbers]:
    """Answers added up by group; `axis` is that of instruments."""
    return {
        name: np.asarray(np.take(answers, [NAMES.index(i) for i in members], axis=axis).sum(axis))
        for name, members in GROUPS.items()
    }


def yearly(quarterly: Numbers) -> Numbers:
    """Chance in a year of what has a chance per quarter, the world standing still."""
    return 1.0 - (1.0 - np.clip(quarterly, 0.0, 1.0)) ** 4
