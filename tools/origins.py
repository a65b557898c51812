"""Forecasts from several dates, each with what was known then, in one page: python tools/origins.py --page docs/origins.md

Each is `hegemon forecast post-soviet --from DATE`, kept under results/, so that what is finished is not computed again.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

import hegemon
from hegemon.files import write_atomically
from hegemon.pages.figure import Table
from hegemon.pages.markdown import table
from hegemon.studies.forecast.orientation import Ties, ties
from hegemon.studies.forecast.result import SCORES, Forecast
from hegemon.studies.forecast.words import GROUPS, HEADS

ORIGINS = ("1999Q4", "2004Q4", "2009Q4", "2014Q4", "2017Q4")

ROLLING = tuple(range(2002, 2014))
"""Years at whose end ties are forecast, `AHEAD` years from each."""

AHEAD = 5

SEED = 0
"""Of resampling states."""

TOLD = """# Forecasts from several dates

`hegemon forecast post-soviet --from DATE`, five times, {runs:,} histories each (`python tools/origins.py`): parameters are
learned from the crises that had begun and the ties that had been observed by then, ties begin where they were observed, and
what came in the years after, to {last}, is scored. The rivals know no theory; [Forecast](forecast.md) says what each is, and
tells the one from 2009Q4 in full.

**What no origin takes away**: the formulas, the priors and some of the scenario's figures were written in 2026, with all these
years in view. Five origins are not five tests: they share the later years.

## Counts of crises

Mean log score per count, in nat; higher is better. In bold, the best.

{counts}

{verdict}

## Ties

Mean CRPS in shares of external ties, lower is better, over the years after the origin that were observed (to 2014).

{ties}

## Ties, from every year

The same from the close of every year from {first_year} to {last_year}, one to {ahead} years ahead, as far as they were
observed; below all of them together, pole by pole.

{rolling}
"""


def asked(origin: str, runs: int, seed: int) -> Forecast:
    """A forecast, or the one that is there."""
    folder = Path("results") / f"origin-{origin}-{runs}-{seed}"
    found: Forecast = hegemon.open(folder) if (folder / "manifest.json").is_file() else hegemon.forecast(
        "post-soviet", origin, runs=runs, seed=seed, out=folder)  # fmt: skip
    return found


def counted(found: dict[str, Forecast]) -> tuple[str, str]:
    """Scores of counts by origin and group, and in how many of them the model is the best."""
    rows, best = [], 0
    for origin, one in found.items():
        for group, row in one.totals().items():
            top = max(SCORES, key=lambda who: float(row[who]))
            best += top == "model"
            cells = [f"**{row[who]:.2f}**" if who == top else f"{row[who]:.2f}" for who in SCORES]
            rows.append([origin, GROUPS[group], f"{row['counts']:.0f}", f"{row['inside']:.0f}", *cells])
    head = ["From", "Counts", "Number", "Inside 90 %", *HEADS.values()]
    return table(Table(head, rows)), f"The histories are best in {best} of {len(rows)} rows."


def near(found: dict[int, Forecast]) -> dict[str, list[Ties]]:
    """Scores of the patron's ties a few years ahead, by the year of the origin, and of all poles over all origins."""
    cases = {year: one.cases[one.cases["year"] <= year + AHEAD] for year, one in found.items()}
    rows = {f"{year}Q4": ties(each, SEED)[:1] for year, each in cases.items()}
    return rows | {"all": ties(pd.concat(list(cases.values())), SEED)}


def tied(found: dict[str, list[Ties]]) -> str:
    """Scores of ties by origin and pole."""
    frame = pd.DataFrame([(origin, t.pole, t.cases, t.model, t.persistence, t.drift, t.inside, t.ahead, t.drift_ahead)
                          for origin, scored in found.items() for t in scored])  # fmt: skip
    rows = [[origin, pole.capitalize(), str(cases), f"{model:.4f}", f"{past:.4f}", f"{drift:.4f}", f"{inside:.0%}",
             *(f"{a.mean:+.4f} ({a.low:+.4f} to {a.high:+.4f})" for a in (ahead, other))]
            for origin, pole, cases, model, past, drift, inside, ahead, other in frame.itertuples(index=False)]  # fmt: skip
    head = ["From", "Pole", "Neighbour-years", "Histories", "Persistence", "Drift", "Inside 90 %", "Ahead of persistence",
            "Ahead of drift"]  # fmt: skip
    return table(Table(head, rows))


def main() -> None:
    """Ask, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    found = {}
    for origin in ORIGINS:
        found[origin] = asked(origin, given.runs, given.seed)
        print(origin, *found[origin].document().lines, sep="\n  ", flush=True)
    rolling = {}
    for year in ROLLING:
        rolling[year] = asked(f"{year}Q4", given.runs, given.seed)
        print(year, f"{ties(rolling[year].cases, SEED)[0].model:.4f}", flush=True)
    counts, verdict = counted(found)
    last = next(iter(found.values())).last
    text = TOLD.format(runs=given.runs, last=last, counts=counts, verdict=verdict, rolling=tied(near(rolling)),
                       ties=tied({origin: one.ties for origin, one in found.items()}), ahead=AHEAD,
                       first_year=ROLLING[0], last_year=ROLLING[-1])  # fmt: skip
    write_atomically(given.page, text.encode())


if __name__ == "__main__":
    main()
