"""A calibration as it is told; what a predictive check says of a posterior too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from hegemon.inference.laplace import METHOD
from hegemon.pages import words
from hegemon.pages.document import Block, Bullets, Document, Section
from hegemon.pages.figure import Table
from hegemon.studies.calibrate import figures
from hegemon.studies.calibrate.figures import LITTLE, PARTS, part_of
from hegemon.studies.calibrate.learned import scatter
from hegemon.studies.calibrate.result import DIVERGING, ESS, RHAT, Fit, converged

TOLD = 25
"""Parameters in the table."""


def document(of: Fit) -> Document:
    """Diagnostics, and what was learned."""
    table, draws = of.learned(), of.z.shape[0] * of.z.shape[1]
    return Document(
        kicker="Calibration",
        title=of.order.scenario.title,
        question=f"What do {of.made['crises']} coded crises{' and measured ties' if of.made['ties'] else ''} teach about "
        f"{len(table)} parameters?",
        finding=trust(of.made),
        facts=[(str(of.made["crises"]), "crises"), (str(len(table)), "parameters"), (f"{draws:,}", "draws"),
               (str(of.made["method"]), "method")],
        sentences=[little(table, draws)],
        sections=[
            Section("What the record moved", learned(table, draws), "moved", brief=False),
            Section(f"The {min(TOLD, len(table))} parameters narrowed most", [most(table)], "most"),
        ],
        made=[("Record", f"{of.made['crises']} crises, hash {of.made['data_hash']}")],
    )  # fmt: skip


def learned(table: pd.DataFrame, draws: int) -> list[Block]:
    """What the record moved, and about what it is silent."""
    return [figures.moved(table), Bullets(moved(table)), figures.contraction(table, scatter(draws)), identified(table, draws),
            groups(table)]  # fmt: skip


def good(made: Mapping[str, Any]) -> bool:
    """Whether chains were run and have converged."""
    return bool(not made["method"].startswith(METHOD) and converged(made))


def trust(made: Mapping[str, Any]) -> str:
    """A posterior's own diagnostics, in a sentence or two."""
    if made["method"].startswith(METHOD):
        return (f"The posterior is a {made['method']} around the mode ({made['draws']} draws), made to be quick: there are "
                "no chains to diagnose, and skewed parameters are drawn too evenly. Conclude nothing fine from it.")  # fmt: skip
    d = made["diagnostics"]
    failed = [text for bad, text in (
        (d["rhat"] >= RHAT, "chains have not mixed in every parameter"),
        (d["ess_bulk"] <= ESS, "some parameters have too few effective draws"),
        (d["diverging"] >= DIVERGING, "the sampler could not follow the posterior everywhere"),
    ) if bad]  # fmt: skip
    verdict = f"not converged ({words.listed(failed)})" if failed else "the chains agree and can be taken for the posterior"
    return (f"{made['chains']} chains of {made['draws']} draws after {made['warmup']} of warm-up: {verdict}. R-hat is at most "
            f"{d['rhat']:.4f} (below {RHAT:g} is wanted), effective draws at least {d['ess_bulk']:.0f} in the bulk and "
            f"{d['ess_tail']:.0f} in the tails (above {ESS:.0f}), {d['diverging']:.2%} of draws divergent (below "
            f"{DIVERGING:.1%}).")  # fmt: skip


def little(learned: pd.DataFrame, draws: int) -> str:
    """Of how many parameters the record says little."""
    few = int((learned["contraction"] < LITTLE).sum())
    return (f"About {few} of {len(learned)} parameters the record says little: by the {draws} kept "
            f"draws they keep at least {1 - LITTLE:.0%} of their prior variance. All contractions add up to "
            f"{learned['contraction'].sum():.0f}, as if so many parameters were known and the others not.")  # fmt: skip


def moved(learned: pd.DataFrame, most: int = 6) -> list[str]:
    """The parameters the record pushed farthest, in sentences."""
    far = learned[learned["contraction"] > LITTLE]
    far = far.sort_values("moved", key=abs, ascending=False).head(most)
    lines = []
    for name, row in far.iterrows():
        way = "up" if row["moved"] > 0 else "down"
        held = "" if row["prior_low"] <= row["mean"] <= row["prior_high"] else ", outside the middle 90 % of the prior"
        lines.append(f"`{name}` ({row['unit']}) goes {way} from {row['prior_mean']:.2g} to {row['mean']:.2g}{held}; "
                     f"{row['contraction']:.0%} of its variance is gone.")  # fmt: skip
    return lines


def identified(learned: pd.DataFrame, draws: int) -> str:
    """How many parameters the record is silent about."""
    c, noise = learned["contraction"], scatter(draws)
    clear, half = int((c > 2 * noise).sum()), int((c > 0.5).sum())
    return (f"Contraction is 1 minus the ratio of the posterior's variance to the prior's. By {draws} kept draws it scatters by "
            f"{noise:.0%} around nought where nothing was learned, so {clear} of {len(c)} parameters are clearly narrowed (by "
            f"more than two such spreads), {half} of them by more than half; {int((c < -2 * noise).sum())} are clearly wider "
            "than before, which happens where the record pushes a parameter away from a bound. Where the record is silent, "
            "results hang on the prior, that is on assumptions; `hegemon run --set` shows how much they matter.")  # fmt: skip


def groups(learned: pd.DataFrame) -> Table:
    """Contraction by group of parameters and by mechanism or instrument."""
    frame = learned.assign(part=[part_of(str(n)) for n in learned.index], block=[str(n).split(".")[0] for n in learned.index])
    found: list[Any] = [(mine["contraction"].sum(), *key, mine) for key, mine in frame.groupby(["part", "block"])]
    found.sort(key=lambda row: (list(PARTS).index(row[1]), -row[0]))
    rows = [[part, block, str(len(mine)), f"{total:.1f}",
             f"{mine.index[0].split('.')[1]} {mine['contraction'].iloc[0]:.0%}"]
            for total, part, block, mine in found]  # fmt: skip
    return Table(["About", "Mechanism or instrument", "Parameters", "Contractions add up to", "Narrowed most"], rows)


def most(learned: pd.DataFrame) -> Table:
    """The parameters narrowed most."""
    rows = [
        [str(name), row["unit"], f"{row['prior_mean']:.3g} ± {row['prior_sd']:.2g}", f"{row['mean']:.3g} ± {row['sd']:.2g}",
         f"{row['low']:.3g} to {row['high']:.3g}", f"{row['contraction']:.0%}"]
        for name, row in learned.head(TOLD).iterrows()
    ]  # fmt: skip
    return Table(["Parameter", "Unit", "Prior", "Posterior", "Middle 90 %", "Contraction"], rows)
