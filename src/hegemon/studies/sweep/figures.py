"""A sweep drawn: what an outcome depends on, which way, and the boxes in which something happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from hegemon.experiments.sensitivity.designs import REST
from hegemon.pages import theme
from hegemon.pages.figure import Figure, Rows, Table
from hegemon.report.calibration import key

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.experiments.sensitivity.outcomes import Outcome
    from hegemon.experiments.sensitivity.sweep import Sweep

SHOWN = 14
"""Bars of a picture."""

WIDE = 1000
"""Width of a picture on a large screen, with its labels; below `NARROW` labels stand above their rows."""
NARROW = 400

MINUS = "\u2212"


def number(value: float) -> str:
    """A number with three digits that count."""
    return "" if not theme.known(value) else f"{value:.3g}".replace("-", MINUS)


def index(value: float) -> str:
    """An index with two decimals; no negative nought."""
    return "" if not theme.known(value) else f"{value + 0.0:.2f}".replace("-0.00", "0.00").replace("-", MINUS)


def between(low: float, high: float) -> str:
    """An interval in a table."""
    return f"{index(low)} to {index(high)}" if theme.known(low) else ""


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def of(table: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
    """An outcome's part of a table."""
    return cast("pd.DataFrame", table.loc[outcome.text])


def luck_of(sweep: Sweep, outcome: Outcome) -> dict[str, float]:
    """An outcome's mean and spread, and how much of it is luck."""
    table = sweep.study.luck
    return dict(zip(table.columns, table.loc[[outcome.text]].to_numpy(float)[0].tolist(), strict=True))


def ranked(sweep: Sweep, outcome: Outcome, most: int) -> tuple[list[str], list[list[str]]]:
    """The factors that matter most to an outcome, as a table: indices, else effects, else rank regression."""
    study = sweep.study
    if study.indices is not None:
        table = of(study.indices, outcome).sort_values("total", ascending=False, kind="stable")
        head = ["factor", "total", "90 %", "alone", "90 %", "if low", "if high"]
        swings = None if study.swings is None else of(study.swings, outcome)
        return head, [
            [str(name), index(row["total"]), between(row["total_low"], row["total_high"]), index(row["first"]),
             between(row["first_low"], row["first_high"]), *_ends(swings, str(name))]
            for name, row in table.head(most).iterrows()
        ]  # fmt: skip
    if study.effects is not None:
        table = of(study.effects, outcome).sort_values("effect", ascending=False, kind="stable")
        head = ["factor", "effect", "90 %", "mean", "luck alone"]
        return head, [
            [str(name), number(row["effect"]), f"{number(row['effect_low'])} to {number(row['effect_high'])}",
             number(row["sign"]), number(row["chance"])]
            for name, row in table.head(most).iterrows()
        ]  # fmt: skip
    assert study.importance is not None
    table = of(study.importance, outcome).sort_values("share", ascending=False, kind="stable")
    head = ["parameter", "coefficient", "90 %", "if low", "if high"]
    swings = None if study.swings is None else of(study.swings, outcome)
    return head, [
        [str(name), index(row["coefficient"]), between(row["low"], row["high"]), *_ends(swings, str(name))]
        for name, row in table.head(most).iterrows()
    ]


def _ends(swings: pd.DataFrame | None, name: str) -> list[str]:
    if swings is None or name not in swings.index:
        return ["", ""]
    return [number(float(swings["low"][name])), number(float(swings["high"][name]))]


def said_of_chance(sweep: Sweep, outcome: Outcome) -> str:
    """What a coefficient must exceed to be worth a word, where there are coefficients."""
    table = sweep.study.importance
    if table is None:
        return ""
    return (
        f" Among {len(of(table, outcome)):,} parameters, chance alone gives the largest coefficient up to "
        f"{index(float(table.attrs[outcome.text]['chance']))}, nine times in ten."
    )


def said_of_luck(sweep: Sweep, outcome: Outcome) -> str:
    """Where an outcome's variance comes from, in a sentence or two."""
    row = luck_of(sweep, outcome)
    if not theme.known(row["history"]):
        return f"Mean {number(row['mean'])}; it does not vary."
    runs = sweep.made["runs_per_set"]
    said = (
        f"Mean {number(row['mean'])}, standard deviation over parameters {number(row['spread'])}. Of the variance of single "
        f"histories {theme.share(row['history'])} is luck; of that of means over {runs} histories "
        f"{theme.share(row['remaining'])}"
    )
    if sweep.study.indices is None:
        return f"{said}.{said_of_chance(sweep, outcome)}"
    if of(sweep.study.indices, outcome)["total"].isna().all():
        return f"{said}: too much for indices. Ask for more histories per set."
    return f"{said}, which the indices leave out."


def said_of_rest(sweep: Sweep, outcome: Outcome) -> str:
    """What the parameters that were not looked at one by one amount to, if there are such."""
    table, space = sweep.study.indices, sweep.study.design.space
    many = space.factor.count(REST)
    if table is None or not many:
        return ""
    return f"The other {many} parameters together: {index(float(of(table, outcome)['total'][REST]))}. "


def indices(sweep: Sweep, outcome: Outcome, place: int, width: int = WIDE) -> Figure | None:
    """First- and total-order indices with their intervals."""
    import altair as alt

    table = sweep.study.indices
    if table is None or of(table, outcome)["total"].isna().all():
        return None
    frame = of(table, outcome).sort_values("total", ascending=False, kind="stable").head(SHOWN).reset_index()
    hue = {"total": theme.role("model"), "first": theme.colour("category", "orange")}
    order = list(frame["factor"])
    end = min(max(float(frame["total_high"].max()), float(frame["first_high"].max()), 0.2) + 0.02, 1.2)
    scale = alt.Scale(domain=[-0.1, end], nice=False)
    ticks = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5] if end < 0.55 else [0.0, 0.25, 0.5, 0.75, 1.0]
    x = alt.X("value:Q", scale=scale, axis=axis_of("share of the variance", ticks, ".2~f"))
    y, marks = rows_of(order, width), []
    sources: dict[str, Rows] = {}
    for at, which in enumerate(("total", "first")):
        name = f"indices-{place}-{which}"
        sources[name] = [
            {"factor": row["factor"], "value": row[which], "low": max(row[f"{which}_low"], -0.1),
             "high": min(row[f"{which}_high"], end)}
            for row in frame.to_dict("records")
        ]  # fmt: skip
        base = alt.Chart(alt.NamedData(name=name))
        lower = 9 * at + (-4 if width > NARROW else 1)
        marks += [
            base.mark_rule(strokeWidth=2, color=hue[which], yOffset=lower)
            .encode(x=alt.X("low:Q", scale=scale), x2="high:Q", y=y),
            base.mark_point(filled=True, size=50, opacity=1, color=hue[which], yOffset=lower).encode(x=x, y=y),
        ]  # fmt: skip
    first = next((row for row in frame.to_dict("records") if row["factor"] != REST), frame.iloc[0].to_dict())
    entries = {"with all it takes part in (total)": hue["total"], "alone (first order)": hue["first"]}
    return Figure(
        name=f"indices-{place}{'' if width > NARROW else '-small'}",
        title=f"What it depends on: {outcome.words}",
        reading="Share of the variance of the expected outcome that a factor accounts for: alone (orange), and with all "
        "interactions in which it takes part (blue). Lines: 90 % intervals. Luck is left out.",
        form="Points with intervals, one row per factor",
        finding=f"Most depends on {first['factor']}: total index {index(first['total'])} "
        f"({between(first['total_low'], first['total_high'])}), alone {index(first['first'])}. "
        f"{said_of_rest(sweep, outcome)}{said_of_luck(sweep, outcome)}",
        chart=assembled(marks, order, width, 26, entries),
        sources=sources,
        data=of(table, outcome).reset_index(),
        tables=[Table(*ranked(sweep, outcome, 40), "Sobol indices with 90 % intervals, and the outcome at both ends")],
    )


def effects(sweep: Sweep, outcome: Outcome, place: int, width: int = WIDE) -> Figure | None:
    """Elementary effects, or coefficients of a rank regression, with their intervals and what chance would give."""
    import altair as alt

    study = sweep.study
    if study.indices is not None:
        return None
    if study.effects is not None:
        frame = of(study.effects, outcome).rename(columns={"effect_low": "low", "effect_high": "high"})
        frame = frame.assign(value=frame["effect"], size=frame["effect"])
        chance, what = float(frame["chance"].max()), "mean size of an effect, in units of the outcome"
        title, reading = (
            "Elementary effects",
            (
                "How much the outcome changes, in the mean over starting points, when a parameter goes from the 5th to the 95th "
                "percentile of its prior. Grey: the most that luck alone would give."
            ),
        )
        ends = (0.0, chance)
    else:
        assert study.importance is not None
        frame = of(study.importance, outcome).assign(
            value=lambda t: t["coefficient"], size=lambda t: t["coefficient"].abs()
        )
        notes = study.importance.attrs[outcome.text]
        chance, what = float(notes["chance"]), f"standardised rank {notes['method']}"
        title, reading = (
            f"Rank {notes['method']}",
            (
                "How the outcome's rank goes with each parameter's, in standard deviations"
                + (", all other parameters held fixed" if notes["method"] == "regression" else "")
                + ". Lines: 90 % intervals. Grey: what chance would give the largest of so many, nine times in ten."
            ),
        )
        ends = (-chance, chance)
    frame = frame.sort_values("size", ascending=False, kind="stable").head(SHOWN).reset_index(names="factor")
    name = f"effects-{place}"
    base, order = alt.Chart(alt.NamedData(name=name)), list(frame["factor"])
    domain = [min(0.0, ends[0], float(frame["low"].min())), max(ends[1], float(frame["high"].max()))]
    scale = alt.Scale(domain=domain, nice=False)
    y, blue = rows_of(order, width), theme.role("model")
    x = alt.X("value:Q", scale=scale, axis=axis_of(what, None, ".2~g", 5 if width > NARROW else 3))
    marks = [
        alt.Chart(alt.Data(values=[{"low": ends[0], "high": ends[1]}]))
        .mark_rect(color=theme.colour("figure", "land"), opacity=0.7)
        .encode(x=alt.X("low:Q", scale=scale), x2="high:Q"),
        base.mark_rule(color=blue, strokeWidth=2, yOffset=down(width)).encode(
            x=alt.X("low:Q", scale=scale), x2="high:Q", y=y
        ),
        base.mark_point(color=blue, filled=True, size=60, opacity=1, yOffset=down(width)).encode(x=x, y=y),
    ]
    first = frame.iloc[0]
    return Figure(
        name=f"{name}{'' if width > NARROW else '-small'}",
        title=f"{title}: {outcome.words}",
        reading=reading,
        form="Points with intervals, one row per factor",
        finding=f"Largest: {first['factor']}, {number(first['value'])}. {said_of_luck(sweep, outcome)}",
        chart=assembled(marks, order, width, 22, {}),
        sources={name: frame.to_dict("records")},
        data=frame,
        tables=[Table(*ranked(sweep, outcome, 40), f"{title} by size")],
    )


def tornado(sweep: Sweep, outcome: Outcome, place: int, width: int = WIDE) -> Figure | None:
    """The outcome where a parameter lies in the lowest and in the highest fifth of its prior."""
    import altair as alt
    import numpy as np

    from hegemon.experiments.sensitivity.account import unit_of
    from hegemon.experiments.sensitivity.sweep import value_at

    table = sweep.study.swings
    if table is None:
        return None
    frame = of(table, outcome).dropna()
    if frame.empty:
        return None
    frame = frame.assign(size=(frame["high"] - frame["low"]).abs())
    frame = frame.sort_values("size", ascending=False, kind="stable").head(SHOWN).reset_index(names="factor")
    middle = luck_of(sweep, outcome)["mean"]
    hue = {"low": theme.colour("category", "orange"), "high": theme.role("model")}
    frame["unit"] = [unit_of(name) for name in frame["factor"]]
    frame["at_low"] = [value_at(name, q) for name, q in zip(frame["factor"], frame["below"], strict=True)]
    frame["at_high"] = [value_at(name, q) for name, q in zip(frame["factor"], frame["above"], strict=True)]
    rows: Rows = [
        {"factor": row["factor"], "end": end, "value": row[end], "middle": middle, "hue": hue[end]}
        for row in frame.to_dict("records") for end in ("low", "high")
    ]  # fmt: skip
    name, order = f"tornado-{place}", list(frame["factor"])
    values = np.array([*frame["low"], *frame["high"], middle])
    room = 0.05 * max(float(np.ptp(values)), 1e-6)
    scale = alt.Scale(domain=[float(values.min()) - room, float(values.max()) + room], nice=False)
    base = alt.Chart(alt.NamedData(name=name))
    x = alt.X("middle:Q", scale=scale, axis=axis_of(outcome.words, None, ".2~g", 6 if width > NARROW else 3))
    marks = [
        base.mark_bar(height=13 if width > NARROW else 9, yOffset=down(width)).encode(x=x, x2="value:Q", y=rows_of(order, width),
                                                                color=alt.Color("hue:N", scale=None)),
        alt.Chart(alt.Data(values=[{"middle": middle}])).mark_rule(color=theme.colour("figure", "ink"))
        .encode(x=alt.X("middle:Q", scale=scale)),
    ]  # fmt: skip
    top = frame.iloc[0]
    cells = [
        [row["factor"], number(row["at_low"]), number(row["low"]), number(row["at_high"]), number(row["high"]),
         number(row["error"]), row["unit"]]
        for row in frame.to_dict("records")
    ]  # fmt: skip
    head = ["Parameter", "Lowest fifth: below", "Outcome there", "Highest fifth: above", "Outcome there",
            "Standard error of the difference", "Unit of the parameter"]  # fmt: skip
    return Figure(
        name=f"{name}{'' if width > NARROW else '-small'}",
        title=f"Which way: {outcome.words}",
        reading="The outcome where a parameter lies in the lowest fifth (orange) or in the highest fifth (blue) of its "
        "draws, all others varying. Line: mean over all sets.",
        form="Tornado: bars to both sides of the mean, one row per parameter",
        finding=f"Widest: {top['factor']}, from {number(top['low'])} where it is below {number(top['at_low'])} to "
        f"{number(top['high'])} where it is above {number(top['at_high'])} ({top['unit']}).",
        chart=assembled(marks, order, width, 22, {"lowest fifth": hue["low"], "highest fifth": hue["high"]}),
        sources={name: rows},
        data=frame.drop(columns="size"),
        tables=[Table(head, cells, f"{capital(outcome.words)} at both ends of each parameter")],
    )


def plot_width(width: int) -> int:
    """Width of the drawing itself; labels stand beside it, or above its rows where it is narrow."""
    return width - 280 if width > NARROW else width


def down(width: int) -> int:
    """How far below its row's middle a mark stands: under the label, where that stands above."""
    return 0 if width > NARROW else 9


def rows_of(order: list[str], width: int) -> Any:
    import altair as alt

    axis = alt.Axis(title=None, labelLimit=260) if width > NARROW else None
    return alt.Y("factor:N", sort=order, axis=axis)


def axis_of(title: str, values: list[float] | None, format: str, count: int = 5) -> Any:
    import altair as alt

    given = {"values": values} if values is not None else {"tickCount": count}
    lines = theme.wrap(title, 44)
    return alt.Axis(title=lines if len(lines) > 1 else title, format=format, **given)


def assembled(
    marks: list[Any], order: list[str], width: int, step: int, entries: dict[str, str], plot: int | None = None
) -> Any:
    """Marks over each other, with their key above; on a narrow screen labels above the rows."""
    import altair as alt

    step = step if width > NARROW else step + 16
    if width <= NARROW:
        ink = theme.colour("figure", "ink")
        labels = alt.Chart(alt.Data(values=[{"factor": name} for name in order]))
        above = labels.mark_text(align="left", baseline="top", color=ink, fontSize=12, dy=-step / 2 + 1)
        marks = [*marks, above.encode(x=alt.value(0), y=rows_of(order, width), text="factor:N")]
    chart = alt.layer(*marks).properties(width=plot or plot_width(width), height=step * len(order))
    if not entries:
        return chart
    legends = (
        [key(dict([entry]), float(width)) for entry in entries.items()] if width <= NARROW else [key(entries, 480.0)]
    )
    return alt.vconcat(*legends, chart, spacing=8)
