"""The task: which of nine instruments a patron uses in a client's crisis. Crises, folds, and what an entry looks like.

    python benchmarks/instrument-choice/choice_task.py          write crises.csv and folds.csv from hegemon's coded record

What an entry may read of the crises it is scored on is in `STARTS` (known as the crisis begins) and `CODED` (coded with the whole
episode in view, and so not free of the answer). Everything else about them is what is to be foretold, or would give it away.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hegemon.errors import BadFile, BadValue, Missing, UnknownName, did_you_mean, shown
from hegemon.history import every_crisis
from hegemon.instruments import NAMES
from hegemon.studies.predict.known import before, in_order

HERE = Path(__file__).resolve().parent

STARTS = ("order", "patron", "state", "start", "kind", "drawn")
"""Known when a crisis begins; `kind` is as coded, `drawn` says how the row came into the record, not what the world was like."""

CODED = ("severity", "line", "requested")
"""Coded by people who knew how it ended. Severity and request lean towards the answer: an entry that reads them says so."""

ANSWER = ("instrument", "side", "force_size")
"""What happened: to be foretold, and read of training rows only."""

FORCE = ("unilateral_force", "collective_force")
ARMED = ("security_support", "separatism_support", "peacekeeping", *FORCE)
"""Instruments that count as an intervention where the question is yes or no: arms, advisers or troops for somebody."""

SPLITS = {
    "rolling": "post-Soviet crises from the 31st on; trained on what began earlier, in all orders",
    "left_out": "each post-Soviet crisis; trained on all other crises of all orders",
    "register": "crises drawn from registers, ten folds of whole states; trained on all crises of other folds",
    "orders": "each order in turn; trained on all other orders",
}
"""The four ways an entry is tried."""

FIRST = 31
FOLDS = 10
SEED = 11
TOLERANCE = 0.005
"""How far an answer's probabilities may be from adding up to one, as people round them."""


def crises() -> pd.DataFrame:
    """The benchmark's rows: what may be read, and the answer."""
    table = in_order(every_crisis())
    told = {"pro_patron": "patron", "balanced": "balanced", "pro_rival": "rival"}
    requested = table["host_request"].map({"none": 0, "asked": 1, "asked_refused": 1}).astype("Int64")
    named = table.rename(columns={"response_primary": "instrument", "incumbent_before": "line"})
    named = named.assign(line=named["line"].map(told), requested=requested, drawn=named["drawn"].astype(int))
    return named[["crisis_id", *STARTS, *CODED, *ANSWER]]


def folds(table: pd.DataFrame) -> pd.DataFrame:
    """Which crisis is tried in which fold of which split: split, fold, crisis_id."""
    home = table[table["order"] == "post-soviet"]
    rows = [("rolling", name, name) for name in home["crisis_id"].iloc[FIRST - 1 :]]
    rows += [("left_out", name, name) for name in home["crisis_id"]]
    drawn = table[table["drawn"] == 1]
    # the two sides of one war are one event: they share a fold
    states = drawn["state"].replace("HND", "NIC")
    shuffled = np.random.default_rng(SEED).permutation(sorted(set(states)))
    place = {str(state): f"states-{n % FOLDS + 1:02d}" for n, state in enumerate(shuffled)}
    rows += [("register", place[str(of)], name) for of, name in zip(states, drawn["crisis_id"], strict=True)]
    rows += [("orders", order, name) for order, name in zip(table["order"], table["crisis_id"], strict=True)]
    return pd.DataFrame(rows, columns=["split", "fold", "crisis_id"])


def trained_on(table: pd.DataFrame, split: str, tried: pd.DataFrame) -> pd.DataFrame:
    """The crises an entry may learn from when `tried` are to be foretold."""
    if split == "rolling":
        return before(table, tried["start"].iloc[0])
    others = table[~table["crisis_id"].isin(tried["crisis_id"])]
    if split == "register":  # nothing else of the same states either
        return others[~others["state"].isin(tried["state"])]
    return others


def parts(table: pd.DataFrame, plan: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame, pd.DataFrame]]:
    """Split, training rows and rows to be foretold (their answers taken away), fold by fold."""
    for (split, _), fold in plan.groupby(["split", "fold"], sort=False):
        tried = table[table["crisis_id"].isin(fold["crisis_id"])]
        yield str(split), trained_on(table, str(split), tried), tried.drop(columns=list(ANSWER))


# ---- Entries ----


@dataclass(frozen=True)
class Entry:
    """What somebody answers: a probability for each instrument, by split and crisis."""

    name: str
    who: str  # baseline, model, person, language model
    information: str  # start, coded, cards or own
    note: str
    answers: dict[str, pd.DataFrame] = field(repr=False)  # by split: index crisis_id, a column per instrument


WHO = ("baseline", "model", "person", "language model")
INFORMATION = ("start", "coded", "cards", "own")


def read_entry(folder: Path) -> Entry:
    """An entry's folder: entry.toml, and answers.csv (by split and crisis) or answers.jsonl (by card). Raises `UserError`."""
    about = _about(folder / "entry.toml")
    if (folder / "answers.jsonl").is_file():
        answers = _by_card(folder / "answers.jsonl")
    elif (folder / "answers.csv").is_file():
        answers = _by_split(folder / "answers.csv")
    else:
        raise Missing(f"{folder.name} has no answers", "Give answers.csv or answers.jsonl; README.md says what they hold.")
    return Entry(about["name"], about["who"], about["information"], about.get("note", ""), answers)


def _about(file: Path) -> dict[str, str]:
    try:
        found = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise Missing(f"{file.parent.name} has no entry.toml", "Give name, who, information and note.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadFile(f"{file.parent.name}/entry.toml cannot be read ({error})", "Mend it.") from None
    for name, known in (("name", ()), ("who", WHO), ("information", INFORMATION)):
        value = found.get(name)
        if not isinstance(value, str) or not value:
            raise Missing(f"{name} is missing", f'Write {name} = "...".', place=f"{file.parent.name}/entry.toml")
        if known and value not in known:
            raise UnknownName(f"{name} = {shown(value)}", did_you_mean(value, known), place=f"{file.parent.name}/entry.toml")
    return found


def _by_split(file: Path) -> dict[str, pd.DataFrame]:
    """answers.csv: split, crisis_id, and the nine instruments."""
    label = f"{file.parent.name}/{file.name}"
    try:
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise BadFile(f"{label} cannot be read ({error})", "Write CSV, UTF-8, separated by commas.") from None
    for column in ("split", "crisis_id", *NAMES):
        if column not in table:
            raise Missing(f"column {column} is missing", "Columns are split, crisis_id and the nine instruments.", place=label)
    plan = read_folds()
    known = {str(split): list(part["crisis_id"]) for split, part in plan.groupby("split", sort=False)}
    found: dict[str, dict[str, list[float]]] = {}
    for number, row in enumerate(table.to_dict("records"), start=2):
        place = f"{label}, row {number}"
        split, name = row["split"], row["crisis_id"]
        if split not in known:
            raise UnknownName(f"split {shown(split)}", did_you_mean(split, known), place=place)
        if name not in known[split]:
            raise UnknownName(f"crisis_id {shown(name)} is not in {split}", did_you_mean(name, known[split]), place=place)
        if name in found.setdefault(split, {}):
            raise BadValue(f"crisis_id {shown(name)} is answered twice in {split}", "Keep one of them.", place=place)
        found[split][name] = _probabilities({k: row[k] for k in NAMES}, place)
    return {split: _frame(rows, known[split], f"{label}, {split}") for split, rows in found.items()}


def _by_card(file: Path) -> dict[str, pd.DataFrame]:
    """answers.jsonl: a line per card, {"card": "...", "probabilities": {"abstain": 0.2, ...}}; the same answer in every split."""
    label = f"{file.parent.name}/{file.name}"
    key = pd.read_csv(HERE / "key.csv", dtype=str).set_index("card")["crisis_id"]
    rows: dict[str, list[float]] = {}
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        place = f"{label}, line {number}"
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            card, given = said["card"], said["probabilities"]
        except (ValueError, TypeError, KeyError):
            raise BadFile("no answer to a card", 'Write {"card": "...", "probabilities": {...}}.', place=place) from None
        if card not in key.index:
            raise UnknownName(f"card {shown(str(card))}", "Cards are those of cards.jsonl.", place=place)
        if key[card] in rows:
            raise BadValue(f"card {card} is answered twice", "Keep one of them.", place=place)
        if not isinstance(given, dict):
            raise BadValue("probabilities are no table", 'Write {"abstain": 0.2, ...}.', place=place)
        for name in given:
            if name not in NAMES:
                raise UnknownName(f"instrument {shown(str(name))}", did_you_mean(str(name), NAMES), place=place)
        rows[key[card]] = _probabilities({name: given.get(name, 0) for name in NAMES}, place)
    plan = read_folds()
    return {str(split): _frame({n: rows[n] for n in part["crisis_id"] if n in rows}, list(part["crisis_id"]), label)
            for split, part in plan.groupby("split", sort=False)}  # fmt: skip


def _probabilities(given: dict[str, Any], place: str) -> list[float]:
    """Nine numbers that add up to one; what rounding left is shared out."""
    found = []
    for name, value in given.items():
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise BadValue(f"{name} = {shown(str(value))}", "Write a probability, as in 0.25.", place=place) from None
        if not (math.isfinite(number) and 0 <= number <= 1):
            raise BadValue(f"{name} = {number}", "A probability lies between 0 and 1.", place=place)
        found.append(number)
    total = sum(found)
    if abs(total - 1) > TOLERANCE:
        raise BadValue(f"the probabilities add up to {total:.3f}", "They must add up to 1.", place=place)
    return [number / total for number in found]


def _frame(rows: dict[str, list[float]], wanted: list[str], place: str) -> pd.DataFrame:
    """A split's answers in its order. A split is answered whole, or its first missing crisis is named."""
    for name in wanted:
        if rows and name not in rows:
            raise Missing(f"crisis_id {name} is not answered", "Answer every crisis of a split, or none.", place=place)
    return pd.DataFrame([rows[name] for name in wanted if name in rows], index=list(rows and wanted), columns=list(NAMES))


def read_crises() -> pd.DataFrame:
    """crises.csv as it lies here."""
    table = pd.read_csv(HERE / "crises.csv", dtype={"start": str}, keep_default_na=False)
    for column in ("requested", "force_size"):
        table[column] = pd.to_numeric(table[column].replace("", None)).astype("Int64")
    return table


def read_folds() -> pd.DataFrame:
    """folds.csv as it lies here."""
    return pd.read_csv(HERE / "folds.csv", dtype=str)


if __name__ == "__main__":
    made = crises()
    made.to_csv(HERE / "crises.csv", index=False)
    folds(made).to_csv(HERE / "folds.csv", index=False)
