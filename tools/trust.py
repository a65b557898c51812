"""Writes how far the model is to be trusted, from a back-test, a check and forecasts that were made:

    python tools/trust.py --backtest FOLDER --check FOLDER --forecast FOLDER ... [--page docs/trust.md]

into src/hegemon/sentences/trust.json, where terminal, report and explorer read it. No number in it is typed by hand.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import hegemon
from hegemon.files import write_atomically
from hegemon.studies.backtest.result import Backtest
from hegemon.studies.check.result import Check
from hegemon.studies.forecast.result import Forecast
from hegemon.studies.telling import document

TARGET = Path(__file__).parents[1] / "src" / "hegemon" / "sentences" / "trust.json"
GROUPS = {
    "all": "All crises",
    "kind": "Crises by kind",
    "instrument": "The patron's answers",
    "outcome": "Outcomes",
    "neighbour": "Crises by neighbour",
}
LITTLE = 0.9
"""A parameter whose posterior is at least so wide as its prior has been told little."""

THEORY = ("hegemon", "inclinations only", "wrong table", "simulation")
"""Forecasters of a back-test that are the models or their twins; the others know no theory."""

NOT_FOR = (
    "It is not for decisions. It explains an argument and tests it; most of its parameters are weakly "
    "informed judgements, and "
    "its form was found with the record in view.",
    "It is not for a single country's next year. What it says of chances it says of many histories, and the "
    "odds of rare events "
    "hang on a handful of cases.",
    "It takes no side. That an order works in a certain way does not say that it should, and the same code "
    "describes any patron.",
    "Its figures for states are indices made from public data, not measurements.",
)
"""What no number can say."""


def percent(value: float) -> str:
    """As maps have it."""
    return f"{100 * value:.0f}%"


def predicted(of: Backtest) -> dict[str, Any]:
    """What was predicted, and how well, beside forecasters that know no theory."""
    tables = {}
    for scheme in ("rolling", "left out"):
        scores = of.scores[of.scores["scheme"] == scheme]
        keep = [
            "forecaster",
            "reference",
            "events",
            "log",
            "brier",
            "first",
            "among_three",
            "ahead",
            "ahead_low",
            "ahead_high",
            "ahead_verdict",
            "calibration_error",
        ]
        tables[scheme] = json.loads(
            scores.sort_values("log", ascending=False)[keep].to_json(orient="records", double_precision=4)
        )
    return {"said": list(document(of).lines), "scores": tables, "figures": [plain(f) for f in document(of).figures]}


def plain(figure: Any) -> dict[str, Any]:
    """A figure as the browser draws it, numbers to four digits."""
    found: dict[str, Any] = figure.plain()
    found["data"] = [{k: round(v, 4) if isinstance(v, float) else v for k, v in row.items()} for row in found["data"]]
    return found


def missed(of: Backtest, most: int = 6) -> list[dict[str, Any]]:
    """The crises that surprised it most, when it knew only what had begun before."""
    worst = of.surprises[of.surprises["scheme"] == "rolling"].head(most)
    keep = [
        "crisis_id",
        "name",
        "state",
        "start",
        "kind",
        "expected",
        "expected_probability",
        "happened",
        "probability",
        "other_probability",
    ]
    rows: list[dict[str, Any]] = json.loads(
        worst[keep].astype({"start": str}).to_json(orient="records", double_precision=4)
    )
    return rows


def ahead(found: list[Forecast]) -> dict[str, Any]:
    """Forecasts years ahead: counts inside their range, and where rules without a theory are better; ties beside persistence."""
    rows, ties, best = [], [], 0
    for one in found:
        for group, row in one.totals().items():
            scores = {who: round(float(row[who]), 3) for who in row if who not in ("counts", "inside")}
            best += max(scores, key=lambda who: scores[who]) == "model"
            rows.append(
                {
                    "origin": one.question.origin,
                    "what": GROUPS.get(group, group),
                    "counts": int(row["counts"]),
                    "inside": int(row["inside"]),
                    "scores": scores,
                }
            )
        ties += [
            {
                "origin": one.question.origin,
                "pole": t.pole,
                "cases": t.cases,
                "inside": round(t.inside, 4),
                "model": round(t.model, 4),
                "persistence": round(t.persistence, 4),
                "ahead": round(t.ahead.mean, 4),
                "low": round(t.ahead.low, 4),
                "high": round(t.ahead.high, 4),
            }
            for t in one.ties
        ]
    return {
        "rows": rows,
        "ties": ties,
        "best": best,
        "of": len(rows),
        "inside": sum(r["inside"] for r in rows),
        "counts": sum(r["counts"] for r in rows),
    }


def fits(of: Check) -> dict[str, Any]:
    """How often the record lies within the middle 90 % of histories that learned from it, what lies outside, what was learned."""
    tables = of.numbers()
    coverage: Any = tables["coverage"]
    cells: Any = tables["cells"]
    learned = of.learned
    wide = int((learned["sd"] >= LITTLE * learned["prior_sd"]).sum())
    now = coverage[coverage["source"] == "posterior"]
    outside = cells[(cells["source"] == "posterior") & (cells["side"] != "inside")]
    return {
        "coverage": json.loads(now.drop(columns="source").to_json(orient="records", double_precision=4)),
        "outside": json.loads(outside.drop(columns="source").to_json(orient="records", double_precision=4)),
        "parameters": len(learned),
        "little": wide,
    }


def lines(told: dict[str, Any]) -> dict[str, str]:
    """What stands beside a number, by what kind of number it is."""
    rolling = told["predicted"]["scores"]["rolling"]
    plain_rule = next(row for row in rolling if row["forecaster"] not in THEORY)
    years, fit = told["ahead"], told["fits"]
    unlearned = f"{fit['little']} of {fit['parameters']} parameters stand where judgement put them"

    def answers(who: str) -> str:
        mine = next(row for row in rolling if row["forecaster"] == who)
        return (
            f"Asked what the patron would do about {mine['events']} crises, knowing only what came before, it named the answer "
            f"first in {percent(mine['first'])} and among three in {percent(mine['among_three'])}; the best rule without "
            f"a theory did so in {percent(plain_rule['first'])} and {percent(plain_rule['among_three'])}."
        )

    counts = (
        f"Of {years['counts']} counts forecast years ahead, {years['inside']} fell within nine histories in ten; rules without "
        f"a theory were better in {years['of'] - years['best']} of {years['of']} kinds of count."
    )
    return {
        "run": f"A model's histories, not a forecast: {unlearned}.",
        "compare": f"What the model makes of the change, not what was seen: {unlearned}.",
        "room": f"The model's odds, not observed rates. {answers('simulation')}",
        "predict": answers("hegemon"),
        "claims": f"A verdict says what follows from the model: {unlearned}.",
        "forecast": counts,
    }


def main() -> None:
    """Read the results, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backtest", type=Path, required=True)
    parser.add_argument("--check", type=Path, required=True)
    parser.add_argument("--forecast", type=Path, nargs="+", required=True)
    given = parser.parse_args()
    back, check = hegemon.open(given.backtest), hegemon.open(given.check)
    assert isinstance(back, Backtest)
    assert isinstance(check, Check)
    found = [one for folder in given.forecast if isinstance(one := hegemon.open(folder), Forecast)]
    made = {one.question.line: one.made["version"] for one in (back, check, *found)}
    told: dict[str, Any] = {
        "predicted": predicted(back),
        "missed": missed(back),
        "ahead": ahead(found),
        "fits": fits(check),
        "not_for": NOT_FOR,
        "made": made,
    }
    told = {"lines": lines(told), **told}
    write_atomically(TARGET, (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode())


if __name__ == "__main__":
    main()
