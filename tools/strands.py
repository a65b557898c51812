"""Do three strands observe three states? Out of sample: python tools/strands.py --public DIR --page docs/strands.md

At each origin the order is learned from what was known then, with and without the strands (a normal approximation), and the years
after are foretold. Finished parts are kept under results/, so that the same command goes on. `--origins` and `--parts` take some.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
import pandas as pd

from hegemon import load, quarters, runtime
from hegemon.evidence import orientation
from hegemon.files import write_atomically
from hegemon.history import coded
from hegemon.order import Order
from hegemon.studies.provenance import code
from strands_arms import ARMS, RULED_OUT, Fit, fitted
from strands_claim import claimed
from strands_model import OF_STRANDS
from strands_scores import tied, timed
from strands_table import arguments, measured
from strands_words import page

ORIGINS = ("2009Q4", "2004Q4")
"""Quarters at whose close parameters are learned; the first decides, the second must agree."""

PARTS = ("fits", "claim", "ties", "timing")


class Bench:
    """What all parts need, and where what is finished is kept."""

    def __init__(self, public: Path, history: Path, origins: tuple[str, ...]) -> None:
        runtime.prepare()
        self.order: Order = load("post-soviet")
        self.seen, self.table = orientation(), measured(public, history)
        self.record = coded(self.order.scenario)
        self.origins = origins
        of = f"{code()}{self.order.hash}{self.table.to_csv()}{self.seen.to_csv()}{list(OF_STRANDS.items())}"
        self.folder = Path("results") / f"strands-{hashlib.sha256(of.encode()).hexdigest()[:12]}"
        self.folder.mkdir(parents=True, exist_ok=True)

    def arms(self, origin: str) -> tuple[str, ...]:
        """What is learned at an origin: all arms at the first, later those that it has not ruled out."""
        return tuple(arm for arm in ARMS if origin == ORIGINS[0] or arm != RULED_OUT)

    def fit(self, origin: str, arm: str) -> Fit:
        """An arm's posterior at an origin, or the one that is there."""
        file = self.folder / f"{origin}-{arm}.npz"
        if file.is_file():
            with np.load(file) as kept:
                return Fit(kept["mode"], kept["root"])
        first = None if arm == ARMS[0] else self.fit(origin, ARMS[0]).mode
        found = fitted(self.order, origin, self.record, self.seen, self.table, arm, first)
        np.savez(file, mode=found.mode, root=found.root)
        print(f"{origin} {arm}: learned", flush=True)
        return found

    def found(self, part: str, origin: str) -> pd.DataFrame:
        """A part at an origin, all arms in one table, of the files that are there or are made now."""
        return pd.concat([self.kept(part, origin, arm) for arm in self.arms(origin)], ignore_index=True)

    def kept(self, part: str, origin: str, arm: str) -> pd.DataFrame:
        """A part of one arm."""
        file = self.folder / f"{origin}-{arm}-{part}.csv"
        if not file.is_file():
            self.made(part, origin, arm).assign(arm=arm).to_csv(file, index=False)
            print(f"{origin} {arm}: {part}", flush=True)
        return pd.read_csv(file, keep_default_na=False)

    def made(self, part: str, origin: str, arm: str) -> pd.DataFrame:
        """The same, anew."""
        fit = self.fit(origin, arm)
        if part == "claim":
            return claimed(self.order, self.seen, self.table, origin, fit, arm)
        if part == "ties":
            return tied(self.order, origin, self.seen, fit)
        return timed(self.order, self.seen, quarters.shift(origin, 1), fit)


def main() -> None:
    """Measure what is not there yet, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments(parser)
    parser.add_argument("--page", type=Path)
    parser.add_argument("--origins", nargs="+", default=ORIGINS)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    told = parser.parse_args()
    bench = Bench(told.public, told.history, tuple(told.origins))
    for origin in bench.origins:
        for arm in bench.arms(origin):
            bench.fit(origin, arm)
        for part in told.parts:
            if part != "fits":
                bench.found(part, origin)
    if told.page is not None:
        text = told.page.read_text(encoding="utf-8")
        head = text[: text.index("## Measured")]
        fits = {origin: {arm: bench.fit(origin, arm) for arm in bench.arms(origin)} for origin in bench.origins}
        found = {part: {origin: bench.found(part, origin) for origin in bench.origins} for part in PARTS[1:]}
        write_atomically(told.page, (head + page(bench.table, fits, **found)).encode())


if __name__ == "__main__":
    main()
