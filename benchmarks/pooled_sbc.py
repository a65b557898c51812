"""Does learning the pooled model find what is there? Simulation-based calibration, before the record and beyond it.

    python benchmarks/pooled_sbc.py --records 200                        # quick posterior; goes on where it was stopped
    python benchmarks/pooled_sbc.py --records 20 --method nuts
    python benchmarks/pooled_sbc.py --records 200 --given record         # truths that the coded record leaves probable
    python benchmarks/pooled_sbc.py --page docs/pooled_sbc.md            # tell what is finished

The answers to all coded crises are written anew under parameters that are known, learned from without a look, and each true
value is ranked among the posterior's draws (Talts, Betancourt, Simpson, Vehtari and Gelman 2018, arXiv:1804.06788). Truths are of
the prior; or of the posterior given the coded record, which is then learned from together with the second, written one
(Säilynoja, Schmitt, Bürkner and Vehtari 2025, arXiv:2502.03279): that asks where it matters.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from hegemon.files import write_atomically
from hegemon.instruments import NAMES
from hegemon.pooled import crises as coded
from hegemon.pooled import kept
from hegemon.pooled.approximate import Draws, approximate, by_draw
from hegemon.pooled.learning import learn
from hegemon.pooled.model import NORMAL, siding
from hegemon.pooled.worths import WORTHS
from sbc_ranks import BINS, DRAWS, LEVEL, histogram, surprise

DONE = Path("results/pooled-sbc.jsonl")
GIVEN = {"prior": "of the prior", "record": "of the posterior given the record"}
METHODS = {"quick": "nested Laplace", "nuts": "NUTS"}
CHAINS, WARMUP, KEPT = 2, 250, 250
"""Of NUTS, for a record."""
RHAT = 1.05
"""Records whose chains have a larger one say nothing."""
SHOWN = 12

Numbers = npt.NDArray[np.float64]


class Outcome(NamedTuple):
    """A record: rank, and distance in posterior spreads, of every truth; its spread; the largest R-hat of its chains."""

    ranks: list[int]
    off: list[float]
    sd: list[float]
    rhat: float


def names() -> list[str]:
    """Of everything that is ranked, as `flat` lays it out."""
    found = ["scale"]
    for name, shape in NORMAL.items():
        size = int(np.prod(shape))
        found += [f"worth of {worth.name}" for worth in WORTHS] if name == "worths" else [f"{name} {n + 1}" for n in range(size)]
    return found


def flat(drawn: Draws) -> Numbers:
    """Draws as one table, [S, D]."""
    parts = [np.asarray(drawn["scale"])[:, None], *(np.asarray(drawn[name]).reshape(len(drawn["scale"]), -1) for name in NORMAL)]
    return np.concatenate(parts, axis=1).astype(float)


def truth(given: str, luck: np.random.Generator) -> Draws:
    """One set of parameters, with a first axis of length one."""
    if given == "record":
        drawn = kept.posterior()
        at = int(luck.integers(len(drawn["scale"])))
        return {name: np.asarray(x[at : at + 1], float) for name, x in drawn.items()}
    return {"scale": np.abs(luck.standard_normal(1)), **{name: luck.standard_normal((1, *of)) for name, of in NORMAL.items()}}


def written(rows: pd.DataFrame, at: Draws, luck: np.random.Generator) -> pd.DataFrame:
    """The same crises with answers and sides of the model's."""
    of = coded.crises(rows)
    share = by_draw(of, at)[0]
    acts = (luck.random((len(rows), 1)) > share.cumsum(1)).sum(1).clip(max=len(NAMES) - 1)
    chance = 1.0 / (1.0 + np.exp(-siding(of, np.eye(len(NAMES))[acts]) @ np.asarray(at["side"])[0]))
    side = np.where(luck.random(len(rows)) < chance, "for", "against")
    return rows.assign(response_primary=[NAMES[act] for act in acts], side=side)


def ranked(given: str, method: str, record: int) -> Outcome:
    """A record, learned from."""
    luck = np.random.default_rng([record, *given.encode()])
    rows, at = kept.coded(), truth(given, luck)
    new = written(rows, at, luck)
    learned = pd.concat([rows, new], ignore_index=True) if given == "record" else new
    if method == "quick":
        found, rhat = flat(approximate(learned, draws=512, seed=record)), 1.0
    else:
        ran = learn(learned, warmup=WARMUP, draws=KEPT, chains=CHAINS, seed=record)
        found, rhat = flat(ran.draws), ran.rhat
    few = found[luck.permutation(len(found))[:DRAWS] if method == "quick" else np.linspace(0, len(found) - 1, DRAWS).astype(int)]
    true, sd = flat(at)[0], found.std(0)
    off = (true - found.mean(0)) / np.maximum(sd, 1e-9)
    return Outcome((few < true).sum(0).tolist(), np.round(off, 4).tolist(), np.round(sd, 4).tolist(), rhat)


def finished() -> dict[tuple[str, str, int], Outcome]:
    """All records so far of this record of crises."""
    if not DONE.is_file():
        return {}
    lines = [json.loads(line) for line in DONE.read_text("utf-8").splitlines()]
    return {(line["given"], line["method"], line["record"]): Outcome(**line["found"]) for line in lines
            if line["crises"] == len(kept.coded())}  # fmt: skip


def work(given: str, method: str, records: int) -> None:
    """Records that are not finished yet, one after the other."""
    done = finished()
    for record in range(records):
        if (given, method, record) in done:
            continue
        found = ranked(given, method, record)
        line = json.dumps({"given": given, "method": method, "record": record, "crises": len(kept.coded()),
                           "found": found._asdict()})  # fmt: skip
        DONE.parent.mkdir(exist_ok=True)
        with DONE.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        print(f"{given}, {method}: {record + 1} of {records}, R-hat {found.rhat:.3f}", flush=True)


def table(of: list[Outcome]) -> pd.DataFrame:
    """By parameter, most surprising first: probability of ranks so far from uniform, bias and width, ranks in ten bins."""
    ranks, off, sd = (np.array([getattr(each, part) for each in of]) for part in ("ranks", "off", "sd"))
    found = pd.DataFrame({"p": surprise(ranks), "bias": off.mean(0), "width": off.std(0), "spread": sd.mean(0)}, index=names())
    found["bins"] = [" ".join(map(str, row)) for row in histogram(ranks)]
    return found.sort_values("p")


def page() -> str:
    """What came out."""
    done, rows, parts = finished(), [], []
    for given, where in GIVEN.items():
        for method, what in METHODS.items():
            every = [found for (g, m, _), found in done.items() if (g, m) == (given, method)]
            of = [found for found in every if found.rhat < RHAT]
            if len(of) < BINS:
                continue
            told = table(of)
            worths = told[[name.startswith("worth") for name in told.index]]
            out = int((told["p"] < 1.0 - LEVEL).sum())
            scale, largest = told.loc["scale"], max(found.rhat for found in every)
            cells = [where, what, f"{len(of)} of {len(every)}", f"{out} of {len(told)} ({out / len(told):.1%})",
                     f"{int((worths['p'] < 1.0 - LEVEL).sum())} of {len(worths)}", f"{told['bias'].mean():+.3f}",
                     f"{told['width'].mean():.3f}", f"{scale['bias']:+.2f}, {scale['width']:.2f}",
                     "" if method == "quick" else f"{largest:.3f}"]  # fmt: skip
            rows.append(f"| {' | '.join(cells)} |")
            parts += [f"## Truths {where}, learned by {what}", "", "| Parameter | p | Bias | Width | Ranks, ten bins |",
                      "| --- | ---: | ---: | ---: | :-: |",
                      *(f"| {name} | {row['p']:.2g} | {row['bias']:+.2f} | {row['width']:.2f} | {row['bins']} |"
                        for name, row in told.head(SHOWN).iterrows()), ""]  # fmt: skip
    head = "| Truths | Learned by | Records | Outside | Worths outside | Bias | Width | Scale's | Largest R-hat |"
    ruled = f"| --- | --- |{' --: |' * 7}"
    return "\n".join([INTRODUCTION.format(crises=len(kept.coded())), head, ruled, *rows, "", AFTER, *parts])


INTRODUCTION = """\
# Does the pooled model find what is there?

<!-- Written by benchmarks/pooled_sbc.py. Do not edit: run it again. -->

The [pooled model](pooled.md) is learned from a record whose truth nobody knows. But it can write records of its own: the
answers to the {crises} coded crises, under parameters that are known. They are learned from without a look, and each true value
is ranked among the posterior's draws. If model and inference are one, every rank is equally likely
([Talts et al. 2018](https://arxiv.org/abs/1804.06788)). Truths are drawn from the prior; and from the posterior given the coded
record, which is then learned from together with the written one
([Säilynoja et al. 2025](https://arxiv.org/abs/2502.03279)): that asks where it matters.

*Outside*: ranks leave, anywhere, the band that holds a uniform parameter's whole rank distribution with probability 99 %, so that
one in a hundred is expected by chance. *Bias*: how far the truth lies from the posterior mean, in posterior spreads; *width*: how
far it scatters, 1 where the posterior's width is right, more where it is too sure. The quick posterior knows the scale on a grid
of nine values from 0.25 to 4 only, and is normal around its mode: what ships was sampled by NUTS. Records whose chains
have an R-hat of 1.05 or more are left out, and counted.
"""
AFTER = """
Made by `python benchmarks/pooled_sbc.py --page docs/pooled_sbc.md`, from all records finished so far. Below, the parameters that
surprise most. The folds of the [scores](pooled.md) are learned by the quick posterior, and share its faults.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=0)
    parser.add_argument("--given", choices=sorted(GIVEN), default="prior")
    parser.add_argument("--method", choices=sorted(METHODS), default="quick")
    parser.add_argument("--page", type=Path)
    asked: Any = parser.parse_args()
    work(asked.given, asked.method, asked.records)
    if asked.page is not None:
        write_atomically(asked.page, page().encode())


if __name__ == "__main__":
    main()
