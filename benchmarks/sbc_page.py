"""docs/sbc.md and its pictures, from finished records: `python benchmarks/sbc.py --records 0 --page docs/sbc.md`."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

import sbc_ranks as sbc
from hegemon.inference.likelihood import TREMBLE

if TYPE_CHECKING:
    import pandas as pd

    from sbc_ranks import Outcome

Found = dict[tuple[str, str], list["Outcome"]]

FAILURE = 0.05
"""Share of parameters outside above which calibration fails."""

MOVED = 0.1
"""A contraction from which on records like these teach something about a parameter."""

WORST = 12
"""Rows of a table, panels of a picture."""

WHO = {"matched": "calibration's own model", "full": "the simulation, shocks and all"}
HOW = {"sampled": "Hamiltonian Monte Carlo", "laplace": "the normal approximation"}

HEAD = """<!-- Written by benchmarks/sbc.py. Do not edit: run it again. -->

# Does calibration find what is there?

A record is coded once, so nobody can check on the real one whether calibration finds the right parameters: nobody knows
them. But the model can write records of its own. **Simulation-based calibration** draws parameters from their priors,
lets the model write a record of the post-Soviet order under them, calibrates on that record without looking, and asks
where among the posterior draws the true value lies. If simulation, likelihood and sampler are one model, every rank is
equally likely (Talts, Betancourt, Simpson, Vehtari and Gelman 2018, arXiv:1804.06788). A bump at one end says that
calibration is biased, two bumps at the ends that it is too sure of itself, a hill in the middle that it is too modest.

```sh
python benchmarks/sbc.py --process full --records 60                    # goes on where it was stopped
python benchmarks/sbc.py --process full --records 60 --method laplace
python benchmarks/sbc.py --process matched --records 60 --method laplace
python benchmarks/sbc.py --records 0 --page docs/sbc.md                 # this page, from all finished records
```

Records are written by two models.

- **matched**: exactly what calibration evaluates, its two approximations included: worlds on the record's path without
  shocks, odds averaged over moods, ties observed with the closed-form spread. Ranks test the code. Here a simulated
  record's log-likelihood also equals the logarithm of the probability it was drawn with, to rounding
  (`tests/inference/test_sbc.py`), so that simulation and likelihood cannot drift apart unnoticed.
- **full**: the simulation itself, with shocks to ties and moods thrown quarter by quarter. Ranks test what the
  approximations cost. In both, membership of the pact follows the scenario's spells, as calibration is told, and {tremble}
  of responses are drawn at random, as a coder might err.

Besides the parameters, the log-likelihood of the whole record is ranked (Modrák et al. 2023, *Bayesian Analysis*): a
likelihood that forgets part of the record can leave every parameter's rank uniform, but not this one.

**The band.** A parameter is *outside* if its ranks' empirical distribution leaves, anywhere, the band that holds all of it
with probability {level} if ranks are uniform (Säilynoja, Bürkner and Vehtari 2022, *Statistics and Computing* 32:32; by
simulation). So about one parameter in a hundred should be outside by chance; more than one in twenty is a failure. A
parameter is *moved* if records like these narrow its prior variance by {moved} or more on average; all others are little
touched by data, and their ranks are uniform whatever the likelihood says about the rest.

## Verdict

| written by | posterior by | records | crises each | outside, of all | outside, of moved | p, whole record | seconds each |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
"""


def verdict(process: str, method: str, rows: pd.DataFrame, outcomes: list[Outcome]) -> str:
    """A row of the verdict."""
    parameters = rows.drop(sbc.WHOLE_RECORD)
    moved = parameters[parameters["contraction"] >= MOVED]
    crises = np.quantile([o.made["crises"] for o in outcomes], (0.0, 0.5, 1.0)).astype(int)
    out, mine = int(parameters["outside"].sum()), int(moved["outside"].sum())
    seconds = np.median([o.made["seconds"] for o in outcomes])
    return (f"| {WHO[process]} | {HOW[method]} | {len(outcomes)} | {crises[1]} ({crises[0]} to {crises[2]}) | "
            f"{out} of {len(parameters)} ({out / len(parameters):.1%}) | {mine} of {len(moved)} | "
            f"{rows.loc[sbc.WHOLE_RECORD, 'p']:.2g} | {seconds:.0f} |\n")  # fmt: skip


def answer(process: str, method: str, rows: pd.DataFrame) -> str:
    """What a row says, in words."""
    from scipy.stats import binom

    outside, p = rows["outside"].drop(sbc.WHOLE_RECORD), rows.loc[sbc.WHOLE_RECORD, "p"]
    share, usual = outside.mean(), binom.ppf(0.975, len(outside), 1.0 - sbc.LEVEL)
    often = "more than by chance" if outside.sum() > usual else "as may be by chance"
    said = (f"Records by {WHO[process]}, posterior by {HOW[method]}: {share:.1%} of the parameters are outside, {often}, "
            f"{'a failure' if share > FAILURE else 'no failure'}. ")  # fmt: skip
    if rows.loc[sbc.WHOLE_RECORD, "outside"]:
        return f"{said}**The probability of the whole record is off (p = {p:.2g})**: this posterior is not quite the right one."
    return f"{said}Nothing is wrong with the probability of the whole record (p = {p:.2g})."


def unasked(found: Found) -> list[str]:
    """What no finished record tells: by what `hegemon calibrate` does by default, or of one of the two models."""
    told = [f"No record of this version has been written by {WHO[p]} ({p})." for p in WHO if all(p != q for q, _ in found)]
    if all(method != "sampled" for _, method in found):
        told += [f"No record has been calibrated by {HOW['sampled']}, as `hegemon calibrate` does unless it is told `--quick`."]
    return told


def chains(outcomes: list[Outcome]) -> str:
    """How long the chains are, and how good; of the normal approximation, how many draws."""
    made = [o.made for o in outcomes]
    if "rhat" not in made[0]:
        return f"{made[0]['draws']} draws a record from the normal around the mode, of which {sbc.DRAWS} are ranked."
    shortest, *longer = sbc.LENGTHS
    again = sum(m.get("learned", 0) > 0 for m in made)
    lengths = [sbc.LENGTHS[-1] if m.get("learned", 0) else m["draws"] // sbc.CHAINS for m in made]
    went = ", ".join(f"to {kept} in {lengths.count(kept)}" for kept in longer if kept in lengths)
    apart = sum(m["rhat"] >= sbc.AGREE for m in made)
    told = []
    for name, words, form in (("rhat", "largest split R-hat", ".3f"), ("ess_least", "least effective draws", ".0f"),
                              ("ess_median", "median effective draws", ".0f"), ("diverging", "divergent", ".1%"),
                              ("steps", "leapfrog steps a draw", ".0f")):  # fmt: skip
        low, middle, high = np.quantile([m[name] for m in made], (0.0, 0.5, 1.0))
        told.append(f"{words} {middle:{form}} ({low:{form}} to {high:{form}})")
    return (f"{sbc.CHAINS} chains a record, each with {sbc.WARMUP} iterations to adapt and {shortest} kept; where the largest "
            f"R-hat was not below {sbc.AGREE} they went on{f' ({went} of {len(made)} records)' if went else ''}. "
            f"{f'In {again} that was not enough, and they began again in a metric learned from them. ' if again else ''}"
            f"{f'In {apart} records they still do not agree' if apart else 'In the end all agree'}. {sbc.DRAWS} draws are "
            f"ranked. Median over records, and range: {'; '.join(told)}.")  # fmt: skip


def beside(quick: list[Outcome], chained: list[Outcome]) -> str:
    """How far the normal approximation of a record is from its chains, over the records that have both."""
    normal = {o.made["record"]: o for o in quick}
    both = [(normal[o.made["record"]], o) for o in chained if o.made["record"] in normal]
    if not both:
        return "No record has both."
    off = np.stack([(one.mean - other.mean) / other.sd for one, other in both])
    ratio = np.stack([one.sd / other.sd for one, other in both])
    low, high = np.quantile(ratio, (0.05, 0.95))
    return (f"{len(both)} records have both. The normal approximation's mean of a parameter lies {np.abs(off).mean():.2f} of the "
            f"chains' spreads from theirs (19 in 20 below {np.quantile(np.abs(off), 0.95):.2f}), its spread is "
            f"{np.median(ratio):.2f} of theirs (9 in 10 from {low:.2f} to {high:.2f}); some of either is chance, of few "
            "draws.")  # fmt: skip


def either_way(one: pd.DataFrame, other: pd.DataFrame) -> str:
    """Parameters that are outside whoever seeks them: not by the sampler's fault."""
    both = one["outside"] & other["outside"].reindex(one.index)
    names = [name for name in one.index[both] if name != sbc.WHOLE_RECORD]
    told = [f"`{n}` (the truth {one.loc[n, 'bias']:+.2f} and {other.loc[n, 'bias']:+.2f} spreads from the mean)" for n in names]
    if not told:
        return "No parameter is outside both ways."
    return f"Outside both ways, and so by the likelihood's approximations or by chance: {', '.join(told)}."


def worst(rows: pd.DataFrame) -> str:
    """The most surprising, as a table."""
    told = [
        "| ranked | p | bias | width | contraction | ranks, ten bins |  |",
        "| --- | ---: | ---: | ---: | ---: | :-: | --- |",
    ]
    bins = [f"bin{b + 1}" for b in range(sbc.BINS)]
    for name, row in rows.head(WORST).iterrows():
        numbers = [f"{row[c]:.2f}" if np.isfinite(row[c]) else "" for c in ("bias", "width", "contraction")]
        counts = " ".join(str(int(row[b])) for b in bins)
        told.append(
            f"| `{name}` | {row['p']:.2g} | {' | '.join(numbers)} | {counts} | {'outside' if row['outside'] else ''} |"
        )
    return "\n".join(told)


def together(rows: pd.DataFrame) -> str:
    """What all moved parameters say at once."""
    moved = rows.drop(sbc.WHOLE_RECORD)
    moved = moved[moved["contraction"] >= MOVED]
    return (f"Over the {len(moved)} moved parameters the truth lies {moved['bias'].mean():+.2f} posterior spreads from the "
            f"posterior mean, {moved['bias'].abs().mean():.2f} in absolute value, and scatters by {moved['width'].mean():.2f} "
            "of them (1 where the posterior's width is right, more where it is too sure).")  # fmt: skip


# ---- Pictures ----


def ecdf(process: str, method: str, rows: pd.DataFrame, outcomes: list[Outcome]) -> Any:
    """Empirical distribution of ranks minus uniform, a line per parameter, and the band."""
    import pandas as pd

    from hegemon.pages.figure import Figure

    ranks = np.stack([o.ranks for o in outcomes])
    share = np.arange(1, sbc.DRAWS + 1) / (sbc.DRAWS + 1)
    frame = pd.DataFrame(
        (np.stack([(ranks <= k).mean(0) for k in range(sbc.DRAWS)]) - share[:, None]).T, sbc.RANKED, share
    )
    frame = frame.rename_axis(index="ranked", columns="share").stack().rename("difference").reset_index()
    frame["group"] = np.where(rows.loc[frame["ranked"], "outside"], "outside", "inside")
    frame.loc[frame["ranked"] == sbc.WHOLE_RECORD, "group"] = "whole record"
    often = np.isclose(frame["share"] * (sbc.DRAWS + 1) % 2, 1.0) | (frame["group"] != "inside")
    frame = frame[often].round(4)
    low, high = sbc.band(len(outcomes))
    looks = {
        "inside": {"label": "inside", "colour": "quiet", "width": 0.6, "bands": []},
        "outside": {"label": "outside", "colour": "vermillion", "width": 1.4, "bands": []},
        "whole record": {"label": "whole record", "colour": "black", "width": 2.2, "bands": []},
    }
    edges = pd.DataFrame({"ranked": "band", "share": share, "low": low - share, "high": high - share, "group": "band"})
    lines = {str(ranked): looks[str(group)] for ranked, group in zip(frame["ranked"], frame["group"], strict=True)}
    data = pd.concat([frame, edges], ignore_index=True)
    outside = int(rows["outside"].drop(sbc.WHOLE_RECORD).sum())
    return Figure(
        name=f"sbc-{process}-{method}",
        title=f"Ranks of the truth: records by {WHO[process]}, posterior by {HOW[method]}",
        reading="A line per parameter: how much oftener than expected the truth ranks below a given share of posterior draws. "
        f"Band: where all of a line stays with probability {sbc.LEVEL:.0%} if all is right. Black: the log-likelihood of the "
        "whole record.",
        form="Line chart of rank distributions with a band around nought",
        finding=f"{outside} of {len(rows) - 1} parameters leave the band in {len(outcomes)} records.",
        kind="fan",
        data=data,
        settings={
            "x": "share", "line": "difference", "bands": [["low", "high"]], "series": "ranked",
            "looks": {"band": {"colour": "model", "width": 0}, **lines},
            "across": {"title": "rank of the truth among posterior draws, as a share", "domain": [0, 1], "format": "%",
                       "values": [0, 0.25, 0.5, 0.75, 1]},
            "up": {"title": "share of records below, less what is uniform", "format": "+.1f"},
        },
    )  # fmt: skip


def histograms(process: str, method: str, rows: pd.DataFrame, outcomes: list[Outcome]) -> Any:
    """Rank histograms of the most surprising parameters, with the range of a single bin."""
    from scipy.stats import binom

    from hegemon.pages.figure import Figure

    records, bins = len(outcomes), [f"bin{b + 1}" for b in range(sbc.BINS)]
    tail = (1.0 - sbc.LEVEL) / sbc.BINS / 2.0
    low, high = binom.ppf(tail, records, 1.0 / sbc.BINS), binom.isf(tail, records, 1.0 / sbc.BINS)
    chosen = rows.head(WORST)
    frame = chosen[bins].rename(columns={b: i for i, b in enumerate(bins)}).rename_axis(columns="bin").stack()
    frame = frame.rename("records").reset_index()
    return Figure(
        name=f"sbc-worst-{process}-{method}",
        title=f"The {WORST} most surprising: records by {WHO[process]}, posterior by {HOW[method]}",
        reading="Records by rank of the truth, ten bins from the lowest to the highest. Line: even. Dashed: the range of all ten "
        f"bins together with probability {sbc.LEVEL:.0%} (binomial, Bonferroni).",
        form="Histograms of ranks, one panel per parameter",
        finding=f"Most surprising: {', '.join(str(n) for n in chosen.index[:3])}.",
        kind="bars",
        data=frame,
        settings={
            "x": "bin", "step": 1.0, "height": "records", "panel": "ranked", "columns": 4,
            "across": {"values": []}, "up": {"title": "records", "domain": [0.0, 1.1 * max(float(frame["records"].max()), high)]},
            "rules": [{"at": float(low), "up": True}, {"at": float(high), "up": True},
                      {"at": records / sbc.BINS, "up": True, "dash": False}],
        },
    )  # fmt: skip


# ---- The page ----


def write(page: Path, found: Found) -> None:
    """The page and two pictures for each kind of run."""
    from hegemon.files import write_atomically, write_file
    from hegemon.pages import render

    text = HEAD.format(tremble=f"{TREMBLE:.0%}", level=f"{sbc.LEVEL:.0%}", moved=f"{MOVED:.0%}")
    tables = {key: sbc.table(outcomes) for key, outcomes in found.items()}
    text += "".join(verdict(*key, tables[key], outcomes) for key, outcomes in found.items())
    said = [*(answer(*key, tables[key]) for key in found), *unasked(found)]
    for process in WHO:
        sampled, quick = (process, "sampled"), (process, "laplace")
        if sampled in found and quick in found:
            said += [f"{beside(found[quick], found[sampled])} {either_way(tables[sampled], tables[quick])}"]
    text += "".join(f"\n{fill(each, 120)}\n" for each in said)
    images = page.parent / "img"
    images.mkdir(parents=True, exist_ok=True)
    for (process, method), outcomes in found.items():
        rows = tables[process, method]
        text += f"\n## Records by {WHO[process]}, posterior by {HOW[method]}\n\n"
        text += fill(f"{together(rows)} {chains(outcomes)}", 120) + "\n"
        for make in (ecdf, histograms):
            figure = make(process, method, rows, outcomes)
            write_atomically(images / f"{figure.name}.svg", render.picture(figure, "svg"))
            text += f"\n![{figure.alt}](img/{figure.name}.svg)\n"
        outside = list(rows.index[rows["outside"]])
        text += f"\nOutside: {', '.join(f'`{n}`' for n in outside) or 'none'}. The {WORST} most surprising:\n\n{worst(rows)}\n"
    write_file(page, text)
    print(page.as_posix())
