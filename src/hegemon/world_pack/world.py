"""What a pack says of a state or a pair in some years. States are named by ISO 3166 alpha-3; a fact that nobody knows is NaN."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hegemon.errors import UnknownState, did_you_mean, shown
from hegemon.world_pack.manifest import FIRST, LAST, OTHERS, STATES

if TYPE_CHECKING:
    import pandas as pd

Numbers = npt.NDArray[np.float64]

SPAN = LAST - FIRST + 1
DEFENCE, CONSULTATION = 1, 16
"""Bits of a treaty."""

NONE = 255
"""No organisation known, no vote in common."""

SAME = {"SUN": "RUS"}
"""Codes of the same state in a pack."""

OF_THEN = {"SUN": "Soviet Union"}
"""Names that such a code says."""


class Yearly:
    """A table of pair-years as one array a column: a row a pair, a column a year."""

    def __init__(self, table: pd.DataFrame, columns: Iterable[str]) -> None:
        key = table["ccode1"].to_numpy(np.int64) * 1000 + table["ccode2"].to_numpy(np.int64)
        pairs = np.unique(key)
        self.row = {int(pair): number for number, pair in enumerate(pairs)}
        at = np.searchsorted(pairs, key), table["year"].to_numpy(np.int64) - FIRST
        self.value: dict[str, npt.NDArray[np.float32]] = {}
        for column in columns:
            self.value[column] = np.full((len(pairs), SPAN), np.nan, np.float32)
            self.value[column][at] = table[column].to_numpy("float32")

    def get(self, column: str, one: int, two: int, years: Iterable[int]) -> Numbers:
        """The values of some years."""
        at = np.asarray(list(years), int) - FIRST
        row = self.row.get(one * 1000 + two)
        if row is None:
            return np.full(len(at), np.nan)
        inside = (at >= 0) & (at < SPAN)
        return np.where(inside, self.value[column][row, np.clip(at, 0, SPAN - 1)], np.nan).astype(float)


class World:
    """A pack, ready to be asked."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        import pandas as pd

        states = tables["states"]
        self.until = int(states["year"].max())  # the last year of any state
        self._codes: dict[str, dict[int, int]] = defaultdict(dict)
        for iso, year, code in zip(
            states["iso3"].astype(str), states["year"].astype(int), states["ccode"].astype(int), strict=True
        ):
            self._codes[iso][year] = code
        self._names = dict(zip(states["ccode"].astype(int), states["name"].astype(str), strict=True))
        self._panel = Yearly(states.assign(ccode1=0, ccode2=states["ccode"]), STATES)
        trade = tables["trade"]
        sides = ["imports_1_from_2", "imports_2_from_1"]
        trade = trade.assign(sum=trade[sides].sum(axis=1, min_count=1))
        self._trade = Yearly(trade, ["sum", *sides])
        ends = [trade[[side, "year", "sum"]].rename(columns={side: "ccode2"}) for side in ("ccode1", "ccode2")]
        abroad = pd.concat(ends).groupby(["ccode2", "year"])["sum"].sum().reset_index().assign(ccode1=0)
        self._abroad = Yearly(abroad, ["sum"])
        self._ties = Yearly(tables["ties"], OTHERS["ties"])
        self._pairs: dict[tuple[int, int, str], list[tuple[int, int, float]]] = defaultdict(list)
        pairs = tables["pairs"]
        for one, two, what, first, last, value in zip(
            pairs["ccode1"],
            pairs["ccode2"],
            pairs["what"].astype(str),
            pairs["from"],
            pairs["to"],
            pairs["value"],
            strict=True,
        ):
            self._pairs[int(one), int(two), what].append((int(first), int(last), float(value)))
        self.has_contiguity = any(what == "contiguity" for _, _, what in self._pairs)
        self._kin: dict[tuple[int, int], list[tuple[int, int, float]]] = defaultdict(list)
        for k in tables["kin"].to_dict("records"):
            self._kin[int(k["ccode1"]), int(k["ccode2"])].append((int(k["from"]), int(k["to"]), float(k["share"])))
        self._disputes: dict[tuple[int, int], list[tuple[int, int, int, int]]] = defaultdict(list)
        begun = tables["disputes"]
        for d in begun[(begun["onset"] == 1) & (begun["source"].astype(str) == "cow5")].to_dict("records"):
            said = int(d["year"]), int(d["hostlev1"]), int(d["hostlev2"]), int(d["hostlev"])
            self._disputes[int(d["ccode1"]), int(d["ccode2"])].append(said)

    @property
    def states(self) -> tuple[str, ...]:
        """Every code of the pack."""
        return tuple(sorted(self._codes))

    def known(self, iso: str) -> bool:
        """Whether a code is a state's."""
        return SAME.get(iso, iso) in self._codes

    def cow(self, iso: str, year: int) -> int:
        """The Correlates of War number in a year, or in the nearest one in which the state was there."""
        own = self._codes.get(SAME.get(iso, iso))
        if not own:
            raise UnknownState(f"{shown(iso)} is no state of {FIRST} to {LAST}", did_you_mean(iso, self._codes))
        return own[year] if year in own else own[min(own, key=lambda each: (abs(each - year), each))]

    def first(self, iso: str) -> int:
        """First year in which it is a state."""
        self.cow(iso, FIRST)
        return min(self._codes[SAME.get(iso, iso)])

    def last(self, iso: str) -> int:
        """Last year in which it is a state."""
        self.cow(iso, LAST)
        return max(self._codes[SAME.get(iso, iso)])

    def name(self, iso: str, year: int) -> str:
        """Its name in a year."""
        return OF_THEN.get(iso, self._names[self.cow(iso, year)])

    def code_of(self, ccode: int, year: int) -> str | None:
        """The alpha-3 code of a number in a year."""
        return next((iso for iso, own in self._codes.items() if own.get(year) == ccode), None)

    def state(self, iso: str, column: str, years: Iterable[int]) -> Numbers:
        """A fact about a state in some years."""
        span = list(years)
        return self._panel.get(column, 0, self.cow(iso, max(span)), span)

    def pair_of(self, one: str, two: str, year: int) -> tuple[int, int, bool]:
        """The numbers of a pair in ascending order, and whether that turned it."""
        a, b = self.cow(one, year), self.cow(two, year)
        return (a, b, False) if a < b else (b, a, True)

    def flow(self, one: str, two: str, years: Iterable[int]) -> Numbers:
        """Imports and exports between two states, million USD; NaN where neither is known."""
        span = list(years)
        return self._trade.get("sum", *self.pair_of(one, two, max(span))[:2], span)

    def trade_of(self, one: str, two: str, year: int, column: str) -> float:
        """One direction of trade in a year, as the table has it: first and second in the order of their numbers."""
        return float(self._trade.get(column, *self.pair_of(one, two, year)[:2], [year])[0])

    def total(self, iso: str, years: Iterable[int]) -> Numbers:
        """Total trade: the larger of the national total and the sum of its pairs."""
        span = list(years)
        national = self.state(iso, "imports_musd", span) + self.state(iso, "exports_musd", span)
        return np.fmax(national, self._abroad.get("sum", 0, self.cow(iso, max(span)), span))

    def tie(self, one: str, two: str, years: Iterable[int], column: str) -> Numbers:
        """A column of the ties between two states in some years."""
        span = list(years)
        return self._ties.get(column, *self.pair_of(one, two, max(span))[:2], span)

    def allied(self, one: str, two: str, year: int, bits: int = DEFENCE) -> bool:
        """Whether a treaty with any of the obligations is in force."""
        value = self.tie(one, two, [year], "atop")[0]
        return bool(np.isfinite(value) and int(value) & bits)

    def agreement(self, one: str, two: str, years: Iterable[int]) -> float:
        """Share of identical votes, years weighed by votes in common."""
        span = list(years)
        share, common = self.tie(one, two, span, "un_agree"), self.tie(one, two, span, "un_common")
        good = np.isfinite(share) & (share < NONE) & (common > 0)
        return float(np.average(share[good] / 200, weights=common[good])) if good.any() else float("nan")

    def pair(self, one: str, two: str, what: str, year: int) -> float:
        """A fact about a pair in a year, or the one after: a state's first year is often in part another's."""
        a, b, _ = self.pair_of(one, two, year)
        good = [value for first, last, value in self._pairs.get((a, b, what), ()) if first <= year + 1 and last >= year]
        return good[-1] if good else float("nan")

    def freed(self, iso: str, ruler: str, year: int) -> tuple[int, bool] | None:
        """The year in which a state had left another's rule, and whether by violence; None: it never was under it."""
        one, two, turned = self.pair_of(iso, ruler, year)
        spells = self._pairs.get((one, two, "freed_from_1" if turned else "freed_from_2"), ())
        good = [(first, value == 2) for first, _, value in spells if first <= year + 1]
        return good[-1] if good else None

    def fights(self, one: str, two: str, first: int, last: int) -> list[tuple[int, int]]:
        """Disputes begun in some years, as hostility of the first state and the higher of the two."""
        a, b, turned = self.pair_of(one, two, last)
        found = self._disputes.get((a, b), ())
        return [(second if turned else own, top) for year, own, second, top in found if first <= year <= last]

    def kin(self, patron: str, iso: str, year: int) -> float:
        """Part of a state's people in groups named like one that rules the patron."""
        own = self._kin.get((self.cow(patron, year), self.cow(iso, year)), ())
        return sum(share for first, last, share in own if first <= year <= last)


def known(values: Numbers) -> float:
    """Mean of what is known; NaN where nothing is."""
    good = values[np.isfinite(values)]
    return float(good.mean()) if len(good) else float("nan")


def told(value: float) -> Any:
    """A number, or None where nobody knows it."""
    return None if not np.isfinite(value) else float(value)
