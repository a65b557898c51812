"""How likely the model thought what happened: log-probabilities of a replay by part, crisis and quarter.

Every draw of the shocks gives the record a probability; *the* probability of something is the mean of these, so its
logarithm is a log-mean-exp. The mean of the logarithms lies below it, the more so the wider the draws spread. For a single
crisis or quarter the mean is over worlds that the record has driven so far, every draw counting alike: draws are not
weighted by how well they foresaw what went before.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

Numbers = npt.NDArray[np.float64]

ANSWER = "response"
"""The part in which the patron chooses its instrument."""


def log_mean_exp(logs: Numbers) -> Numbers:
    """Logarithm of the mean probability over draws (the first axis)."""
    top = logs.max(0)
    return np.asarray(np.log(np.exp(logs - top).mean(0)) + top)


def effective(logs: Numbers) -> float:
    """How many equal draws would carry the mean probability as these do: 1 where one draw is all of it."""
    weight = np.exp(logs - logs.max())
    return float(weight.sum() ** 2 / (weight**2).sum())


def spread(logs: Numbers) -> dict[str, Any]:
    """A log-probability over draws."""
    low, high = np.quantile(logs, (0.05, 0.95))
    sd = float(logs.std(ddof=1)) if len(logs) > 1 else 0.0
    return {"mean": float(logs.mean()), "sd": sd, "low": float(low), "high": float(high),
            "log_mean_exp": float(log_mean_exp(logs)), "effective_draws": effective(logs)}  # fmt: skip


def account(logs: xr.DataArray, events: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """What the model thought of a record, whose events (`record_events`) these are: crises, quarters and parts, as `Replay` has
    them. `logs` are by part, run, quarter and state."""
    logs = logs.transpose("run", "part", "quarter", "state")
    names = [str(name) for name in logs["part"].values]
    values = logs.to_numpy().astype(float)
    decided = (values != 0.0).any(0).sum((1, 2))
    decided[names.index("crisis")] = values.shape[2] * values.shape[3]
    by_part = values.sum((2, 3))
    parts = [{"part": n, "decisions": int(decided[i]), **spread(by_part[:, i])} for i, n in enumerate(names)]
    parts.append({"part": "all", "decisions": int(decided.sum()), **spread(by_part.sum(1))})
    return _crises(values, names, logs, events), _quarters(values, names, logs, events), pd.DataFrame(parts)


def _crises(values: Numbers, names: list[str], logs: Any, events: pd.DataFrame) -> pd.DataFrame:
    times, states = [list(map(str, logs[dim].values)) for dim in ("quarter", "state")]
    here = events[events["quarter"].isin(times) & events["state"].isin(states)].reset_index(drop=True)
    at = [times.index(q) for q in here["quarter"]], [states.index(s) for s in here["state"]]
    cells = values[:, :, at[0], at[1]]
    low, high = np.quantile(np.exp(cells[:, names.index(ANSWER)]), (0.05, 0.95), axis=0)
    kept = ["quarter", "state", "kind", "instrument", "side", "requested", "consented", "survived", "successor", "name",
            "crisis_id"]  # fmt: skip
    table = here[[name for name in kept if name in here]].copy()
    for i, name in enumerate(names):
        table[f"log_{name}"] = log_mean_exp(cells[:, i])
    table["log_all"] = log_mean_exp(cells.sum(1))
    table["answer"] = np.exp(table[f"log_{ANSWER}"])
    table["answer_low"], table["answer_high"] = low, high
    return table


def _quarters(values: Numbers, names: list[str], logs: Any, events: pd.DataFrame) -> pd.DataFrame:
    cells = values.sum(3)
    table = pd.DataFrame({"quarter": [str(q) for q in logs["quarter"].values]})
    for i, name in enumerate(names):
        table[name] = cells[:, i].mean(0)
    table["mean"], table["log_mean_exp"] = cells.sum(1).mean(0), log_mean_exp(cells.sum(1))
    told = events.groupby("quarter")["name"].agg("; ".join)
    table["crises"] = [told.get(quarter, "") for quarter in table["quarter"]]
    return table


def odds(log_probability: float) -> str:
    """A probability as people say it: "31 %", "1 in 240", "1 in 10^9"."""
    p = float(np.exp(log_probability))
    if p >= 0.095:
        return f"{100 * p:.0f} %"
    if p >= 0.00995:
        return f"{100 * p:.1f} %"
    if p > 1e-6:
        return f"1 in {float(f'{1 / p:.2g}'):,.0f}"
    return f"1 in 10^{-log_probability / np.log(10):.0f}"
