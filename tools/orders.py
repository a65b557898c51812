"""Write the measured part of docs/orders.md: what the three orders give in the same model, with their records beside it.

    python tools/orders.py [--runs 2048] [--seed 0] [--public DIR] [--out docs/orders.md]

The rest of that page is prose. With --public, events of public data sets stand beside the counts of crises; only their numbers
are written.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

import hegemon
from hegemon.engine.histories import histories
from hegemon.engine.sets import Sets
from hegemon.history import history, record_events
from hegemon.history.fitting import impossible
from hegemon.inference.record import lay_out
from hegemon.inference.vector import FREE, aligned
from hegemon.instruments import KINDS, NAMES
from hegemon.order import Order, from_scenario
from hegemon.posterior import load_posterior
from hegemon.scenarios.schema import Scenario
from hegemon.studies.predict import transfer
from hegemon.studies.predict.generic import generic
from hegemon.studies.predict.known import before, frame, in_order
from hegemon.studies.replay.compute import drive

ORDERS = ("post-soviet", "warsaw-pact", "inter-american")
OTHERS = ORDERS[1:]
BEGIN, END = "<!-- measured: written by tools/orders.py -->", "<!-- end of measured -->"
CONSERVATIVE, LIBERAL = 0.10, 0.80
"""The two ideas an order is given: the post-Soviet order's and the inter-American one's."""
CLOSED, OPEN = 0.35, 0.50
"""Openness below which a regime counts as closed, and above which as open."""
LAST = 40
"""Quarters at the end of a history over which legitimacy is averaged."""
NOBODY = float(np.log(1.0 / len(NAMES)))

Numbers = npt.NDArray[np.float64]


def main() -> None:
    """Simulate, predict, replay and write."""
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--runs", type=int, default=2_048)
    words.add_argument("--seed", type=int, default=0)
    words.add_argument("--public", type=Path, help="folder of the public data pack")
    words.add_argument("--out", type=Path, default=Path("docs/orders.md"))
    asked = words.parse_args()
    page = asked.out.read_text(encoding="utf-8")
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    made = measured(asked.runs, asked.seed, asked.public)
    asked.out.write_text(f"{head}{BEGIN}\n{made}\n{END}{tail}", encoding="utf-8")


def measured(runs: int, seed: int, public: Path | None) -> str:
    """The part between the marks."""
    orders = {name: hegemon.load(name) for name in ORDERS}
    sets = draws(runs)
    versions = ", ".join(f"{name} {order.scenario.hash[:16]}" for name, order in orders.items())
    return f"""
Made by `python tools/orders.py --public DIR`: version {hegemon.__version__}, {runs:,} histories of each order, seed {seed}, each
history with a draw of the post-Soviet posterior for its parameters. Scenarios: {versions}.

### Legitimacy by regime type under either doctrine (C13)

{doctrines(orders, runs, seed, sets)}

### Crises, with the records beside them

{crises(orders, runs, seed, sets, public)}

### Predicting the patron's answers

{predictions()}

### Replaying the records

{replays(orders, seed)}
"""


def draws(runs: int) -> Sets:
    """A draw of the post-Soviet posterior per history."""
    kept = load_posterior("post-soviet")
    values = kept.values[:, [kept.names.index(name) for name in FREE]]
    return Sets(np.resize(values, (runs, values.shape[1])).astype(np.float32))


# ---- C13 ----
def doctrines(orders: dict[str, Order], runs: int, seed: int, sets: Sets) -> str:
    """Legitimacy of the patron among closed and open regimes, under either idea, luck and all else equal."""
    rows, gaps, told = [], {}, []
    for name, order in orders.items():
        for label, idea in (("conservative", CONSERVATIVE), ("liberal", LIBERAL)):
            found = regard(believing(order, idea), runs, seed, sets)
            gaps[name, label] = found["open"] - found["closed"]
            cells = [f"{np.nanmean(found[kind]):.2f}" for kind in ("closed", "between", "open")]
            own = order.scenario.doctrine.idea
            mark = " (nearer its own)" if abs(own - idea) < abs(own - CONSERVATIVE - LIBERAL + idea) else ""
            rows.append((name, f"{label}, {idea:g}{mark}", *cells, interval(gaps[name, label])))
        shift = gaps[name, "liberal"] - gaps[name, "conservative"]
        told.append(f"{name} {interval(shift)}, above 0 in {positive(shift)} histories")
    both = {name: (gaps[name, "conservative"] < 0) & (gaps[name, "liberal"] > 0) for name in orders}
    said = ", ".join(f"{name} {np.mean(mask):.0%}" for name, mask in both.items())
    listed = "\n".join(f"- {line}" for line in told)
    return f"""\
Each order is simulated twice with the same luck and parameters, once with the conservative idea {CONSERVATIVE:g}, once with
the liberal one {LIBERAL:g}. Legitimacy of the patron in incumbents' eyes, mean over the last {LAST // 4} years, by the regime of
the quarter: closed (openness below {CLOSED:g}), open (above {OPEN:g}), between. Last column: open less closed, mean and middle
90 % of histories (luck and parameters together; histories without one of the two kinds are left out).

{table(("order", "idea", "closed", "between", "open", "open less closed"), rows)}

What the liberal idea adds to that difference, history by history, mean and middle 90 %:

{listed}

Share of histories in which open regimes regard the patron less than closed ones under the conservative idea *and* more under the
liberal one: {said}.

**Read it with care.** That legitimacy rests on a shared idea is the mechanism's own assumption ([regard](mechanisms/regard.md),
`kinship`), and a prior about it in the posterior: the records barely speak of legitimacy. What is measured is whether the
assumption survives everything else in the model, and how large its effect is beside force, fear and what elites want."""


def believing(order: Order, idea: float) -> Order:
    """The order with another legitimating idea."""
    content = order.scenario.content()
    content["doctrine"] = content["doctrine"] | {"idea": idea}
    return from_scenario(Scenario.model_validate(content).named(order.name))


def regard(order: Order, runs: int, seed: int, sets: Sets) -> dict[str, Numbers]:
    """Mean legitimacy by kind of regime, of each history; no number where it has no such regime."""
    parts: dict[str, list[Numbers]] = {"closed": [], "between": [], "open": []}
    for chunk in histories(order, runs, seed, sets=sets):
        given, openness = chunk.measures["legitimacy"][-LAST:], chunk.measures["openness"][-LAST:]
        masks = {"closed": openness < CLOSED, "open": openness > OPEN}
        masks["between"] = ~(masks["closed"] | masks["open"])
        for kind, mask in masks.items():
            count = mask.sum((0, 1)).astype(float)
            total = (given * mask).sum((0, 1), dtype=float)
            parts[kind].append(np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0))
    return {kind: np.concatenate(found) for kind, found in parts.items()}


def interval(values: Numbers) -> str:
    """Mean and middle 90 %."""
    low, high = np.nanquantile(values, (0.05, 0.95))
    return f"{np.nanmean(values):+.2f} ({low:+.2f} to {high:+.2f})"


def positive(values: Numbers) -> str:
    """Share of histories above 0, of those that have a number."""
    known = values[~np.isnan(values)]
    return f"{np.mean(known > 0):.0%} of {len(known):,}"


# ---- Crises ----
def crises(orders: dict[str, Order], runs: int, seed: int, sets: Sets, public: Path | None) -> str:
    """Crises per history by kind and instrument, and what is coded."""
    kinds, instruments = [], []
    for name, order in orders.items():
        happened = [chunk.crises for chunk in histories(order, runs, seed, sets=sets)]
        s = order.scenario
        coded = record_events(history(name), start=s.start, end=s.end)
        kinds.append((name, *counted(np.concatenate([c.kind for c in happened]), KINDS, runs, coded["kind"])))
        instruments.append(
            (name, *counted(np.concatenate([c.instrument for c in happened]), NAMES, runs, coded["instrument"]))
        )
    seen = "" if public is None else "\n\n" + beside({name: orders[name] for name in OTHERS}, public)
    return f"""\
Mean per history, the number coded in brackets. The comparison orders are coded "by prominent crises, not by all there were", so
that the model has many more than their records is no test of it; it was not tuned on these two.

{table(("order", *(plain(kind) for kind in KINDS), "all"), kinds)}

{table(("order", *(plain(name) for name in NAMES), "all"), instruments)}{seen}"""


def counted(codes: npt.NDArray[np.int64], names: tuple[str, ...], runs: int, coded: pd.Series) -> list[str]:
    """Mean number per history of each, with the record's."""
    cells = [f"{(codes == i).sum() / runs:.1f} ({int((coded == name).sum())})" for i, name in enumerate(names)]
    return [*cells, f"{len(codes) / runs:.1f} ({len(coded)})"]


def beside(orders: dict[str, Order], public: Path) -> str:
    """Events of public data sets among the same states and years."""
    states = pd.read_parquet(public / "states_1945_1991.parquet")
    dyads = pd.read_parquet(public / "dyads_1945_1991.parquet")
    rows = []
    for name, order in orders.items():
        first, last = (int(quarter[:4]) for quarter in (order.scenario.start, order.scenario.end))
        here = states[states.iso3.isin(order.states) & states.year.between(first, last)]
        pairs = dyads[
            dyads.iso3_1.isin(order.states) & dyads.iso3_2.isin(order.states) & dyads.year.between(first, last)
        ]
        fights = pairs[pairs.mid_hostlev_max.astype(float) >= 4].mid_onset.astype(float).sum()
        counts = (
            here.coup_attempts.sum(),
            here.leader_irregular_exits.sum(),
            (here.ucdp_intrastate > 0).sum(),
            int(fights),
        )
        rows.append((name, *(str(int(number)) for number in counts)))
    head = ("order", "coup attempts", "irregular exits of leaders", "state-years of civil war", "disputes with force")
    return f"""\
What there was besides, among the same states in the same years: coup attempts (Powell and Thyne), irregular exits of leaders
(Archigos), state-years of civil war (UCDP/PRIO), disputes with use of force between neighbours (COW MID; a dispute of several
pairs counts in each). They are not the model's kinds; of those counted here only disputes to 1962 were used, in `rivalry`.

{table(head, rows)}"""


# ---- Predictions ----
def predictions() -> str:
    """Log scores of the other orders' crises, with their scenario and with the generic order that stood in for it."""
    rows, told = [], []
    z = np.asarray(aligned(load_posterior("post-soviet")), np.float32)
    for name in OTHERS:
        record = history(name)
        given = {"scenario": hegemon.load(name), "middling figures": generic(record, name)}
        for scheme in ("post-Soviet posterior", "and earlier crises of its own"):
            found = {how: scores(order, record, z, scheme != "post-Soviet posterior") for how, order in given.items()}
            cells = [f"{found[how].mean():.2f}" for how in given]
            rows.append((name, scheme, str(len(found["scenario"])), *cells, f"{NOBODY:.2f}"))
            ahead = found["scenario"] - found["middling figures"]
            error = ahead.std(ddof=1) / np.sqrt(len(ahead))
            told.append(f"{ahead.mean():+.3f} (s.e. {error:.3f})")
    return f"""\
Mean log score per crisis, as `hegemon predict --order ORDER --by simulation` has it. *Middling figures* is what stood in before
the scenarios were written ([Calibrate](calibrate.md)); *uniform* gives every instrument one ninth.

{table(("order", "learned from", "crises", "scenario", "middling figures", "uniform"), rows)}

Scenario less middling figures, row by row: {"; ".join(told)}. The scenarios' figures were
not chosen on these scores; the share of answers about which home teaches nothing was, with middling figures
(`UNINFORMED` in `studies/predict/transfer.py`), which flatters that column more."""


def scores(order: Order, record: pd.DataFrame, z: npt.NDArray[np.float32], rolling: bool) -> Numbers:
    """Log score of each crisis (from the second on where earlier ones are learned from)."""
    laid = lay_out(order, record)
    names = laid.events["crisis_id"]
    known = np.zeros((len(names), len(names)), bool)
    ordered = in_order(record)
    if rolling:
        start = ordered.set_index("crisis_id")["start"]
        for e, name in enumerate(names):
            known[e] = names.isin(before(ordered, str(start[name]))["crisis_id"]).to_numpy()
    shares = frame(laid.events, transfer.shares(laid, record, z, known))
    asked = list(ordered["crisis_id"])[1 if rolling else 0 :]
    answer = record.set_index("crisis_id")["response_primary"]
    return np.array([np.log(shares.loc[name, answer[name]]) for name in asked])


# ---- Replay ----
def replays(orders: dict[str, Order], seed: int) -> str:
    """Log-probability of the records by part, and what in them the order's rules exclude."""
    rows, excluded = [], []
    for name in OTHERS:
        order = orders[name]
        s = order.scenario
        events = record_events(history(name), start=s.start, end=s.end)
        logs = drive(order, events, runs=64, seed=seed).log_probability.sum(["quarter", "state"]).mean("run")
        rows.append((name, str(len(events)), *(f"{float(value):.0f}" for value in logs)))
        for event in events.to_dict("records"):
            reason = impossible(s, event)
            if reason is not None:
                excluded.append(f"- **{event['name']}** ({event['quarter']}): {reason}")
    parts = [str(part) for part in logs["part"].values]
    listed = "\n".join(excluded) or "- nothing"
    return f"""\
Mean over 64 draws of the shocks, nats. One coded crisis that the rules exclude costs {abs(np.log(1e-30)):.0f} of them.

{table(("order", "crises", *parts), rows)}

Excluded by the order's rules, and counted as next to impossible:

{listed}"""


def plain(code: str) -> str:
    """A code in words."""
    return code.replace("_", " ")


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, ("---",) + ("---:",) * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    main()
