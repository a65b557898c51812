"""What the stories of the explorer are told from: results, read once. Read by tools/stories.py."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from hegemon import stories
from hegemon.sentences.comparing import compared
from hegemon.sentences.headline import Shown, headline
from hegemon.sentences.sides import sides
from hegemon.stories.writing import Number, Writer
from hegemon.studies.compare.result import Comparison
from hegemon.studies.compare.sentences import fates, gap_of
from hegemon.studies.compare.words import called
from hegemon.studies.run.result import Runs

TARGET = Path(stories.__file__).parent
LEVELS = {"p05": 0.05, "median": 0.5, "p95": 0.95}


def grid(values: Any) -> list[list[float]]:
    """Neighbours outside, quarters inside, to four digits."""
    found: list[list[float]] = np.round(np.asarray(values.transpose("state", "quarter").values, float), 4).tolist()
    return found


class Source:
    """What stories take from a run."""

    def __init__(self, of: Runs) -> None:
        self.of, self.order = of, of.question.order()
        summary = of.summary
        quarters = [str(q) for q in summary["quarter"].values]
        self.quarters = [q for n, q in enumerate(quarters) if n % 4 == 0]
        self.states = [str(s) for s in summary["state"].values]
        self.summary = summary.sel(quarter=self.quarters)
        self.name = of.question.line

    def who(self, state: str) -> str:
        return self.order.scenario.states[state].name

    def show(self, name: str, title: str, state: str) -> dict[str, Any]:
        """A map with the chosen neighbour's fan."""
        found = self.summary[f"{name}_quantile"]
        bands = {level: grid(found.sel(quantile=at, method="nearest")) for level, at in LEVELS.items()}
        if f"{name}_luck_low" in self.summary:
            bands |= {end: grid(self.summary[f"{name}_{end}"]) for end in ("luck_low", "luck_high")}
        s = self.order.scenario
        record = self.of.record
        marks = (
            []
            if record is None
            else json.loads(
                record[["quarter", "state", "kind", "instrument", "severity", "survived", "name"]].to_json(
                    orient="records"
                )
            )
        )
        return {
            "kind": "map",
            "title": title,
            "region": s.region,
            "measure": name,
            "patron": s.patron.name,
            "quarters": self.quarters,
            "states": [{"iso3": i, "name": self.who(i)} for i in self.states],
            "state": state,
            "bands": bands,
            "marks": marks,
        }

    def value(self, story: Writer, show: str, state: str, quarter: str, level: str = "median") -> Number:
        """A number that is shown."""
        i, t = self.states.index(state), self.quarters.index(quarter)
        bands = story.shows[show]["bands"]
        name = story.shows[show]["measure"]
        return Number(
            bands[level][i][t],
            "share",
            f"{self.name}: {name} of {state}, {quarter}, {level}",
            ("shows", show, "bands", level, i, t),
        )

    def line(self, story: Writer, show: str, state: str, quarter: str) -> str:
        """The headline of what is shown."""
        b, name = story.shows[show]["bands"], story.shows[show]["measure"]
        i, t = self.states.index(state), self.quarters.index(quarter)
        luck = (b["luck_low"][i][t], b["luck_high"][i][t]) if "luck_low" in b else None
        said = headline(
            Shown(
                name,
                self.who(state),
                self.order.scenario.patron.name,
                "",
                quarter,
                b["p05"][i][t],
                b["median"][i][t],
                b["p95"][i][t],
                self.quarters[0],
                b["median"][i][0],
                luck,
            )
        )
        return story.told(said, f"{self.name}: {name} of {state}, {quarter}")


class Pair:
    """What stories take from a comparison."""

    def __init__(self, of: Comparison) -> None:
        self.of = of
        orders = of.question.orders()
        self.first, self.second = orders["first"], orders["second"]
        self.names = sides(called(self.first, self.second), called(self.second, self.first))
        quarters = [str(q) for q in of.summary["quarter"].values]
        since = max(0, int(np.argmax(of.summary["parted"].values > 0.0)) - 8)
        self.quarters = (
            quarters[since:] if len(quarters) - since < 40 else [q for n, q in enumerate(quarters) if n % 4 == 0]
        )
        self.states = [str(s) for s in of.summary["state"].values]
        self.summary, self.last, self.name = of.summary.sel(quarter=self.quarters), quarters[-1], of.question.line

    def show(self, name: str, title: str, state: str) -> dict[str, Any]:
        """A map of the difference, with both ways of the chosen neighbour."""
        parts = ("first", "second", "difference", "difference_low", "difference_high")
        s = self.first.scenario
        return {
            "kind": "gap",
            "title": title,
            "region": s.region,
            "measure": name,
            "patron": s.patron.name,
            "quarters": self.quarters,
            "states": [{"iso3": i, "name": s.states[i].name} for i in self.states],
            "state": state,
            "sides": list(self.names),
            "bands": {part: grid(self.summary[f"{name}_{part}"]) for part in parts},
        }

    def said(self, story: Writer, name: str, state: str, quarter: str | None = None) -> str:
        """A difference in words."""
        when = quarter or self.last
        told = compared(gap_of(self.of, name, state, when, self.first, self.second, self.names))
        return story.told(told, f"{self.name}: {name} of {state or 'the order'}, {when}")

    def asked(self, story: Writer) -> Iterable[str]:
        """What becomes of the government that was asked about."""
        return [
            story.told(line, f"{self.name}: crises, asked")
            for line in fates(self.of, self.first, self.second, self.names)
        ]

    def count(self, of: str, name: str, side: str) -> Number:
        """Crises or answers per history."""
        row = self.of.crises[(self.of.crises["of"] == of) & (self.of.crises["name"] == name)].iloc[0]
        return Number(float(row[side]), "number", f"{self.name}: {of} {name} per history, {side}")


def bars(title: str, reading: str, rows: Iterable[tuple[str, float, str, str]]) -> dict[str, Any]:
    """Bars: label, value, what is printed, group."""
    return {
        "kind": "bars",
        "title": title,
        "reading": reading,
        "bars": [
            {"label": label, "value": round(value, 4), "text": text, "group": group}
            for label, value, text, group in rows
        ],
    }


def link_run(name: str, state: str, quarter: str) -> str:
    return f"#/run?s=post-soviet&n=512&seed=7&m={name}&state={state}&q={quarter}"


# ---- One ----
