"""What `hegemon predict` does: choose what may be learned from, learn, and give every crisis its probabilities.

    nothing said   parameters as calibrated on the whole built-in record: for crises outside it a prediction, for its own
                   crises a description
    train until    parameters learned once, from crises that had ended by a date
    rolling        parameters learned anew for each crisis, from those that had begun before it
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hegemon import runtime
from hegemon.errors import BadValue, Missing
from hegemon.posterior import load_posterior

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.order import Order

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Foretold:
    """Probabilities by crisis (index crisis_id, a column per instrument), and in words what they were learned from."""

    table: pd.DataFrame
    learned_from: str


def foretell(
    record: pd.DataFrame,
    order: str | None = None,
    *,
    train_until: str | None = None,
    rolling: bool = False,
    posterior: str | None = None,
    ties: pd.DataFrame | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Foretold:
    """Probabilities of the nine instruments for the crises of one order in a record (columns of `hegemon.history()`).

    order      its name, where the record has several
    posterior  a posterior by name or file, in place of the built-in one; only where nothing is learned anew

    Raises `UserError` for a record or a choice that cannot be.
    """
    runtime.prepare()
    from hegemon.inference.generic import HOME, order_of

    if rolling and train_until is not None:
        raise BadValue("--rolling with --train-until", "Choose one of them.")
    home = order_of(record, order)
    rows = record[record["order"] == (order or record["order"].iloc[0])] if "order" in record else record
    rows = rows.reset_index(drop=True)
    if home.name != HOME:
        return _elsewhere(home, rows, train_until, rolling, posterior, seed)
    if not rolling and train_until is None:
        return _calibrated(home, rows, posterior)
    whole, added = _completed(rows)
    if rolling:
        return _rolling(home, rows, whole, added, ties, seed, progress)
    return _once(home, rows, whole, str(train_until), ties, seed)


def _completed(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Rows of one's own after the built-in record, which they continue; a file that shares a crisis with it is a record
    of its own and stays as it is."""
    import pandas as pd

    from hegemon.history import history

    shipped = history()
    if rows["crisis_id"].isin(shipped["crisis_id"]).any():
        return rows, 0
    return pd.concat([shipped, rows], ignore_index=True), len(shipped)


def _calibrated(home: Order, rows: pd.DataFrame, posterior: str | None) -> Foretold:
    from hegemon.inference.predict import predict
    from hegemon.inference.vector import FREE

    kept = load_posterior(posterior or home.name)
    whole, _ = _completed(rows)
    table = predict(kept, whole, home).loc[list(rows["crisis_id"])]
    return Foretold(table, f"the posterior of {kept.made['crises']} crises ({len(FREE)} parameters)")


def _rolling(
    home: Order, rows: pd.DataFrame, whole: pd.DataFrame, added: int, ties: pd.DataFrame | None, seed: int,
    progress: Progress | None,
) -> Foretold:  # fmt: skip
    from hegemon.inference.sequential import ModelForecaster

    table = ModelForecaster(home, ties, seed=seed, progress=progress).rolling(whole, max(2, added + 1))
    return Foretold(table, "crises that had begun before" + (f", {added} built-in ones among them" if added else ""))


def _once(
    home: Order, rows: pd.DataFrame, whole: pd.DataFrame, date: str, ties: pd.DataFrame | None, seed: int
) -> Foretold:
    from hegemon.inference.sequential import ModelForecaster

    train = ended_by(whole, date)
    if train.empty:
        raise Missing(f"no crisis had ended by {date}", "Give a later date.")
    rest = whole[~whole["crisis_id"].isin(train["crisis_id"])]
    asked = rows[rows["crisis_id"].isin(rest["crisis_id"])]
    if asked.empty:
        raise Missing(f"every crisis of the file had ended by {date}", "Give an earlier date, or other crises.")
    table = ModelForecaster(home, ties, seed=seed).learned_until(whole, train, date)
    return Foretold(table.loc[list(asked["crisis_id"])], f"{len(train)} crises that had ended by {date}")


def ended_by(record: pd.DataFrame, date: str) -> pd.DataFrame:
    """Crises that had ended by a date, YYYY-MM-DD or YYYY-MM; one without an end is taken to have ended when it began."""
    from hegemon.inference.baselines import days

    limit = days(date)[1]
    ends = [end if isinstance(end, str) and end else start for end, start in zip(
        record["end"] if "end" in record else record["start"], record["start"], strict=True)]  # fmt: skip
    return record[[days(end)[1] <= limit for end in ends]]


def _elsewhere(
    home: Order, rows: pd.DataFrame, train_until: str | None, rolling: bool, posterior: str | None, seed: int
) -> Foretold:
    from hegemon.inference import elsewhere
    from hegemon.inference.baselines import before, in_order
    from hegemon.inference.generic import HOME
    from hegemon.inference.predict import frame
    from hegemon.inference.record import lay_out
    from hegemon.inference.vector import aligned

    kept = load_posterior(posterior or HOME)
    laid = lay_out(home, rows)
    names = laid.events["crisis_id"]
    known = np.zeros((len(names), len(names)), bool)
    said = f"the posterior of {kept.made['crises']} crises of {kept.made['scenario']}, as far as orders are alike"
    asked = list(rows["crisis_id"])
    if train_until is not None:
        train = ended_by(rows, train_until)
        known[:] = names.isin(train["crisis_id"]).to_numpy()
        said += f", and {len(train)} crises that had ended by {train_until}"
        asked = [name for name in asked if name not in set(train["crisis_id"])]
        if not asked:
            raise Missing(f"every crisis of the file had ended by {train_until}", "Give an earlier date.")
    elif rolling:
        ordered = in_order(rows)
        for e, name in enumerate(names):
            start = ordered.set_index("crisis_id")["start"][name]
            known[e] = names.isin(before(ordered, str(start))["crisis_id"]).to_numpy()
        said += ", and crises that had begun before"
        asked = list(ordered["crisis_id"])[1:]
    draws = np.asarray(aligned(kept), np.float32)
    return Foretold(frame(laid, elsewhere.shares(laid, draws, known, seed)).loc[asked], said)
