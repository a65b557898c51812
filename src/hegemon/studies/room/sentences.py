"""A room for manoeuvre in words: what a policy analyst should know before looking at any picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from hegemon.pages import theme, words
from hegemon.pages.order import OrderInfo
from hegemon.studies.conditions import parameters
from hegemon.studies.room.result import Room

OUTCOMES: Mapping[str, str] = {
    "patron_share": "Share of ties with the patron",
    "red_line": "Red line: least share it must leave there",
    "autonomy": "Autonomy: share of foreign policies permitted",
    "crisis_in_a_year": "Chance of a crisis in a year",
    "coercion_in_a_year": "... answered with coercion",
    "force_in_a_year": "... answered with force",
    "help_in_a_year": "... answered with help",
}
"""Main numbers, by the name under which their change stands."""

KNOWN = 0.7
"""Share of the prior spread above which the record is said to leave a judgement a judgement."""

THINGS: Mapping[str, str] = {
    "dependence": "0.1 more dependence",
    "shelter": "0.1 more shelter by the rival",
    "obligation": "0.1 more obligation",
    "integration": "0.1 more integration",
    "deployment": "0.1 more of a garrison",
    "member": "membership of the pact",
    "doctrine": "0.1 more of the doctrine",
}


def main(part: Mapping[str, Any], name: str) -> Any:
    """A main number at one date."""
    if name == "patron_share":
        return next(iter(part["orientation"].values()))
    if name.endswith("_in_a_year"):
        return part["in_a_year"][name.removesuffix("_in_a_year")]
    return part[name]


def percent(told: Mapping[str, Any] | None, signed: bool = False) -> str:
    """Mean and interval in per cent: "44% (30–57)"."""
    if told is None or told["mean"] is None:
        return "–"
    mark = "+" if signed else ""
    places = 0 if max(abs(told["low"]), abs(told["high"])) >= 0.1 else 1
    mean, low, high = (_number(100 * told[name], f"{mark}.{places}f") for name in ("mean", "low", "high"))
    return f"{mean}% ({low} to {high})"


def effect(row: Any) -> str:
    """A difference in points of a hundred: "+1.4 (−1.3 to +3.9)"; "0" where there is none at all."""
    if all(abs(float(row[name])) < 5e-7 for name in ("mean", "low", "high")):
        return "0"
    mean, low, high = (_number(100 * float(row[name]), "+.1f") for name in ("mean", "low", "high"))
    return f"{mean} ({low} to {high})"


def _number(value: float, form: str) -> str:
    """A number with a minus sign, and none before nought."""
    text = format(value, form)
    nought = not any(digit in text for digit in "123456789")
    return text.lstrip("+-") if nought else text.replace("-", "−")


def findings(found: Room, info: OrderInfo) -> list[str]:
    """The room in a few sentences, chosen by its numbers."""
    now, state, patron = found.now, info.state(found.question.state), info.patron
    said = [where_it_stands(found, info), since(found, info)]
    year, given = now["in_a_year"], now["given_a_crisis"]
    said.append(
        f"In a year a crisis breaks out with {percent(year['crisis'])}; that one breaks out and {patron} answers it with "
        f"coercion has {percent(year['coercion'])}, with force {percent(year['force'])}, with help {percent(year['help'])}."
    )
    if given["coercion"]["mean"] is not None:
        over = {kind: row["of_crises"] * (row["given"]["coercion"] or 0.0) for kind, row in now["kinds"].items()}
        most = max(over, key=lambda kind: over[kind])
        share = over[most] / max(sum(over.values()), 1e-12)
        said.append(
            f"If a crisis breaks out, coercion answers it with {percent(given['coercion'])} and help with "
            f"{percent(given['help'])}. Of all coercion {share:.0%} would answer {KIND[most]}"
            + (", which the record knows mostly because pressure was used." if most == "dispute" else ".")
        )
    said.append(beyond(found, info, state))
    left = found.made["prior_spread_left"]
    if left is not None and left > KNOWN and found.question.drawn_from == "posterior":
        said.append(
            "Where the red line runs is a judgement: the record leaves the parameters that say so "
            f"{min(left, 1.0):.0%} of their prior spread."
        )
    rows, largest = strongest(found.effects)
    if wide := [thing for thing in largest if abs(rows["mean"][thing]) > 5e-4]:
        told = words.listed([f"{THINGS[thing]} {effect(rows.loc[thing])}" for thing in wide])
        said.append(f"What moves autonomy most at once, in points of a hundred: {told}.")
    if still := [str(thing) for thing, mean in rows["mean"].items() if abs(mean) <= 5e-7]:
        said.append(f"No effect on autonomy at once, by the model's form: {words.listed([THINGS[t] for t in still])}.")
    said.append(other_question(found))
    return [line for line in said if line]


def strongest(effects: pd.DataFrame, most: int = 3) -> tuple[pd.DataFrame, list[str]]:
    """Effects on autonomy by thing, and what has the largest."""
    rows = effects[effects["outcome"] == "autonomy"].set_index("thing")
    return rows, [str(thing) for thing in rows["mean"].abs().sort_values(ascending=False).index[:most]]


KIND: Mapping[str, str] = {
    "uprising": "uprisings",
    "turnover": "turnovers",
    "rival_turn": "turns to a rival",
    "secession": "secessions",
    "interstate": "wars between neighbours",
    "dispute": "disputes with the patron",
}


def where_it_stands(found: Room, info: OrderInfo) -> str:
    """Red line, autonomy and position."""
    now, state, patron = found.now, info.state(found.question.state), info.patron
    gap = now["distance"]["mean"]
    side = "inside" if gap >= 0 else "beyond"
    return (
        f"Given {found.made['worlds']}, with {parameters(found.order, found.question.drawn_from)}: "
        f"as {found.question.date} opens, {state} must leave {patron} at least {percent(now['red_line'])} of its outside ties; "
        f"that permits {percent(now['autonomy'])} of all conceivable foreign policies. It stands at "
        f"{percent(now['orientation'][found.order.poles[0]])}, {abs(100 * gap):.0f} points {side} the red line "
        f"(inside it in {now['within']:.0%} of draws)."
    )


def since(found: Room, info: OrderInfo) -> str:
    """How the room has moved."""
    if found.question.earlier == found.question.date:
        return ""
    change = found.change["autonomy"]
    if abs(change["mean"]) < 5e-4:
        return f"Since {found.question.earlier} its room is what it was ({effect(change)} points of a hundred)."
    sure = "" if change["low"] > 0 or change["high"] < 0 else ", no more than chance might do"
    way = "widened" if change["mean"] > 0 else "narrowed"
    moves = found.drivers[~found.drivers["what"].isin(["together", "cut to its bounds"])].set_index("what")["mean"]
    most = str(moves.abs().idxmax())
    by = _number(100 * moves[most], "+.1f")
    why = f" What moved the red line most: {most} ({by} points)." if abs(moves[most]) > 5e-4 else ""
    return (f"Since {found.question.earlier} its room has {way} by {abs(100 * change['mean']):.1f} points of a hundred "
            f"({effect(change)}){sure}.{why}")  # fmt: skip


def other_question(found: Room) -> str:
    """Where the other way to ask leads."""
    asked = found.question
    if found.made["worlds"].startswith("simulated"):
        return "" if found.order.scenario.history is None else (
            "What the record leaves of its room is another question, with other numbers: the same command without --dice.")
    return (f"What chance alone makes of it from {found.order.quarters[0]} on is another question, with other numbers: "
            f"`hegemon run {asked.called('scenario')}`, or --dice here.")  # fmt: skip


def beyond(found: Room, info: OrderInfo, state: str) -> str:
    """What the red line is worth: just inside against far beyond."""
    table = found.profile
    line = found.now["red_line"]["mean"]
    inside = table[table["patron"] >= line]
    if inside.empty or line <= 0:
        return f"No policy is beyond {info.patron}'s red line." if line <= 0 else ""
    at, far = inside.iloc[0], table.iloc[0]
    if not theme.known(far["coercion_given_crisis"]):
        return ""
    return (f"At the red line a year holds coercion with {at['coercion']:.1%}, without any ties with {info.patron} with "
            f"{far['coercion']:.1%}; given a crisis, {at['coercion_given_crisis']:.0%} and "
            f"{far['coercion_given_crisis']:.0%}.")  # fmt: skip
