"""Records for simulation-based calibration, written by the model itself; what they are ranked for stands in sbc_ranks.py.

Two models write records. `matched`: the one that calibration evaluates, its two approximations included, so that ranks
test the code. `full`: the simulation, with its shocks to ties and moods, so that ranks test the approximations.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Float

from hegemon import drivers, law
from hegemon.axes import Array, Choice
from hegemon.dice import key as dice_key
from hegemon.drivers import OPEN, Player, Script
from hegemon.engine.chunk import lift
from hegemon.event import PARTS, Weights, score
from hegemon.inference import likelihood
from hegemon.inference.likelihood import Observed, expected, ratios, unfolded
from hegemon.inference.path import Moods, Path, event_of, follow, moods, onward
from hegemon.inference.record import Data
from hegemon.inference.vector import FREE, noise, parameters, values
from hegemon.law import Parameters
from hegemon.world import Crisis, Event, Setting, World

BLANK = {name: (2 if name == "severity" else 0) for name in Script.__dataclass_fields__}
"""What is coded where nothing happened."""


class Simulated(eqx.Module):
    """A record the model has written under parameters `z` (standard-normal coordinates).

    data             what calibration takes: the opening with the record as its script, drawn ties, everything counting
    log_probability  logarithm of the probability it was drawn with; of ties the density, less `likelihood.ties`'s constant
                     (NaN where shocks stand between the parameters and the record)
    """

    data: Data
    log_probability: Float[Array, ""]


def truth(seed: int, record: int) -> tuple[Float[Array, " D"], Any]:
    """True parameters of a record, in standard-normal coordinates, and the key of its luck."""
    key, luck = jax.random.split(jax.random.fold_in(jax.random.PRNGKey(seed), record))
    return jax.random.normal(key, (len(FREE),), jnp.float32), luck


def _counting(data: Data, script: Script, observed: Observed | None) -> Data:
    """The data with another record, all of it counting."""
    weights = jax.tree.map(lambda x: jnp.ones_like(x, jnp.float32), data.weights)
    return Data(dataclasses.replace(data.opening, script=script), weights, observed, data.left)


# ---- The model that calibration evaluates ----


def _coded(
    world: World, setting: Setting, public: Moods, params: Parameters, luck: Float[Array, "9 N 1"]
) -> tuple[Event, Float[Array, ""]]:
    """One quarter's event as calibration sees it, drawn, and the log-probability it was drawn with."""
    seen: dict[str, Weights] = {}

    def decide(part: str, weights: Weights, trouble: Crisis) -> Choice:
        seen[part] = weights
        return drivers.draw(luck[PARTS.index(part)], weights)

    event = unfolded(world, setting, public, params, decide)
    return event, sum((log.sum() for log in score(event, seen).values()), jnp.zeros(()))


def _history(data: Data, x: Float[Array, " D"], key: Any) -> tuple[Script, Float[Array, ""]]:
    """A record from the opening on, [Q, N] each: worlds as on `path.follow`'s path, events drawn and not given."""
    begin, params = lift(data.opening, 1), parameters(x, data.left)

    def step(world: World, now: Any) -> Any:
        timely, age, key = now
        setting = dataclasses.replace(begin.setting, **timely)
        public = moods(world, setting, params, age)
        luck = jax.random.uniform(key, (len(PARTS), *world.hold.shape), minval=1e-7)
        event, logs = _coded(world, setting, public, params, luck)
        script = _script(event)
        return onward(world, event_of(script), public, setting, params), (script, logs)

    quarters = begin.script.kind.shape[0]
    known = {**begin.paths, "founding": jnp.ones_like(begin.paths["founding"])}
    along = (known, jnp.arange(quarters, dtype=jnp.float32), jax.random.split(key, quarters))
    _, (script, logs) = lax.scan(step, begin.world, along)
    return jax.tree.map(lambda code: code[..., 0], script), logs.sum()


def _measured(path: Path, x: Float[Array, " D"], observed: Observed, data: Data, key: Any) -> tuple[Observed, Any]:
    """Ties as they are observed around a path, and the log-density they were drawn with.

    Every quarter's shock, what the observation errs and what lasts are written out, one column each, so that the
    closed form in `likelihood.ties` is tested and not repeated.
    """
    p, q = parameters(x, data.left).blocks["alignment"], noise(x)
    since = observed.quarter[:, None] - jnp.arange(path.worlds.hold.shape[-1])[None]
    left = likelihood.left_of(since.astype(jnp.float32), p)

    def one(errors: Any, lasting: Any, shocks: Any, seen: Any, luck: Any) -> Any:
        root = jnp.concatenate([shocks, jnp.full((len(since), 1), lasting), jnp.diag(errors)], 1) * seen[:, None]
        factor = jnp.linalg.cholesky(root @ root.T + jnp.diag(1.0 - seen))
        white = luck * seen
        return factor @ white, -0.5 * (white**2).sum() - jnp.log(jnp.diagonal(factor)).sum()

    def drawn(centre: Any, share: Any, lasting: Any, variance: Any, seen: Any, luck: Any) -> Any:
        shocks = jnp.sqrt(variance) * left
        off, logs = jax.vmap(one, (0, None, None, 0, 0))(share * observed.error, lasting, shocks, seen, luck)
        return jnp.where(seen > 0.0, centre + off, 0.0), logs.sum()

    luck = jax.random.normal(key, observed.seen.shape, jnp.float32)
    told = expected(path, observed), q.errors(), q.offsets(), likelihood.variances(p), observed.seen, luck
    logit, logs = (jnp.stack(found) for found in zip(*(drawn(*(x[m] for x in told)) for m in range(len(luck))), strict=True))
    return dataclasses.replace(observed, logit=logit), logs.sum()


@jax.jit
def matched(data: Data, z: Float[Array, " D"], key: Any) -> Simulated:
    """A record drawn from the model that calibration evaluates: no shocks on the path, odds averaged over moods,
    scheduled membership, responses with their tremble, ties from their normal."""
    x = values(z)
    events, ties = jax.random.split(key)
    script, logs = _history(data, x, events)
    found = _counting(data, script, data.observed)
    if data.observed is None:
        return Simulated(found, logs)
    drawn, more = _measured(follow(found.opening, x, data.left), x, data.observed, data, ties)
    return Simulated(_counting(data, script, drawn), logs + more)


# ---- The simulation ----


@jax.jit
def full(data: Data, z: Float[Array, " D"], key: Any) -> Simulated:
    """A record drawn from the simulation itself, shocks and all, as a coder would see it: responses miscoded as often as
    the likelihood has it, ties observed with offset and error. Membership of the pact is known and holds, as in the
    likelihood: it is part of what calibration is given."""
    x = values(z)
    begin, params = lift(data.opening, 1), parameters(x, data.left)
    words, slips, offsets, errors = jax.random.split(key, 4)
    seed = jax.random.bits(words, (3,), jnp.uint32)

    def step(carry: Any, now: Any) -> Any:
        world, standing = carry
        count, timely, luck = now
        setting = dataclasses.replace(begin.setting, **timely)
        dice = dice_key((seed[0], seed[1]), seed[2:], count, jnp.uint32(0))
        instruments = len(params.effects)
        slip = jnp.where(luck[0] < likelihood.TREMBLE, (luck[1] * instruments).astype(int), OPEN)
        coder = Player("response", lambda weights, trouble, world, now: slip)
        nothing = Script(**{name: jnp.full_like(slip, OPEN) for name in BLANK})
        event, _, after, _ = drivers.quarter(world, standing, setting, params, dice, nothing, coder)
        return (after, law.standing(after, setting, params)), (_script(event), world.orientation)

    quarters = begin.script.kind.shape[0]
    known = {**begin.paths, "founding": jnp.ones_like(begin.paths["founding"])}
    luck = jax.random.uniform(slips, (quarters, 2, *begin.world.hold.shape))
    opened = law.standing(begin.world, begin.setting, params)
    xs = (lax.iota(jnp.uint32, quarters), known, luck)
    _, (script, tie) = lax.scan(step, (begin.world, opened), xs)
    script = jax.tree.map(lambda code: code[..., 0], script)
    observed = data.observed
    if observed is not None:
        ties, q = jnp.moveaxis(tie[observed.quarter, ..., 0], 0, -1), noise(x)
        off = ratios(ties, begin.setting)
        lasting = q.offsets()[:, None, None] * jax.random.normal(offsets, (*off.shape[:2], 1), jnp.float32)
        error = q.errors()[:, None, None] * observed.error * jax.random.normal(errors, off.shape, jnp.float32)
        logit = jnp.where(observed.seen > 0.0, off + lasting + error, 0.0)
        observed = dataclasses.replace(observed, logit=logit)
    return Simulated(_counting(data, script, observed), jnp.full((), jnp.nan))


def _script(event: Event) -> Script:
    """What is coded of an event."""
    crisis = event.kind > 0
    fell = crisis & ~event.survived
    codes = {
        "kind": event.kind, "severity": event.severity, "line": event.line, "requested": event.requested,
        "consented": event.consented, "response": event.response, "side": event.side,
        "survived": event.survived,
    }  # fmt: skip
    found = {name: jnp.where(crisis, code.astype(jnp.int32), BLANK[name]) for name, code in codes.items()}
    return Script(**found, successor=jnp.where(fell, event.successor, 0))


PROCESSES = {"matched": matched, "full": full}
"""What writes records."""
