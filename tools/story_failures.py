"""The story of where the model fails. Read by tools/stories.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hegemon.pages import words
from hegemon.sentences import trust
from hegemon.sentences.numbers import percent
from hegemon.stories.writing import Number, Writer
from story_sources import Source, bars
from trust import THEORY


def failures(run: Source, made: dict[str, str]) -> Writer:
    """Where the model fails."""
    told = trust.found()
    story = Writer(
        "failures",
        "Where the model fails",
        "What surprised it, what it cannot foretell, and what nobody can learn from it.",
        5,
        made,
    )
    scores, calibration = told["predicted"]["figures"]
    story.shows |= {
        "scores": {"kind": "figure", "title": scores["title"], "figure": scores},
        "calibration": {"kind": "figure", "title": calibration["title"], "figure": calibration},
    }
    story.shows["missed"] = bars(
        "The crises that surprised it most",
        "The probability it gave to what happened, and to what it expected.",
        [
            (f"{m['name']} ({m['start'][:4]})", m[key], percent(m[key]), group)
            for m in told["missed"]
            for key, group in (("probability", "what happened"), ("expected_probability", "what it expected"))
        ],
    )
    years = told["ahead"]
    rows = {}
    for row in years["rows"]:
        found = rows.setdefault(row["what"], [0, 0])
        found[0] += row["inside"]
        found[1] += row["counts"]
    story.shows["ahead"] = bars(
        "Counts forecast years ahead that fell within nine histories in ten",
        "Of all counts of a kind, from five dates.",
        [(what, inside / of, f"{inside} of {of}", "") for what, (inside, of) in rows.items()],
    )
    rolling = told["predicted"]["scores"]["rolling"]
    model, other = next(r for r in rolling if r["reference"]), next(r for r in rolling if r["forecaster"] not in THEORY)

    def score(row: Mapping[str, Any], key: str, form: str = "share") -> Number:
        return Number(float(row[key]), form, f"trust.json: predicted, rolling, {row['forecaster']}, {key}")

    story.step(
        "How often does it name the answer?",
        [
            "Of {n} crises, forecast by what had come before, it names the patron's answer first in {f} and "
            "among three of nine in {t}.",
            "The best rule without a theory names it first in {g}. "
            + (
                "Beside it the model is "
                if other["ahead_verdict"] != "not distinguishable"
                else "By the record the two are "
            )
            + f"{other['ahead_verdict']}.",
        ],
        "scores",
        n=score(model, "events", "count"),
        f=score(model, "first"),
        t=score(model, "among_three"),
        g=score(other, "first"),
    )
    worst, second = told["missed"][:2]
    story.step(
        "What surprised it",
        [
            f"{worst['name']}, {worst['start'][:4]}: it expected {words.answer(worst['expected'])} ({{a}}); "
            f"{words.answer(worst['happened'])}, which happened, it gave {{b}}.",
            f"{second['name']}, {second['start'][:4]}: it expected {words.answer(second['expected'])} "
            f"({{c}}); {words.answer(second['happened'])} it gave {{d}}.",
        ],
        "missed",
        **{
            slot: Number(
                m[key], "share", f"trust.json: missed, {m['crisis_id']}", ("shows", "missed", "bars", n, "value")
            )
            for slot, m, key, n in (
                ("a", worst, "expected_probability", 1),
                ("b", worst, "probability", 0),
                ("c", second, "expected_probability", 3),
                ("d", second, "probability", 2),
            )
        },
    )
    story.step(
        "Do its probabilities mean what they say?",
        [
            "Over all nine answers of every crisis, what it says and what happens are {e} apart on average: "
            "on the dashed line, what was "
            "said with 30% happened in 30% of cases.",
        ],
        "calibration",
        e=Number(float(model["calibration_error"]), "share", "trust.json: predicted, rolling, calibration_error"),
    )
    story.step(
        "And years ahead?",
        [
            "From five dates it forecast {n} counts; {i} fell within nine histories in ten, where {w} were wanted.",
            "In {b} of {o} kinds of count a rule without a theory scores better.",
        ],
        "ahead",
        n=Number(years["counts"], "count", "trust.json: ahead, counts"),
        i=Number(years["inside"], "count", "trust.json: ahead, inside"),
        w=Number(0.9 * years["counts"], "count", "trust.json: nine tenths of counts"),
        b=Number(years["of"] - years["best"], "count", "trust.json: ahead, of less best"),
        o=Number(years["of"], "count", "trust.json: ahead, of"),
    )
    fits = told["fits"]
    outside = [f"{words.plain(o['kind'], words.KINDS).lower()}, {o['of'].replace('_', ' ')}" for o in fits["outside"]]
    story.step(
        "What the record cannot teach",
        [
            "{l} of {p} parameters are as wide after the record as before it: they stand where judgement put them.",
            f"And of what it did learn from, some still lies outside nine histories in ten: {words.listed(outside)}."
            if outside
            else "Of the counts that it learned from, none lies outside nine histories in ten.",
            "Its form was found with the record in view. That totals agree is no evidence for it.",
        ],
        "ahead",
        link="#/trust",
        l=Number(fits["little"], "count", "trust.json: fits, little"),
        p=Number(fits["parameters"], "count", "trust.json: fits, parameters"),
    )
    return story
