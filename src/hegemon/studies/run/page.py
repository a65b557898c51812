"""The report: sentences and tables that need nothing, and the explorer's pictures over them. One file, no network.

The page is HTML that can be read, searched and printed as it is. Its one script (built from web/src/report) draws a
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
from typing import Any

from hegemon.pages import html
from hegemon.pages.document import Document
from hegemon.pages.figure import Figure
from hegemon.pages.order import order_info
from hegemon.studies.run.answer import answer
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
    info, figures = order_info(of.question.order()), {figure.name: figure for figure in told.figures}
    data = answer(of.summary, of.sample_events, table_of(of.record), info, figures)
    shown = [figures[name] for name in ORDER if name in figures]
    links = [("region", REGION), *((f.name, f.title) for f in shown), ("numbers", "In numbers"), ("made", "How this was made")]
    contents = "".join(f'<li><a href="#{name}">{escape(title)}</a></li>' for name, title in links)
    said = "".join(f"<li>{escape(line)}</li>" for line in (told.finding, *told.sentences))
    body = f"""<a class="skip" href="#main">To the pictures</a>
<header>
<p class="kicker">{escape(told.kicker)}</p>
<h1>{escape(told.title)}</h1>
<p class="lead">{escape(told.question)}</p>
{html.facts(told.facts)}
<ul class="short">{said}</ul>
<noscript><p class="note">The pictures need JavaScript; sentences and tables do not.</p></noscript>
<div class="actions" data-part="actions"></div>
<nav aria-label="Contents"><ol>{contents}</ol></nav>
</header>
<main id="main" class="page">
{region(figures.get("autonomy_map"))}
{"".join(section(figure) for figure in shown)}
<section id="numbers">
<h2>In numbers</h2>
{"".join(html.table(found) for found in told.tables)}
</section>
<section id="made">
<h2>How this was made</h2>
{html.made(told.made)}
<div class="aside"><p><strong>What this is not for.</strong> {html.CAUTION}</p></div>
</section>
</main>
<footer>Made by hegemon {escape(told.version)}. This file holds all it shows and asks nothing of any network.</footer>"""
    style, script = built("report.css"), built("report.js")
    body += f"""
<script type="application/gzip" id="data">{packed(data)}</script>
<script>{script}</script>"""
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
