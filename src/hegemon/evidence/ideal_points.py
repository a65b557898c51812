"""Dynamic ideal points from roll-call votes: where a state stands, year by year, and how sure one can be.

The model is the ordinal item-response model of Bailey, Strezhnev and Voeten (2017, JCR 61:430). State i meets roll call v of
year t with the latent position b[v] x[i, t] + logistic noise, and votes

    yes where that lies below low[v],   no where it lies above low[v] + gap[v],   abstains in between.

x[i, t] is its ideal point, b[v] how strongly the roll call divides (either sign), low and gap its own cut-points. Ideal points
walk: x[i, t] ~ Normal(x[i, t-1], drift), and the drift is estimated. Two departures from the paper. It links the years by
holding the cut-points of repeated resolutions fixed; here the walk alone links them, so a slow move of the whole chamber
cannot be told from a change of agenda. And noise is logistic where theirs is normal.

Priors: x in the first year Normal(0, 3), b Normal(0, 2), low Normal(0, 5), gap Gamma(2, 1). Only relative positions are
identified, so every draw is put on one scale: mean 0 and standard deviation 1 over all states and years with votes. How draws
are made stands in `irt`; what came of it in docs/evidence.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Bool, Float, Integer

from hegemon.errors import UnknownName, UnknownState, did_you_mean, shown
from hegemon.evidence import irt
from hegemon.evidence.chamber import chamber

if TYPE_CHECKING:
    import pandas as pd

ABOVE = ("USA", "CUB")
"""Higher is nearer the first: which end of the line is called plus."""

METHODS = ("laplace", "nuts")


def ideal_points(
    votes: pd.DataFrame, first: int | None = None, last: int | None = None, *, above: tuple[str, str] = ABOVE,
    method: str = "laplace", draws: int = 500, warmup: int = 500, chains: int = 2, seed: int = 0,
    tell: Callable[[str], None] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Ideal points by state and year of session: state, year, point, sd, low, high, votes.

    votes     table of `read_votes` (rcid, iso3, session, vote)
    first     year the first session opened, `last` the last one's; all if left out
    above     two states; the first is to have the higher mean
    method    "laplace" (seconds) or "nuts" (many minutes; `warmup` and `chains` are its)
    point     posterior mean; `sd` posterior standard deviation; `low`, `high` its 5th and 95th percentile. Unit: the standard
              deviation of all points in the table (their mean is 0)
    tell      is told what goes on, a line at a time

    States are listed in years in which they voted. `.attrs` says how it was made: states, years, roll calls, method, seed,
    drift (a year's step of the walk, same unit) and, for nuts, divergences, largest R-hat, smallest effective sample size.
    Raises `UserError` for years or states that are not there.
    """
    import pandas as pd

    from hegemon import runtime

    runtime.prepare()
    if method not in METHODS:
        raise UnknownName(f"no method is called {shown(method)}", did_you_mean(method, METHODS))
    told = chamber(votes, first, last)
    for state in above:
        if state not in told.states:
            raise UnknownState(f"{shown(state)} casts no vote here", did_you_mean(state, told.states))
    high, low = (told.states.index(state) for state in above)
    say = tell or (lambda line: None)
    say(f"{len(told.states)} states, {len(told.when)} divided roll calls, {told.years[0]} to {told.years[-1]}")
    begin = irt.start(told, high, low)
    made: dict[str, Any] = {"method": method, "draws": draws, "seed": seed}
    drift: Any
    if method == "laplace":
        sample, drift = irt.by_laplace(told, begin, draws, seed, say)
    else:
        watched = tell is not None
        sample, drift, diverged = irt.by_nuts(told, begin, draws, seed, warmup=warmup, chains=chains, progress=watched)
        made |= {"warmup": warmup, "chains": chains, "divergences": diverged}
    seen = told.seen()
    at = np.nonzero(seen)
    scale = sample[:, :, at[0], at[1]].std(-1)
    kept = standardised(sample, seen, high, low)[:, :, at[0], at[1]]  # chains, draws, state-years
    if method == "nuts":
        made |= _diagnostics(kept)
    flat = kept.reshape(-1, kept.shape[-1])
    point = flat.mean(0)
    unit = float(point.std())  # a little below 1: the spread of means is less than the spread of draws
    table = pd.DataFrame(
        {
            "state": np.array(told.states)[at[0]],
            "year": np.array(told.years)[at[1]],
            "point": point / unit,
            "sd": flat.std(0) / unit,
            "low": np.quantile(flat, 0.05, axis=0) / unit,
            "high": np.quantile(flat, 0.95, axis=0) / unit,
            "votes": seen[at],
        }
    )
    made |= {"states": len(told.states), "years": [told.years[0], told.years[-1]], "roll_calls": len(told.when)}
    made["drift"] = round(float(np.mean(drift / scale)) / unit, 4)
    table.attrs.update(made)
    return table


def standardised(
    points: Float[np.ndarray, "C D N T"], seen: Integer[np.ndarray, "N T"], high: int, low: int
) -> Float[np.ndarray, "C D N T"]:
    """Every draw with mean 0 and standard deviation 1 over state-years with votes, state `high` above state `low`."""
    there: Bool[np.ndarray, "N T"] = seen > 0
    over = points[:, :, there]
    centred = (points - over.mean(-1)[..., None, None]) / over.std(-1)[..., None, None]
    gap = centred[:, :, high][..., there[high]].mean(-1) - centred[:, :, low][..., there[low]].mean(-1)
    return centred * np.where(gap < 0, -1.0, 1.0)[..., None, None]


def _diagnostics(kept: Float[np.ndarray, "C D S"]) -> dict[str, float]:
    """Largest split R-hat and smallest effective sample size over state-years (Gelman et al. 2013, ch. 11)."""
    from numpyro.diagnostics import effective_sample_size, split_gelman_rubin

    return {
        "rhat_max": round(float(np.max(split_gelman_rubin(kept))), 3),
        "ess_min": round(float(np.min(effective_sample_size(kept))), 0),
    }
