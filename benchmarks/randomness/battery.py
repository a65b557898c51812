"""TestU01's SmallCrush in the orders an ensemble uses, tests of adjacent words, and a control that must fail.

make && python battery.py           everything; writes result.json and the table in README.md
python battery.py --crush           TestU01's Crush as well, in two orders (about an hour)
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from check import BUILD, differences, numbers, shape, sites
from nearby import nearby, two_sided

HERE = Path(__file__).parent
SEEDS = (1, 20220105, 2**63 + 977)
CONTROL = (1,)
LEVEL = 0.01
"""A family of tests fails if its smallest p-value, times their number, is below this."""
CERTAIN = 1e-10
"""A single p-value below this is a failure whatever else was tested (L'Ecuyer and Simard 2007)."""


def orders(seed: int) -> dict[str, str]:
    """Counters fastest first. `seeds` takes consecutive seeds, the others consecutive runs."""
    count, quarters = sum(sites().values()), shape()[1]
    plain = {
        "draws": f"d{count},q{quarters},r0,s1@{seed}",
        "runs": f"r16384,d{count},q{quarters},s0@{seed}",
        "quarters": f"q{quarters},d{count},r0,s1@{seed}",
        "seeds": f"s16384@{seed},d{count},q{quarters},r0",
        "one draw": f"q{quarters},r0,d1@0,s1@{seed}",
    }
    return plain | {f"{name}, reversed": f"~{order}" for name, order in plain.items()}


def testu01(generator: str, order: str, battery: str) -> list[tuple[str, float]]:
    """Names and two-sided p-values of a battery. TestU01 gives the upper tail."""
    listed = ",".join(str(n) for n in numbers(sites(), shape()[0]).ravel())
    command = [str(BUILD / "crush"), generator, order, battery, listed]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.strip().splitlines()[-1])["p"]
    return [(name, two_sided(p, 1.0 - p)) for name, p in found]


def verdict(tests: list[tuple[str, float]], of: int) -> dict[str, Any]:
    """What failed, when `of` p-values are looked at together."""
    failed = [name for name, p in tests if p < CERTAIN or p * of < LEVEL]
    name, least = min(tests, key=lambda test: test[1])
    return {
        "tests": len(tests),
        "smallest": float(f"{least:.3g}"),
        "smallest_test": name,
        "failed": failed,
        "p": [float(f"{p:.3g}") for _, p in tests],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--crush", action="store_true")
    options = parser.parse_args()
    blocks = 300
    wrong = differences(blocks, np.random.default_rng(20220105))
    if wrong:
        print(f"dice.c is not hegemon.dice: {wrong} of {blocks} blocks differ", file=sys.stderr)
        return 1
    if not (BUILD / "crush").exists():
        print("TestU01 is missing (make says why): only the tests of adjacent words are run", file=sys.stderr)
    began = time.perf_counter()
    plans: list[tuple[str, str, int, str, str]] = []
    for generator, seeds in (("dice", SEEDS), ("pcg4d", CONTROL)):
        for seed in seeds:
            plans.append((generator, "adjacent", seed, "all axes", ""))
            if (BUILD / "crush").exists():
                plans += [(generator, "SmallCrush", seed, *order) for order in orders(seed).items()]
    if options.crush:
        longer = ("runs", "draws, reversed")
        plans += [("dice", "Crush", SEEDS[0], name, orders(SEEDS[0])[name]) for name in longer]

    def one(plan: tuple[str, str, int, str, str]) -> list[tuple[str, float]]:
        generator, battery, seed, _, order = plan
        return list(nearby(generator, seed).items()) if not order else testu01(generator, order, battery)

    with ThreadPoolExecutor(options.jobs) as pool:
        found = list(pool.map(one, plans))
    families: dict[tuple[str, str], int] = {}
    for plan, tests in zip(plans, found, strict=True):
        families[plan[:2]] = families.get(plan[:2], 0) + len(tests)
    rows = [
        {"generator": g, "battery": b, "seed": str(s), "order": name, **verdict(tests, families[g, b])}
        for (g, b, s, name, _), tests in zip(plans, found, strict=True)
    ]
    failed = any(row["failed"] for row in rows if row["generator"] == "dice")
    toothless = not any(row["failed"] for row in rows if row["generator"] == "pcg4d")
    result = {
        "dice": "fails" if failed else "passes",
        "control": "passes: the battery has no teeth" if toothless else "fails, as it must",
        "rule": f"a test fails if p < {CERTAIN:g} or p x (tests of its battery) < {LEVEL:g}; p two-sided",
        "port": f"{blocks} random blocks equal to hegemon.dice",
        "seconds": round(time.perf_counter() - began),
        "names": {plan[1]: [name for name, _ in tests] for plan, tests in zip(plans, found, strict=True)},
        "rows": rows,
    }
    text = json.dumps(result, indent=1)
    for wide, narrow in ((",\n    ", ", "), ("[\n    ", "["), ("\n   ]", "]")):  # lists on one line
        text = text.replace(wide, narrow)
    (HERE / "result.json").write_text(text + "\n")
    write_table(rows)
    print(f"dice {result['dice']}; control {result['control']}; {result['seconds']} s")
    return int(failed or toothless)


def write_table(rows: list[dict[str, Any]]) -> None:
    """The table of README.md, between its two marks."""
    lines = ["| words of | battery | order | p-values | smallest | fails |", "| --- " * 6 + "|"]
    for generator, battery, order in dict.fromkeys((r["generator"], r["battery"], r["order"]) for r in rows):
        these = [r for r in rows if (r["generator"], r["battery"], r["order"]) == (generator, battery, order)]
        failed = sorted({name.split(": ")[-1] for r in these for name in r["failed"]})
        least, many = min(r["smallest"] for r in these), sum(r["tests"] for r in these)
        cells = (generator, battery, order, str(many), f"{least:.2g}", ", ".join(failed) or "none")
        lines.append("| " + " | ".join(cells) + " |")
    page = HERE / "README.md"
    before, mark, rest = page.read_text().partition("<!-- table -->")
    _, end, after = rest.partition("<!-- end -->")
    page.write_text("\n".join([before + mark, *lines, end + after]))


if __name__ == "__main__":
    sys.exit(main())
