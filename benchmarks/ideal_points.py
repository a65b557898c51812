"""Dynamic ideal points of all UN members against the published ones (Bailey, Strezhnev and Voeten, release of April 2020).

    python benchmarks/ideal_points.py --public DIR [--from 1992 --to 2014] [--nuts] [--json]

Wall time, correlation over all state-years, by year, and of the post-Soviet states. With --nuts also the same by Hamiltonian
Monte Carlo (many minutes): how far the quick way lies from the thorough one.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from hegemon.evidence import ideal_points, read_ideal_points, read_votes

POST_SOVIET = ["RUS", "ARM", "AZE", "BLR", "EST", "GEO", "KAZ", "KGZ", "LTU", "LVA", "MDA", "TJK", "TKM", "UKR", "UZB"]


def correlation(table: Any, one: str, other: str) -> float:
    return round(float(np.corrcoef(table[one], table[other])[0, 1]), 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given = os.environ.get("HEGEMON_PUBLIC_DATA")
    parser.add_argument("--public", type=Path, default=given and Path(given), required=given is None)
    parser.add_argument("--from", dest="first", type=int, default=1992)
    parser.add_argument("--to", dest="last", type=int, default=2014)
    parser.add_argument("--nuts", action="store_true", help="compare with Hamiltonian Monte Carlo")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    told = parser.parse_args()

    def tell(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    votes = read_votes(told.public / "un_votes.parquet")
    began = time.perf_counter()
    points = ideal_points(votes, told.first, told.last, tell=tell)
    wall = time.perf_counter() - began
    published = read_ideal_points(told.public / "un_ideal_points.parquet", "2020-04", "all_by_session")
    published = published.rename(columns={"iso3": "state", "point": "published"}).drop(columns="votes")
    both = points.merge(published, on=["state", "year"])
    for column in ("point", "published"):  # where a state stands in the chamber of its year
        by_year = both.groupby("year")[column]
        both[f"{column}_in_year"] = (both[column] - by_year.transform("mean")) / by_year.transform("std")
    near = both[both["state"].isin(POST_SOVIET)]
    found: dict[str, Any] = {
        "wall_seconds": round(wall, 1),
        "made": points.attrs,
        "state_years": len(both),
        "correlation": correlation(both, "point", "published"),
        "by_year": {int(year): correlation(rows, "point", "published") for year, rows in both.groupby("year")},
        "spread_by_year": {
            int(year): [round(float(rows["point"].std()), 2), round(float(rows["published"].std()), 2)]
            for year, rows in both.groupby("year")
        },
        "post_soviet": correlation(near, "point", "published"),
        "by_state": {
            str(state): {
                "correlation": correlation(rows, "point", "published"),
                "correlation_in_year": correlation(rows, "point_in_year", "published_in_year"),
                "first": round(float(rows["point"].iloc[0]), 2),
                "last": round(float(rows["point"].iloc[-1]), 2),
                "published_first": round(float(rows["published"].iloc[0]), 2),
                "published_last": round(float(rows["published"].iloc[-1]), 2),
                "median_sd": round(float(rows["sd"].median()), 3),
            }
            for state, rows in near.groupby("state")
        },
        "median_sd": round(float(points["sd"].median()), 3),
    }
    if told.nuts:
        began = time.perf_counter()
        slow = ideal_points(votes, told.first, told.last, method="nuts", tell=tell)
        pair = points.merge(slow, on=["state", "year"], suffixes=("", "_nuts"))
        found["nuts"] = {
            "wall_seconds": round(time.perf_counter() - began, 1),
            "made": slow.attrs,
            "correlation": correlation(pair, "point", "point_nuts"),
            "largest_difference_in_sd": round(
                float(((pair["point"] - pair["point_nuts"]) / pair["sd_nuts"]).abs().max()), 2
            ),
            "median_ratio_of_sd": round(float((pair["sd"] / pair["sd_nuts"]).median()), 3),
            "correlation_with_published": correlation(
                slow.merge(published, on=["state", "year"]), "point", "published"
            ),
        }
    if told.json:
        print(json.dumps(found, indent=1))
        return
    print(f"{found['wall_seconds']} s, {len(both)} state-years, correlation {found['correlation']}")
    print("by year: " + ", ".join(f"{year} {value:.3f}" for year, value in found["by_year"].items()))
    print(f"post-Soviet states: {found['post_soviet']}; median sd of all {found['median_sd']}")
    print("state  correlation  first (published)  last (published)  median sd")
    for state, row in found["by_state"].items():
        first, last = (f"{row[k]:5.2f} ({row[f'published_{k}']:5.2f})" for k in ("first", "last"))
        print(f"{state}    {row['correlation']:6.3f}       {first}      {last}     {row['median_sd']:.3f}")
    if told.nuts:
        print(f"nuts: {found['nuts']}")


if __name__ == "__main__":
    main()
