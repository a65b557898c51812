"""Predicting by the pooled model: crises of any patron, from their rows and from every coded crisis of every order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hegemon.errors import Missing, UnknownName, did_you_mean, shown
from hegemon.history.reading import REQUIRED
from hegemon.pooled import kept
from hegemon.pooled.answering import answers
from hegemon.pooled.approximate import approximate
from hegemon.scenarios.loader import builtin_names
from hegemon.studies.predict.generic import HOME
from hegemon.studies.predict.known import before, ended_by, frame, in_order
from hegemon.studies.study import Progress

FREE = tuple(name for name in REQUIRED if name not in ("crisis_id", "state", "start", "kind"))
"""Columns that a row may leave empty or leave out: they are added up over, or never read."""

DRAWS = 512
"""Draws of the parameters that a prediction learned anew is averaged over."""

FORCE_FOR = "force_for"
"""Column: the probability that force, if it is used, is for the incumbents."""


@dataclass(frozen=True)
class Rows:
    """What is predicted, and from what.

    asked   the crises to predict
    record  every crisis that may be learned from: those of the file, and the shipped ones that it does not hold
    train   those that are learned from once; None: the shipped posterior, or (`rolling`) anew for each date
    described  the order that was named, if one was
    """

    asked: pd.DataFrame
    record: pd.DataFrame
    train: pd.DataFrame | None
    rolling: bool
    described: str | None


def chosen(
    record: pd.DataFrame, which: str | None, home: str | None = None, *, own: bool, train_until: str | None, rolling: bool
) -> Rows:
    """What is predicted of a record, and from what.

    which        the order whose crises are predicted; None: all
    home         the order that was named, to which rows without a column `order` belong
    own          the record is a file of the user's
    train_until  learn once, from crises that had ended by this date

    Raises `UserError` for a record or a choice that cannot be.
    """
    rows = record if "order" in record else record.assign(order=home or HOME)
    named = sorted(set(rows["order"]))
    if which is not None and which not in named:
        raise UnknownName(f"no row belongs to the order {shown(which)}", did_you_mean(which, named))
    mine = rows[rows["order"] == which] if which is not None else rows
    if "order" not in record and own and home is None:
        _home(record)
    shipped = kept.coded()
    whole = pd.concat([shipped[~shipped["crisis_id"].isin(rows["crisis_id"])], rows], ignore_index=True)
    if train_until is None:
        return Rows(in_order(mine) if rolling else mine.reset_index(drop=True), whole, None, rolling, home)
    train = kept.complete(ended_by(whole, train_until))
    if train.empty:
        raise Missing(f"no crisis had ended by {train_until}", "Give a later date.")
    rest = mine[~mine["crisis_id"].isin(ended_by(mine, train_until)["crisis_id"])].reset_index(drop=True)
    if rest.empty:
        raise Missing(f"every crisis of the file had ended by {train_until}", "Give an earlier date, or other crises.")
    return Rows(rest, whole, train, rolling, home)


def _home(rows: pd.DataFrame) -> None:
    """Raise for rows without an order that are none of the home order's."""
    from hegemon.order import load
    from hegemon.studies.predict.plan import belonging

    belonging(load(HOME), rows)


def probabilities(given: Rows, seed: int, progress: Progress | None) -> tuple[pd.DataFrame, str]:
    """Probabilities by crisis (index crisis_id, a column per instrument, and `FORCE_FOR`), and in words what they were learned
    from."""
    if given.rolling:
        return _rolling(given, seed, progress), "crises of all orders that had begun before"
    if given.train is None:
        made = kept.made()
        known = kept.coded()["crisis_id"]
        said = f"the pooled posterior of {made['crises']} crises of {made['orders']} orders"
        if given.asked["crisis_id"].isin(known).any():
            said += ", some of these among them"
        return _table(given.asked, *answers(given.asked, kept.coded(), kept.posterior())), said
    drawn = approximate(given.train, draws=DRAWS, seed=seed)
    said = f"{len(given.train)} crises of all orders that had ended"
    return _table(given.asked, *answers(given.asked, given.train, drawn)), said


def _rolling(given: Rows, seed: int, progress: Progress | None) -> pd.DataFrame:
    found, dates = [], given.asked["start"].nunique()
    for done, (start, together) in enumerate(given.asked.groupby("start", sort=True)):
        if progress is not None:
            progress(done, dates)
        train = kept.complete(before(given.record, str(start)))
        drawn = approximate(train, draws=DRAWS, seed=seed)
        found.append(_table(together, *answers(together, train, drawn)))
    return pd.concat(found).loc[list(given.asked["crisis_id"])]


def _table(rows: pd.DataFrame, shares: np.ndarray, friendly: np.ndarray) -> pd.DataFrame:
    return frame(rows, shares).assign(**{FORCE_FOR: friendly})


def without_scenario(given: Rows) -> list[str]:
    """Orders of the rows that nobody has described."""
    return sorted(set(given.asked["order"]) - {*builtin_names(), given.described})
