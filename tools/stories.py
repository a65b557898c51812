"""Writes the five stories of the explorer from results:

    python tools/stories.py --run FOLDER --kazakhstan FOLDER --pact FOLDER --rivals FOLDER

into src/hegemon/stories. The results are those of `hegemon run post-soviet`, `hegemon compare kazakhstan-2022 kazakhstan-alone`
and `hegemon compare post-soviet --without pact` and `--without rivals`, each `--runs 512 --seed 7`; what is said of predictions
is read from what `tools/trust.py` has written. No number in a story is typed by hand.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import hegemon
from hegemon import stories
from hegemon.files import write_atomically
from hegemon.order import Order, load
from hegemon.sentences import trust
from hegemon.studies.compare.compute import compare
from hegemon.studies.compare.sentences import carriers as measured
from story_comparisons import kazakhstan, pact
from story_failures import failures
from story_histories import baltic, limited
from story_sources import Pair, Source

TARGET = Path(stories.__file__).parent
CARRIERS = ("support", "doctrine", "regard", "learning", "capacity", "alignment")
"""Mechanisms of which the story says how much of a difference they carry."""


def carriers(first: Order, second: Order, quarter: str) -> list[dict[str, Any]]:
    """What carries the difference in Kazakhstan's room."""
    found = measured(compare(first, second, 256, 7, at=quarter, why=True), quarter, "autonomy", "KAZ")
    return [{"mechanism": name, "title": found[name].title, "share": round(found[name].share, 4)} for name in CARRIERS]


def main() -> None:
    """Read the results, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("run", "kazakhstan", "pact", "rivals"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--carried", type=Path, help="what carries the difference, kept here and not computed again")
    given = parser.parse_args()
    run, pairs = (
        Source(hegemon.open(given.run)),
        {name: Pair(hegemon.open(getattr(given, name))) for name in ("kazakhstan", "pact", "rivals")},
    )
    kept = given.carried
    if kept is not None and kept.is_file():
        shares = json.loads(kept.read_text("utf-8"))
    else:
        shares = carriers(load("kazakhstan-2022"), load("kazakhstan-alone"), pairs["kazakhstan"].last)
        if kept is not None:
            kept.write_text(json.dumps(shares), "utf-8")

    def made(*of: Source | Pair) -> dict[str, str]:
        return {
            one.name: f"version {one.of.made['version']}, code {one.of.made['code']}, scenario "
            + " and ".join(order.hash for order in one.of.question.orders().values())
            for one in of
        }

    told = [
        limited(run, made(run)),
        kazakhstan(pairs["kazakhstan"], run, shares, made(pairs["kazakhstan"], run)),
        pact(pairs["pact"], made(pairs["pact"])),
        baltic(run, pairs["rivals"], made(run, pairs["rivals"])),
        failures(run, {"tools/trust.py": ", ".join(trust.found()["made"])}),
    ]
    for story in told:
        write_atomically(
            TARGET / f"{story.name}.json",
            (json.dumps(story.plain(), separators=(",", ":"), ensure_ascii=False) + "\n").encode(),
        )


if __name__ == "__main__":
    main()
