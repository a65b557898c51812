"""Random orders for tests: any world, setting, parameters and event the model allows, and one quarter of any of them."""

from __future__ import annotations

import dataclasses
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from hypothesis import strategies as st

from hegemon import drivers, law
from hegemon.dice import Key, key
from hegemon.drivers import OPEN, Player, Script
from hegemon.event import score
from hegemon.instruments import INSTRUMENTS, KINDS, Effects
from hegemon.law import Parameters
from hegemon.mechanisms import BLOCKS, MECHANISMS, PRIORS
from hegemon.order import default_parameters
from hegemon.world import Event, Setting, Standing, World

STATES, POLES = 4, 3
SHARES = ("orientation", "elite")
Numbers = np.ndarray


class Quarter(dataclasses.make_dataclass("_Quarter", ["event", "prospects", "after", "seen", "standing", "score"])):
    """What one quarter of a single order gave."""

    event: Event
    after: World
    standing: Standing


def one_quarter(
    world: World, setting: Setting, params: Parameters, dice: Key, script: Script, player: Player | None = None
) -> tuple[Any, ...]:
    """Law, event and aftermath of a single order, and the event's log-probability by part."""
    now = law.standing(world, setting, params)
    event, prospects, after, seen = drivers.quarter(world, now, setting, params, dice, script, player)
    return event, prospects, after, seen, now, score(event, seen)


_compiled = jax.jit(one_quarter)


def quarter(world: World, setting: Setting, params: Parameters, dice: Key, script: Script | None = None) -> Quarter:
    """`one_quarter`, compiled once per shape; without a script the dice decide everything."""
    return Quarter(*_compiled(world, setting, params, dice, script or unknown(world.hold.shape[0])))


def unknown(states: int = STATES) -> Script:
    """A script in which the dice decide everything."""
    return Script(**{name: np.full(states, OPEN, np.int32) for name in Script.__dataclass_fields__})


def given(states: int = STATES, **parts: Any) -> Script:
    """A script in which some parts are known."""
    return dataclasses.replace(unknown(states), **{k: np.asarray(v, np.int32) for k, v in parts.items()})


def dice(seed: int = 0, run: int = 0, when: int = 0) -> Key:
    """The luck of one quarter of one history."""
    words = (jnp.uint32(seed & 0xFFFFFFFF), jnp.uint32(seed >> 32))
    return key(words, jnp.uint32(run), jnp.uint32(when), jnp.uint32(0))


class Source:
    """Random numbers, a share of which lie in corners: at the ends of their range, or equal to one another."""

    def __init__(self, seed: int, corners: float) -> None:
        self.rng = np.random.default_rng(seed)
        self.corners = corners

    def between(self, low: float, high: float, *shape: int) -> Numbers:
        inside = self.rng.uniform(low, high, shape)
        ends = np.where(self.rng.random(shape) < 0.5, low, high)
        return np.where(self.rng.random(shape) < self.corners, ends, inside).astype(np.float32)

    def either(self, *shape: int) -> Numbers:
        return (self.rng.random(shape) < 0.5).astype(np.float32)

    def simplex(self, poles: int, states: int) -> Numbers:
        inside = self.rng.dirichlet(np.ones(poles), states).T
        corner = np.eye(poles)[self.rng.integers(0, poles, states)].T
        return np.where(self.rng.random((1, states)) < self.corners, corner, inside).astype(np.float32)

    def square(self, states: int) -> Numbers:
        upper = np.triu(self.between(0.0, 1.0, states, states), 1)
        return upper + upper.T


def random_world(source: Source, states: int = STATES, poles: int = POLES) -> World:
    """Any world the bounds allow."""
    shapes = {"capacity": (1,), "burden": (1,), "sanctions": (1,), "doctrine": (1,), "attention": (poles, 1),
              "attraction": (len(KINDS), len(INSTRUMENTS), 1), "experience": (len(KINDS), 1)}  # fmt: skip
    found = {}
    for field in dataclasses.fields(World):
        bounds = field.metadata["low"], field.metadata["high"]
        found[field.name] = source.between(*bounds, *shapes.get(field.name, (states,)))
    for name in SHARES:
        found[name] = source.simplex(poles, states)
    return World(**{**found, "member": source.either(states)})


def random_setting(source: Source, states: int = STATES, poles: int = POLES) -> Setting:
    """Any setting a scenario can give."""
    rule = source.rng.integers(0, 3)
    one = lambda value: np.array([value], np.float32)
    share = lambda *shape: source.between(0.0, 1.0, *shape)
    return Setting(
        stake=share(states), cleavage=share(states), accession=share(states), unhappiness=share(states),
        proximity=source.square(states), rivalry=source.square(states), feud=share(states),
        patron=np.eye(poles, dtype=np.float32)[:, :1], bloc=np.eye(poles, dtype=np.float32)[:, 1:2],
        third=np.eye(poles, dtype=np.float32)[:, 2:3],
        interest=share(poles, 1), idea=share(1), creed=share(1), unanimity=one(rule == 0), majority=one(rule == 1),
        partner_share=share(1), means=source.between(0.01, 5.0, 1), growth=source.between(-1.0, 1.0, 1),
        youth=share(1), founding=source.either(1), scheduled=source.either(states),
    )  # fmt: skip


def random_parameters(source: Source, *, whole_range: bool) -> Parameters:
    """Parameters from anywhere in their range, or from their prior; some mechanisms may be off."""

    def value(name: str) -> Any:
        prior = PRIORS[name]
        high = prior.high if prior.fixed else min(prior.high, prior.mean + 8.0 * prior.sd + 1.0)
        if whole_range:
            return source.between(prior.low, high)[()]
        return prior.number(np.clip(source.rng.normal(prior.mean, prior.sd), prior.low, high))

    def block(name: str, kind: Any) -> Any:
        return kind(**{field.name: value(f"{name}.{field.name}") for field in dataclasses.fields(kind)})

    off = source.rng.random(len(MECHANISMS)) < 0.15 * source.corners
    return Parameters(
        blocks={name: block(name, kind) for name, kind in BLOCKS.items()},
        effects=tuple(block(i.name, Effects) for i in INSTRUMENTS),
        on={m.name: np.float32(0.0 if gone else 1.0) for m, gone in zip(MECHANISMS, off, strict=True)},
    )


@dataclasses.dataclass(frozen=True)
class Situation:
    """A world in a setting under parameters, with luck."""

    world: World
    setting: Setting
    params: Parameters
    seed: int

    def next(self, when: int = 0, script: Script | None = None) -> Quarter:
        return quarter(self.world, self.setting, self.params, dice(self.seed, when=when), script)

    def after(self, world: World) -> Situation:
        return dataclasses.replace(self, world=world)


@dataclasses.dataclass(frozen=True)
class Draw:
    """What a random situation is made from. Hypothesis draws this, the test makes the situation: the type checks use
    random numbers of their own, which Hypothesis forbids while it draws."""

    seed: int
    corners: float
    numbers: str

    def situation(self) -> Situation:
        """A random situation; `numbers` says where the parameters come from: default, prior or range."""
        source = Source(self.seed, self.corners)
        world, setting = random_world(source), random_setting(source)
        if self.numbers == "default":
            return Situation(world, setting, default_parameters(), self.seed)
        return Situation(world, setting, random_parameters(source, whole_range=self.numbers == "range"), self.seed)


draws = st.builds(
    Draw,
    seed=st.integers(0, 2**32 - 1),
    corners=st.sampled_from([0.0, 0.1, 0.5, 1.0]),
    numbers=st.sampled_from(["default", "prior", "range"]),
)
"""Any situation the model allows."""
