"""Which state does a strand observe? Each strand against each state of the path, learned to the origin and scored after it."""

from __future__ import annotations

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize
from scipy.stats import norm

from hegemon.inference.path import follow
from hegemon.inference.record import lay_out
from hegemon.inference.vector import FREE, values
from hegemon.order import Order
from hegemon.studies.study import MIDDLE
from strands_arms import ARMS, USED, Fit, beside
from strands_model import OF_STRANDS, STRANDS, Gauge, covariance, density, gauges, states
from strands_target import bounds, gauge_values

Numbers = npt.NDArray[np.float64]

STATES = ("elite", "dependence", "integration", "orientation")
"""What a strand may observe: what strands are said to observe, in their order, or ties."""

NONE, PACT = "none", "pact"
"""Nothing on the path; and membership of the pact, which is no state but given to the path."""

AHEAD = 5


def along(order: Order, seen: pd.DataFrame, table: pd.DataFrame, fit: Fit) -> tuple[Any, Numbers]:
    """The strands laid out, and the states of the path at the posterior's mode, of nothing, and the pact's members, [6, N, T]."""
    laid = lay_out(order, ties=seen)
    strands = beside(laid, table)
    at = jax.jit(lambda z, d: _states(follow(d.opening, values(z), d.left), strands.quarter))
    return strands, np.asarray(at(jnp.asarray(fit.mode[: len(FREE)], jnp.float32), laid.data), float)


def _states(path: Any, quarter: Any) -> Any:
    tie, member = path.worlds.orientation[0][:, quarter], path.worlds.member[:, quarter]
    return jnp.concatenate(
        [states(path, quarter), jnp.stack([jnp.log(tie / (1.0 - tie)), jnp.zeros_like(tie), member])]
    )


@functools.cache
def _own() -> Any:
    """Priors of one gauge."""
    return bounds(dict(list(OF_STRANDS.items())[: len(OF_STRANDS) // len(STRANDS)]))


@functools.cache
def _loss() -> Any:
    def loss(z: Any, *of: Any) -> Any:
        return 0.5 * (z**2).sum() - density(Gauge(*values(z, _own())), *of).sum()

    return jax.jit(jax.value_and_grad(loss))


@functools.cache
def _found() -> Any:
    return jax.jit(lambda z, *of: density(Gauge(*values(z, _own())), *of))


def gauged(*of: Any) -> Numbers:
    """A gauge's standard-normal coordinates at the posterior's mode, of a state and a strand (`strands.density`)."""

    def loss(z: Numbers) -> tuple[float, Numbers]:
        value, slope = _loss()(jnp.asarray(z, jnp.float32), *of)
        return float(value), np.asarray(slope, float)

    starts = [np.zeros(5), np.array([0.0, 1.0, 0.0, 0.0, 1.0])]
    return np.asarray(
        min((minimize(loss, z, jac=True, method="L-BFGS-B") for z in starts), key=lambda found: found.fun).x
    )


def ahead(
    gauge: Gauge, s: Numbers, y: Numbers, sampled: Numbers, before: Numbers, after: Numbers, quarter: Any
) -> Numbers:
    """Mean and spread of a strand's later years given its years before and its state: [2, N, T]; NaN elsewhere."""
    found = np.full((2, *y.shape), np.nan)
    for n in range(len(y)):
        whole = np.asarray(covariance(gauge, jnp.asarray(sampled[n]), quarter), float)
        off = y[n] - float(gauge.level) - float(gauge.gain) * s[n]
        a, b = np.flatnonzero(before[n]), np.flatnonzero(after[n])
        share = np.linalg.solve(whole[np.ix_(a, a)], whole[np.ix_(a, b)]).T
        found[0, n, b] = y[n, b] - off[b] + share @ off[a]
        found[1, n, b] = np.sqrt(np.diag(whole[np.ix_(b, b)] - share @ whole[np.ix_(a, b)]))
    return found


def explained(s: Numbers, y: Numbers, here: Numbers) -> tuple[float, float]:
    """Squared correlation of state and strand: of neighbours' means, and of what moves around them, where it is observed."""
    s, y = (np.where(here > 0, x, np.nan) for x in (s, y))
    means = np.nanmean(s, 1), np.nanmean(y, 1)
    around = [(x - mean[:, None])[here > 0] for x, mean in zip((s, y), means, strict=True)]
    return tuple(
        float(np.corrcoef(*pair)[0, 1] ** 2) if min(map(np.std, pair)) > 0 else 0.0 for pair in (means, around)
    )  # type: ignore[return-value]


def claimed(order: Order, seen: pd.DataFrame, table: pd.DataFrame, origin: str, fit: Fit, arm: str) -> pd.DataFrame:
    """By strand, state and neighbour: log-density of the years after the origin given those before (`later`), how many of them
    lie in the middle 90 % (`inside` of `years`), the gain, and squared correlations to the origin.

    With the composite alone gauges are learned along its path, against every state; with strands they are those that were
    learned with the order, against their own.
    """
    laid, found = along(order, seen, table, fit)
    years = np.asarray(laid.quarter) // 4 + int(order.quarters[0][:4])
    last, rows = int(origin[:4]), []
    joint = None if arm == ARMS[0] else gauges(gauge_values(jnp.asarray(fit.mode[len(FREE) :], jnp.float32)))
    for k, strand in enumerate(STRANDS):
        y, sampled, there = (np.asarray(part[k], float) for part in (laid.value, laid.sampled, laid.seen))
        before, both = there * (years <= last), there * (years <= last + AHEAD)
        for i, name in enumerate((*STATES, NONE, PACT)):
            if joint is not None and (i != k or strand not in USED[arm]):
                continue
            given = [jnp.asarray(x, jnp.float32) for x in (found[i], y, sampled)]
            of = [(*given, jnp.asarray(counts, jnp.float32), laid.quarter) for counts in (before, both)]
            z = gauged(*of[0]) if joint is None else None
            gauge = Gauge(*values(jnp.asarray(z, jnp.float32), _own())) if joint is None else joint[k]
            if joint is None:
                log = [np.asarray(_found()(jnp.asarray(z, jnp.float32), *each), float) for each in of]
            else:
                log = [np.asarray(density(gauge, *each), float) for each in of]
            said = ahead(gauge, found[i], y, sampled, before, both - before, laid.quarter)
            inside = np.abs(y - said[0]) <= norm.ppf(MIDDLE[1]) * said[1]
            between, within = explained(found[i], y, before)
            rows.extend({
                "strand": strand, "state": name, "neighbour": order.states[n], "later": log[1][n] - log[0][n],
                "inside": int((inside & (both - before > 0))[n].sum()), "years": int((both - before)[n].sum()),
                "gain": float(gauge.gain), "offset": float(gauge.offset), "error": float(gauge.error), "keep": float(gauge.keep),
                "between": between, "within": within,
            } for n in range(len(y)))  # fmt: skip
    return pd.DataFrame(rows)
