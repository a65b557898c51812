"""Uprisings: private grievance, public thresholds, sudden cascades, and demonstration across borders.

People join when enough others have (Granovetter 1978, AJS 83:1420); thresholds are normal, and hidden until
they tip (Kuran 1991, World Politics 44:7). A fall elsewhere lowers them next door (Beissinger 2007,
Perspectives on Politics 5:259). Small causes, sudden cascades: revolutions surprise. Claims C8, C11.
"""

from __future__ import annotations

import math

import jax.numpy as jnp
from jax.lax import erf
from jax.nn import sigmoid

from hegemon.axes import PerNeighbour
from hegemon.mechanisms.base import Changes, Mechanism
from hegemon.parameters import Params, Scalar, fixed, param
from hegemon.world import Crisis, Happened, Setting, Standing, World

DENSITY = 1.0 / math.sqrt(2.0 * math.pi)
"""The standard normal density at 0."""


class Unrest(Params):
    mean: Scalar = param(0.62, sd=0.20, unit="share of the public", high=2)
    spread: Scalar = param(0.17, sd=0.05, unit="share of the public", low=0.02, high=1)
    grip: Scalar = param(0.42, sd=0.15, unit="share per unit of hold", high=3)
    anger: Scalar = param(0.62, sd=0.20, unit="share per unit of grievance", high=3)
    example: Scalar = param(0.16, sd=0.06, unit="share per unit of recent falls nearby", high=2)
    rate: Scalar = param(0.25, sd=0.10, unit="uprisings per quarter with the public in the street", high=2)
    gravity: Scalar = param(0.5, sd=0.6, unit="log-odds that an uprising is graver, half the public out", low=-6, high=6)
    gravity_crowd: Scalar = param(1.0, sd=0.6, unit="log-odds per share of the public in the street", low=-5, high=10)
    spark: Scalar = param(0.006, sd=0.004, unit="uprisings per quarter in quiet times", high=0.1)
    tipping: Scalar = param(0.06, sd=0.02, unit="share of the public", low=0.01, high=0.5)
    survival: Scalar = param(0.0, sd=0.5, unit="log-odds", low=-6, high=6)
    survival_grip: Scalar = param(3.0, sd=1.0, unit="log-odds per unit of hold", high=10)
    survival_crowd: Scalar = param(2.0, sd=0.8, unit="log-odds per share of the public", high=10)
    survival_gravity: Scalar = param(0.7, sd=0.4, unit="log-odds lost per step of severity", low=-5, high=10)
    persistence: Scalar = param(0.92, sd=0.03, unit="per quarter", high=0.999)
    shock: Scalar = param(0.05, sd=0.015, unit="grievance per quarter", high=0.5)
    slump: Scalar = param(0.06, sd=0.03, unit="grievance per quarter and unit of yearly decline", high=1)
    relief: Scalar = param(0.25, sd=0.10, unit="grievance let out by an uprising", high=1)
    memory: Scalar = param(0.80, sd=0.08, unit="per quarter", high=0.999)
    regrowth: Scalar = param(0.04, sd=0.015, unit="hold per quarter", high=1)
    settled: Scalar = param(0.75, sd=0.10, unit="hold to which closed regimes return", high=1)
    repression: Scalar = param(0.05, sd=0.03, unit="openness lost by surviving an uprising", high=1)
    voice: Scalar = fixed(0.7, unit="share of its hold a regime loses at full openness", low=0, high=1,
                             why="in a democracy the public comes out before the police matter")  # fmt: skip


def grip(hold: PerNeighbour, openness: PerNeighbour, p: Unrest) -> PerNeighbour:
    """Hold counts for less where people may speak."""
    return hold * (1.0 - p.voice * openness)


def critical_mean(spread: Scalar) -> PerNeighbour | Scalar:
    """The mean threshold below which a calm equilibrium ceases to exist.

    u = Phi((u - mean) / spread) has a low root as long as the curve touches the diagonal left of the mean: where
    its slope is one, z = sqrt(-2 log(spread sqrt(2 pi))) spreads below the mean. Wider than 0.399 there is one root.
    """
    z = jnp.sqrt(jnp.maximum(0.0, -2.0 * jnp.log(spread * jnp.sqrt(2.0 * jnp.pi))))
    return below(-z) + spread * z


def below(z: PerNeighbour | Scalar) -> PerNeighbour | Scalar:
    """Standard normal distribution function, exact to 1e-7 in itself (its tails are nobody in the street)."""
    return 0.5 + 0.5 * erf(z * math.sqrt(0.5))


def crowd(mean: PerNeighbour, spread: Scalar, steps: int = 5) -> PerNeighbour:
    """Share of the public in the street: the lowest u that solves u = Phi((u - mean) / spread).

    Newton's steps, from nobody where a calm equilibrium exists and from everybody where it does not: on the
    convex half of the curve they rise to the lowest root, on the concave half they fall to the only one.
    """
    narrow = 1.0 / spread
    u = jnp.where(mean >= critical_mean(spread), 0.0, 1.0)
    for _ in range(steps):
        z = (u - mean) * narrow
        slope = DENSITY * narrow * jnp.exp(-0.5 * z * z)
        u = jnp.clip(u + (below(z) - u) / jnp.maximum(1.0 - slope, 1e-3), 0.0, 1.0)  # guard
    return u


def threshold(world: World, setting: Setting, p: Unrest) -> PerNeighbour:
    """Mean threshold of the public: how many others must be out, given hold, grievance and recent falls nearby."""
    falls = setting.proximity @ world.fallen
    return p.mean + p.grip * grip(world.hold, world.openness, p) - p.anger * world.grievance - p.example * falls


def mobilisation(world: World, setting: Setting, p: Unrest) -> PerNeighbour:
    """Share of the public in the street."""
    return crowd(threshold(world, setting, p), p.spread)


def odds(world: World, crowd: PerNeighbour, p: Unrest) -> PerNeighbour:
    """Log-odds that the incumbents survive an uprising without help."""
    return p.survival + p.survival_grip * grip(world.hold, world.openness, p) - p.survival_crowd * (crowd - 0.5)


def crowded(crowd: PerNeighbour | float, p: Unrest) -> PerNeighbour | Scalar:
    """How far a crowd makes for an uprising, 0 to 1."""
    return sigmoid((crowd - 0.5) / p.tipping)


def hazards(world: World, standing: Standing, setting: Setting, p: Unrest) -> dict[str, PerNeighbour]:
    return {"uprising": p.rate * crowded(standing.mobilisation, p) + p.spark * (0.5 + world.grievance)}


def gravity(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Unrest) -> PerNeighbour:
    return crisis.uprising * (p.gravity + p.gravity_crowd * (standing.mobilisation - 0.5))


def survival(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Unrest) -> PerNeighbour:
    return crisis.uprising * (standing.survival - p.survival_gravity * crisis.gravity)


def changes(happened: Happened, world: World, standing: Standing, setting: Setting, p: Unrest) -> Changes:
    uprising = happened.crisis.uprising
    level = setting.unhappiness
    return {
        "grievance": (p.persistence - 1.0) * (world.grievance - level)
        - p.slump * setting.growth
        - p.relief * uprising * (0.5 + happened.fell) * world.grievance,
        "fallen": (p.memory - 1.0) * world.fallen + uprising * happened.fell,
        "hold": p.regrowth * (p.settled * (1.0 - 0.5 * world.openness) - world.hold),
        "openness": -p.repression * uprising * happened.survived,
    }


mechanism = Mechanism("unrest", "Revolutionary movements", 7, ("C8", "C11"), Unrest,
                      hazards=hazards, gravity=gravity, survival=survival, changes=changes,
                      law={"mobilisation": mobilisation, "odds": odds})  # fmt: skip
