"""The report: sentences and tables that need nothing, and the explorer's pictures over them. One file, no network.

The page (pages/report.html) can be read, searched and printed as it is. Its one script (built from web/src/report) draws a
picture into each `data-part`, from the data at the end of the file. The policy in its head names style and script by
their hashes and allows nothing else.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping
from html import escape
from importlib import resources
from string import Template
from typing import Any

import pandas as pd
import xarray as xr

from hegemon.engine.plain import Plain, nested, numbers, quantiles, rows
from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.pages import html, readings
from hegemon.pages.document import Document
from hegemon.pages.figure import Figure
from hegemon.pages.order import order_info, reading_order, region_map
from hegemon.studies.plain import finite
from hegemon.studies.run.result import Runs
from hegemon.studies.run.words import table_of

ORDER = ("timeline", "autonomy", "orientation", "instruments", "crises", "regard_region", "regard", "order")
"""Figures in the order in which the page tells its story, after the map."""

REGION = "The region, quarter by quarter"
READING = (
    "Colour is the median of all histories: dark is much, light is little. "
    "The line of years moves every picture on this page; choose a neighbour to see its way."
)


def page(of: Runs, told: Document) -> str:
    """The whole report: what the document says, and the data that its pictures are drawn from."""
    figures = {figure.name: figure for figure in told.figures}
    shown = [figures[name] for name in ORDER if name in figures]
    links = [("region", REGION), *((f.name, f.title) for f in shown), ("numbers", "In numbers"), ("made", "How this was made")]
    contents = "".join(f'<li><a href="#{name}">{escape(title)}</a></li>' for name, title in links)
    said = "".join(f"<li>{html.inline(line)}</li>" for line in (told.finding, *told.sentences))
    style, script = built("report.css"), built("report.js")
    frame = Template(resources.files("hegemon.pages").joinpath("report.html").read_text("utf-8"))
    body = frame.substitute(
        kicker=escape(told.kicker), title=escape(told.title), question=escape(told.question), facts=html.facts(told.facts),
        said=said, contents=contents, region=region(figures.get("autonomy_map")), figures="".join(map(section, shown)),
        tables="".join(map(html.table, told.tables)), made=html.made(told.made),
        caution=" ".join(map(html.inline, (*told.caveats, html.CAUTION))),
        version=escape(told.version), data=packed(answer(of, figures)), script=script,
    )  # fmt: skip
    return html.file(f"{told.title} · hegemon", told.version, body, style, policy(style, script), told.question)


def region(found: Figure | None) -> str:
    """The map with its neighbours; where there is none, tiles stand for it."""
    caption, numbers = ("", "") if found is None else (f"{escape(found.finding)} {escape(found.note)}", numbered(found))
    return f"""<section class="boxless">
<h2 id="region">{REGION}</h2>
<p class="reading">{READING}</p>
<figure data-part="region"><figcaption>{caption}</figcaption></figure>
{numbers}
</section>"""


def section(figure: Figure) -> str:
    """A figure in words and numbers, with the place where it is drawn."""
    note = f" {escape(figure.note)}" if figure.note else ""
    return f"""
<section id="{figure.name}">
<h2>{escape(figure.title)}</h2>
<p class="reading">{escape(figure.reading)}</p>
<figure data-part="{figure.name}"><figcaption>{escape(figure.finding)}{note}</figcaption></figure>
{numbered(figure)}
</section>"""


def numbered(figure: Figure) -> str:
    """The figure's numbers as tables, behind a line to open."""
    inner = "".join(html.table(found) for found in figure.tables)
    return f"<details><summary>{escape(figure.title)}: the numbers</summary>{inner}</details>" if inner else ""


def built(name: str) -> str:
    """A file of the built bundle (tools/web.sh)."""
    return resources.files("hegemon.pages").joinpath("built", name).read_text(encoding="utf-8")


def policy(style: str, script: str) -> str:
    """What the page may do: apply this style, run this script, show pictures and fonts that it holds itself."""
    return (
        f"default-src 'none'; script-src {source(script)}; style-src {source(style)}; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def source(text: str) -> str:
    """An inline style or script, as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def packed(data: Mapping[str, Any]) -> str:
    """Data as JSON, gzipped, in base64. The same data give the same text."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()


# ---- What the pictures are drawn from ----

TOLD = ("scenario", "scenario_hash", "version", "seed", "runs")
"""What of its making the pictures need; the page itself says the rest."""

CRISIS = ("quarter", "state", "kind", "instrument", "side", "severity", "requested", "survived", "successor", "name")


def answer(of: Runs, figures: Mapping[str, Figure]) -> Plain:
    """The whole page's data, as the explorer's API has a run's, and what only a report shows. `figures` by name, for what the
    static figures count."""
    summary, info, record = of.summary, order_info(of.question.order()), table_of(of.record)
    atlas, present = region_map(info.region), readings.all_states(summary)
    real = record[record["quarter"].isin(readings.all_quarters(summary))]
    ties = summary["orientation_quantile"]
    return {
        "attrs": {name: finite(summary.attrs[name]) for name in TOLD if name in summary.attrs},
        "quarters": readings.all_quarters(summary),
        "states": [{"iso3": iso3, "name": info.state(iso3)} for iso3 in present],
        "poles": [{"id": pole, "name": name} for pole, name in info.poles.items()],
        "patron": {"iso3": atlas["patron"] if atlas else "", "name": info.patron},
        "region": info.region if atlas else None,
        "listed": reading_order(info, present),
        "map": atlas,
        "measures": bands(summary, PER_NEIGHBOUR),
        "orientation": {
            str(pole): quantiles(ties.sel(pole=pole)) | nested(summary, "orientation", pole=str(pole))
            for pole in summary["pole"].values
        },
        "order": bands(summary, SHARED),
        "regional": {name: numbers(summary[f"{name}_mean"].mean("state")) for name in ("fear", "legitimacy")},
        "record": crises(real),
        "events": crises(of.sample_events),
        "decades": {name: dots(figures[name]) for name in ("instruments", "crises") if name in figures},
    }


def bands(summary: xr.Dataset, names: Mapping[str, str]) -> Plain:
    """Quantiles of every measure that is there, and what of them is luck alone."""
    there = [name for name in names if f"{name}_quantile" in summary]
    return {name: quantiles(summary[f"{name}_quantile"]) | nested(summary, name) for name in there}


def crises(table: pd.DataFrame) -> list[Plain]:
    """Crises in the order of quarters, as far as they are told."""
    known = table[[column for column in CRISIS if column in table]]
    return rows(known.sort_values("quarter", kind="stable"))


def dots(figure: Figure) -> list[Plain]:
    """What a dot plot draws: model and record, per decade and category; the record's interval goes with both."""
    titles, drawn = figure.settings["panels"], figure.data
    ends = drawn.groupby(["period", "label"])[["low", "high"]].transform("max")
    found = drawn.assign(panel=drawn["period"].map(titles), low=ends["low"], high=ends["high"])
    return rows(found[["panel", "label", "who", "value", "low", "high"]])
