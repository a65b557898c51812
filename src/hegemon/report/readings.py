"""Numbers as figures want them, taken from the summary of an ensemble."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hegemon.pages import quarters
from hegemon.pages.figure import Rows

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

QUANTILES: dict[float, str] = {0.05: "p05", 0.25: "p25", 0.5: "median", 0.75: "p75", 0.95: "p95"}
BANDS: list[str] = list(QUANTILES.values())


def all_quarters(summary: xr.Dataset) -> list[str]:
    return [str(q) for q in summary["quarter"].values]


def all_states(summary: xr.Dataset) -> list[str]:
    return [str(s) for s in summary["state"].values]


def bands(summary: xr.Dataset, name: str, pole: str | None = None) -> pd.DataFrame:
    """Quantiles over histories, one row per quarter (and state): the numbers a fan is drawn from."""
    import pandas as pd

    found = summary[f"{name}_quantile"]
    if pole is not None:
        found = found.sel(pole=pole, drop=True)
    keys = [dim for dim in ("state", "quarter") if dim in found.dims]
    values = found.sel(quantile=list(QUANTILES), method="nearest").transpose(*keys, "quantile").to_numpy().astype(float)
    places = pd.MultiIndex.from_product([[str(v) for v in found[k].values] for k in keys], names=keys)
    frame = pd.DataFrame(values.reshape(-1, len(BANDS)), columns=BANDS).round(4)
    return pd.concat([places.to_frame(index=False), frame], axis=1)


def means(summary: xr.Dataset, name: str) -> pd.DataFrame:
    """Means over histories, one row per state and quarter."""
    import pandas as pd

    found = summary[f"{name}_mean"].transpose("state", "quarter")
    places = pd.MultiIndex.from_product([all_states(summary), all_quarters(summary)], names=["state", "quarter"])
    return places.to_frame(index=False).assign(mean=found.to_numpy().astype(float).reshape(-1).round(4))


def records(frame: pd.DataFrame) -> Rows:
    """Rows for a chart; what is not known is null, since JSON has no other word for it."""
    known = frame.astype(object).where(frame.notna(), None) if frame.isna().to_numpy().any() else frame
    rows: Rows = known.to_dict("records")
    return rows


def thinned(frame: pd.DataFrame, per_year: int) -> pd.DataFrame:
    """Fewer quarters where more would not be seen, with their place on the line of years."""
    kept = quarters.thin(sorted(frame["quarter"].unique()), per_year)
    few = frame[frame["quarter"].isin(kept)]
    clock = {q: quarters.closing(q) for q in kept}
    return few.assign(time=few["quarter"].map(clock))


def span(summary: xr.Dataset) -> tuple[float, float]:
    """Where the line of years begins and ends."""
    found = all_quarters(summary)
    return quarters.closing(found[0]) - 0.25, quarters.closing(found[-1])


def ticks(first: float, last: float, most: int = 4) -> list[int]:
    """Whole years to mark: decades where the record is long, fewer years where it is short."""
    step = next(s for s in (1, 2, 5, 10, 20, 50) if (last - first) / s <= most)
    return [year for year in range(int(first), int(last) + 1) if year % step == 0 and year >= first]
