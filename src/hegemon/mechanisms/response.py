"""The patron's response: an instrument chosen by expected consequences, with error.

A logit over what each instrument is expected to do (quantal response, McKelvey and Palfrey 1995, GEB 10:6): control
kept, and what the other mechanisms say about rivals, regard, cost, brokerage, norms and experience. Few preferences,
many consequences: an instrument is a row of effects, not of utilities. Beside them stand an instrument's inclinations
(`instruments.py`), log-odds that no consequence explains; precision does not multiply them. Claims C1, C2, C6, C14, C16.
"""

from __future__ import annotations

import jax.numpy as jnp

from hegemon.axes import PerNeighbour
from hegemon.mechanisms.base import Changes, Mechanism
from hegemon.parameters import Params, Scalar, param
from hegemon.world import Crisis, Happened, Setting, Standing, World


class Response(Params):
    precision: Scalar = param(
        0.5, sd=0.2, unit="log-odds per unit of utility; 0 is inclination alone, large a best reply", high=8
    )
    control: Scalar = param(8.0, sd=2.5, unit="utility per unit of stake and of the patron's share of ties", high=60)
    yielding: Scalar = param(0.5, sd=0.2, unit="log-share of ties returned per unit of compliance", high=5)


def worth(crisis: Crisis, world: World, standing: Standing, setting: Setting, p: Response) -> dict[str, PerNeighbour]:
    """Worth of the ties kept if these incumbents stay, against those of whoever would come after."""
    return {"survival": p.control * setting.stake * crisis.armed * (world.elite[0] - standing.successor_tie)}


def changes(happened: Happened, world: World, standing: Standing, setting: Setting, p: Response) -> Changes:
    """Under pressure the target gives ties back."""
    x = world.orientation
    push = p.yielding * happened.effects.compliance * happened.crisis.any * (1.0 - world.shelter)
    toward = setting.patron - x[:1]
    return {"orientation": x * toward * jnp.tanh(push)[None]}


mechanism = Mechanism("response", "The patron's response to a crisis", 1, ("C1", "C2", "C6", "C14", "C16"), Response,
                      worth=worth, changes=changes)  # fmt: skip
