"""What the patron will do in a crisis, before it has done it: a probability for each instrument.

Known are the crisis's kind, severity, state and date, the incumbents' line and whether they asked for help, and the
record until it began; nothing after. Probabilities are averaged over draws of the parameters, and over whether the pact
consents. Claims C1, C2, C6.
"""

from __future__ import annotations

import functools
from collections.abc import Collection
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon.inference.likelihood import shares
from hegemon.inference.path import follow
from hegemon.inference.record import Record, lay_out
from hegemon.inference.vector import aligned, parameters, values
from hegemon.order import Order
from hegemon.posterior import KEPT, Posterior
from hegemon.studies.predict.known import before, frame

BATCH = 32
"""Draws of the parameters taken side by side."""


@jax.jit
@functools.partial(jax.vmap, in_axes=(0, None))
def _answers(z: Any, data: Any) -> Any:
    x = values(z)
    params, path = parameters(x, data.left), follow(data.opening, x, data.left)
    yes, no = (shares(path, params, consent=said) for said in (True, False))
    refused, agreed = yes["consent"]
    return agreed * yes["response"] + refused * no["response"]


def answers(record: Record, z: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Probability of each instrument in each of the record's crises under each draw `z` [S, D]: [S, E, 9]."""
    return by_draw(_answers, record, z).swapaxes(1, 2)


def foreseen(
    record: Record, rows: pd.DataFrame, z: npt.NDArray[np.float32], asked: Collection[str] | None = None
) -> npt.NDArray[np.float64]:
    """`answers`, each crisis (those `asked` for, at least) of the record, whose `rows` as coded these are, in a world where none
    but those before it have happened.

    A crisis that shares its state's quarter stands in another one, where the world may know more than was known when it began:
    such a one is laid out anew, with those alone that had certainly begun before.
    """
    found, events = answers(record, z), record.events
    if (events["quarter"] == events["coded_quarter"]).all():
        return found
    coded, when = rows.set_index("crisis_id"), record.at[:, 0]
    for e, name in enumerate(events["crisis_id"]):
        if asked is not None and name not in asked:
            continue
        known = before(rows, coded.loc[name, "start"])
        if not events["crisis_id"][when < when[e]].isin(known["crisis_id"]).all():
            alone = lay_out(record.order, pd.concat([known, rows[rows["crisis_id"] == name]]))
            found[:, e] = answers(alone, z)[:, list(alone.events["crisis_id"]).index(name)]
    return found


def by_draw(program: Any, record: Record, z: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """What a program (draws, data) that tells of every state and quarter, [S, ..., N, Q], says of each crisis under each draw
    `z` [S, D], batch by batch: [S, ..., E]. So crises of any number share the order's program."""
    quarter, state = record.at.T
    padded = np.concatenate([z, np.zeros((-len(z) % BATCH, z.shape[1]), np.float32)])
    found = [np.asarray(program(jnp.asarray(padded[i : i + BATCH]), record.data))[..., state, quarter].astype(float)
             for i in range(0, len(padded), BATCH)]  # fmt: skip
    return np.concatenate(found)[: len(z)]


def predicted(kept: Posterior, record: pd.DataFrame, order: Order) -> pd.DataFrame:
    """A probability for each instrument in each crisis of an order's record, index crisis_id, columns `NAMES`, by a posterior,
    whatever it has learned from: see `sequential` for predicting each crisis from earlier ones only."""
    laid, z = lay_out(order, record), aligned(kept)
    few = z[np.linspace(0, len(z) - 1, min(KEPT, len(z))).astype(int)]
    return frame(laid.events, foreseen(laid, record, np.asarray(few, np.float32)).mean(0))


def without_outcomes(rows: pd.DataFrame, known: bool = True) -> pd.DataFrame:
    """Rows of which only the beginning is known, with the rest filled in neutrally: the patron abstains, the incumbents
    stay, nothing changes. What is filled in never reaches a row's own prediction. What they do say of the rest is kept, unless
    it is not `known`."""
    given: dict[str, Any] = {"name": rows["crisis_id"], "response_primary": "abstain", "incumbent_survived": 1,
                             "orientation_after": rows["incumbent_before"], "legal_frame": "none"}  # fmt: skip
    return rows.assign(**{name: value for name, value in given.items() if not known or name not in rows})
