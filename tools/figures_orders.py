"""Every state-level figure of the scenarios `warsaw-pact` and `inter-american`, as figures.py computes the post-Soviet one's.

    python tools/figures_orders.py ORDER --public DIR --history DIR                 # print the TOML tables
    python tools/figures_orders.py ORDER --public DIR --history DIR --check FILE    # does FILE say what we compute?

An order's formulas, weights and coded facts are in figures_warsaw_pact.py and figures_inter_american.py, the data and what
both compute alike in figures_cold_war.py. docs/data.md says how weak each figure is.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import figures_inter_american
import figures_warsaw_pact
from figures_shared import answer, tables

ORDERS = {"warsaw-pact": figures_warsaw_pact, "inter-american": figures_inter_american}


def main() -> int:
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("order", choices=ORDERS)
    words.add_argument("--public", type=Path, required=True, help="folder of the public data pack")
    words.add_argument("--history", type=Path, required=True, help="folder of the coded history")
    words.add_argument("--check", type=Path, help="scenario file to compare with what the data give")
    given = words.parse_args()
    formulas = ORDERS[given.order]
    return answer(tables(formulas, formulas.read(given.public, given.history)), given.check)


if __name__ == "__main__":
    sys.exit(main())
