"""The page of a replay: one file without scripts, a card for each neighbour, so that it reads on a telephone too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from hegemon.pages import render, theme, words
from hegemon.pages.figure import Figure, Table
from hegemon.pages.order import OrderInfo, reading_order
from hegemon.report import page, readings, replay
from hegemon.report.surprise import Account, odds

if TYPE_CHECKING:
    import xarray as xr

MOST = 10
"""Rows of a list of surprises."""

STYLE = """
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(300px, 100%), 1fr)); gap: 26px 22px; }
.card { min-width: 0; margin: 0; padding: 12px 12px 10px; background: var(--paper); color: #1c2226;
  border: 1px solid var(--rule); border-radius: 4px; }
.card h3 { margin: 0 0 2px; font: 600 16px/1.3 var(--label); }
.card svg { display: block; width: 100%; height: auto; }
.card ul { margin: 6px 0 0; padding: 0; list-style: none; font: 13px/1.4 var(--label); }
.card li { margin: 0 0 7px; overflow-wrap: anywhere; }
.card li span { color: #566068; }
.card summary { color: #0b5a8a; }
.key { display: flex; flex-wrap: wrap; gap: 6px 20px; margin: 12px 0 16px; padding: 0; list-style: none;
  font: 14px/1.4 var(--label); }
.key svg { width: 20px; height: 14px; margin-right: 7px; vertical-align: -2px; overflow: visible; }
.small svg { min-width: 0; }
@media (max-width: 600px) { .large { display: none; } }
@media (min-width: 601px) { .small { display: none; } }
.below { margin: 14px 0 0; }
.long td, .long th { white-space: normal; text-align: left; vertical-align: top; }
.long td { min-width: 84px; }
.long th:first-child, .long td:nth-child(2) { white-space: nowrap; }
"""

LABELS: Mapping[str, str] = {
    "scenario": "Scenario",
    "scenario_hash": "Scenario hash",
    "history": "Record",
    "history_hash": "Record hash",
    "version": "Version of hegemon",
    "seed": "Seed",
    "runs": "Draws of the shocks",
    "command": "Command",
    "platform": "Platform",
    "scenario_text": "Scenario, in full",
}


def surprises(account: Account, info: OrderInfo, by: str, caption: str) -> Table:
    """The crises to which the model gave least."""
    column = "answer" if by == "answer" else "log_all"
    rows = [
        [
            row["quarter"],
            odds(row["log_response"] if by == "answer" else row["log_all"]),
            f"{info.state(row['state'])}: {row['name']}",
            f"{words.plain(row['instrument'], words.INSTRUMENTS)} ({words.plain(row['kind'], words.KINDS).lower()})",
        ]
        for row in account.crises.sort_values(column, kind="stable").head(MOST).to_dict("records")
    ]
    return Table(["Quarter", "Probability", "What happened", "Answer"], rows, caption)


def quarter_list(account: Account) -> Table:
    """The quarters to which the model gave least."""
    worst = account.quarters.sort_values("log_mean_exp", kind="stable").head(MOST)
    rows = [
        [row["quarter"], odds(row["log_mean_exp"]), row["crises"] or "No crisis"] for row in worst.to_dict("records")
    ]
    return Table(["Quarter", "Probability", "What happened"], rows, "Least expected quarters, all neighbours together")


def findings(account: Account, info: OrderInfo) -> list[str]:
    """The replay in a few sentences."""
    total, draws = account.total, account.total["effective_draws"]
    said = [
        f"Log-probability of the whole record: {total['mean']:.1f} in the mean over draws of the shocks "
        f"(sd {total['sd']:.1f}, 5–95 % {total['low']:.1f} to {total['high']:.1f}). The logarithm of its mean probability "
        f"is {total['log_mean_exp']:.1f}, carried in effect by {draws:.1f} draws: the fewer, the rougher."
    ]
    if len(account.crises):
        least = account.crises.sort_values("answer", kind="stable").iloc[0]
        said.append(
            f"The answer the model expected least: {words.plain(least['instrument'], words.INSTRUMENTS).lower()} in "
            f"{info.state(least['state'])}, {least['quarter']} ({least['name']}), with {odds(least['log_response'])}."
        )
        known = account.crises["answer"]
        said.append(
            f"To the answers that were given it gave {theme.share(float(known.median()))} in the median; in "
            f"{int((known < 0.1).sum())} of {len(known)} crises less than one in ten."
        )
    return said


def key(info: OrderInfo) -> str:
    """What lines and marks mean."""
    blue, fear, ink = theme.role("orientation"), theme.role("fear"), theme.colour("figure", "muted")
    land = theme.colour("figure", "land")

    def drawn(inner: str, text: str) -> str:
        return f'<li><svg viewBox="0 0 20 14" aria-hidden="true">{inner}</svg>{escape(text)}</li>'

    line = '<path d="M0 7H20" stroke="{}" stroke-width="2" fill="none" {}/>'
    items = [
        drawn(f'<rect y="1" width="20" height="12" fill="{blue}" opacity=".2"/>' + line.format(blue, ""),
              f"Above: share of ties with {info.patron}, median and nine in ten draws"),
        drawn(f'<rect y="7" width="20" height="7" fill="{land}"/>' + line.format(ink, 'stroke-dasharray="4 2"'),
              f"Red line: below it lie policies {info.patron} would not let pass"),
        drawn(line.format(fear, ""), f"Beneath: fear of {info.patron}"),
        drawn(line.format(blue, ""), f"Beneath: legitimacy of {info.patron}"),
    ]  # fmt: skip
    symbols = {
        "circle": '<circle cx="10" cy="7" r="5" fill="{}"/>',
        "square": '<rect x="5.5" y="2.5" width="9" height="9" fill="{}"/>',
        "diamond": '<path d="M10 1L15.5 7L10 13L4.5 7Z" fill="{}"/>',
        "triangle-up": '<path d="M10 1.5L15.5 12H4.5Z" fill="{}"/>',
        "triangle-down": '<path d="M10 12.5L15.5 2H4.5Z" fill="{}"/>',
        "cross": '<path d="M8 1.5H12V5H15.5V9H12V12.5H8V9H4.5V5H8Z" fill="{}"/>',
        "triangle-right": '<path d="M4.5 1.5L15.5 7L4.5 12.5Z" fill="{}"/>',
        "triangle-left": '<path d="M15.5 1.5L4.5 7L15.5 12.5Z" fill="{}"/>',
    }
    items += [
        drawn(symbols[shape].format(theme.kind(kind)), words.plain(kind, words.KINDS))
        for kind, shape in replay.shapes().items()
    ]
    return f'<ul class="key">{"".join(items)}</ul>'


def cards(figure: Figure, account: Account, info: OrderInfo, worlds: xr.Dataset) -> str:
    """The small multiples, each a picture of its own with its crises in words."""
    made = []
    for state in reading_order(info, readings.all_states(worlds)):
        mine = account.crises[account.crises["state"] == state]
        many = words.counted(len(mine), "crisis", "crises") if len(mine) else "no crisis"
        alone = figure.only(
            state,
            name=f"card-{state.lower()}",
            form=f"{info.state(state)}: ties with {info.patron}, red line, fear and legitimacy over time",
            finding=f"{many} on the line of years",
        )
        told = "".join(
            f"<li><span>{row['quarter']}</span> {escape(row['name'])} <span>({words.plain(row['kind'], words.KINDS)}; "
            f"{words.plain(row['instrument'], words.INSTRUMENTS)}, {odds(np.log(max(row['answer'], 1e-300)))})</span></li>"
            for row in mine.to_dict("records")
        )
        listed = f"<details><summary>{many}</summary><ul>{told}</ul></details>" if told else ""
        made.append(f'<div class="card"><h3>{escape(info.state(state))}</h3>{render.inline(alone)}{listed}</div>')
    return f'<div class="cards">{"".join(made)}</div>'


def made(attrs: Mapping[str, Any]) -> str:
    """How this was made, so that it can be made again."""
    rows, long = [], ""
    for name, label in LABELS.items():
        if attrs.get(name) in (None, ""):
            continue
        text = escape(str(attrs[name]))
        if name == "scenario_text":
            long += f"<details><summary>{label}</summary><pre>{text}</pre></details>"
        else:
            shown = f"<code>{text}</code>" if name in ("command", "scenario_hash", "history_hash") else text
            rows.append(f"<dt>{label}</dt><dd>{shown}</dd>")
    return f'<dl class="made">{"".join(rows)}</dl>{long}'


def section(figure: Figure, number: int | str) -> str:
    """A figure with its reading and what it shows; telephones get it in another layout."""
    papers = "".join(
        f'<div class="paper {size}" tabindex="0" role="group" aria-label="Figure {number}: {escape(figure.title)}">'
        f"{render.inline(figure, small=size == 'small')}</div>"
        for size in ("large", "small")
    )
    return f"""<section id="{figure.name}">
<p class="count">Figure {number}</p>
<h2>{escape(figure.title)}</h2>
<p class="reading">{escape(figure.reading)}</p>
<figure>{papers}<figcaption>{escape(figure.finding)}</figcaption></figure>
"""


def long_table(found: Table) -> str:
    """A table whose cells may run on: they wrap."""
    return page.table(found, wordy=True).replace('<table class="words">', '<table class="words long">', 1)


def whole(
    worlds: xr.Dataset, account: Account, info: OrderInfo, figures: Sequence[Figure], attrs: Mapping[str, Any]
) -> str:
    """The page. `figures` are those of `replay.figures`: neighbours, quarters, answers."""
    many, quarters, answers = figures
    times = readings.all_quarters(worlds)
    version, title = escape(str(attrs.get("version", ""))), escape(info.title)
    facts = "".join(
        f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>"
        for value, name in (
            (str(len(account.crises)), "crises" if len(account.crises) != 1 else "crisis"),
            (f"{times[0]} – {times[-1]}", "quarters"),
            (str(len(info.states)), "neighbours"),
            (f"{int(attrs['runs']):,}", "draws of the shocks"),
            (str(attrs["seed"]), "seed"),
        )
    )
    short = "".join(f"<li>{escape(line)}</li>" for line in findings(account, info))
    numbers = "".join(page.table(found) for found in many.tables)
    answered = surprises(account, info, "answer", "Answers to which the model gave least")
    overall = surprises(account, info, "all", "Least expected crises as a whole: that, when, how it went")
    header = f"""<p class="kicker">The record, replayed</p>
<h1>{title}</h1>
<p class="deck">History decides every crisis, answer and outcome here. The model says what each did to the neighbours, and
how likely it was.</p>
<dl class="facts">{facts}</dl>
<ul class="short">{short}</ul>
<nav aria-label="Contents"><ol><li><a href="#neighbours">Neighbours</a></li><li><a href="#answers">Answers</a></li>
<li><a href="#quarters">Quarters</a></li><li><a href="#numbers">In numbers</a></li>
<li><a href="#made">How this was made</a></li></ol></nav>
"""
    main = f"""<section id="neighbours">
<p class="count">Figure 1</p>
<h2>{escape(many.title)}</h2>
{key(info)}
{cards(many, account, info, worlds)}
<p class="count below">{escape(many.finding)}</p>
<details><summary>The numbers of figure 1</summary>{numbers}</details>
</section>
{section(answers, 2)}{long_table(answered)}
</section>
{section(quarters, 3)}{long_table(quarter_list(account))}
</section>
<section id="numbers">
<h2>In numbers</h2>
<p>Each draw of the small unobserved shocks gives the record a probability. The <em>mean</em> and its spread are of the
logarithms; <em>log-mean-exp</em> is the logarithm of the mean probability, which is the probability of the record where
the shocks are not known. It never lies below the mean, and parts of it do not add up. Probabilities of single crises and
quarters on this page are such means too, over worlds that the record has driven to that quarter, every draw counting
alike.</p>
{page.table(replay.parts_table(account))}
{long_table(overall)}
</section>
<section id="made">
<h2>How this was made</h2>
{made(attrs)}
<div class="aside"><p><strong>What this is not for.</strong> {page.CAUTION}</p></div>
</section>
"""
    return page.document(f"{title}: the record, replayed · hegemon", version, header, main, style=STYLE)
