"""An ensemble's histories as labelled data: summary, trajectories and events, which say how they were made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hegemon.engine.tally import EVENT_RUNS, MOST, Crises, Tally
from hegemon.instruments import KINDS, NAMES, SIDES
from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.opening import LEANINGS

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from hegemon.order import Order

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
ORIENTATION = "share of external ties with each pole"

PARTED = ("parameters_sd", "luck_sd", "luck_low", "luck_high", "figures_sd")
"""What `parted` gives, as the summary calls it; the last where figures differ (`crossed`)."""

Sample = dict[str, npt.NDArray[np.float32]]


def coordinates(order: Order) -> dict[str, Any]:
    """Labels of the axes."""
    return {
        "quarter": list(order.quarters),
        "time": calendar(order.quarters),
        "state": list(order.states),
        "pole": list(order.poles),
        "kind": list(KINDS),
        "instrument": list(NAMES),
        "quantile": list(QUANTILES),
        "crises": np.arange(MOST + 1),
    }


def calendar(quarters: Sequence[str]) -> tuple[str, npt.NDArray[Any], dict[str, str]]:
    """A time axis beside the quarters: the first day of each, so that slicing and resampling by year work."""
    days = [f"{quarter[:4]}-{3 * int(quarter[-1]) - 2:02d}-01" for quarter in quarters]
    return "quarter", np.array(days, "datetime64[ns]"), {"long_name": "first day of the quarter"}


def _described(what: str, unit: str = "1") -> dict[str, str]:
    return {"long_name": what, "units": unit, "cell_methods": "quarter: point (close of the quarter)"}


def trajectories(order: Order, sample: Sample, attrs: dict[str, Any]) -> xr.Dataset:
    """Every measure of the kept histories, [run, quarter, state]."""
    import xarray as xr

    found: dict[str, Any] = {}
    if sample:
        ties = np.moveaxis(sample["orientation"], -1, 0)
        found["orientation"] = (("run", "quarter", "pole", "state"), ties, _described(ORIENTATION))
        for name, what in PER_NEIGHBOUR.items():
            found[name] = (("run", "quarter", "state"), np.moveaxis(sample[name], -1, 0), _described(what))
        for name, what in SHARED.items():
            found[name] = (("run", "quarter"), np.moveaxis(sample[name][:, 0], -1, 0), _described(what))
    labels = coordinates(order)
    kept = next(iter(sample.values())).shape[-1] if sample else 0
    used = {name: labels[name] for name in ("quarter", "time", "state", "pole")} | {"run": np.arange(kept)}
    return xr.Dataset(found, coords=used, attrs={**attrs, "kept_runs": kept})


def band(samples: list[Sample], name: str, histories: int) -> npt.NDArray[np.float32]:
    """Quantiles of a measure over the first histories, first axis `QUANTILES`."""
    ranked = np.concatenate([sample[name] for sample in samples], axis=-1)[..., :histories]
    ranked.sort(axis=-1)
    at = np.array(QUANTILES) * (histories - 1)
    low, share = np.floor(at).astype(int), (at % 1.0).astype(np.float32)
    high = np.minimum(low + 1, histories - 1)
    return np.moveaxis(ranked[..., low] * (1.0 - share) + ranked[..., high] * share, -1, 0)


def parted(samples: list[Sample], name: str, histories: int, sets: int) -> npt.NDArray[np.float32]:
    """What of a measure's spread over histories is parameters and what is luck, where history r has set r modulo `sets`: standard
    deviations of the one and the other, and the lower and upper end of the middle 90 % that luck alone leaves; first axis four.
    NaN where no set has two histories. Searle, Casella and McCulloch 1992, Variance Components, ch. 3 (one way, balanced).
    """
    rounds = histories // sets
    values = np.concatenate([sample[name] for sample in samples], axis=-1)[..., : rounds * sets]
    if rounds < 2:
        return np.full((4, *values.shape[:-1]), np.nan, np.float32)
    values = values.reshape(*values.shape[:-1], rounds, sets)
    means = values.mean(-2)
    low, high, centre = values.min((-2, -1)), values.max((-2, -1)), means.mean(-1)
    values = (values - means[..., None, :]).reshape(*values.shape[:-2], -1) * np.float32(np.sqrt(rounds / (rounds - 1)))
    luck = np.einsum("...r,...r->...", values, values) / values.shape[-1]
    between = np.maximum(means.var(-1, ddof=1) - luck / rounds, 0.0)
    at = [round(share * (values.shape[-1] - 1)) for share in (QUANTILES[0], QUANTILES[-1])]
    values.partition(at, axis=-1)
    ends = (np.clip(centre + values[..., place], low, high) for place in at)
    return np.stack([np.sqrt(between), np.sqrt(luck), *ends])


def crossed(samples: list[Sample], name: str, histories: int, sets: int | None, figures: int) -> npt.NDArray[np.float32]:
    """The same where history r has row r modulo `figures` of the figures too, and numbers of sets and rows have no factor in
    common: `parted`'s four, luck less what is the figures', and the figures' standard deviation; first axis five. None: all have
    the same parameters. Searle, Casella and McCulloch 1992, ch. 5 (two ways, crossed; interactions are counted as luck).
    """
    own, *_ = of_figures = parted(samples, name, histories, figures)
    if sets is None:
        return np.stack([np.zeros_like(own), *of_figures[1:], own])
    of_sets = parted(samples, name, histories, sets)
    values = np.concatenate([sample[name] for sample in samples], axis=-1)[..., :histories]
    luck = np.sqrt(np.maximum(of_sets[1] ** 2 - own**2, 0.0))
    kept = np.divide(luck, of_sets[1], out=np.zeros_like(luck), where=of_sets[1] > 0.0)
    centre = values.mean(-1)
    ends = (centre + (end - centre) * kept for end in of_sets[2:])
    return np.stack([of_sets[0], luck, *ends, own])


def _moments(total: Any, square: Any, runs: int) -> tuple[Any, Any]:
    """Mean and standard deviation from sums over histories."""
    mean = total / runs
    return mean, np.sqrt(np.maximum(square / runs - mean**2, 0.0))


def summary(order: Order, tally: Tally, bands: Sample, parts: Sample, runs: int, attrs: dict[str, Any]) -> xr.Dataset:
    """Mean, sd, quantiles and counts over the whole ensemble, and what is luck and what parameters (`parted`), where known."""
    import xarray as xr

    poles = len(order.poles)
    by_state, of_order = ("quarter", "state"), ("quarter",)
    found: dict[str, Any] = {}

    def spread(name: str, dims: tuple[str, ...], mean: Any, sd: Any, quantiles: Any, what: str) -> None:
        for kind, first, values in (("mean", (), mean), ("sd", (), sd), ("quantile", ("quantile",), quantiles)):
            found[f"{name}_{kind}"] = ((*first, *dims), values, _described(what))
        if name in parts:
            split = parts[name]
            split = np.moveaxis(split, 2, 1) if name == "orientation" else split if "state" in dims else split[:, :, 0]
            for kind, values in zip(PARTED, split, strict=False):
                found[f"{name}_{kind}"] = (dims, values, _described(what))

    mean, sd = _moments(tally.sums["total"], tally.sums["square"], runs)
    ties, apart = (np.moveaxis(moment[:, :poles], 1, 0) for moment in (mean, sd))
    spread("orientation", ("pole", *by_state), ties, apart, np.moveaxis(bands["orientation"], 2, 1), ORIENTATION)
    for v, (name, what) in enumerate(PER_NEIGHBOUR.items(), start=poles):
        spread(name, by_state, mean[:, v], sd[:, v], bands[name], what)
    mean, sd = _moments(tally.sums["shared_total"], tally.sums["shared_square"], runs)
    for v, (name, what) in enumerate(SHARED.items()):
        spread(name, of_order, mean[:, v], sd[:, v], bands[name][:, :, 0], what)
    counts = tally.counts
    every = _described("crises, all histories", "count")
    found["event_count"] = ((*by_state, "kind", "instrument"), counts["event"], every)
    for name in ("requested", "consented", "survived"):
        what = f"crises with help {name}, all histories" if name != "survived" else "crises the incumbents survived"
        found[f"{name}_count"] = ((*by_state, "kind"), counts[name], _described(what, "count"))
    many = _described("histories with so many crises", "count")
    found["history_count"] = (("kind", "crises"), counts["crises"], many)
    found["used_count"] = (("instrument",), counts["used"], _described("histories in which it was used", "count"))
    return xr.Dataset(found, coords=coordinates(order), attrs=attrs)


def events_table(order: Order, crises: list[Crises]) -> pd.DataFrame:
    """Crises as a tidy table with ISO3 and COW codes."""
    import pandas as pd

    def column(name: str) -> npt.NDArray[Any]:
        parts = [getattr(c, name) for c in crises]
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)

    def named(codes: npt.NDArray[Any], words: Sequence[str]) -> Any:
        return pd.Categorical.from_codes(codes, categories=pd.Index(list(words)))

    fell, state, quarter = column("survived") == 0, column("state"), column("quarter")
    cow = np.array([s.cow for s in order.scenario.states.values()])
    table = pd.DataFrame(
        {
            "run": column("run"),
            "quarter": named(quarter, order.quarters),
            "state": named(state, order.states),
            "cow": cow[state],
            "kind": named(column("kind"), KINDS),
            "severity": column("severity"),
            "line": named(column("line"), LEANINGS),
            "instrument": named(column("instrument"), NAMES),
            "side": named(column("side"), SIDES),
            "requested": column("requested") == 1,
            "consented": column("consented") == 1,
            "survived": ~fell,
            "successor": named(np.where(fell, column("successor") + 1, 0), ("", *LEANINGS)),
        }
    )
    at = np.lexsort((state, quarter, column("run")))
    return table.iloc[at].reset_index(drop=True)


def first_histories(events: pd.DataFrame) -> pd.DataFrame:
    """Crises of the histories that a result holds in memory, out of those in the order of histories."""
    return events.iloc[: int(events["run"].searchsorted(EVENT_RUNS))]


def parquet(table: pd.DataFrame) -> bytes:
    """A table as a Parquet file."""
    content: bytes = table.to_parquet(None, index=False, compression="zstd")
    return content
