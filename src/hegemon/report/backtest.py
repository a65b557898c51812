"""The backtest on paper: two figures and a page whose sentences follow from the numbers, whatever they say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

from hegemon.pages import words
from hegemon.pages.charts import dots
from hegemon.pages.charts import reliability as curve
from hegemon.pages.figure import Figure

if TYPE_CHECKING:
    from hegemon.inference.backtest import Backtest, Difference, Scored

HEADS = {
    "rolling": "Rolling: by what had begun before",
    "left out": "Left out: by all other crises",
}


def comparison(result: Backtest) -> Figure:
    """How far ahead of each forecaster the reference is, with intervals."""
    import pandas as pd

    rows = []
    for scheme, scored in result.scored.items():
        for name, mine in _others(result, scored):
            span = mine.log.by_state  # type: ignore[union-attr]
            rows.append({"scheme": scheme, "forecaster": name, "ahead": span.mean, "low": span.low, "high": span.high,
                         "log": mine.summary.log, "said": f"{mine.summary.log:.2f}"})  # fmt: skip
    own = {scheme: result.scored[scheme][result.reference].summary for scheme in HEADS}
    best = result.best_other("rolling")
    span = result.scored["rolling"][best].log
    return Figure(
        name="backtest-scores",
        title=f"How far {_the(result)} is ahead in foretelling the patron's answer",
        reading="Dot: mean log score of the reference minus the forecaster's; right of zero the reference is better. Line: "
        "95 % interval, resampling states. Number at the right: the forecaster's own mean log score.",
        form="Dots with intervals by forecaster, one panel per scheme",
        finding=f"Against {best}, rolling: {_signed(span.by_state.mean)} ({_ends(span)})." if span else "",
        kind="dots",
        data=pd.DataFrame(rows),
        settings=dots.Settings(
            row="forecaster",
            rows={name: name for name, _ in _others(result, result.scored["rolling"])},
            value="ahead",
            low="low",
            high="high",
            text="said",
            panel="scheme",
            panels={
                scheme: [head, f"{own[scheme].events} crises; {result.reference}: {own[scheme].log:.2f}"]
                for scheme, head in HEADS.items()
            },
            across={"title": "log score ahead, nat per crisis"},
            rules=[{"at": 0.0}],
        ),
    )


def reliability(result: Backtest) -> Figure:
    """What was said against what happened, for the reference and the best of the others."""
    import pandas as pd

    rows = []
    for scheme in result.scored:
        for name in dict.fromkeys((result.reference, result.best_other(scheme))):
            rows += [{"scheme": scheme, "forecaster": name, "said": b.said, "happened": b.happened, "least": b.least,
                      "most": b.most, "count": b.count}
                     for b in result.scored[scheme][name].calibration]  # fmt: skip
    summary = result.scored["rolling"][result.reference].summary
    names = list(dict.fromkeys(str(row["forecaster"]) for row in rows))
    hues = dict(zip(names, ("model", "orange", "green"), strict=False))
    return Figure(
        name="backtest-calibration",
        title="Do the probabilities mean what they say?",
        reading="All nine probabilities of every crisis, in bins. On the dashed line, what was said with 30 % happened in "
        "30 % of cases. Larger dots hold more forecasts; bars are 95 % intervals of the share.",
        form="Calibration curves, one panel per scheme",
        finding=f"Rolling, {result.reference} is {summary.calibration_error:.1%} off on average.",
        kind="reliability",
        data=pd.DataFrame(rows),
        settings=curve.Settings(
            said="said",
            happened="happened",
            low="least",
            high="most",
            count="count",
            series="forecaster",
            looks={name: {"label": name, "colour": hues[name]} for name in names},
            panel="scheme",
            panels=HEADS,
            across="probability said",
            up="share that happened",
        ),
    )


def figures(result: Backtest) -> list[Figure]:
    """Both."""
    return [comparison(result), reliability(result)] if len(result.scored["rolling"]) > 1 else [reliability(result)]


def write_page(result: Backtest, made: dict[str, Any], target: Path) -> list[Path]:
    """The page, with its figures under img/ beside it. `made`: how it was made, ready to be printed."""
    from hegemon.pages import render

    folder = target.parent / "img"
    folder.mkdir(parents=True, exist_ok=True)
    drawn = figures(result)
    pictures = []
    for figure in drawn:
        place = folder / f"{figure.name}.svg"
        place.write_bytes(render.picture(figure, "svg"))
        pictures.append(place)
    target.write_text(page(result, made, drawn), encoding="utf-8")
    return [target, *pictures]


FORM = (
    "**What was chosen with the record in view**: the model's form. That an answer depends on severity, line and "
    "request besides the expected consequences, that a kind of crisis makes an instrument unlikely instead of "
    "impossible, and the directions of the prior inclinations (do more the graver the crisis, help friends who ask, "
    "force is out of the ordinary) were settled while these scores were being looked at. Numbers were not: prior "
    "spreads are round and were left alone, and every forecast learns its parameters from other crises only. Tried "
    "and left out, because they changed the score by a few hundredths at most: a trend over time, membership as a "
    "disposition of its own, coups and civil wars apart, severity and line by kind of crisis."
)
"""What must be known about how the model came to be what is scored."""


def page(result: Backtest, made: dict[str, Any], drawn: list[Figure]) -> str:
    """The results page as Markdown."""
    parts = [
        f"<!-- Written by `{made['command']}`. Do not edit: run it again. -->",
        "# Backtest",
        f"How well {_the(result)} foretells what the patron does about a crisis, against forecasters that know no theory: "
        f"{len(result.record)} coded crises, nine instruments. Written by `{made['command']}`; no number here is typed by "
        "hand, and the sentences are chosen by the numbers.",
        "\n".join(f"- {line}" for line in said(result)),
        "**What a forecaster is told**: the crisis's kind, severity, state, date, the incumbents' line and whether they "
        "asked for help; of other crises, everything. *Rolling* forecasts use only crises that had begun earlier; *left "
        "out* uses all others, later ones too, and is no forecast. Severity and request are coded with the whole episode in "
        "view, and a crisis that began earlier counts as known though its answer may have come later: both help all "
        "forecasters alike. Forecasters marked *feasible*, and the pool, are told what the model holds feasible; that was drawn "
        "up with the post-Soviet record in view. Rows share states, years and causes: read the intervals that resample "
        "states. The best of the others is picked afterwards, which favours it.",
        *([FORM] if result.reference == "hegemon" else []),
        *(f"![{f.alt}](img/{f.name}.svg)" for f in drawn),
    ]
    for scheme, head in HEADS.items():
        parts += [f"## {head}", _scores(result, scheme)]
    parts += ["## Calibration", _calibration(result), "## Surprises"]
    for scheme, head in HEADS.items():
        parts += [f"### {head}", *_surprises(result, scheme)]
    parts += ["## How it was made", "\n".join(f"- {key}: {value}" for key, value in made.items())]
    return filled(parts)


def said(result: Backtest) -> list[str]:
    """What came out, a sentence per scheme and question."""
    lines = []
    for scheme in result.scored:
        scored, other = result.scored[scheme], result.best_other(scheme)
        mine = scored[result.reference].summary
        lines.append(f"{scheme.capitalize()}, {mine.events} crises: {result.reference} has a mean log score of "
                     f"{mine.log:.2f} (Brier {mine.brier:.3f}); what happened was its likeliest answer in "
                     f"{mine.first:.0%} and among its three likeliest in {mine.among_three:.0%}.")  # fmt: skip
        if other != result.reference:
            lines.append(f"{scheme.capitalize()}, against the best of the others, {other} "
                         f"({scored[other].summary.log:.2f}): {_sentence(scored[other].log)}")  # fmt: skip
    return lines


def _sentence(found: Difference | None) -> str:
    if found is None:
        return ""
    verdict = {
        "better": "better, and both intervals leave zero out",
        "worse": "worse, and both intervals leave zero out",
        "not distinguishable": "not distinguishable",
    }[found.verdict]
    return (f"{verdict}; {_signed(found.by_crisis.mean)} nat per crisis, {_ends(found, 'crisis')} resampling crises, "
            f"{_ends(found)} resampling states.")  # fmt: skip


def _scores(result: Backtest, scheme: str) -> str:
    rows = []
    ranked = sorted(result.scored[scheme].items(), key=lambda item: -item[1].summary.log)
    for name, mine in ranked:
        s, d = mine.summary, mine.log
        ahead = ("", "", "", "")
        if d is not None:
            ahead = (_signed(d.by_crisis.mean), _ends(d, "crisis"), _ends(d), d.verdict)
        shown = f"**{name}**" if name == result.reference else name
        rows.append((shown, f"{s.log:.3f}", f"{s.brier:.3f}", f"{s.first:.0%}", f"{s.among_three:.0%}",
                     f"{s.mean_rank:.1f}", str(s.impossible), *ahead))  # fmt: skip
    head = ("forecaster", "log score", "Brier", "first", "of three", "mean rank", "ruled out", "reference ahead by",
            "95 %, by crisis", "95 %, by state", "reference is")  # fmt: skip
    return table(head, rows)


def _calibration(result: Backtest) -> str:
    rows = []
    for scheme in result.scored:
        for name in dict.fromkeys((result.reference, result.best_other(scheme))):
            for b in result.scored[scheme][name].calibration:
                rows.append((f"{scheme}, {name}", f"{b.low:g} to {b.high:g}", str(b.count), f"{b.said:.3f}",
                             f"{b.happened:.3f}", f"{b.least:.3f} to {b.most:.3f}"))  # fmt: skip
    errors = [
        (f"{scheme}, {name}", f"{result.scored[scheme][name].summary.calibration_error:.3f}")
        for scheme in result.scored
        for name in dict.fromkeys((result.reference, result.best_other(scheme)))
    ]
    return (table(("forecaster", "expected calibration error"), errors) + "\n\n"
            + table(("forecaster", "said", "forecasts", "mean said", "happened", "95 %"), rows))  # fmt: skip


def _surprises(result: Backtest, scheme: str) -> list[str]:
    rows = []
    for row in result.surprises[scheme]:
        rows.append((f"{row['name']} ({row['state']}, {row['start']})", _plain(row["kind"]),
                     f"{_plain(row['expected'])} {row['expected_probability']:.0%}",
                     f"{_plain(row['happened'])} {row['probability']:.1%}",
                     f"{row['other_probability']:.1%}"))  # fmt: skip
    intro = (f"The crises {result.reference} foretold worst: what it held likeliest, what happened with the probability it "
             f"had given it, and what {result.best_other(scheme)} had given it.")  # fmt: skip
    return [intro, table(("crisis", "kind", "expected", "happened", "the other said"), rows)]


def _others(result: Backtest, scored: dict[str, Scored]) -> list[tuple[str, Scored]]:
    return [(name, s) for name, s in sorted(scored.items(), key=lambda item: -item[1].summary.log) if s.log is not None]


def _the(result: Backtest) -> str:
    return "the model" if result.model else f"the best baseline ({result.reference})"


def _signed(value: float) -> str:
    return f"{value:+.2f}"


def _ends(found: Difference, by: str = "state") -> str:
    span = found.by_crisis if by == "crisis" else found.by_state
    return f"{span.low:+.2f} to {span.high:+.2f}"


def _plain(code: str) -> str:
    return words.plain(code, words.INSTRUMENTS).lower()


def filled(parts: Sequence[str]) -> str:
    """Parts of a page, paragraphs and lists broken at 120 columns; tables, pictures and headings as they are."""
    found = []
    for part in parts:
        lines = [part] if part[:1] not in "|!<#-" else part.split("\n")
        kept = [line if line[:1] in ("|", "!", "<", "#", "") else
                fill(line, 120, subsequent_indent="  " if line.startswith("- ") else "", break_long_words=False,
                     break_on_hyphens=False) for line in lines]  # fmt: skip
        found.append("\n".join(kept))
    return "\n\n".join(found) + "\n"


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table, first column to the left."""
    lines = [head, ("---",) + ("---:",) * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines)
