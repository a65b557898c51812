"""What a prediction is of, and from what it may be learned."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from hegemon.errors import Missing, UserError
from hegemon.history import history
from hegemon.history.fitting import belong
from hegemon.order import Order, load
from hegemon.posterior import Posterior, load_posterior, posterior_of
from hegemon.scenarios.loader import builtin_names
from hegemon.studies.predict.generic import HOME, order_of
from hegemon.studies.predict.known import ended_by, in_order


@dataclass(frozen=True)
class Plan:
    """What is predicted, and from what.

    home   the order of the crises
    rows   its crises in the record that was given
    whole  with the built-in crises that they continue, `added` of them
    asked  names of the crises to predict
    train  crises to learn from once, or None
    kept   posterior to begin with, or None where all is learned anew
    direct   the posterior was learned from this order's own record
    generic  nobody has described the order: every neighbour has middling figures
    """

    home: Order
    rows: pd.DataFrame
    whole: pd.DataFrame
    added: int
    asked: list[str]
    train: pd.DataFrame | None
    kept: Posterior | None
    direct: bool = True
    generic: bool = False


def planned(
    record: pd.DataFrame, which: str | None, named: Order | None = None, *, train_until: str | None, rolling: bool,
    posterior: str | None,
) -> Plan:  # fmt: skip
    """What is predicted of a record, and from what.

    which        the order whose crises are predicted; None: the record's only one
    named        the order that was named; None: the built-in one of the rows, or where there is none, a generic one
    train_until  learn once, from crises that had ended by this date
    rolling      learn anew for each crisis, from earlier ones
    posterior    by name or file; None: the built-in one

    Raises `UserError` for a record or a choice that cannot be.
    """
    generic = named is None and _nobodys(record, which)
    home = order_of(record, which) if named is None else named
    if named is not None and which is None:
        rows = record
    else:
        rows = record[record["order"] == (which or record["order"].iloc[0])] if "order" in record else record
    rows = rows.reset_index(drop=True)
    belonging(home, rows)
    native = (named is None and home.name == HOME) or (named is not None and named.hash == load(HOME).hash)
    own = named is not None and home.scenario.posterior in (home.scenario.files or {})
    whole, added = completed(rows) if native else (rows, 0)
    anew = native and (rolling or train_until is not None)
    kept = None
    if not anew:
        kept = load_posterior(posterior) if posterior else posterior_of(home.scenario) or load_posterior(HOME)
    train, asked = None, list(rows["crisis_id"])
    if train_until is not None:
        train = ended_by(whole, train_until)
        if train.empty and native:
            raise Missing(f"no crisis had ended by {train_until}", "Give a later date.")
        asked = [name for name in asked if name not in set(train["crisis_id"])]
        if not asked:
            raise Missing(f"every crisis of the file had ended by {train_until}", "Give an earlier date, or other crises.")
    elif rolling and not native:
        asked = list(in_order(rows)["crisis_id"])[1:]
    direct = native or (own and posterior is None and not (rolling or train_until))
    return Plan(home, rows, whole, added, asked, train, kept, direct, generic)


def _nobodys(record: pd.DataFrame, which: str | None) -> bool:
    """Whether rows belong to an order that no scenario describes."""
    named = {which} if which is not None else set(record["order"]) if "order" in record else {HOME}
    return not named <= set(builtin_names())


def fits(record: pd.DataFrame) -> None:
    """Raise for the first crisis that is none of the built-in order its row names, as predicting it would."""
    for name in sorted(set(record["order"])) if "order" in record else [HOME]:
        if name in builtin_names():
            belonging(load(name), record[record["order"] == name] if "order" in record else record)


def belonging(home: Order, rows: pd.DataFrame) -> None:
    """Raise for the first crisis that is none of the order's."""
    try:
        belong(home.scenario, rows)
    except UserError as error:
        if "order" in rows:
            raise
        remedy = f"{error.remedy} Rows without a column `order` are taken for {HOME}: add it, or name a scenario."
        raise type(error)(error.what, remedy, place=error.place) from None


def completed(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Rows of one's own after the built-in record, which they continue; a file that shares a crisis with it is a record
    of its own and stays as it is."""
    shipped = history()
    if rows["crisis_id"].isin(shipped["crisis_id"]).any():
        return rows, 0
    return pd.concat([shipped, rows], ignore_index=True), len(shipped)
