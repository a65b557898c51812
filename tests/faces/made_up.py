"""A run of an order with made-up numbers, for tests of how it is shown."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from hegemon import history
from hegemon.pages.order import OrderInfo
from hegemon.studies.run import figures, page, words
from hegemon.studies.run.question import RunQuestion
from hegemon.studies.run.result import Runs

NEIGHBOURS = {
    "ARM": "Armenia",
    "AZE": "Azerbaijan",
    "BLR": "Belarus",
    "EST": "Estonia",
    "GEO": "Georgia",
    "KAZ": "Kazakhstan",
    "KGZ": "Kyrgyzstan",
    "LTU": "Lithuania",
    "LVA": "Latvia",
    "MDA": "Moldova",
    "TJK": "Tajikistan",
    "TKM": "Turkmenistan",
    "UKR": "Ukraine",
    "UZB": "Uzbekistan",
}
POLES = {"russia": "Russia", "west": "The West", "china": "China", "regional": "Regional powers"}
KINDS = ["uprising", "turnover", "rival_turn", "secession", "interstate", "dispute"]
INSTRUMENTS = [
    "abstain",
    "mediate",
    "economic_support",
    "security_support",
    "economic_coercion",
    "separatism_support",
    "peacekeeping",
    "unilateral_force",
    "collective_force",
]
BY_STATE = ["autonomy", "fear", "legitimacy", "openness", "integration", "dependence", "multivector"]
BY_ORDER = ["capacity", "doctrine", "hierarchy", "overstretch"]
LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95]
RUNS = 2000
ORDER = OrderInfo(
    title="Russia and the post-Soviet space",
    question="How much foreign policy does Russia leave its neighbours, & by which means does it hold them?",
    patron="Russia",
    states=NEIGHBOURS,
    poles=POLES,
    region="post-soviet",
)


def made_up_summary(first: int = 1992, last: int = 2022) -> xr.Dataset:
    """An ensemble's summary in shape, and in nothing else: smooth wanderings, widening bands, float32."""
    rng = np.random.default_rng(7)
    quarters = [f"{y}Q{q}" for y in range(first, last + 1) for q in (1, 2, 3, 4)][: 4 * (last - first) + 1]
    clock = np.linspace(0, 1, len(quarters))

    def wander(*lead: int) -> tuple[np.ndarray, np.ndarray]:
        start, end = rng.uniform(0.1, 0.8, (*lead, 1)), rng.uniform(0.1, 0.8, (*lead, 1))
        path = start + (end - start) * clock + np.cumsum(rng.normal(0, 0.006, (*lead, len(quarters))), axis=-1)
        spread = 0.03 + 0.18 * np.sqrt(clock)
        offsets = np.array([-1.6, -0.67, 0.0, 0.67, 1.6]).reshape(-1, *([1] * (len(lead) + 1)))
        return np.clip(path, 0, 1), np.clip(path + offsets * spread, 0, 1)

    data: dict[str, tuple[list[str], np.ndarray]] = {}
    for names, dims, shape in (
        (BY_STATE, ["state"], (len(NEIGHBOURS),)),
        (BY_ORDER, [], ()),
        (["orientation"], ["pole", "state"], (len(POLES), len(NEIGHBOURS))),
    ):
        for name in names:
            mean, quantile = wander(*shape)
            tail = ["quarter", *[d for d in dims if d == "state"]]
            lead = [d for d in dims if d == "pole"]
            where = [*dims, "quarter"]
            to = [where.index(d) for d in [*lead, *tail]]
            data[f"{name}_mean"] = ([*lead, *tail], np.transpose(mean, to))
            data[f"{name}_sd"] = ([*lead, *tail], np.full_like(np.transpose(mean, to), 0.1))
            data[f"{name}_quantile"] = (
                ["quantile", *lead, *tail],
                np.transpose(quantile, [0, *[i + 1 for i in to]]),
            )
    counts = ["quarter", "state", "kind", "instrument"]
    shape4 = (len(quarters), len(NEIGHBOURS), len(KINDS), len(INSTRUMENTS))
    rate = rng.gamma(0.35, 2.4, (1, 1, len(KINDS), len(INSTRUMENTS))) * rng.uniform(0.2, 2, (1, len(NEIGHBOURS), 1, 1))
    crises = rng.poisson(np.broadcast_to(rate, shape4))
    data["event_count"] = (counts, crises)
    for name, p in (("survived", 0.7), ("requested", 0.3), ("consented", 0.15)):
        data[f"{name}_count"] = (counts[:3], rng.binomial(crises.sum(-1), p))
    data["history_count"] = (["kind", "crises"], np.full((len(KINDS), 20), RUNS // 20))
    counted = {name: (dims, v if v.dtype.kind == "i" else v.astype(np.float32)) for name, (dims, v) in data.items()}
    return xr.Dataset(
        counted,
        coords={
            "quarter": quarters,
            "state": list(NEIGHBOURS),
            "pole": list(POLES),
            "quantile": LEVELS,
            "kind": KINDS,
            "instrument": INSTRUMENTS,
            "crises": np.arange(20),
        },
        attrs={"runs": RUNS, "seed": 7, "scenario": "post-soviet"},
    )


def made_up_crises(n: int, seed: int, named: bool) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    crises = pd.DataFrame(
        {
            "quarter": [f"{y}Q{q}" for y, q in zip(rng.integers(1992, 2022, n), rng.integers(1, 5, n), strict=True)],
            "state": rng.choice(list(NEIGHBOURS), n),
            "kind": rng.choice(KINDS, n, p=[0.25, 0.15, 0.2, 0.1, 0.1, 0.2]),
            "instrument": rng.choice(INSTRUMENTS, n),
            "requested": rng.random(n) < 0.3,
            "survived": rng.random(n) < 0.7,
        }
    )
    return crises.assign(name="An <episode> & its name", crisis_id="x") if named else crises.assign(run=0)


SUMMARY = made_up_summary()
DRAWN = made_up_crises(68, 1, named=False)
RECORD = made_up_crises(74, 2, named=True)
TOLD = ["timeline", "autonomy", "orientation", "instruments", "crises", "regard_region", "regard", "order"]
SHOWN = ["autonomy_map", *TOLD]


@contextlib.contextmanager
def made_up(
    summary: xr.Dataset = SUMMARY, drawn: pd.DataFrame = DRAWN, record: pd.DataFrame | None = RECORD, info: OrderInfo = ORDER
) -> Iterator[Runs]:
    """A run of an order with these names and this record."""
    question = RunQuestion.of({"scenario": "post-soviet", "runs": RUNS, "seed": 7})
    how = {"version": "0.1.0", "platform": "cpu, 8 cores", "chunk": 500, "seconds": 12.3}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(history, "recorded", lambda scenario: record)
        for module in (words, page, figures):
            patched.setattr(module, "order_info", lambda order: info)
        yield Runs(question, how, summary, drawn, xr.Dataset())


def told(*given: Any) -> str:
    """The page of such a run."""
    with made_up(*given) as runs:
        return runs.page()
