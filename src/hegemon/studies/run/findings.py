"""The report in a few sentences, each read off the numbers and none of them a verdict."""

from __future__ import annotations

import pandas as pd
import xarray as xr

from hegemon.pages import readings, theme, words
from hegemon.pages.order import OrderInfo
from hegemon.studies.run import instruments

STILL = 0.01


def moved(before: float, after: float) -> str:
    if abs(after - before) < STILL:
        return f"stays near {theme.share(after)}"
    return f"{'rises' if after > before else 'falls'} from {theme.share(before)} to {theme.share(after)}"


def findings(summary: xr.Dataset, record: pd.DataFrame, info: OrderInfo) -> list[str]:
    times = readings.all_quarters(summary)
    medians = summary["autonomy_quantile"].sel(quantile=0.5, method="nearest").transpose("quarter", "state")
    first, last = (medians.isel(quarter=at).to_series().astype(float) for at in (0, -1))
    wide, narrow = str(last.idxmax()), str(last.idxmin())
    lines = [
        f"Room for foreign policy: the median neighbour's autonomy {moved(first.median(), last.median())} "
        f"between {times[0]} and {times[-1]}; it ends widest in {info.state(wide)} "
        f"({theme.share(last[wide])}) and narrowest in {info.state(narrow)} ({theme.share(last[narrow])})."
    ]
    mix = instruments.counted(summary, record, "instrument").groupby("instrument", sort=False)
    model, real = mix["model"].sum(), mix["record"].sum()
    if model.sum() > 0:
        ranked = model.sort_values(ascending=False).index[:3]
        named = [f"{words.answer(str(c))} ({theme.share(model[c] / model.sum())})" for c in ranked]
        lines.append(f"Answers: {info.patron} most often chooses {words.listed(named)}.")
    if real.sum() > 0:
        against = f"the one history there was holds {int(real.sum())}"
        lines.append(f"Crises: a history holds {model.sum():.0f} on average; {against}.")
    fear, trust = (summary[f"{name}_mean"].mean("state").to_series().iloc[[0, -1]] for name in ("fear", "legitimacy"))
    lines.append(f"Regard: mean fear of {info.patron} goes from {fear.iloc[0]:.2f} to {fear.iloc[-1]:.2f}, "
                 f"its legitimacy from {trust.iloc[0]:.2f} to {trust.iloc[-1]:.2f}.")  # fmt: skip
    return lines
