"""A forecast in the layout of the hubverse (hubverse.io, model output), so that ensembles and scorers of other houses take it."""

from __future__ import annotations

from calendar import monthrange

import pandas as pd

from hegemon import quarters
from hegemon.studies.forecast.result import Forecast

COLUMNS = ("origin_date", "target", "horizon", "target_end_date", "location", "output_type", "output_type_id", "value")
"""Task ids, and the three columns that every hub has. horizon: years; location: ISO3, or the order's name for all neighbours."""


def hub(of: Forecast) -> pd.DataFrame:
    """Means, quantiles and chances of crises over the forecast's whole span, and quantiles of ties at the close of each year."""
    order = of.question.order()
    origin, end = _last_day(quarters.shift(of.first, -1)), _last_day(of.last)
    years = (quarters.index(of.last) - quarters.index(of.first) + 1) / 4
    rows: list[tuple[object, ...]] = []
    for row in of.chances.to_dict("records"):
        place = row["state"] or order.name
        task = (origin, f"crises: {row['kind'] or 'any'}", years, end, place)
        rows += [(*task, "mean", "NA", row["mean"])]
        rows += [(*task, "quantile", level, row[end_]) for level, end_ in (("0.05", "low"), ("0.95", "high"))]
        task = (origin, f"any crisis: {row['kind'] or 'any'}", years, end, place)
        rows += [(*task, "pmf", "no", 1.0 - row["probability"]), (*task, "pmf", "yes", row["probability"])]
    shares = of.paths["orientation_quantile"]
    for quarter in quarters.span(of.first, of.last):
        if not quarter.endswith("Q4"):
            continue
        ahead = (quarters.index(quarter) - quarters.index(of.first) + 1) / 4
        here = shares.sel(quarter=quarter)
        for state in order.states:
            for pole in order.poles:
                task = (origin, f"ties: {pole}", ahead, _last_day(quarter), state)
                values = here.sel(state=state, pole=pole)
                rows += [(*task, "quantile", f"{float(q):g}", float(values.sel(quantile=q))) for q in values["quantile"]]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _last_day(quarter: str) -> str:
    month = 3 * (quarters.index(quarter) % 4 + 1)
    year = quarters.year(quarter)
    return f"{year}-{month:02d}-{monthrange(year, month)[1]}"
