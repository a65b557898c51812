"""Measures of an order: autonomy, multi-vector index, hierarchy, versatility."""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

from hegemon.axes import PerNeighbour, PerTie, Shared, added
from hegemon.world import Standing, World


def autonomy(red_line: PerNeighbour, poles: int) -> PerNeighbour:
    """Share of all conceivable foreign policies on the permitted side of the red line, 0 to 1.

    Under the uniform measure on the simplex of ties, the share of points with x[patron] >= rho is (1 - rho)^(P - 1).
    """
    return (1.0 - red_line) ** (poles - 1)


def multivector(orientation: PerTie) -> PerNeighbour:
    """Entropy of ties over its maximum, 0 (one pole) to 1 (all alike)."""
    poles = orientation.shape[0]
    if poles == 1:
        return jnp.zeros_like(orientation[0])
    entropy = -added(orientation * jnp.log(orientation + 1e-9))[0]
    return jnp.clip(entropy / jnp.log(poles), 0.0, 1.0)


def versatility(mix: Float[Array, " K *R"]) -> Float[Array, " *R"]:
    """Entropy of the instrument mix over its maximum, 0 (always the same) to 1 (all alike)."""
    share = mix / jnp.maximum(mix.sum(0), 1e-12)
    return -(share * jnp.log(share + 1e-12)).sum(0) / jnp.log(mix.shape[0])


PER_NEIGHBOUR = {
    "autonomy": "share of conceivable foreign policies that are permitted",
    "red_line": "least share of ties that must be left to the patron",
    "multivector": "entropy of ties over its maximum",
    "mobilisation": "share of the public in the street",
    "fear": "fear of the patron among the incumbents",
    "legitimacy": "legitimacy of the patron in the incumbents' eyes",
    "hold": "the incumbents' grip",
    "openness": "0 closed autocracy .. 1 liberal democracy",
    "grievance": "latent discontent",
    "dependence": "economic and security dependence on the patron",
    "obligation": "what the regime owes the patron for rescues",
    "frozen": "strength of a secessionist entity under the patron's wing",
    "deployment": "patron's forces on its soil; 1 is a large garrison",
    "shelter": "protection by the rival bloc; 1 is a member",
    "integration": "rung of the ladder from a trade area (.25) to a union state (1)",
    "member": "member of the pact",
}
"""Measures that have a value for every neighbour, and what they mean. All in [0, 1] but obligation and deployment."""

SHARED = {
    "capacity": "patron's capacity, in units of its first year",
    "doctrine": "0 non-intervention .. 1 indivisible security",
    "hierarchy": "global reaching centrality of the dependence graph",
    "overstretch": "share of the patron's means that its commitments take",
    "sanctions": "sanctions by rivals on the patron",
}
"""Measures of the whole order."""


def measure(world: World, now: Standing) -> tuple[dict[str, PerNeighbour], dict[str, Shared]]:
    """Every measure of a world: per neighbour, and of the order."""
    derived = {
        "autonomy": autonomy(now.red_line, world.orientation.shape[0]),
        "red_line": now.red_line,
        "multivector": multivector(world.orientation),
        "mobilisation": now.mobilisation,
    }
    each = {name: derived[name] if name in derived else getattr(world, name) for name in PER_NEIGHBOUR}
    order = {"hierarchy": now.hierarchy, "overstretch": now.overstretch}
    return each, {name: order[name] if name in order else getattr(world, name) for name in SHARED}
