"""The page of a sweep: one file without scripts, a section for each outcome and one for the boxes."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hegemon.experiments.sensitivity.account import box_in_words, verdict
from hegemon.experiments.sensitivity.designs import REST
from hegemon.files import write_text
from hegemon.pages import theme, words
from hegemon.pages.figure import Figure, Table
from hegemon.pages.order import OrderInfo
from hegemon.report import page, replay_page, sensitivity, sensitivity_boxes
from hegemon.report.part import Part

if TYPE_CHECKING:
    from hegemon.experiments.sensitivity.outcomes import Outcome
    from hegemon.experiments.sensitivity.sweep import Sweep

LABELS: Mapping[str, str] = {
    "scenario": "Scenario",
    "scenario_hash": "Scenario hash",
    "without": "Without",
    "version": "Version of hegemon",
    "seed": "Seed",
    "design": "Design",
    "drawn_from": "Drawn from",
    "sets": "Sets of parameters",
    "runs_per_set": "Histories per set",
    "runs": "Histories",
    "condition": "Condition",
    "command": "Command",
    "chunk": "Histories per chunk",
    "platform": "Platform",
    "parameters": "Parameters varied",
    "scenario_text": "Scenario, in full",
}

def sections(sweep: Sweep) -> list[tuple[str, list[Figure]]]:
    """Figures by section: the boxes first, then each outcome."""
    found = [("boxes", [sensitivity_boxes.boxes(sweep)])]
    for place, outcome in enumerate(sweep.outcomes, 1):
        drawn = [sensitivity.indices, sensitivity.effects, sensitivity.tornado]
        found.append((f"outcome-{place}", [draw(sweep, outcome, place) for draw in drawn]))
    known = [(name, [figure for figure in figures if figure is not None]) for name, figures in found]
    return [(name, figures) for name, figures in known if figures]


def figures(sweep: Sweep) -> list[Figure]:
    """Every figure."""
    return [figure for _, found in sections(sweep) for figure in found]


def section(figure: Figure, number: int | str) -> str:
    """A figure with its reading, what it shows and its numbers."""
    numbers = "".join(page.table(found) for found in figure.tables)
    shut = f"<details><summary>The numbers of figure {number}</summary>{numbers}</details>" if numbers else ""
    return f"{replay_page.section(figure, number)}{shut}\n</section>"


def findings(sweep: Sweep) -> list[str]:
    """The sweep in a few sentences."""
    said = [verdict(sweep)] if sweep.condition is not None else []
    if sweep.study.found is not None and sweep.condition is not None:
        said += [box_in_words(box, sweep.condition.words) for box in sweep.study.found.boxes[:1]]
    return said + [f"{sensitivity.capital(o.words)}: {leading(sweep, o)}" for o in sweep.outcomes]


def leading(sweep: Sweep, outcome: Outcome) -> str:
    """The factors that matter most, and how much is luck."""
    head, rows = sensitivity.ranked(sweep, outcome, 4)
    named = [f"{row[0]} ({row[1]})" for row in rows if row[1] and row[0] != REST][:3]
    what = {"total": "total index", "effect": "effect", "coefficient": "rank coefficient"}[head[1]]
    most = f"most depends on {words.listed(named)} ({what}). " if named else ""
    rest = sensitivity.said_of_rest(sweep, outcome) if named else ""
    luck = sensitivity.luck_of(sweep, outcome)["history"]
    share = (
        f"Luck: {theme.share(luck)} of the variance of single histories." if theme.known(luck) else "It does not vary."
    )
    return f"{most}{rest}{share}"


def made(attrs: Mapping[str, Any]) -> str:
    """How this was made, so that it can be made again."""
    rows, long = [], ""
    for name, label in LABELS.items():
        if attrs.get(name) in (None, "", []):
            continue
        value = attrs[name]
        text = escape(
            ", ".join(value) if isinstance(value, list) else f"{value:,}" if name in ("sets", "runs") else str(value)
        )
        if name in ("parameters", "scenario_text"):
            shown = "p" if name == "parameters" else "pre"
            long += f"<details><summary>{label}</summary><{shown}>{text}</{shown}></details>"
        else:
            rows.append(
                f"<dt>{label}</dt><dd>{f'<code>{text}</code>' if name in ('command', 'scenario_hash') else text}</dd>"
            )
    return f'<dl class="made">{"".join(rows)}</dl>{long}'


def luck_table(sweep: Sweep) -> Table:
    """Where each outcome's variance comes from."""
    head = ["Outcome", "Mean", "Standard deviation over parameters", "Luck in single histories", "Luck left in means"]
    rows = []
    for outcome in sweep.outcomes:
        row = sensitivity.luck_of(sweep, outcome)
        rows.append([outcome.text, sensitivity.number(row["mean"]), sensitivity.number(row["spread"]),
                     theme.share(row["history"]), theme.share(row["remaining"])])  # fmt: skip
    return Table(head, rows, "Parameters and luck: shares of the variance of outcomes")


def note(attrs: Mapping[str, Any]) -> str:
    """Provenance that travels with a picture."""
    return (f"hegemon {attrs['version']}, {attrs['scenario']} {attrs['scenario_hash']}, {attrs['sets']} sets of parameters "
            f"from {attrs['drawn_from']}, {attrs['runs_per_set']} histories each, seed {attrs['seed']}")  # fmt: skip


def part(sweep: Sweep, info: OrderInfo, chapter: str = "") -> Part:
    """What its page says."""
    attrs, number, shown, contents = sweep.made, 0, "", []
    for name, found in sections(sweep):
        title = "When" if name == "boxes" else sweep.outcomes[int(name.rpartition("-")[2]) - 1].words
        contents.append((found[0].name, sensitivity.capital(title)))
        for figure in found:
            number += 1
            shown += section(figure, f"{chapter}{number}") + "\n"
    body = f"""{shown}
<section id="numbers">
<h2>Parameters and luck</h2>
<p>An outcome is a mean over the histories of a set. The same numbers of histories throw the same dice in every set, so that
most of the luck is the same everywhere. Means over few histories still carry some of their own; its share is estimated from
the histories and taken out of the indices.</p>
{page.table(luck_table(sweep))}
</section>"""
    return Part(
        kicker="What it depends on",
        title=info.title,
        deck=f"The model's numbers are judgements with a range. Here they vary, drawn from {attrs['drawn_from']}, every set of "
        f"them in the same {attrs['runs_per_set']:,} histories of luck, and outcomes are asked what they owe to which.",
        facts=[
            (f"{len(attrs['parameters']):,}", "parameters varied"),
            (f"{attrs['sets']:,}", "sets of them"),
            (f"{attrs['runs_per_set']:,}", "histories each"),
            (str(attrs["seed"]), "seed"),
        ],
        short=findings(sweep),
        contents=[*contents, ("numbers", "Parameters and luck")],
        body=body,
        made=made(attrs),
        version=str(attrs["version"]),
        tab=f"{info.title}: what it depends on",
        style=replay_page.STYLE,
    )


def whole(sweep: Sweep, info: OrderInfo) -> str:
    """The page."""
    return page.alone(part(sweep, info))


def write_page(sweep: Sweep, info: OrderInfo, target: Path) -> Path:
    """Write the page; returns where."""
    write_text(target, whole(sweep, info))
    return target
