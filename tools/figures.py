"""Every state-level figure of the post-Soviet scenario, computed from public data and coded history.

    python tools/figures.py --public DIR --history DIR                     # print the TOML tables
    python tools/figures.py --public DIR --history DIR --check FILE        # does FILE say what we compute?

The formulas and their weights are in figures_formulas.py, the data and a few coded facts in
figures_evidence.py: disagree with one, change it, rerun. docs/data.md says what each figure is and how weak.
Other orders: figures_orders.py.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import figures_formulas
from figures_evidence import Evidence
from figures_shared import answer, tables


def main() -> int:
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--public", type=Path, required=True, help="folder of the public data pack")
    words.add_argument("--history", type=Path, required=True, help="folder of the coded history")
    words.add_argument("--check", type=Path, help="scenario file to compare with what the data give")
    given = words.parse_args()
    return answer(tables(figures_formulas, Evidence.read(given.public, given.history)), given.check)


if __name__ == "__main__":
    sys.exit(main())
