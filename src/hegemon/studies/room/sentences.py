"""A room for manoeuvre's numbers as its sentences need them: what a policy analyst should know before looking at any picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from hegemon.pages.order import OrderInfo
from hegemon.sentences import placing
from hegemon.sentences.placing import Spread, Standing
from hegemon.studies.conditions import parameters
from hegemon.studies.room.question import RoomQuestion
from hegemon.studies.room.result import Room
from hegemon.studies.run.question import RunQuestion

KNOWN = 0.7
"""Share of the prior spread above which the record is said to leave a judgement a judgement."""

AWAY = ("together", "cut to its bounds")
"""Rows of what moved the red line that are no mover."""


def spread(row: Any) -> Spread:
    """A number with its interval, from a mapping or a row."""
    return Spread(*(float(row[end]) for end in ("mean", "low", "high")))


def main(part: Mapping[str, Any], name: str) -> Any:
    """A main number at one date."""
    if name == "patron_share":
        return next(iter(part["orientation"].values()))
    if name.endswith("_in_a_year"):
        return part["in_a_year"][name.removesuffix("_in_a_year")]
    return part[name]


def share(told: Mapping[str, Any] | None) -> str:
    """Mean and interval in per cent, where there is one."""
    return "–" if told is None or told["mean"] is None else spread(told).share()


def points(told: Mapping[str, Any] | None) -> str:
    """A change in percentage points, where there is one."""
    return "–" if told is None or told["mean"] is None else spread(told).points()


def findings(found: Room, info: OrderInfo) -> list[str]:
    """The room in a few sentences, chosen by its numbers; the first says where it stands."""
    return [line for line in _told(found, info) if line]


def _told(found: Room, info: OrderInfo) -> Iterator[str]:
    now, who, patron = found.now, info.state(found.question.state), info.patron
    yield placing.stands(standing(found, info))
    yield placing.given(str(found.made["worlds"]), parameters(found.order, found.question.drawn_from))
    yield from _since(found, who, patron)
    yield placing.dangers(patron, *(spread(now["in_a_year"][name]) for name in ("crisis", "coercion", "force", "help")))
    yield _answered(found, patron)
    yield _beyond(found, patron)
    left = found.made["prior_spread_left"]
    if left is not None and left > KNOWN and found.question.drawn_from == "posterior":
        yield placing.judged(left)
    yield placing.widening([(thing, of) for thing, of in strongest(found.effects) if abs(of.mean) > placing.SMALL])
    yield placing.idle([thing for thing, of in ranked(found.effects) if abs(of.mean) <= placing.NOUGHT])
    yield placing.other(simulated(found.question).line, found.order.quarters[0],
                        dice=str(found.made["worlds"]).startswith("simulated"),
                        record=found.order.scenario.history is not None)  # fmt: skip


def simulated(asked: RoomQuestion) -> RunQuestion:
    """The order as chance alone would have it, changed as it is here."""
    told = {name: getattr(asked, name) for name in ("scenario", "set", "without", "mechanism")}
    return RunQuestion.of({**told, "given": {"scenario": asked.resolved().given["scenario"]}})


def standing(found: Room, info: OrderInfo) -> Standing:
    """Where it stands."""
    now = found.now
    return Standing(info.state(found.question.state), info.patron, found.question.date, spread(now["red_line"]),
                    spread(now["autonomy"]), spread(main(now, "patron_share")), float(now["within"]))  # fmt: skip


def _since(found: Room, who: str, patron: str) -> Iterator[str]:
    if found.question.earlier == found.question.date:
        return
    change = spread(found.change["autonomy"])
    before, after = (float(part["autonomy"]["mean"]) for part in (found.then, found.now))
    yield placing.since(found.question.earlier, before, after, change)
    moves = dict(movers(found))
    most = max(moves, key=lambda name: abs(moves[name].mean))
    if not change.nothing:
        yield placing.driven(most, moves[most].mean, who, patron)


def movers(found: Room) -> list[tuple[str, Spread]]:
    """What moved the red line, by its measure."""
    rows = found.drivers[~found.drivers["what"].isin(AWAY)]
    return [(str(row["what"]), spread(row)) for row in rows.to_dict("records")]


def _answered(found: Room, patron: str) -> str:
    given = found.now["given_a_crisis"]
    if given["coercion"]["mean"] is None:
        return ""
    over = {kind: row["of_crises"] * (row["given"]["coercion"] or 0.0) for kind, row in found.now["kinds"].items()}
    most = max(over, key=lambda kind: over[kind])
    part = over[most] / max(sum(over.values()), 1e-12)
    return placing.answered(patron, spread(given["coercion"]), spread(given["help"]), most, part)


def _beyond(found: Room, patron: str) -> str:
    line = float(found.now["red_line"]["mean"])
    inside = found.profile[found.profile["patron"] >= line]
    if line > 0.0 and inside.empty:
        return ""
    near, far = ([float(row["coercion"]), float(row["coercion_given_crisis"])] for row in
                 ((inside if line > 0.0 else found.profile).iloc[0], found.profile.iloc[0]))  # fmt: skip
    return placing.beyond(patron, line, near, far)


def ranked(effects: pd.DataFrame) -> list[tuple[str, Spread]]:
    """Effects on its room, as they were asked about."""
    rows = effects[effects["outcome"] == "autonomy"]
    return [(str(row["thing"]), spread(row)) for row in rows.to_dict("records")]


def strongest(effects: pd.DataFrame, most: int = 3) -> list[tuple[str, Spread]]:
    """What has the largest effects on its room."""
    return sorted(ranked(effects), key=lambda each: -abs(each[1].mean))[:most]
