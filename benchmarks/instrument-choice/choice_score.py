"""Score every entry in entries/, and write leaderboard.md.

    python benchmarks/instrument-choice/choice_score.py [--check]

nats            mean natural logarithm of the probability given to what the patron did (at least log .0001); higher is better
to the best     difference from the best baseline of the split, crisis by crisis, with the middle 95 % of resamples of states
Brier, right    squared error over the nine, lower is better; share of crises whose likeliest instrument was used
yes or no       the literature's question, from the same answers: the probability of force, or of any armed intervention, is the
                sum of its instruments'. AUC, Brier score, nats.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd
from choice_task import ARMED, FORCE, HERE, SPLITS, Entry, read_crises, read_entry, read_folds

from hegemon.errors import UserError
from hegemon.instruments import CODE, NAMES
from hegemon.studies.backtest.scores import brier_score, interval, log_score, ranks

QUESTIONS = {"force": FORCE, "intervention": ARMED}
Numbers = npt.NDArray[np.float64]


def scored(entries: Iterable[Entry], table: pd.DataFrame, plan: pd.DataFrame, split: str) -> pd.DataFrame:
    """Entries that answer a split, best first."""
    wanted = list(plan[plan["split"] == split]["crisis_id"])
    rows = table.set_index("crisis_id").loc[wanted]
    happened = np.array([CODE[name] for name in rows["instrument"]])
    found, logs = [], {}
    for entry in entries:
        given = entry.answers.get(split)
        if given is None or not len(given):
            continue
        shares = given.loc[wanted, list(NAMES)].to_numpy(float)
        logs[entry.name] = log_score(shares, happened)
        found.append({
            "entry": entry.name, "who": entry.who, "information": entry.information, "nats": float(logs[entry.name].mean()),
            "Brier": float(brier_score(shares, happened).mean()), "right": float((ranks(shares, happened) < 1.5).mean()),
            **{f"{name} {what}": value for name, among in QUESTIONS.items() for what, value in yes_or_no(
                shares, happened, among).items()},
        })  # fmt: skip
    if not found:
        return pd.DataFrame()
    best = max((row for row in found if row["who"] == "baseline"), key=lambda row: row["nats"], default=None)
    for row in found:
        if best is not None and row["entry"] != best["entry"]:
            lead = interval(logs[row["entry"]] - logs[best["entry"]], list(rows["state"]))
            row |= {"lead": lead.mean, "low": lead.low, "high": lead.high}
    return pd.DataFrame(found).sort_values("nats", ascending=False, ignore_index=True)


def yes_or_no(shares: Numbers, happened: npt.NDArray[np.int64], among: tuple[str, ...]) -> dict[str, float]:
    """AUC, Brier score and log score of the probability that one of some instruments is used."""
    from sklearn.metrics import roc_auc_score

    said = shares[:, [CODE[name] for name in among]].sum(1)
    came = np.isin(happened, [CODE[name] for name in among])
    auc = float(roc_auc_score(came, said)) if 0 < came.sum() < len(came) else float("nan")
    both = np.stack([1 - said, said], 1)
    return {"AUC": auc, "Brier": float(((said - came) ** 2).mean()), "nats": float(log_score(both, came.astype(int)).mean())}


def leaderboard(entries: list[Entry], table: pd.DataFrame, plan: pd.DataFrame) -> str:
    """The page."""
    parts = [HEAD.format(crises=len(table), drawn=int(table["drawn"].sum()), orders=table["order"].nunique())]
    for split, what in SPLITS.items():
        found = scored(entries, table, plan, split)
        if found.empty:
            continue
        many = int((plan["split"] == split).sum())
        parts.append(f"## {split.replace('_', ' ').capitalize()}\n\n{many} crises: {what}.")
        parts.append(_table(["entry", "information", "nats", "to the best baseline", "Brier", "right"], [
            [row["entry"], row["information"], f"{row['nats']:.3f}", _lead(row), f"{row['Brier']:.3f}", f"{row['right']:.0%}"]
            for row in found.to_dict("records")]))  # fmt: skip
        came = table.set_index("crisis_id").loc[list(plan[plan["split"] == split]["crisis_id"])]["instrument"]
        many_force, many_armed = (int(came.isin(among).sum()) for among in QUESTIONS.values())
        parts.append(f"Yes or no, from the same answers: own or collective force ({many_force} of {many}), and any armed "
                     f"intervention ({many_armed} of {many}).")  # fmt: skip
        columns = [f"{name} {what}" for name in QUESTIONS for what in ("AUC", "Brier", "nats")]
        ordered = found.sort_values("force nats", ascending=False)
        parts.append(_table(["entry", *columns], [
            [row["entry"], *("–" if np.isnan(row[c]) else f"{row[c]:.3f}" for c in columns)] for row in ordered.to_dict("records")
        ]))  # fmt: skip
    notes = [f"- **{entry.name}** ({entry.who}; {entry.information}): {entry.note}." for entry in entries]
    parts.append("## Entries\n\n" + "\n".join(notes))
    return "\n\n".join(parts) + "\n"


HEAD = """# Leaderboard: which instrument?

Written by `python benchmarks/instrument-choice/choice_score.py`; the [task](README.md) says what is asked and how to enter.
{crises} crises in {orders} orders, {drawn} of them drawn at random from registers. *nats* is the mean log probability of what
was done, higher is better. *to the best baseline* is the difference, crisis by crisis, from the split's best baseline, with the
middle 95 % of resamples of whole states: an interval that holds 0 is no lead. *information*: `start` known as the crisis begins;
`coded` also severity, line and request, which were coded by people who knew how it ended; `cards` the blinded cards; `own` what
the entry's note says."""


def _lead(row: dict[str, float]) -> str:
    lead = row.get("lead", float("nan"))
    return "best" if np.isnan(lead) else f"{lead:+.3f} ({row['low']:+.3f} to {row['high']:+.3f})"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def every_entry() -> list[Entry]:
    """All folders of entries/ in their order. Raises `UserError` for the first that cannot be read."""
    return [read_entry(folder) for folder in sorted((HERE / "entries").iterdir()) if folder.is_dir()]


def main() -> int:
    """Score and write; with --check say whether the page is what the entries give."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--check", action="store_true", help="say whether leaderboard.md is what the entries give")
    asked = words.parse_args()
    try:
        text = leaderboard(every_entry(), read_crises(), read_folds())
    except UserError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 2
    target = HERE / "leaderboard.md"
    if asked.check:
        return 0 if target.read_text("utf-8") == text else 1
    target.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
