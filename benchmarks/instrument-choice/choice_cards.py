"""A card for each crisis, with every name blinded: what people and language models are shown.

    python benchmarks/instrument-choice/choice_cards.py          write cards.jsonl and key.csv
    python benchmarks/instrument-choice/choice_cards.py --show 3 print cards

Patrons, states and years have pseudonyms, the same throughout an order, so that what an order's patron did before can be used
without knowing who he is. Cards come by order and date: a later card tells how earlier crises were answered, so people take them
in turn and do not go back, and a language model is given each card alone. A card says what a trained entry could know: the crisis
as coded, and what began earlier in its order and how it was answered. `key.csv` says which crisis is which; whoever answers must
not see it.
"""

from __future__ import annotations

import argparse
import json

import numpy as np
import pandas as pd
from choice_task import HERE, read_crises

from hegemon.instruments import NAMES
from hegemon.studies.predict.known import before

SEED = 20
KIND = {
    "uprising": "mass protest, riot or revolution against the rulers",
    "electoral_turnover": "power changes, or is contested, through an election or a coalition",
    "westward_turn": "the state realigns away from the patron, towards a rival",
    "secession": "a region breaks, or tries to break, from central control",
    "civil_war": "sustained armed struggle for the state",
    "interstate_war": "fighting, or armed tension, between the state and another",
    "coup": "seizure or unlawful extension of power by insiders or armed men",
    "bargaining_dispute": "a dispute between patron and state over price, transit, bases or policy",
}
SEVERITY = {1: "low: no threat to rule or territory", 2: "medium: deaths, serious cost or a lasting issue, but rule holds",
            3: "high: threatens the regime, or large or sustained war"}  # fmt: skip
LINE = {"patron": "for the patron", "balanced": "balanced between patron and others", "rival": "for the patron's rivals"}
ASKED = {0: "no", 1: "yes"}
LATEST = 6


def cards(table: pd.DataFrame) -> list[dict[str, object]]:
    """Every card, by order and date: who reads them in turn learns what happened before, never what comes."""
    dice = np.random.default_rng(SEED)
    of_order = dict(zip(table["order"].unique(), dice.permutation(list("ABCDEFGHIJKL")), strict=True))
    of_state: dict[tuple[str, str], str] = {}
    for order, part in table.groupby("order", sort=False):
        names = dice.permutation(part["state"].unique())
        of_state |= {(str(order), str(state)): f"{of_order[order]}{n + 1}" for n, state in enumerate(names)}
    made = []
    turn = sorted(table.to_dict("records"), key=lambda row: (of_order[row["order"]], row["start"], row["crisis_id"]))
    for number, row in enumerate(turn, start=1):
        known = before(table[table["order"] == row["order"]], row["start"])
        began = int(row["start"][:4])
        first = int(table.loc[table["order"] == row["order"], "start"].min()[:4])
        me = of_state[row["order"], row["state"]]
        earlier = [
            f"{began - int(past['start'][:4])} years before, {of_state[past['order'], past['state']]}: "
            f"{past['kind']}, severity {past['severity']}, incumbents {LINE[past['line']]}: {past['instrument']}"
            for past in known.tail(LATEST).to_dict("records")
        ]
        own = known[known["state"] == row["state"]]["instrument"].value_counts().to_dict()
        made.append(
            {
                "card": f"c{number:03d}",
                "crisis_id": row["crisis_id"],
                "order": f"order {of_order[row['order']]}: a great or regional power (the patron) and the states around it",
                "state": me,
                "year": f"year {began - first + 1} of the order's record",
                "drawn": "drawn at random from registers of crises" if row["drawn"] else "chosen because it is well known",
                "kind": f"{row['kind']}: {KIND[row['kind']]}",
                "severity": SEVERITY[int(row["severity"])],
                "line": f"the incumbents' foreign policy is {LINE[row['line']]}",
                "requested": f"did they ask the patron for help? {ASKED.get(row['requested'], 'unknown')}",
                "patron_before": {name: int(n) for name, n in known["instrument"].value_counts().items()},
                "patron_in_this_state_before": {str(name): int(n) for name, n in own.items()},
                "latest": earlier,
            }
        )
    return made


QUESTION = (
    "What does the patron do? Give a probability to each of: "
    + ", ".join(NAMES)
    + '. They add up to 1. Answer with one line of JSON: {"card": "...", "probabilities": {...}}.'
)


def told(card: dict[str, object]) -> str:
    """A card as text, for a person or a prompt."""
    lines = [f"Card {card['card']}"]
    for name in ("order", "state", "year", "drawn", "kind", "severity", "line", "requested"):
        lines.append(f"- {name}: {card[name]}")
    for name, what in (("patron_before", "the patron's earlier answers in the order"),
                       ("patron_in_this_state_before", "in this state")):  # fmt: skip
        counts = card[name]
        assert isinstance(counts, dict)
        lines.append(f"- {what}: {', '.join(f'{k} {n}' for k, n in counts.items()) or 'none on record'}")
    latest = card["latest"]
    assert isinstance(latest, list)
    lines += ["- latest:", *(f"  - {line}" for line in latest)] if latest else []
    return "\n".join([*lines, QUESTION])


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--show", type=int, metavar="N", help="print the first N cards and write nothing")
    asked = words.parse_args()
    all_ = cards(read_crises())
    if asked.show is not None:
        print("\n\n".join(told(card) for card in all_[: asked.show]))
    else:
        pd.DataFrame([{"card": c["card"], "crisis_id": c["crisis_id"]} for c in all_]).to_csv(HERE / "key.csv", index=False)
        blind = [{**{k: v for k, v in card.items() if k != "crisis_id"}, "text": told(card)} for card in all_]
        lines = [json.dumps(card, ensure_ascii=False) for card in blind]
        (HERE / "cards.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
