"""The ordinal item-response model of roll-call votes, and two ways to draw from what it implies (see `ideal_points`).

The votes of the UN's 195 states in 23 years make some 9,000 parameters. Two ways to their posterior:

    laplace   the mode (L-BFGS), and around it the normal distribution with the exact curvature. Given ideal points, roll calls
              do not know of one another, so their three parameters each are integrated out in closed form; what is left
              connects states within a year and years along each state's walk, and is solved year by year. The drift is
              set by expectation-maximisation. Seconds.
    nuts      all parameters and the drift by Hamiltonian Monte Carlo (Hoffman and Gelman 2014, JMLR 15:1593). Many minutes;
              it is there to check the other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

if TYPE_CHECKING:
    from hegemon.evidence.chamber import Chamber

FIRST_SD, DIVIDES_SD, LOW_SD = 3.0, 2.0, 5.0
"""Prior standard deviations: ideal points of the first year, discriminations, lower cut-points."""

DRIFT, DRIFT_SD = 0.2, 0.5
"""Prior median of the walk's yearly step, and the standard deviation of its logarithm."""

ROUNDS, CLOSE, BOUNDS = 20, 0.002, (0.01, 2.0)
"""Most rounds to find the drift, how near (in its logarithm) a round must leave it, and where it must lie: in a small chamber
in which nobody moves, the likeliest drift is none."""

Points = Float[np.ndarray, "C D N T"]
Tell = Callable[[str], None]


def log_probability(votes: Any, position: Any, low: Any, gap: Any) -> Any:
    """Log probability of each vote (1 yes, 2 abstain, 3 no; 0 absent counts nothing) of states at `position`.

    NumPyro's OrderedLogistic takes the difference of two probabilities and clips it, so that a very unlikely vote would pull
    nowhere in single precision. This is the same, from logarithms.
    """
    import jax.numpy as jnp
    from jax.nn import log_sigmoid

    below = low - position
    above = below + gap
    abstain = log_sigmoid(above) + log_sigmoid(-below) + jnp.log(-jnp.expm1(-gap))
    cast = jnp.where(votes == 1, log_sigmoid(below), 0.0) + jnp.where(votes == 3, log_sigmoid(-above), 0.0)
    return cast + jnp.where(votes == 2, abstain, 0.0)


def model(votes: Any, when: Any, elapsed: Any, drift: Any = None) -> None:
    """The model in NumPyro's words.

    votes    V roll calls, N states           when   year (0 .. T-1) of every roll call
    elapsed  years from each of the first T-1 to the next
    drift    step of the walk in a year; sampled where it is not given
    """
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist

    calls, states = votes.shape
    if drift is None:
        drift = numpyro.sample("drift", dist.LogNormal(jnp.log(DRIFT), DRIFT_SD))
    # the walk is written out: NumPyro's has one width for its first point and its steps
    plane = dist.ImproperUniform(dist.constraints.real_matrix, (), (states, len(elapsed) + 1))
    point = numpyro.sample("point", plane)
    numpyro.factor("first", dist.Normal(0.0, FIRST_SD).log_prob(point[:, 0]).sum())
    step = dist.Normal(point[:, :-1], drift * jnp.sqrt(elapsed))
    numpyro.factor("walk", step.log_prob(point[:, 1:]).sum())
    divides = numpyro.sample("divides", dist.Normal(0.0, DIVIDES_SD).expand([calls]))
    low = numpyro.sample("low", dist.Normal(0.0, LOW_SD).expand([calls]))
    log_gap = numpyro.sample("log_gap", dist.ImproperUniform(dist.constraints.real, (), (calls,)))
    numpyro.factor("gap", (2.0 * log_gap - jnp.exp(log_gap)).sum())  # gap ~ Gamma(2, 1)
    position = divides[:, None] * point.T[when]
    numpyro.factor("votes", log_probability(votes, position, low[:, None], jnp.exp(log_gap)[:, None]).sum())


def start(told: Chamber, high: int, low: int) -> dict[str, Any]:
    """A first guess: every state at its place on the first principal component, in all years; `high` above `low`."""
    voted = told.votes > 0
    centred = np.where(voted, told.votes - (told.votes.sum(1) / voted.sum(1))[:, None], 0.0)
    line = np.linalg.svd(centred, full_matrices=False)[2][0]
    line = (line - line.mean()) / line.std()
    line = line if line[high] >= line[low] else -line
    calls = len(told.when)
    return {
        "point": np.repeat(line[:, None], len(told.years), axis=1),
        "divides": 3 * centred @ line / len(line),
        "low": np.full(calls, 0.5),
        "log_gap": np.zeros(calls),
    }


def _data(told: Chamber, real: Any) -> tuple[Any, Any, Any]:
    import jax.numpy as jnp

    elapsed = jnp.asarray(np.diff(told.years), real)
    return jnp.asarray(told.votes, jnp.int32), jnp.asarray(told.when, jnp.int32), elapsed


def by_laplace(told: Chamber, first: dict[str, Any], draws: int, seed: int, tell: Tell) -> tuple[Points, float]:
    """Draws of ideal points around the mode (one chain), and the drift.

    Rounds of expectation-maximisation: find the mode under a drift, draw paths around it, take the root mean squared step as
    the drift. Each round alone goes a tenth of the way, so the next drift is where the last two rounds point (secant).
    """
    import jax
    import jax.numpy as jnp
    from jax.flatten_util import ravel_pytree
    from numpyro.infer.util import potential_energy
    from scipy.optimize import minimize

    with jax.enable_x64(True):
        data = _data(told, jnp.float64)
        flat, shape = ravel_pytree({name: jnp.asarray(value, jnp.float64) for name, value in first.items()})
        at = np.asarray(flat)
        slope = jax.jit(jax.value_and_grad(lambda x, drift: potential_energy(model, (*data, drift), {}, shape(x))))
        drift, last = DRIFT, (0.0, 0.0)
        for turn in range(ROUNDS):
            found = minimize(
                lambda x, drift=drift: tuple(np.asarray(part) for part in slope(x, drift)),
                at, jac=True, method="L-BFGS-B",
                options={"maxiter": 2000, "maxfun": 4000, "maxcor": 20, "ftol": 1e-10, "gtol": 1e-2},
            )  # fmt: skip
            at = found.x
            mode = {name: np.asarray(value) for name, value in shape(jnp.asarray(at)).items()}
            rng = np.random.default_rng(seed)  # the same in each round, so that rounds can be compared
            paths = mode["point"] + _around(_curvature(told, mode), np.diff(told.years), drift, draws, rng)
            step = np.diff(paths, axis=2) / np.sqrt(np.diff(told.years))
            if not step.size:
                break
            now = float(np.sqrt(np.mean(step**2)))
            tell(f"round {turn + 1}: step of the walk {now / float(mode['point'].std()):.4f} of the states' spread")
            asked, got = float(np.log(drift)), float(np.log(now))
            if abs(got - asked) < CLOSE:
                break
            keeps = (got - last[1]) / (asked - last[0]) if turn else 0.0
            last = (asked, got)
            ahead = np.clip((got - asked) / (1 - np.clip(keeps, 0.0, 0.95)), -1.0, 1.0)
            drift = float(np.clip(np.exp(asked + ahead), *BOUNDS))
    return paths[None], drift


def _curvature(told: Chamber, mode: dict[str, Any]) -> Float[np.ndarray, "T N N"]:
    """Minus the second derivative of the log posterior in each year's ideal points, roll calls integrated out.

    Without the walk. For a roll call with parameters f and Hessian H, and states' C = d2/dx df: diag - C H^-1 C'.
    """
    import jax
    import jax.numpy as jnp

    def loss(place: Any, call: Any, votes: Any) -> Any:
        divides, low, log_gap = call
        prior = (divides / DIVIDES_SD) ** 2 / 2 + (low / LOW_SD) ** 2 / 2 - 2 * log_gap + jnp.exp(log_gap)
        return prior - log_probability(votes, divides * place, low, jnp.exp(log_gap)).sum()

    def second(place: Any, call: Any, votes: Any) -> Any:
        own = jax.jvp(jax.grad(lambda x: loss(x, call, votes)), (place,), (jnp.ones_like(place),))[1]
        cross = jax.jacfwd(jax.grad(loss), argnums=1)(place, call, votes)
        return own, cross, jax.hessian(loss, argnums=1)(place, call, votes)

    calls = jnp.stack([mode["divides"], mode["low"], mode["log_gap"]], axis=1)
    places = jnp.asarray(mode["point"].T[told.when])
    own, cross, item = (np.asarray(part) for part in jax.jit(jax.vmap(second))(places, calls, jnp.asarray(told.votes)))
    root = np.linalg.cholesky(np.linalg.inv(item))  # positive definite at the mode: each has its prior
    loading = cross @ root  # V, N, 3
    years = []
    for t in range(len(told.years)):
        of_year = told.when == t
        flat = loading[of_year].transpose(1, 0, 2).reshape(loading.shape[1], -1)
        years.append(np.diag(own[of_year].sum(0)) - flat @ flat.T)
    return np.stack(years)


def _around(
    curvature: Float[np.ndarray, "T N N"],
    elapsed: np.ndarray,
    drift: float,
    draws: int,
    rng: np.random.Generator,
) -> Float[np.ndarray, "D N T"]:
    """Normal deviations from the mode: precision `curvature` within years, the walk between them.

    Forward, what the years before say about each year (block elimination); backward, draw each year given the next.
    """
    years, states, _ = curvature.shape
    tie = 1 / (drift**2 * elapsed)
    own = np.eye(states)
    known: list[np.ndarray] = []
    for t in range(years):
        precision = curvature[t] + own * (1 / FIRST_SD**2 if t == 0 else tie[t - 1])
        if t < years - 1:
            precision = precision + own * tie[t]
        if t:
            precision = precision - tie[t - 1] ** 2 * known[-1]
        known.append(np.linalg.inv((precision + precision.T) / 2))
    paths = np.zeros((draws, states, years))
    for t in reversed(range(years)):
        noise = rng.standard_normal((draws, states)) @ np.linalg.cholesky((known[t] + known[t].T) / 2).T
        ahead = tie[t] * paths[:, :, t + 1] @ known[t] if t < years - 1 else 0.0
        paths[:, :, t] = noise + ahead
    return paths


def by_nuts(
    told: Chamber, first: dict[str, Any], draws: int, seed: int, *, warmup: int, chains: int, progress: bool
) -> tuple[Points, Float[np.ndarray, "C D"], int]:
    """Draws of ideal points and of the drift by chain, and how many transitions diverged."""
    import jax
    import jax.numpy as jnp
    from numpyro.infer import MCMC, NUTS, init_to_value

    begin = {name: jnp.asarray(value, jnp.float32) for name, value in {**first, "drift": DRIFT}.items()}
    kernel = NUTS(model, init_strategy=init_to_value(values=begin), max_tree_depth=8)
    method = "parallel" if jax.local_device_count() >= chains else "sequential"
    runs = MCMC(
        kernel, num_warmup=warmup, num_samples=draws, num_chains=chains, chain_method=method, progress_bar=progress
    )
    runs.run(jax.random.key(seed), *_data(told, jnp.float32), extra_fields=("diverging",))
    drawn = runs.get_samples(group_by_chain=True)
    diverged = int(np.asarray(runs.get_extra_fields()["diverging"]).sum())
    return np.asarray(drawn["point"], np.float64), np.asarray(drawn["drift"], np.float64), diverged
