"""A run drawn: maps of autonomy, its crises beside the record's, how the patron answers by decade, how it is regarded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import xarray as xr

from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.pages import fans, readings, theme, words
from hegemon.pages.charts import dots, strip
from hegemon.pages.charts import map as maps
from hegemon.pages.charts.parts import Axis, Look
from hegemon.pages.figure import Figure, Table
from hegemon.pages.order import OrderInfo, order_info, reading_order, region_map
from hegemon.pages.quarters import middle, period_of, periods
from hegemon.studies.run.result import Runs


def autonomy_map(summary: xr.Dataset, info: OrderInfo) -> Figure | None:
    """Median autonomy at the first and at the last quarter, or nothing where the region has no map."""
    atlas = region_map(info.region)
    if atlas is None:
        return None
    frame = readings.bands(summary, "autonomy")
    times = readings.all_quarters(summary)
    ends = {"then": times[0], "now": times[-1]}
    medians = frame.pivot(index="state", columns="quarter", values="median")
    values = {key: medians[quarter].to_dict() for key, quarter in ends.items()}
    highest = max((v for found in values.values() for v in found.values() if theme.known(v)), default=1.0)
    top = min(1.0, max(0.2, -(-highest * 10 // 1) / 10))
    present = reading_order(info, readings.all_states(summary))
    both = frame[frame["quarter"].isin(ends.values())]
    rows = [[info.state(s), *(theme.share(found[s]) for found in values.values())] for s in present]
    ended = [(s, values["now"][s]) for s in present]
    gains = sum(values["now"][s] > values["then"][s] + 0.005 for s in present)
    losses = sum(values["now"][s] < values["then"][s] - 0.005 for s in present)
    return Figure(
        name="autonomy_map", title="Room for foreign policy, then and now",
        reading=f"Share of all conceivable foreign policies that {info.patron} would let pass, median over "
        "histories. Dark: wide room. Light: narrow.",
        form=f"Two maps of median room for foreign policy, at the close of {ends['then']} and of {ends['now']}",
        finding=f"Median room for foreign policy rises in {gains} and falls in {losses} of {len(present)} neighbours.",
        detail=f"At the end: {', '.join(f'{info.state(s)} {theme.share(last)}' for s, last in ended)}.",
        kind="map", data=both,
        settings=maps.Settings(
            region=info.region, state="state", value="median", names={s: info.state(s) for s in present},
            middle=info.patron, top=top, panel="quarter",
            panels={quarter: f"Close of {quarter}" for quarter in ends.values()},
        ),
        tables=[Table(["Neighbour", *ends.values()], rows, "Median room for foreign policy over histories")],
        note=f"{atlas['note']} Source: {atlas['source']}. {atlas['projection']}; cropped.",
    )  # fmt: skip


def told(events: pd.DataFrame, info: OrderInfo, caption: str) -> Table:
    """The crises as a list."""
    lines, named = [], "name" in events
    for event in events.sort_values("quarter", kind="stable").to_dict("records"):
        kept = event.get("survived")
        lines.append([str(event["quarter"]), info.state(str(event["state"])), *([str(event["name"])] if named else []),
                      words.plain(str(event["kind"]), words.KINDS),
                      words.acted(str(event["instrument"]), event.get("side")),
                      "" if pd.isna(kept) else "yes" if kept else "no"])  # fmt: skip
    return Table(["Quarter", "Neighbour", *(["What"] if named else []), "Kind", "Answer", "Survived"], lines, caption)


def timeline(summary: xr.Dataset, events: pd.DataFrame, record: pd.DataFrame, info: OrderInfo) -> Figure:
    """Every crisis of the record, and of one history the model drew."""
    states = reading_order(info, readings.all_states(summary))
    real = record[record["quarter"].isin(readings.all_quarters(summary))]
    frames = {"real": real, "drawn": events}
    heads = {"real": "On record", "drawn": "One history the model drew"}
    titles = {key: f"{heads[key]}: {words.counted(len(frame), 'crisis', 'crises')}" for key, frame in frames.items()}
    both = pd.concat([marks(frame, info).assign(history=key) for key, frame in frames.items()], ignore_index=True)
    return Figure(
        name="timeline", title="One history, beside the one there was",
        reading=f"A mark is a crisis, its colour what broke out, its shape what {info.patron} did. No single "
        "history should match the record; what should match is its texture.",
        form="Two timelines of crises by neighbour",
        finding=f"{titles['real']}. {titles['drawn']}. Point at a mark to read it; all are listed below.",
        kind="strip", data=both,
        settings=strip.Settings(
            x="time", row="state", rows={s: info.state(s) for s in states}, of="kind",
            classes={kind: {"label": label, "colour": kind} for kind, label in words.KINDS.items()}, form="answer",
            forms={name: {"label": name, "shape": shape} for name, shape in theme.tokens()["shape"].items()},
            hover="{quarter}, {neighbour}: {name}; {instrument}", panel="history",
            panels={key: title for key, title in titles.items() if key == "drawn" or len(real)},
            across=readings.years(*readings.span(summary)), named=["What breaks out", f"What {info.patron} does"],
        ),
        tables=[told(frame, info, titles[key]) for key, frame in frames.items() if len(frame)],
    )  # fmt: skip


def marks(events: pd.DataFrame, info: OrderInfo) -> pd.DataFrame:
    """A row per crisis: when, where, what it was and what was done about it."""
    known = events[[name for name in ("quarter", "state", "kind", "instrument", "survived", "name") if name in events]]
    kinds = [words.plain(str(kind), words.KINDS) for kind in known["kind"]]
    names = known["name"] if "name" in known else [None] * len(known)
    return known.assign(
        time=[middle(quarter) for quarter in known["quarter"]],
        neighbour=[info.state(str(state)) for state in known["state"]],
        answer=[words.FAMILIES.get(str(code), "stands aside") for code in known["instrument"]],
        name=[name if isinstance(name, str) else kind for name, kind in zip(names, kinds, strict=True)],
    )


Z = 1.959964
SERIES = {"model": "Model, all histories", "record": "Record, with its 95% interval"}


def of_share(n: int, total: int) -> tuple[float, float]:
    """Wilson's 95% interval for a share (1927, JASA 22:209): what luck alone could have made of the record. SciPy has it, in a
    module that takes two seconds to import."""
    if total == 0:
        return 0.0, 1.0
    share, sure = n / total, 1.0 + Z**2 / total
    middle, half = share + Z**2 / (2 * total), Z * (share * (1 - share) / total + (Z / (2 * total)) ** 2) ** 0.5
    return max(0.0, (middle - half) / sure), min(1.0, (middle + half) / sure)


def of_count(n: int) -> tuple[float, float]:
    """Byar's 95% interval for a count of independent events (Breslow and Day 1987, p. 69)."""
    low = n * (1 - 1 / (9 * n) - Z / (3 * n**0.5)) ** 3 if n else 0.0
    m = n + 1
    return max(0.0, low), m * (1 - 1 / (9 * m) + Z / (3 * m**0.5)) ** 3


def counted(summary: xr.Dataset, record: pd.DataFrame, by: str) -> pd.DataFrame:
    """Crises per decade and kind (or instrument): per history in the model, once in the record."""
    times = readings.all_quarters(summary)
    spans = periods(times)
    runs = max(float(summary.attrs.get("runs", 1)), 1.0)
    other = "instrument" if by == "kind" else "kind"
    model = summary["event_count"].sum(["state", other]).transpose("quarter", by).to_numpy()
    place = [period_of(q, spans) for q in times]
    real = record[record["quarter"].isin(times)]
    real = real.assign(period=[period_of(q, spans) for q in real["quarter"]])
    rows = []
    for name in spans:
        mine = model[[i for i, p in enumerate(place) if p == name]].sum(axis=0) / runs
        theirs = real[real["period"] == name]
        for code, value in zip(summary[by].values, mine, strict=True):
            known = int((theirs[by] == code).sum())
            rows.append((name, str(code), float(value), known, float(mine.sum()), len(theirs)))
    return pd.DataFrame(rows, columns=["period", by, "model", "record", "model_all", "record_all"])


def compared(frame: pd.DataFrame, by: str, names: dict[str, str], share: bool) -> pd.DataFrame:
    """Each category twice, as the model and as the record have it: count, what is drawn, and the record's interval."""
    rows = []
    for row in frame.to_dict("records"):
        n, total = row["record"], row["record_all"]
        low, high = of_share(n, total) if share else of_count(n)
        values = {"model": row["model"] / (row["model_all"] or 1) if share else row["model"]}
        if total or not share:
            values["record"] = n / total if share else float(n)
        for who, value in values.items():
            said = theme.share(value) if share else f"{value:.1f}" if who == "model" else f"{n}"
            ends = (low, high) if who == "record" else (float("nan"),) * 2
            rows.append((row["period"], row[by], words.plain(row[by], names), who, row[who], value, *ends, said))
    columns = ["period", by, "label", "who", "count", "value", "low", "high", "said"]
    return pd.DataFrame(rows, columns=columns).round(4)


def figure(frame: pd.DataFrame, by: str, names: dict[str, str], share: bool, **said: Any) -> Figure:
    codes = list(dict.fromkeys(frame[by]))
    spans = dict(frame.drop_duplicates("period").set_index("period")["record_all"])
    data = compared(frame, by, names, share)
    cells = data.set_index(["period", by, "who"])["said"].to_dict()
    columns = [(span, who) for span in spans for who in ("model", "record")]
    head = [by.capitalize(), *(f"{span}, {who}" for span, who in columns)]
    table = [[words.plain(code, names), *(cells.get((span, code, who), "") for span, who in columns)] for code in codes]
    return Figure(
        kind="dots", data=data,
        settings=dots.Settings(
            row=by, rows={code: words.plain(code, names) for code in codes}, value="value", low="low", high="high",
            series="who",
            looks={
                "record": {"label": SERIES["record"], "colour": "record", "shape": "diamond", "interval": "wide"},
                "model": {"label": SERIES["model"], "colour": "model", "interval": "none"},
            },
            panel="period",
            panels={span: f"{span} ({words.counted(int(n), 'crisis', 'crises')} on record)" for span, n in spans.items()},
            across={"format": theme.tokens()["number"]["share"] if share else "d", "count": 4},
            hover="{label}, {period}: {who} {said}",
        ),
        tables=[Table(head, table, said["title"])],
        **said,
    )  # fmt: skip


def instrument_mix(summary: xr.Dataset, record: pd.DataFrame, info: OrderInfo) -> Figure:
    """Share of each instrument among the patron's answers."""
    frame = counted(summary, record, "instrument")
    whole = frame.groupby("instrument", sort=False)[["model", "record"]].sum()
    first = {who: words.answer(str(whole[who].idxmax())) for who in ("model", "record")}
    shares = {who: float(whole[who].max() / max(whole[who].sum(), 1e-9)) for who in ("model", "record")}
    return figure(
        frame, "instrument", words.INSTRUMENTS, share=True,
        name="instruments",
        title=f"How {info.patron} answers, by decade",
        reading="Share of each instrument among all crises of the decade. Where the dot lies within the grey "
        "bar, model and record agree as far as so few crises can tell.",
        form="Dot plots of the instrument mix per decade",
        finding=f"Over the whole period the model's most frequent answer is to {_act(first['model'])} "
        f"({theme.share(shares['model'])})"
        + (f"; the record's is to {_act(first['record'])} ({theme.share(shares['record'])})." if len(record) else "."),
    )  # fmt: skip


def _act(name: str) -> str:
    return name if name in ("abstain", "mediate") else f"use {name}"


def crises_by_kind(summary: xr.Dataset, record: pd.DataFrame, info: OrderInfo) -> Figure:
    """How many crises of each kind a history holds."""
    frame = counted(summary, record, "kind")
    model, real = frame["model"].sum(), int(frame["record"].sum())
    return figure(
        frame, "kind", words.KINDS, share=False,
        name="crises",
        title="What breaks out, by decade",
        reading="Crises per history in the model (mean), and in the one history there was. The grey bar says "
        "how far luck alone may move a count.",
        form="Dot plots of crises by kind per decade",
        finding=f"A history of the model holds {model:.1f} crises on average; the record holds {real}.",
    )  # fmt: skip


NAMES = {"fear": "Fear", "legitimacy": "Legitimacy"}


def both(summary: xr.Dataset) -> pd.DataFrame:
    means = {name: readings.means(summary, name)["mean"] for name in NAMES}
    frames = [readings.bands(summary, name).assign(measure=name, mean=mean) for name, mean in means.items()]
    return pd.concat(frames)


INDICES: Axis = {"domain": [0, 1], "values": [0, 0.25, 0.5, 0.75, 1], "format": ".2~f"}


def region(summary: xr.Dataset, info: OrderInfo) -> Figure:
    """The region's mean, in front of its neighbours' medians."""
    frame = both(summary)
    mean = frame.groupby(["measure", "quarter"])[["mean"]].mean().round(4).reset_index()
    whole = mean.rename(columns={"mean": "value"}).assign(series=[f"mean {name}" for name in mean["measure"]])
    each = frame.rename(columns={"median": "value", "state": "series"})[["measure", "quarter", "series", "value"]]
    data = pd.concat([each, whole], ignore_index=True)
    states = readings.all_states(summary)
    looks: dict[str, Look] = {state: {"colour": "quiet", "width": 1.0} for state in states}
    looks |= {f"mean {name}": {"colour": name, "width": 3.0} for name in NAMES}
    last = each[each["quarter"] == each["quarter"].max()].dropna().sort_values("value")
    ends = {str(name): {s: info.state(s) for s in mine.iloc[[0, -1]]}
            for name, mine in last.groupby("measure")["series"]}  # fmt: skip
    moves = [f"{NAMES[str(name)].lower()} goes from {pair.iloc[0]:.2f} to {pair.iloc[-1]:.2f}"
             for name, pair in mean.groupby("measure")["mean"]]  # fmt: skip
    wide = readings.yearly(mean).pivot(index="quarter", columns="measure", values="mean")
    rows = [[str(quarter), *(theme.index(float(wide.loc[quarter, name])) for name in NAMES)] for quarter in wide.index]
    settings = {"line": "value", "series": "series", "looks": looks, "ends": ends, "panel": "measure",
                "panels": {name: f"{label} of {info.patron}" for name, label in NAMES.items()}, "up": INDICES}  # fmt: skip
    return fans.over_time(
        summary, data, settings,
        name="regard_region", title=f"Fear and legitimacy of {info.patron}, across the region",
        reading="Coloured: mean over all neighbours and histories. Grey: the median of each neighbour; the "
        "highest and the lowest at the end are named.",
        form="Two line charts",
        finding=f"In the regional mean, {' and '.join(moves)}.",
        tables=[Table(["Quarter", *NAMES.values()], rows, "Mean over all neighbours and histories")],
    )  # fmt: skip


def neighbours(summary: xr.Dataset, info: OrderInfo) -> Figure:
    """Fear and legitimacy neighbour by neighbour."""
    frame = both(summary)
    present = reading_order(info, readings.all_states(summary))
    captions = {name: f"{label}: median (5th–95th percentile) over histories, times 100"
                for name, label in NAMES.items()}  # fmt: skip
    tables = [fans.yearly(frame[frame["measure"] == name], "state", present, said) for name, said in captions.items()]
    end = frame[frame["quarter"] == frame["quarter"].max()].pivot(index="state", columns="measure", values="median")
    fearful = [info.state(s) for s in present if end.loc[s, "fear"] > end.loc[s, "legitimacy"]]
    settings = {"line": "median", "bands": [["p25", "p75"]], "series": "measure", "panel": "state",
                "looks": {name: {"label": label, "colour": name} for name, label in NAMES.items()},
                "panels": {s: info.state(s) for s in present}, "up": {**readings.SHARES, "format": ".1~f"}}  # fmt: skip
    return fans.over_time(
        summary, frame, settings,
        name="regard", title="Fear and legitimacy, neighbour by neighbour",
        reading="Orange: fear. Blue: legitimacy, in the eyes of those who govern. Lines: medians of all "
        "histories. Bands: the middle half of them.",
        form="Fan charts of fear and legitimacy, one panel per neighbour",
        finding=f"At the end fear exceeds legitimacy in {len(fearful)} of {len(present)} neighbours"
        + (f": {words.listed(fearful)}." if fearful else "."),
        tables=tables,
    )  # fmt: skip


def one_measure(of: Runs, measure: str, states: Sequence[str], pole: str) -> Figure:
    """Quantiles over histories of a measure; orientation toward a pole."""
    info = order_info(of.question.order())
    shared, whole = measure in SHARED, "the order"
    what = f"ties with {info.poles[pole]}" if measure == "orientation" else measure.replace("_", " ")
    summary = of.summary if shared else of.summary.sel(state=list(states))
    frame = readings.bands(summary, measure, pole if measure == "orientation" else None)
    frame = frame.assign(panel=whole if shared else frame["state"].map(info.state))
    unit = (PER_NEIGHBOUR | SHARED).get(measure, f"share of external ties with {info.poles[pole]}")
    last = frame[frame["quarter"] == frame["quarter"].iloc[-1]]
    panels = {name: name for name in frame["panel"].unique()}
    return fans.over_time(
        of.summary, frame,
        {"line": "median", "bands": fans.around(of.summary), "panel": "panel", "panels": panels, "up": {"count": 3}},
        name=measure, title=f"{what[:1].upper()}{what[1:]}",
        reading=f"{unit[:1].upper()}{unit[1:]}. {fans.how(of.summary)}",
        form="Fan charts, one per neighbour" if not shared else "Fan chart",
        finding=f"At the close of {frame['quarter'].iloc[-1]}: "
        + ", ".join(f"{name} {value:.2f}" for name, value in zip(last["panel"], last["median"], strict=True)) + ".",
    )  # fmt: skip
