"""Every coded crisis of every order, and every coding of it: whose is whose is never lost.

The record that calibrates is `hegemon.history.history`, one order at a time. This is the record's second edition: the crises
chosen by hand with a second and in part a third coding, and crises drawn at random from registers in further orders.
"""

from __future__ import annotations

import functools
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

from hegemon.history.reading import read_crises

if TYPE_CHECKING:
    import pandas as pd

CODED = (
    "kind", "severity", "incumbent_before", "incumbent_survived", "orientation_after", "host_request", "response_primary",
    "legal_frame", "side", "force_size", "rival_response", "autonomy_change", "coder_confidence",
)  # fmt: skip
"""Columns that coders decide by the codebook, and can disagree on."""

SINCE = ("side", "force_size")
"""Columns of the second edition: the first coding of the crises chosen by hand had not got them."""

BY_HAND = ("crises.csv", "orders.csv")
"""Crises chosen by hand: coder 1."""

DRAWN = "register.csv"
"""Crises drawn at random from registers: coder 1."""

CODERS = MappingProxyType(
    {
        "1": "first coding",
        "2": "second coding of all crises chosen by hand, blind to the first",
        "3": "third coding of every third of them, blind to both",
        "rules": "rows that the first coder found unclear, coded again once the codebook had a rule for them",
    }
)
"""Who coded: names in the column `coder`."""


def every_crisis() -> pd.DataFrame:
    """All coded crises of all orders, one row each: those chosen by hand, then those drawn from registers.

    Columns of the codebook as coded first, and besides

    drawn        drawn at random from a register, not chosen because it is known
    side         whether the primary act was for or against the incumbents at the start: for, against, both, none
    force_size   persons sent: 0 none, 1 under 1,000, 2 up to 10,000, 3 above; missing where unknown
    coder        whose coding stands in the row: "1", or "rules" where the row was coded again by a rule the codebook lacked
    kind_2 ...   the second coding of the other columns of `CODED`; missing where there is none (all that are drawn)

    Crises chosen by hand take side and force_size from coder 2, the only one who coded them for all. An empty host_request is
    unknown. Rows of one state, or of one event in two states, are not independent: cluster by `state`.
    """
    import pandas as pd

    told = codings()
    second = second_coding()
    chosen = pd.concat([_file(name) for name in BY_HAND]).assign(coder="1", drawn=False)
    for column in SINCE:
        chosen[column] = chosen["crisis_id"].map(second[column])
    drawn = _file(DRAWN, unknown=("host_request",)).assign(coder="1", drawn=True)
    again = told[told["coder"] == "rules"].assign(drawn=True)
    table = pd.concat([chosen, drawn, again[drawn.columns]], ignore_index=True)
    table = table.drop_duplicates("crisis_id", keep="last").set_index("crisis_id")
    table = table.loc[[*chosen["crisis_id"], *drawn["crisis_id"]]].reset_index()
    for column in CODED:
        if column not in SINCE:
            table[f"{column}_2"] = table["crisis_id"].map(second[column])
    whole = {name: "Int64" for name in table if table[name].dtype == float}
    return table.astype({**whole, "drawn": bool})


def codings() -> pd.DataFrame:
    """Every coding of every crisis, one row per crisis and coder: crisis_id, coder, order, patron, state, start and `CODED`."""
    import pandas as pd

    first = [_file(name) for name in BY_HAND] + [_file(DRAWN, unknown=("host_request",))]
    more = [_file(name, coders=True) for name in ("recoded.csv", "ruled.csv")]
    table = pd.concat([*(part.assign(coder="1") for part in first), *more], ignore_index=True)
    front = ["crisis_id", "coder", "order", "patron", "state", "start", "end", "name"]
    return table[[*front, *(c for c in table.columns if c not in front)]]


@functools.cache
def second_coding() -> pd.DataFrame:
    """Coder 2's coding of the crises chosen by hand, by crisis_id."""
    told = _file("recoded.csv", coders=True)
    return told[told["coder"] == "2"].set_index("crisis_id")


def left_out() -> pd.DataFrame:
    """Draws that turned out to be no episode, or could not be identified, each with the reason."""
    import pandas as pd

    with resources.files("hegemon.history").joinpath("register_left_out.csv").open("r", encoding="utf-8") as file:
        return pd.read_csv(file, dtype=str, keep_default_na=False)


def _file(name: str, unknown: tuple[str, ...] = (), coders: bool = False) -> pd.DataFrame:
    """A file that comes with the package, checked."""
    text = resources.files("hegemon.history").joinpath(name).read_text("utf-8")
    return read_crises(text, name, unknown=unknown, coders=coders)
