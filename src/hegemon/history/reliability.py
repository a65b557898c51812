"""How reliable the record is: coders against each other, column by column, and against third parties.

Coders of one codebook, one literature and one machine err alike: their agreement is an upper bound. Third parties see mostly
force and know less: theirs is nearer to a lower one.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from importlib import resources
from itertools import combinations
from typing import TYPE_CHECKING, Any

from hegemon.history.codings import CODED, codings
from hegemon.history.coefficients import alpha, alpha_interval, kappa
from hegemon.history.reading import CODES, LISTS

if TYPE_CHECKING:
    import pandas as pd

GRADED = ("severity", "incumbent_before", "orientation_after", "force_size", "autonomy_change", "coder_confidence")
"""Columns whose codes have an order."""

LEVEL = {
    "abstain": 0, "mediate": 1, "economic_support": 2, "economic_coercion": 2, "security_support": 3, "separatism_support": 3,
    "peacekeeping": 4, "unilateral_force": 5, "collective_force": 5,
}  # fmt: skip
"""How costly an instrument is, as third parties' codes are bounded."""

SHOWN = 2
"""The level of a show of force, which is none of the nine instruments."""

FORCE = ("unilateral_force", "collective_force")
FEWEST = 8
"""Fewest crises in common for which a coefficient is given."""


def columns(told: pd.DataFrame) -> tuple[str, ...]:
    """Columns of `CODED` that a table of codings has."""
    return tuple(column for column in CODED if column in told)


def codes_of(column: str, told: pd.DataFrame) -> tuple[str, ...]:
    """The codes of a column, in their order; of lists, the sets that were given."""
    from hegemon.instruments import NAMES

    if column == "response_primary":
        return NAMES
    if column in LISTS:
        return tuple(sorted({_plain(value, column) for value in told[column]} - {""}))
    return CODES[column]


def paired(told: pd.DataFrame, one: str, other: str, column: str) -> pd.DataFrame:
    """Crises that both coded in a column: crisis_id, state, first, second."""
    first, second = (told[told["coder"] == who].set_index("crisis_id") for who in (one, other))
    both = [name for name in first.index if name in second.index]
    table = first.loc[both, ["state"]].assign(
        first=[_plain(value, column) for value in first.loc[both, column]],
        second=[_plain(value, column) for value in second.loc[both, column]],
    )
    return table[(table["first"] != "") & (table["second"] != "")].reset_index()


def agreement(told: pd.DataFrame, one: str, other: str) -> pd.DataFrame:
    """Two coders, column by column: crises, share that agree, kappa, alpha with its 95 % interval."""
    import pandas as pd

    rows = []
    for column in columns(told):
        found = _coefficients(paired(told, one, other, column), column, codes_of(column, told))
        if found["crises"]:
            rows.append({"column": column, **found})
    return pd.DataFrame(rows)


def together(told: pd.DataFrame, coders: Sequence[str]) -> pd.DataFrame:
    """Alpha over all coders at once, for crises that two or more of them coded."""
    import pandas as pd

    some = told[told["coder"].isin(coders)]
    rows = []
    for column in columns(told):
        groups = [(name, part) for name, part in some.groupby("crisis_id", sort=False) if len(part) > 1]
        units = [[_plain(value, column) for value in part[column]] for _, part in groups]
        states = [part["state"].iloc[0] for _, part in groups]
        known, graded = codes_of(column, told), column in GRADED
        if sum(sum(code != "" for code in unit) > 1 for unit in units) < FEWEST:
            continue
        low, high = alpha_interval(units, known, states, graded)
        rows.append({"column": column, "crises": len(units), "alpha": alpha(units, known, graded), "low": low, "high": high})
    return pd.DataFrame(rows)


def by_group(told: pd.DataFrame, one: str, other: str, column: str, group: str) -> pd.DataFrame:
    """Two coders in one column, apart by the first's kind, decade or confidence (`group`), or any other column."""
    import pandas as pd

    first = told[told["coder"] == one].set_index("crisis_id")
    table = paired(told, one, other, column)
    of = first["start"].str.slice(0, 3) + "0s" if group == "decade" else first[group]
    names: dict[Hashable, pd.DataFrame] = dict(iter(table.groupby(table["crisis_id"].map(of).astype(str))))
    known = codes_of(column, told)
    order = [name for name in (CODES.get(group) or sorted(str(name) for name in names)) if name in names]
    return pd.DataFrame([{group: name, **_coefficients(names[name], column, known)} for name in order])


def confusion(told: pd.DataFrame, one: str, other: str, column: str = "response_primary") -> pd.DataFrame:
    """How often the first coder's code (row) met the second's (column). Both know the same codes, in the codebook's order."""
    import pandas as pd

    table, known = paired(told, one, other, column), codes_of(column, told)
    counts = pd.crosstab(table["first"], table["second"]).reindex(index=known, columns=known, fill_value=0)
    return counts.rename_axis(index=f"coder {one}", columns=f"coder {other}")


def differing(told: pd.DataFrame, one: str, other: str, column: str = "response_primary") -> pd.DataFrame:
    """Crises in which two coders' codes differ."""
    table = paired(told, one, other, column)
    return table[table["first"] != table["second"]].reset_index(drop=True)


def pairs(told: pd.DataFrame) -> list[tuple[str, str]]:
    """Pairs of coders with enough in common; a coding by the house's rules is nobody's second opinion."""
    who = [name for name in sorted(told["coder"].unique()) if name != "rules"]
    ids = {name: set(told.loc[told["coder"] == name, "crisis_id"]) for name in who}
    return [(one, other) for one, other in combinations(who, 2) if len(ids[one] & ids[other]) >= FEWEST]


# ---- Third parties ----


def third_parties() -> pd.DataFrame:
    """What public data sets record of our crises, by rule (tools/third_parties.py); `silent` is missing, not abstention."""
    import pandas as pd

    with resources.files("hegemon.history").joinpath("third_parties.csv").open("r", encoding="utf-8") as file:
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
    for column in ("level_low", "level_high"):
        table[column] = table[column].astype(int)
    return table


def against_third_parties(told: pd.DataFrame | None = None) -> pd.DataFrame:
    """The first coding against third parties, chosen and drawn crises apart and together."""
    import pandas as pd

    first = codings() if told is None else told
    first = first[first["coder"] == "1"]
    table = first.merge(third_parties(), on="crisis_id", suffixes=("", "_third"))
    drawn = table["crisis_id"].str.match(r"[A-Z]{3}-")
    parts = {"chosen": table[~drawn], "drawn": table[drawn], "all": table}
    rows: list[dict[str, Any]] = []
    for name, part in parts.items():
        rows += [{"crises of": name, **row} for row in _third(part)]
    return pd.DataFrame(rows)


def _third(table: pd.DataFrame) -> list[dict[str, Any]]:
    """What can be compared with what third parties record."""
    seen = table[table["observed"] != "silent"]
    ours, theirs = seen["response_primary"], seen["response"]
    level, recorded = ours.map(LEVEL).astype(int), theirs.map(LEVEL).where(seen["observed"] != "display", SHOWN).astype(int)
    whole = table["response_primary"].map(LEVEL).astype(int)
    inside = (table["level_low"] <= whole) & (whole <= table["level_high"])
    rows = [
        _third_row("same instrument", ours, theirs),
        _third_row("force or not", ours.isin(FORCE), theirs.isin(FORCE)),
        _third_row("level, 0 to 5", level, recorded, graded=True),
        {"what": "level within their bounds", "crises": len(table), "agree": float(inside.mean()), "kappa": float("nan")},
    ]
    sided = seen[seen["side"].fillna("").isin(("for", "against")) & seen["side_third"].isin(("for", "against"))]
    if len(sided) >= FEWEST:
        rows.append(_third_row("for or against", sided["side"], sided["side_third"]))
    graded = table[table["severity_third"] != ""]
    rows.append(_third_row("severity", graded["severity"].astype(int), graded["severity_third"].astype(int), graded=True))
    among = [kind in kinds.split(";") for kind, kinds in zip(table["kind"], table["kinds"], strict=True)]
    rows.append({"what": "kind among theirs", "crises": len(table), "agree": sum(among) / len(table), "kappa": float("nan")})
    left = table[table["left_office"] != ""]
    rows.append(_third_row("leader stayed", left["incumbent_survived"].astype(int), 1 - left["left_office"].astype(int)))
    return rows


def _third_row(what: str, ours: pd.Series, theirs: pd.Series, graded: bool = False) -> dict[str, Any]:
    first, second = list(ours), [type(one)(other) for one, other in zip(ours, theirs, strict=True)]
    agree = sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
    return {"what": what, "crises": len(first), "agree": agree, "kappa": kappa(first, second, graded)}


def _coefficients(table: pd.DataFrame, column: str, known: Sequence[str]) -> dict[str, Any]:
    """Share that agree, kappa, alpha and its interval; coefficients are missing where too few crises carry them."""
    first, second, graded = list(table["first"]), list(table["second"]), column in GRADED
    many = len(first)
    agree = sum(a == b for a, b in zip(first, second, strict=True)) / many if many else float("nan")
    nothing = float("nan")
    if many < FEWEST:
        return {"crises": many, "agree": agree, "kappa": nothing, "alpha": nothing, "low": nothing, "high": nothing}
    units = list(zip(first, second, strict=True))
    place = {code: i for i, code in enumerate(known)}
    low, high = alpha_interval(units, known, list(table["state"]), graded)
    return {
        "crises": many, "agree": agree, "kappa": kappa([place[c] for c in first], [place[c] for c in second], graded),
        "alpha": alpha(units, known, graded), "low": low, "high": high,
    }  # fmt: skip


def _plain(value: Any, column: str) -> str:
    """A code as text; lists in one order; empty where nothing is coded."""
    import pandas as pd

    if pd.isna(value):
        return ""
    text = str(value)
    return ";".join(sorted(part.strip() for part in text.split(";"))) if column in LISTS else text
