"""Write src/hegemon/history/third_parties.csv: what public data sets say of the coded crises, by rule, coded by nobody here.

python tools/third_parties.py patron_responses.csv patron_responses_vs_hand.csv

The first file holds crises of patrons' clients (the registers' rows have its ids), the second the same for crises chosen by hand.
Neither comes with hegemon; what is kept is codes: kinds, severity, the costliest act that a source records of the patron, the
bounds of its level, and for whom it was.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

TARGET = Path(__file__).resolve().parents[1] / "src" / "hegemon" / "history" / "third_parties.csv"
KEPT = ["crisis_id", "kinds", "severity", "observed", "response", "level_low", "level_high", "side", "left_office"]


def table(clients: pd.DataFrame, by_hand: pd.DataFrame, drawn: set[str]) -> pd.DataFrame:
    """One row per crisis that some source lists."""
    names = {"row_id": "crisis_id", "kind_raw": "kinds", "response_primary": "response", "leader_left": "left_office"}
    register = clients.rename(columns=names)
    register = register[register["crisis_id"].isin(drawn)]
    names = {"kinds_third": "kinds", "third_party": "response", "leader_left": "left_office"}
    hand = by_hand[by_hand["unit_found"] == "1"].drop(columns=["severity", "kind"])
    hand = hand.rename(columns={**names, "severity_third": "severity"})
    found = pd.concat([hand[KEPT], register[KEPT]], ignore_index=True)
    for column in ("severity", "level_low", "level_high", "left_office"):
        found[column] = found[column].str.removesuffix(".0")
    return found


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("clients", type=Path)
    words.add_argument("by_hand", type=Path)
    asked = words.parse_args()
    given = [pd.read_csv(file, dtype=str, keep_default_na=False) for file in (asked.clients, asked.by_hand)]
    register = pd.read_csv(TARGET.with_name("register.csv"), dtype=str)
    table(*given, set(register["crisis_id"])).to_csv(TARGET, index=False)
