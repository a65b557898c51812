"""A sweep told: as one document, as tables in files, and boxes in words."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hegemon.experiments.sensitivity.discovery import Box, Limit
from hegemon.experiments.sensitivity.sweep import Sweep, value_at
from hegemon.files import write_atomically

if TYPE_CHECKING:
    import pandas as pd

WHOLE = 1e-9
"""A limit so near the end of a prior is none."""


def unit_of(name: str) -> str:
    """A parameter's unit."""
    from hegemon.mechanisms import PRIORS

    return PRIORS[name].unit


def limit_in_words(name: str, limit: Limit) -> str:
    """ "red_line.doctrine above 0.21 (log-odds; upper 64 % of its prior; quasi-p 2e-05)"."""
    low, high = (f"{value_at(name, q):.3g}".replace("-", "\u2212") for q in (limit.low, limit.high))
    if limit.low <= WHOLE:
        said, part = f"below {high}", f"lower {limit.high:.0%}"
    elif limit.high >= 1.0 - WHOLE:
        said, part = f"above {low}", f"upper {1.0 - limit.low:.0%}"
    else:
        said, part = f"between {low} and {high}", f"from {limit.low:.0%} to {limit.high:.0%}"
    return f"{name} {said} ({unit_of(name)}; {part} of its prior; quasi-p {limit.p:.1g})"


def box_in_words(box: Box, words: str) -> str:
    """A box, with how well it does among the sets that judge it."""
    found = " and ".join(limit_in_words(name, limit) for name, limit in box.limits.items())
    judged = box.judged
    return (
        f"Where {found}: {words} in {judged.density:.0%} of sets (density), and {judged.coverage:.0%} of all sets where it "
        f"is so lie here (coverage); by {judged.sets:,} sets that took no part in the search."
    )


def verdict(sweep: Sweep) -> str:
    """What came of the search for boxes, in a sentence."""
    found, condition = sweep.study.found, sweep.condition
    if found is None or condition is None:
        return ""
    share = f"{condition.words[:1].upper()}{condition.words[1:]} holds in {found.holds:,} of {found.sets:,} sets"
    if found.boxes:
        return f"{share} ({found.holds / found.sets:.0%})."
    if found.holds in (0, found.sets):
        return f"{share}: there is nothing to tell apart."
    return f"{share}, and no box of parameters tells them from the rest."


def numbers(table: pd.DataFrame, **where: Any) -> list[dict[str, Any]]:
    """Rows of a table, ready for JSON: six digits, None for nan."""
    rows = []
    for label, row in table.iterrows():
        values = {str(k): None if math.isnan(v) else float(f"{v:.6g}") for k, v in row.items()}
        rows.append({**where, str(table.index.name): str(label), **values})
    return rows


def document(sweep: Sweep) -> dict[str, Any]:
    """Everything that was found, ready for JSON."""
    study = sweep.study
    told: list[dict[str, Any]] = []
    for outcome in sweep.outcomes:
        entry: dict[str, Any] = {"outcome": outcome.text, "words": outcome.words}
        entry |= {k: v for k, v in numbers(study.luck.loc[[outcome.text]])[0].items() if k != "outcome"}
        for name in ("indices", "effects", "importance", "swings"):
            table = getattr(study, name)
            if table is not None:
                entry[name] = numbers(table.loc[outcome.text])
        if study.importance is not None:
            notes = study.importance.attrs[outcome.text]
            entry["importance_of"] = {k: v if isinstance(v, str) or v == v else None for k, v in notes.items()}
        told.append(entry)
    found: dict[str, Any] = {**{k: v for k, v in sweep.made.items() if k != "scenario_text"}, "outcomes": told}
    if study.found is not None and sweep.condition is not None:
        found["discovery"] = {
            "condition": sweep.condition.text, "holds": study.found.holds, "sets": study.found.sets,
            "said": verdict(sweep), "boxes": [_box(box, sweep.condition.words) for box in study.found.boxes],
        }  # fmt: skip
    return found


def _box(box: Box, words: str) -> dict[str, Any]:
    limits = [
        {"parameter": name, "unit": unit_of(name), "low": _value(name, limit.low), "high": _value(name, limit.high),
         "low_quantile": round(limit.low, 6), "high_quantile": round(limit.high, 6), "quasi_p": limit.p}
        for name, limit in box.limits.items()
    ]  # fmt: skip
    scores = {which: {"coverage": round(s.coverage, 6), "density": round(s.density, 6), "inside": s.inside, "sets": s.sets}
              for which, s in (("found", box.found), ("judged", box.judged))}  # fmt: skip
    return {"said": box_in_words(box, words), "limits": limits, **scores}


def _value(name: str, quantile: float) -> float | None:
    """A limit in the parameter's unit; None where there is none."""
    return None if quantile <= WHOLE or quantile >= 1.0 - WHOLE else float(f"{value_at(name, quantile):.6g}")


def write_tables(sweep: Sweep, folder: Path) -> None:
    """Every table as CSV, and the sets with their outcomes as Parquet."""
    import pandas as pd

    study = sweep.study
    for name in ("luck", "indices", "effects", "importance", "swings"):
        table = getattr(study, name)
        if table is not None:
            write_atomically(folder / f"{name}.csv", table.to_csv(float_format="%.6g").encode())
    unit = study.design.unit
    columns = {name: np.asarray(unit[:, axis], np.float32) for axis, name in enumerate(study.design.space.names)}
    means = study.values.astype(float).mean(1)
    asked = {outcome.text: means[:, m] for m, outcome in enumerate(sweep.outcomes)}
    draft = folder / "sets.parquet.part"
    pd.DataFrame({**columns, **asked}).to_parquet(draft, index=False, compression="zstd")
    draft.replace(folder / "sets.parquet")
