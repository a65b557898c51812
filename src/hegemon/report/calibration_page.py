"""The calibration on paper: failures first, in sentences chosen by the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hegemon.pages import words
from hegemon.pages.figure import Figure
from hegemon.report.backtest import filled, table
from hegemon.report.calibration import LITTLE, PARTS, figures, part_of

if TYPE_CHECKING:
    import pandas as pd

    from hegemon.inference.check import Check, Coverage
    from hegemon.pages.order import OrderInfo
    from hegemon.posterior import Posterior

HEADLINE = ("count", "free", "following")
"""Coverages that are judged; the others have too few cells, or cells too coarse, to be."""

BADLY = 0.2
"""A neighbour fits badly if more than this share of its years lies outside."""

TOLD = 25
"""Parameters in the table."""


def write_page(
    kept: Posterior,
    before: Check,
    after: Check,
    learned: pd.DataFrame,
    info: OrderInfo,
    made: dict[str, Any],
    target: Path,
) -> list[Path]:
    """The page, with its figures under img/ beside it. `made`: how it was made, ready to be printed."""
    from hegemon.pages import render

    folder = target.parent / "img"
    folder.mkdir(parents=True, exist_ok=True)
    drawn = figures(before, after, learned, len(kept.values), info)
    pictures = []
    for figure in drawn:
        place = folder / f"{figure.name}.svg"
        place.write_bytes(render.picture(figure, "svg"))
        pictures.append(place)
    target.write_text(page(kept, before, after, learned, info, made, drawn), encoding="utf-8")
    return [target, *pictures]


def page(
    kept: Posterior, before: Check, after: Check, learned: pd.DataFrame, info: OrderInfo, made: dict[str, Any],
    drawn: list[Figure],
) -> str:  # fmt: skip
    """The page as Markdown."""
    picture = {f.name.removeprefix("calibration-"): f"![{f.alt}](img/{f.name}.svg)" for f in drawn}
    of = kept.made
    parts = [
        f"<!-- Written by `{made['command']}`. Do not edit: run it again. -->",
        "# Calibration",
        f"*{info.title}*: what {of['crises']} coded crises{' and measured ties' if of.get('ties') else ''} teach about "
        f"{len(learned)} parameters, and whether histories simulated with what was learned look like the record. Written by "
        f"`{made['command']}`; no number here is typed by hand, and the sentences are chosen by the numbers. How to make such a "
        "calibration, and what it assumes: [Calibrate and predict](calibrate.md).",
        "\n".join(f"- {line}" for line in said(before, after, kept, learned)),
        "## Where it fits badly",
        "By rule: every count by kind and decade and every share of responses, survivals and requests that lies outside the "
        "middle 90 % of histories with posterior parameters, and every neighbour more than a fifth of whose observed years do. "
        "About one in ten should be outside by chance, fewer where counts are small.",
        "\n".join(f"- {line}" for line in failures(after, info)) or "Nothing.",
        "## Can the draws be trusted?",
        trust(of),
        *_stale(kept, after),
        "## What the record moved",
        picture["moved"],
        "\n".join(f"- {line}" for line in moved(learned)),
        picture["contraction"],
        identified(learned, len(kept.values)),
        _groups(learned),
        f"### The {min(TOLD, len(learned))} parameters narrowed most",
        _most(learned),
        "## Does it look like the record?",
        f"{after.histories:,} histories each for prior and posterior, every history with a parameter set of its own, shocks and "
        "dice included, the same dice in both. They know nothing of what happened after the scenario's start (what the scenario "
        "prescribes by year, such as the patron's capacity, they are given). The posterior was learned from this very record: "
        "agreement here is necessary, not evidence. Foretelling what was not learned from is the business of the back-test and "
        "the hindcast.",
        _coverage(before, after),
        "*Usual*: the share inside when one of the posterior's own histories is taken for the record: mean, and middle 90 %. "
        "Cells hang together (a neighbour's years most of all) and counts are whole numbers, so it is no plain 90 %. *Width*: "
        "mean width of the middle 90 %, in crises, or in percentage points of a kind's crises or of a neighbour's ties. Cells in "
        "which every history agrees with the record are left out.",
        "### Crises",
        picture["crises"],
        _counts(before, after),
        "### Responses, survival, requests",
        picture["answers"],
        "The engine gives no instrument outside what an order's rules allow; the likelihood grants every response a little "
        "probability of being miscoded, which is not simulated here.",
        _facts(before, after),
        *_ties(before, after, info, picture),
        "## How it was made",
        "\n".join(f"- {key}: {value}" for key, value in made.items()),
    ]
    return filled(parts)


# ---- Sentences ----
def said(before: Check, after: Check, kept: Posterior, learned: pd.DataFrame) -> list[str]:
    """What came out, failures first."""
    lines: list[tuple[bool, str]] = []
    for name in HEADLINE:
        if name in after.coverage:
            c, was = after.coverage[name], before.coverage[name]
            lines.append((c.verdict == "as wanted",
                          f"{WHAT[name]}: {c.inside} of {c.of} ({c.share:.1%}) lie in the middle 90 % of histories with "
                          f"posterior parameters; {_verdict(c)}. With prior parameters it is {was.share:.1%}; the middle 90 % is "
                          f"{_width(before, name)} wide with the prior, {_width(after, name)} with the posterior."))  # fmt: skip
    lines += _leaning(after)
    lines.append((_good(kept.made), trust(kept.made)))
    little = int((learned["contraction"] < LITTLE).sum())
    lines.append((True, f"About {little} of {len(learned)} parameters the record says little: by the {len(kept.values)} kept "
                  f"draws they keep at least {1 - LITTLE:.0%} of their prior variance. All contractions add up to "
                  f"{learned['contraction'].sum():.0f}, as if so many parameters were known and the others not."))  # fmt: skip
    return [line for _, line in sorted(lines, key=lambda item: item[0])]


WHAT = {
    "count": "Counts of crises by kind and decade",
    "instrument": "Responses by kind",
    "survived": "Survival by kind",
    "requested": "Requests by kind",
    "free": "Ties with the patron by neighbour and year, histories left to the dice",
    "following": "Ties with the patron by neighbour and year, histories that follow the record",
}


def _verdict(c: Coverage) -> str:
    from hegemon.inference.check import WANTED

    wanted = f"{WANTED[0]:.0%} to {WANTED[1]:.0%} is wanted"
    own = f"the histories' own shares run from {c.low:.0%} to {c.high:.0%}"
    if c.verdict == "too low":
        return f"too few ({wanted}; {own}): the model is too sure of itself"
    if c.verdict == "too high":
        excuse = ", so luck can do it" if c.share <= c.high else ""
        return f"more than wanted ({wanted}; {own}{excuse}): histories spread wider than the record needs"
    return f"as wanted ({wanted}; {own})"


def _leaning(after: Check) -> list[tuple[bool, str]]:
    """Whether ties lie on one side of the histories in most neighbours, which coverage cannot see."""
    if after.ties.empty:
        return []
    from scipy.stats import binomtest

    mean = after.ties[after.ties["basis"] == "following"].groupby("state")["rank"].mean()
    below, n = int((mean < 0.5).sum()), len(mean)
    most, word, way = (below, "below", "away from") if 2 * below >= n else (n - below, "above", "toward")
    chance = float(binomtest(most, n).pvalue)
    what = (
        f"Even where the record is followed, ties lie mostly {word} the histories' median in {most} of {n} neighbours"
    )
    if chance >= 0.05:
        return [(True, f"{what}, which luck explains.")]
    return [(False, f"{what}. Were neighbours independent, as the likelihood takes them to be, so lopsided a split would have a "
             f"chance of {chance:.2g}. What moves the ties of many neighbours {way} the patron at once is missing from the "
             "calibrated model, or too weak in it; wide bands hide it from the coverage.")]  # fmt: skip


def failures(after: Check, info: OrderInfo) -> list[str]:
    """What lies outside, farthest reaching first: neighbours' ties, then counts, then shares."""
    lines = []
    for basis in ("following", "free"):
        mine = after.ties[after.ties["basis"] == basis] if len(after.ties) else after.ties
        for state, rows in mine.groupby("state", sort=False) if len(mine) else ():
            out = rows[rows["side"] != "inside"]
            if len(out) > BADLY * len(rows):
                lines.append(f"ties of {info.state(str(state))}, {BASIS[basis]}: {len(out)} of {len(rows)} years outside, "
                             f"{_sides(out)}, {out['year'].min()} to {out['year'].max()}")  # fmt: skip
    for row in after.cells[after.cells["side"] != "inside"].to_dict("records"):
        whole = row["group"] == "count"
        number = (lambda x: f"{x:.0f}") if whole else (lambda x: f"{x:.0%}")
        mean = f"{row['mean']:.1f}" if whole else f"{row['mean']:.0%}"
        lines.append(f"{_cell(row)}: {number(row['record'])} in the record, {number(row['low'])} to {number(row['high'])} in "
                     f"histories (mean {mean}); {SAYS[whole][row['side']]}")  # fmt: skip
    return lines


SAYS = {True: {"above": "the model has too few", "below": "the model has too many"},
        False: {"above": "the model has it too seldom", "below": "the model has it too often"}}  # fmt: skip
BASIS = {"free": "histories left to the dice", "following": "histories that follow the record"}


def _sides(out: pd.DataFrame) -> str:
    """ "all below", or "3 above, 2 below"."""
    count = out["side"].value_counts()
    return f"all {count.index[0]}" if len(count) == 1 else f"{count['above']} above, {count['below']} below"


def _cell(row: Mapping[Any, Any]) -> str:
    kind = words.plain(row["kind"], words.KINDS)
    if row["group"] == "count":
        return f"{kind}, {row['of']}"
    what = {"instrument": words.plain(row["of"], words.INSTRUMENTS).lower(), "survived": "incumbents survive",
            "requested": "incumbents ask for help"}[row["group"]]  # fmt: skip
    return f"{kind}: {what}"


def trust(made: Mapping[str, Any]) -> str:
    """The posterior's own diagnostics, in a sentence or two."""
    from hegemon.inference.calibrate import DIVERGING, ESS, RHAT

    if made["method"] != "NUTS":
        return (f"The posterior is a {made['method']} around the mode ({made['draws']} draws), made to be quick: there are "
                "no chains to diagnose, and skewed parameters are drawn too evenly. Conclude nothing fine from it.")  # fmt: skip
    d = made["diagnostics"]
    failed = [text for bad, text in (
        (d["rhat"] >= RHAT, "chains have not mixed in every parameter"),
        (d["ess_bulk"] <= ESS, "some parameters have too few effective draws"),
        (d["diverging"] >= DIVERGING, "the sampler could not follow the posterior everywhere"),
    ) if bad]  # fmt: skip
    verdict = (
        "the chains agree and can be taken for the posterior"
        if _good(made)
        else f"not converged ({words.listed(failed)})"
    )
    return (f"{made['chains']} chains of {made['draws']} draws after {made['warmup']} of warm-up: {verdict}. R-hat is at most "
            f"{d['rhat']:.4f} (below {RHAT:g} is wanted), effective draws at least {d['ess_bulk']:.0f} in the bulk and "
            f"{d['ess_tail']:.0f} in the tails (above {ESS:.0f}), {d['diverging']:.2%} of draws divergent (below "
            f"{DIVERGING:.1%}).")  # fmt: skip


def _good(made: Mapping[str, Any]) -> bool:
    """Whether chains were run and have converged; as `Fit.converged`."""
    from hegemon.inference.calibrate import DIVERGING, ESS, RHAT

    d = made["diagnostics"]
    return bool(made["method"] == "NUTS" and d["rhat"] < RHAT and d["ess_bulk"] > ESS and d["diverging"] < DIVERGING)


def _stale(kept: Posterior, after: Check) -> list[str]:
    """A warning where the posterior was learned from something else than it is compared with."""
    if kept.made.get("data_hash") == after.record_hash:
        return []
    return [f"**The posterior was learned from other data** (hash {kept.made.get('data_hash', 'unknown')}) than it is compared "
            f"with here ({after.record_hash})."]  # fmt: skip


def moved(learned: pd.DataFrame, most: int = 6) -> list[str]:
    """The parameters the record pushed farthest, in sentences."""
    far = learned[learned["contraction"] > LITTLE]
    far = far.loc[far["moved"].abs().sort_values(ascending=False).index].head(most)
    lines = []
    for name, row in far.iterrows():
        way = "up" if row["moved"] > 0 else "down"
        beyond = row["mean"] > row["prior_high"] or row["mean"] < row["prior_low"]
        held = ", outside the middle 90 % of the prior" if beyond else ""
        lines.append(f"`{name}` ({row['unit']}) goes {way} from {row['prior_mean']:.2g} to {row['mean']:.2g}{held}; "
                     f"{row['contraction']:.0%} of its variance is gone.")  # fmt: skip
    return lines


def identified(learned: pd.DataFrame, draws: int) -> str:
    """How many parameters the record is silent about."""
    from hegemon.inference.learned import scatter

    c, noise = learned["contraction"], scatter(draws)
    clear, half = int((c > 2 * noise).sum()), int((c > 0.5).sum())
    return (f"Contraction is 1 minus the ratio of the posterior's variance to the prior's. By {draws} kept draws it scatters by "
            f"{noise:.0%} around nought where nothing was learned, so {clear} of {len(c)} parameters are clearly narrowed (by "
            f"more than two such spreads), {half} of them by more than half; {int((c < -2 * noise).sum())} are clearly wider "
            "than before, which happens where the record pushes a parameter away from a bound. Where the record is silent, "
            "results hang on the prior, that is on assumptions; `hegemon run --set` shows how much they matter.")  # fmt: skip


# ---- Tables ----
def _groups(learned: pd.DataFrame) -> str:
    """Contraction by group of parameters and by mechanism or instrument."""
    frame = learned.assign(
        part=[part_of(str(n)) for n in learned.index], block=[str(n).split(".")[0] for n in learned.index]
    )
    rows = []
    for part in PARTS:
        for block, mine in frame[frame["part"] == part].groupby("block"):
            rows.append((part, float(mine["contraction"].sum()), str(block), mine))
    rows.sort(key=lambda row: (list(PARTS).index(row[0]), -row[1]))
    head = ("about", "mechanism or instrument", "parameters", "contractions add up to", "narrowed most")
    lines = [(part, f"`{block}`", str(len(mine)), f"{total:.1f}",
              f"`{mine.index[0].split('.')[1]}` {mine['contraction'].iloc[0]:.0%}")
             for part, total, block, mine in rows]  # fmt: skip
    return table(head, lines)


def _most(learned: pd.DataFrame) -> str:
    rows = [
        (f"`{name}`", row["unit"], f"{row['prior_mean']:.3g} ± {row['prior_sd']:.2g}", f"{row['mean']:.3g} ± {row['sd']:.2g}",
         f"{row['low']:.3g} to {row['high']:.3g}", f"{row['contraction']:.0%}")
        for name, row in learned.head(TOLD).iterrows()
    ]  # fmt: skip
    return table(("parameter", "unit", "prior", "posterior", "middle 90 %", "contraction"), rows)


def _width(check: Check, name: str) -> str:
    mine = check.ties[check.ties["basis"] == name] if name in BASIS else check.cells[check.cells["group"] == name]
    width = (mine["high"] - mine["low"]).mean()
    return f"{width:.1f}" if name == "count" else f"{100 * width:.0f} points"


def _coverage(before: Check, after: Check) -> str:
    rows = []
    for name, c in after.coverage.items():
        b = before.coverage[name]
        rows.append((WHAT[name], f"{b.inside} of {b.of}", f"{c.inside} of {c.of} ({c.share:.0%})",
                     f"{c.usual:.0%} ({c.low:.0%} to {c.high:.0%})", _width(before, name), _width(after, name),
                     c.verdict if name in HEADLINE else ""))  # fmt: skip
    return table(
        ("inside the middle 90 %", "prior", "posterior", "usual", "width, prior", "width, posterior", ""), rows
    )


def _counts(before: Check, after: Check) -> str:
    was = before.cells.set_index(["group", "kind", "of"])
    rows = [
        (words.plain(r["kind"], words.KINDS), r["of"], f"{r['record']:.0f}", f"{r['mean']:.1f}",
         f"{r['low']:.0f} to {r['high']:.0f}", _out(r["side"]), _was(was, r, "{:.0f}"))
        for r in after.cells[after.cells["group"] == "count"].to_dict("records")
    ]  # fmt: skip
    return table(("kind", "decade", "record", "mean", "middle 90 %", "", "with the prior"), rows)


def _facts(before: Check, after: Check) -> str:
    was = before.cells.set_index(["group", "kind", "of"])
    rows = [
        (words.plain(r["kind"], words.KINDS), {"survived": "survive", "requested": "ask for help"}[str(r["group"])],
         f"{r['record']:.0%}", f"{r['mean']:.0%}", f"{r['low']:.0%} to {r['high']:.0%}", _out(r["side"]),
         _was(was, r, "{:.0%}"))
        for r in after.cells[after.cells["group"].isin(["survived", "requested"])].to_dict("records")
    ]  # fmt: skip
    return table(("kind", "the incumbents", "record", "mean", "middle 90 %", "", "with the prior"), rows)


def _out(side: str) -> str:
    return "" if side == "inside" else f"outside, {side}"


def _was(was: pd.DataFrame, row: Mapping[Any, Any], form: str) -> str:
    key = (row["group"], row["kind"], row["of"])
    if key not in was.index:
        return ""
    low, high = was.loc[key, ["low", "high"]]
    return f"{form.format(low)} to {form.format(high)}"


def _ties(before: Check, after: Check, info: OrderInfo, picture: Mapping[str, str]) -> list[str]:
    if after.ties.empty:
        return ["### Ties", "No observations of ties were given."]
    rows = []
    for state in dict.fromkeys(after.ties["state"]):
        cells = [info.state(str(state))]
        for basis in BASIS:
            mine = after.ties[(after.ties["basis"] == basis) & (after.ties["state"] == state)]
            out = mine[mine["side"] != "inside"]
            cells += [f"{len(out)} of {len(mine)}", _sides(out) if len(out) else "", f"{mine['rank'].mean():.2f}"]
        rows.append(tuple(cells))
    head = ("neighbour", "outside, dice", "", "rank, dice", "outside, following", "", "rank, following")
    return [
        "### Ties",
        "Two checks, which must not be confused. *Left to the dice*, the model has to make the region's history by itself. "
        "*Following the record*, it is told every crisis and what was done about it, and only ties are its own: this is what "
        "the likelihood claims. To both the measurement's lasting offset by neighbour and error by year are added.",
        picture["ties"],
        "*Rank*: mean share of histories below what was observed; one half is no leaning either way.",
        table(head, rows),
    ]
