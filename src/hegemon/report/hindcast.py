"""The hindcast on paper: fans against what happened, and a page whose sentences follow from the numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hegemon.pages import theme, words
from hegemon.pages.charts import fan
from hegemon.pages.figure import Figure
from hegemon.pages.quarters import closing
from hegemon.report import fans, readings
from hegemon.report.backtest import filled, table

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.inference.hindcast import Hindcast
    from hegemon.inference.scores import Interval
    from hegemon.pages.order import OrderInfo

PANELS = 6
"""Neighbours drawn: those with the most crises on record at the origin."""

GROUPS = {
    "all": "All crises",
    "kind": "Crises by kind",
    "instrument": "The patron's responses",
    "outcome": "Outcomes",
    "neighbour": "Crises by neighbour",
}


def chosen(result: Hindcast) -> list[str]:
    """Neighbours to draw, by a rule without hindsight."""
    before = {count.name: count.before for count in result.counts if count.group == "neighbour"}
    return sorted(before, key=lambda state: (-before[state], state))[:PANELS]


def crises(result: Hindcast) -> Figure:
    """Crises so far, by kind."""
    frame = result.cumulative.assign(time=[closing(q) for q in result.cumulative["quarter"]])
    origin = closing(result.origin)
    before = frame["time"] < origin
    frame.loc[before, [*readings.BANDS]] = float("nan")
    kinds = list(dict.fromkeys(frame["kind"]))
    highest = frame.groupby("kind")[["p95", "record"]].max().max(axis=1)
    said = {c.name: f"{c.observed} came; {c.mean:.0f} expected ({c.low}–{c.high})" for c in result.counts if c.group == "kind"}
    missed = [words.plain(c.name, words.KINDS).lower() for c in result.counts if c.group == "kind" and not c.inside]
    return Figure(
        name="hindcast-crises",
        title=f"Crises after {result.origin}, as foretold then",
        reading="Crises so far, by kind. Black: the record. Fan: histories that follow it to the dashed line and throw dice "
        f"from there. {fans.HOW}",
        form="Fan charts of cumulated crises by kind",
        finding=f"Outside the middle 90 % of histories: {words.listed(missed)}.",
        kind="fan",
        data=frame,
        settings=fan.Settings(
            x="time",
            line="median",
            bands=readings.FAN,
            steps="record",
            panel="kind",
            panels={kind: [words.plain(kind, words.KINDS), said[kind]] for kind in kinds},
            across=readings.years(frame["time"].min() - 0.25, frame["time"].max()),
            up={"format": "d"},
            domains={kind: [0.0, float(10 * -(-highest[kind] // 10))] for kind in kinds},
            rules=[{"at": origin}],
        ),
    )


def neighbours(result: Hindcast, info: OrderInfo) -> Figure:
    """Autonomy and orientation of the neighbours with the most crises."""
    import pandas as pd

    summary, states = result.runs.summary, chosen(result)
    begin, last = readings.span(summary)
    first = max(closing(result.origin) - 6.0, begin)
    observed = seen(result, info.patron_pole)
    titles: dict[str, str] = {}
    frames = []
    for measure, pole, title in (("autonomy", None, "autonomy"), ("orientation", info.patron_pole, f"ties to {info.patron}")):
        frame = readings.timed(readings.bands(summary, measure, pole))
        frame = frame[(frame["time"] >= first) & frame["state"].isin(states)]
        frames.append(frame.assign(measure=measure))
        titles |= {f"{state} {measure}": f"{info.state(state)}: {title}" for state in states}
    dots = observed[observed["state"].isin(states)].assign(measure="orientation", time=observed["year"] + 0.5)
    dots = dots[(first <= dots["time"]) & (dots["time"] <= last)].rename(columns={"share": "observed"}).drop(columns="year")
    data = pd.concat([*frames, dots], ignore_index=True)
    said = "Black dots: orientation as observed. " if len(observed) else ""
    return Figure(
        name="hindcast-neighbours",
        title=f"What {info.patron} leaves its neighbours after {result.origin}, as foretold then",
        reading=f"The {len(states)} neighbours with the most crises before. Left of the dashed line the record is followed. "
        f"{said}{fans.HOW}",
        form="Fan charts of autonomy and orientation",
        finding=_spread(result, info),
        kind="fan",
        data=data.assign(panel=data["state"] + " " + data["measure"]),
        settings=fan.Settings(
            x="time",
            line="median",
            bands=readings.FAN,
            points="observed",
            series="measure",
            looks={measure: {"colour": measure} for measure in ("autonomy", "orientation")},
            panel="panel",
            panels=titles,
            across=readings.years(first, last),
            up=readings.SHARES,
            rules=[{"at": closing(result.origin)}],
            columns=3,
        ),
    )


def seen(result: Hindcast, pole: str) -> pd.DataFrame:
    """Observed shares of ties with a pole: state, year, share."""
    import pandas as pd

    if result.observed is None or pole not in result.observed:
        return pd.DataFrame(columns=["state", "year", "share"])
    return result.observed[["state", "year", pole]].rename(columns={pole: "share"}).dropna()


def _spread(result: Hindcast, info: OrderInfo) -> str:
    last = readings.bands(result.runs.summary, "autonomy")
    last = last[(last["quarter"] == last["quarter"].max()) & last["state"].isin(chosen(result))].sort_values("median")
    low, high = last.iloc[0], last.iloc[-1]
    ends = [f"{theme.share(row['median'])} ({info.state(str(row['state']))})" for row in (low, high)]
    return f"Among them the median autonomy at the close of {low['quarter']} runs from {ends[0]} to {ends[1]}."


def figures(result: Hindcast, info: OrderInfo) -> list[Figure]:
    """Both."""
    return [crises(result), neighbours(result, info)]


def write_page(result: Hindcast, info: OrderInfo, made: dict[str, Any], target: Path) -> list[Path]:
    """The page, with its figures under img/ beside it. `made`: how it was made, ready to be printed."""
    from hegemon.pages import render

    folder = target.parent / "img"
    folder.mkdir(parents=True, exist_ok=True)
    drawn = figures(result, info)
    pictures = []
    for figure in drawn:
        place = folder / f"{figure.name}.svg"
        place.write_bytes(render.picture(figure, "svg"))
        pictures.append(place)
    target.write_text(page(result, info, made, drawn), encoding="utf-8")
    return [target, *pictures]


def page(result: Hindcast, info: OrderInfo, made: dict[str, Any], drawn: list[Figure]) -> str:
    """The results page as Markdown."""
    runs = result.runs.summary.attrs["runs"]
    parts = [
        f"<!-- Written by `{made['command']}`. Do not edit: run it again. -->",
        "# Hindcast",
        f"*{info.title}*, with the record followed to the close of {result.origin} and {runs:,} histories thrown from there, "
        f"against what happened from {result.first} to {result.last}. Written by `{made['command']}`; no number here is typed "
        "by hand, and the sentences are chosen by the numbers.",
        "\n".join(f"- {line}" for line in said(result)),
        "**How to read it.** The order is told nothing the scenario prescribes about the years after the origin: capacity and "
        "growth hold their last known values, and forced events are left out. Yet this is no forecast made at the time: the "
        "formulas, the default parameters and some of the scenario's figures (how open the rival bloc is to each neighbour) were "
        "set by people who knew how it went on. What happened is one history, and its counts hang together (a crisis is counted "
        "by kind, response, outcome and neighbour), so small differences of score mean nothing. Persistence forecasts the "
        "record's rate from the scenario's start to the origin: as a Poisson, and as a negative binomial that does not know "
        "the rate exactly.",
        *(f"![{figure.alt}](img/{figure.name}.svg)" for figure in drawn),
        "## Scores of counts",
        "Mean log score per count, in nat; higher is better.",
        _totals(result),
    ]
    for group, head in GROUPS.items():
        parts += [f"## {head}", _counts(result, info, group)]
    parts += ["## Orientation", *_orientation(result, info)]
    parts += ["## How it was made", "\n".join(f"- {key}: {value}" for key, value in made.items())]
    return filled(parts)


def said(result: Hindcast) -> list[str]:
    """What came out, in sentences."""
    lines = []
    for group, row in result.totals().items():
        if row["counts"] < 2:
            continue
        best = max(row["poisson"], row["persistence"])
        ahead = row["model"] - best
        verdict = "higher than" if ahead > 0 else "lower than"
        lines.append(f"{GROUPS[group]}: {row['inside']:.0f} of {row['counts']:.0f} counts lie in the middle 90 % of histories; "
                     f"the mean log score, {row['model']:.2f}, is {verdict} the better of the two persistence forecasts' "
                     f"({best:.2f}).")  # fmt: skip
    s = result.order.scenario
    names = {iso3: state.name for iso3, state in s.states.items()}
    poles = {pole.id: pole.name for pole in s.poles}
    outside = [
        f"{names.get(c.name) or _plain(c.name)} ({c.observed}; {c.low} to {c.high})"
        for c in result.counts
        if not c.inside
    ]
    lines.append(f"Outside the middle 90 %: {words.listed(outside)}.")
    for t in result.ties:
        pole = poles.get(t.pole, t.pole)
        lines.append(f"Ties to {pole}, {t.cases} neighbour-years: CRPS {t.model:.3f} against {t.persistence:.3f} of "
                     f"persistence: {_verdict(t.ahead)}. Moved to the last observed share, so that only the change is the "
                     f"model's, {t.anchored:.3f}: {_verdict(t.anchored_ahead)}.")  # fmt: skip
    if result.untied:
        lines.append(result.untied)
    return lines


def _verdict(ahead: Interval) -> str:
    verdict = ("better" if ahead.mean > 0 else "worse") if ahead.excludes_zero else "not distinguishable"
    return f"{verdict} (ahead by {ahead.mean:+.3f}, 95 % by state {ahead.low:+.3f} to {ahead.high:+.3f})"


def _totals(result: Hindcast) -> str:
    rows = [
        (GROUPS[group], f"{row['counts']:.0f}", f"{row['inside']:.0f}",
         *(f"{row[who]:.2f}" for who in ("model", "poisson", "persistence")))
        for group, row in result.totals().items()
    ]  # fmt: skip
    head = ("counts", "number", "inside 90 %", "histories", "Poisson", "negative binomial")
    return table(head, rows)


def _counts(result: Hindcast, info: OrderInfo, group: str) -> str:
    rows = [
        (info.state(c.name) if group == "neighbour" else _plain(c.name), str(c.before), f"{c.mean:.2f}",
         f"{c.low} to {c.high}", str(c.observed), "" if c.inside else "outside", f"{c.model:.2f}", f"{c.poisson:.2f}",
         f"{c.persistence:.2f}")
        for c in result.counts if c.group == group
    ]  # fmt: skip
    head = (
        "count",
        f"to {result.origin}",
        "mean after",
        "middle 90 %",
        "came",
        "",
        "histories",
        "Poisson",
        "neg. binomial",
    )
    return table(head, rows)


def _orientation(result: Hindcast, info: OrderInfo) -> list[str]:
    if not result.ties:
        return [result.untied]
    rows = [
        (info.poles.get(t.pole, t.pole), str(t.cases), f"{t.model:.4f}", f"{t.anchored:.4f}", f"{t.persistence:.4f}",
         *(f"{a.mean:+.4f} ({a.low:+.4f} to {a.high:+.4f})" for a in (t.ahead, t.anchored_ahead)))
        for t in result.ties
    ]  # fmt: skip
    intro = (
        "Share of external ties with each pole, neighbour-years after the origin: mean CRPS, lower is better. To every "
        "history the observation's error is added, in log ratios to the patron's share. *Moved*: histories shifted so that "
        "their mean in the last known year is what was observed then; no error is added, since it is the change that is "
        "forecast. Persistence is the last observed share, with the size of past changes over as many years. Ahead: "
        "persistence minus histories, with 95 % by state."
    )
    head = ("pole", "neighbour-years", "histories", "moved", "persistence", "histories ahead", "moved ahead")
    return [intro, table(head, rows), _years(result.cases)]


def _years(cases: pd.DataFrame) -> str:
    """By year, over poles."""
    mean = cases.groupby("year")[["crps", "anchored_crps", "past_crps"]].mean()
    rows = [(str(year), *(f"{value:.4f}" for value in row)) for year, row in mean.iterrows()]
    return table(("year, all poles", "histories", "moved", "persistence"), rows)


def _plain(code: str) -> str:
    known = {**words.INSTRUMENTS, **words.KINDS}
    return words.plain(code, known).lower()
