"""What an entry must beat: forecasters that know no theory, each with the information it uses.

    python benchmarks/instrument-choice/choice_baselines.py [NAME ...]     fit, and write entries/NAME/

Whatever a baseline chooses (how much to smooth, how many neighbours) it chooses inside its training rows. The settings of ridge,
boosting and forest were fixed before they were scored. That orders and states are among their features was not: a first version
left them out, was scored, and was thought too weak to be beaten with honour. `start` reads what is known as a crisis begins,
`coded` also severity, line and request.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd
from choice_task import CODED, HERE, parts, read_crises, read_folds

from hegemon.instruments import CODE, NAMES
from hegemon.studies.backtest.baselines import BaseRates, RatesByKind, logit, rates, smoothing

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Fitted = Callable[[pd.DataFrame, pd.DataFrame], Numbers]
"""Training rows and rows to foretell; probabilities [R, 9]."""

PENALTY = 4.0
"""The logit's ridge penalty: the back-test's, where nothing chooses another."""

OFTEN = 6
"""A state has its own effect from this many crises in the training rows."""

INNER = 4
"""Parts of the training rows in which a number of neighbours is chosen."""

NEIGHBOURS = (5, 10, 20, 40, 80)
SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
SHRINK = (2.0, 8.0, 32.0)


def codes(rows: pd.DataFrame) -> Codes:
    """What was done, as codes."""
    return np.array([CODE[name] for name in rows["instrument"]], np.int64)


def features(rows: pd.DataFrame, train: pd.DataFrame, coded: bool) -> Numbers:
    """Indicators of kind, drawn, the orders and the often seen states of the training rows, and the year; if `coded`, severity,
    line and request too. Each is of about unit range; an order that was never seen has no indicator."""
    kinds = ("uprising", "electoral_turnover", "westward_turn", "secession", "civil_war", "interstate_war", "coup",
             "bargaining_dispute")  # fmt: skip
    columns = [(rows["kind"] == kind).to_numpy(float) for kind in kinds]
    often = train["state"].value_counts()
    for name, known in (("order", sorted(set(train["order"]))), ("state", sorted(often.index[often >= OFTEN]))):
        columns += [(rows[name] == value).to_numpy(float) for value in known]
    columns += [rows["drawn"].to_numpy(float), (rows["start"].str.slice(0, 4).astype(int).to_numpy(float) - 1980) / 40]
    if coded:
        asked = rows["requested"].astype("Float64")
        columns += [(rows["line"] == line).to_numpy(float) for line in ("patron", "balanced", "rival")]
        columns += [rows["severity"].to_numpy(float) - 2, asked.fillna(0.3).to_numpy(float), asked.isna().to_numpy(float)]
    return np.stack(columns, 1)


def uniform(train: pd.DataFrame, rows: pd.DataFrame) -> Numbers:
    """One ninth each."""
    return np.full((len(rows), len(NAMES)), 1 / len(NAMES))


def base_rates(train: pd.DataFrame, rows: pd.DataFrame) -> Numbers:
    """How often each instrument was used, smoothed."""
    return BaseRates().fitted(*_named(train, rows)).to_numpy()


def kind_rates(train: pd.DataFrame, rows: pd.DataFrame) -> Numbers:
    """The same by kind of crisis, shrunk to the overall rates."""
    return RatesByKind().fitted(*_named(train, rows)).to_numpy()


def drawn_kind_rates(train: pd.DataFrame, rows: pd.DataFrame) -> Numbers:
    """By kind, drawn and chosen crises apart."""
    return RatesByKind().fitted(*_named(train, rows, ("kind", "drawn"))).to_numpy()


def severity_rates(train: pd.DataFrame, rows: pd.DataFrame) -> Numbers:
    """By severity and request, drawn and chosen apart."""
    return RatesByKind().fitted(*_named(train, rows, ("severity", "requested", "drawn"))).to_numpy()


def state_rates(train: pd.DataFrame, rows: pd.DataFrame) -> Numbers:
    """A state's own rates shrunk to its order's, and those to all: each strength chosen by leaving crises out."""
    y, added = codes(train), smoothing(codes(train))
    order, state = train["order"].to_numpy(str), train["state"].to_numpy(str)
    best = max(((a, b) for a in SHRINK for b in SHRINK), key=lambda s: _own(y, order, state, added, *s))
    overall = rates(y, added)
    found = []
    for row in rows.to_dict("records"):
        mine = _counts(y[order == row["order"]]) + best[0] * overall
        mine = mine / mine.sum()
        own = _counts(y[(order == row["order"]) & (state == row["state"])]) + best[1] * mine
        found.append(own / own.sum())
    return np.array(found)


def _own(y: Codes, order: npt.NDArray[np.str_], state: npt.NDArray[np.str_], added: float, a: float, b: float) -> float:
    """Mean log score of crises left out, under two strengths."""
    everything = _counts(y) + added
    score = 0.0
    for i in range(len(y)):
        overall = everything.copy()
        overall[y[i]] -= 1
        in_order, in_state = order == order[i], (order == order[i]) & (state == state[i])
        mine = _counts(y[in_order])
        mine[y[i]] -= 1
        mine = mine + a * overall / overall.sum()
        own = _counts(y[in_state])
        own[y[i]] -= 1
        own = own + b * mine / mine.sum()
        score += float(np.log(own[y[i]] / own.sum()))
    return score


def last_answer(train: pd.DataFrame, rows: pd.DataFrame) -> Numbers:
    """What the patron last did in this state, with a weight chosen within the training rows; the rest are rates by kind."""
    plain = kind_rates(train, rows).copy()
    share = max(SHARES, key=lambda s: _persisted(train, s))
    for r, row in enumerate(rows.to_dict("records")):
        past = train[(train["state"] == row["state"]) & (train["start"] < row["start"])]
        if len(past):
            last = np.eye(len(NAMES))[CODE[past.sort_values("start")["instrument"].iloc[-1]]]
            plain[r] = (1 - share) * plain[r] + share * last
    return plain


def _persisted(train: pd.DataFrame, share: float) -> float:
    """How well the last answer would have told the next one, within the training rows."""
    overall = rates(codes(train), smoothing(codes(train)))
    score = 0.0
    for _, part in train.sort_values("start").groupby("state"):
        y = codes(part)
        score += sum(float(np.log((1 - share) * overall[b] + share * (a == b))) for a, b in pairwise(y))
    return score


def naive_bayes(train: pd.DataFrame, rows: pd.DataFrame) -> Numbers:
    """Kind, drawn, severity, line and request as if they were independent given the answer (smoothed counts)."""
    y = codes(train)
    log = np.log(rates(y, smoothing(y)))[None, :].repeat(len(rows), 0)
    for name in ("kind", "drawn", *CODED):
        known, wanted = _text(train[name]).to_numpy(), _text(rows[name]).to_numpy()
        values = sorted({*known, *wanted})
        for value in values:
            here = _counts(y[known == value]) + 1 / len(values)
            log[wanted == value] += np.log(here / (_counts(y) + 1))
    shares = np.exp(log - log.max(1, keepdims=True))
    return shares / shares.sum(1, keepdims=True)


def nearest(train: pd.DataFrame, rows: pd.DataFrame) -> Numbers:
    """The most similar crises, by kind, drawn, order, year, line, severity and request; how many is chosen."""
    many = max(NEIGHBOURS, key=lambda k: _inner(train, lambda a, b: _nearest(a, b, k)))
    return _nearest(train, rows, many)


def _nearest(train: pd.DataFrame, rows: pd.DataFrame, k: int) -> Numbers:
    y, mine, theirs = codes(train), features(rows, train, True), features(train, train, True)
    apart = np.abs(mine[:, None, :] - theirs[None, :, :]).sum(-1)
    near = np.argsort(apart, axis=1, kind="stable")[:, :k]
    overall = rates(y, smoothing(y))
    return np.array([(_counts(y[at]) + 3 * overall) / (len(at) + 3) for at in near])


def ridge(coded: bool) -> Fitted:
    """Multinomial logit with a ridge penalty that was fixed beforehand."""

    def fitted(train: pd.DataFrame, rows: pd.DataFrame) -> Numbers:
        return logit(features(train, train, coded), codes(train), PENALTY, features(rows, train, coded))

    return fitted


def boosting(train: pd.DataFrame, rows: pd.DataFrame) -> Numbers:
    """Gradient boosting of small trees; nothing is tuned."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(max_iter=60, learning_rate=0.06, max_leaf_nodes=6, min_samples_leaf=8,
                                           l2_regularization=1.0, random_state=0)  # fmt: skip
    return _classified(model, train, rows)


def forest(train: pd.DataFrame, rows: pd.DataFrame) -> Numbers:
    """A forest of 100 trees with leaves of five crises or more; nothing is tuned."""
    from sklearn.ensemble import RandomForestClassifier

    return _classified(RandomForestClassifier(100, min_samples_leaf=5, random_state=0), train, rows)


POOL = ("drawn-kind-rates", "ridge", "boosting")
"""Baselines whose answers are averaged, split by split and crisis by crisis: they must have been fitted before."""


BASELINES: dict[str, tuple[Fitted, str, str]] = {
    "uniform": (uniform, "start", "one ninth each"),
    "base-rates": (base_rates, "start", "how often each instrument was used"),
    "kind-rates": (kind_rates, "start", "by kind, shrunk to the base rates"),
    "drawn-kind-rates": (drawn_kind_rates, "start", "by kind, drawn and chosen apart, shrunk"),
    "state-rates": (state_rates, "start", "a state's own rates, shrunk to its order's and those to all"),
    "last-answer": (last_answer, "start", "what was last done in the state, else rates by kind"),
    "ridge-start": (ridge(False), "start", "multinomial ridge logit: kind, drawn, order, state, year; nothing tuned"),
    "severity-rates": (severity_rates, "coded", "by severity, request and drawn, shrunk"),
    "naive-bayes": (naive_bayes, "coded", "categorical naive Bayes"),
    "nearest": (nearest, "coded", "nearest neighbours, their number chosen within"),
    "ridge": (ridge(True), "coded", "the same with severity, line and request"),
    "boosting": (boosting, "coded", "gradient boosting, features as ridge, nothing tuned"),
    "forest": (forest, "coded", "random forest, features as ridge, nothing tuned"),
}
"""Baselines by name: how it is fitted, the information it uses, what it is."""


def _named(
    train: pd.DataFrame, rows: pd.DataFrame, key: tuple[str, ...] = ("kind",)
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows as the back-test's forecasters read them, several columns joined into one that stands for the kind."""
    joined = [_text(part[key[0]]).str.cat([_text(part[name]) for name in key[1:]], sep="|") for part in (train, rows)]
    return train.assign(kind=joined[0]).rename(columns={"instrument": "response_primary"}), rows.assign(kind=joined[1])


def _text(column: pd.Series) -> pd.Series:
    """Codes as text, unknown among them."""
    return column.astype(object).where(column.notna(), "unknown").astype(str)


def _counts(y: Codes) -> Numbers:
    return np.bincount(y, minlength=len(NAMES)).astype(float)


def _inner(train: pd.DataFrame, fitted: Fitted) -> float:
    """Log score over parts of the training rows, every `INNER`-th row a part."""
    part = np.arange(len(train)) % INNER
    score = 0.0
    for n in range(INNER):
        out = train[part == n]
        found = fitted(train[part != n], out)
        score += float(np.log(np.maximum(found[np.arange(len(out)), codes(out)], 1e-4)).sum())
    return score


def _classified(model: object, train: pd.DataFrame, rows: pd.DataFrame) -> Numbers:
    """A classifier's probabilities, half a crisis of each instrument added: one not seen yet can come."""
    from threadpoolctl import threadpool_limits

    y = codes(train)
    with threadpool_limits(1):
        model.fit(features(train, train, True), y)  # type: ignore[attr-defined]
        shares = model.predict_proba(features(rows, train, True))  # type: ignore[attr-defined]
    found = np.zeros((len(rows), len(NAMES)))
    found[:, model.classes_] = shares  # type: ignore[attr-defined]
    return (len(y) * found + 0.5) / (len(y) + 0.5 * len(NAMES))


def answers(fitted: Fitted) -> pd.DataFrame:
    """A baseline tried in every fold of every split: split, crisis_id, and the nine instruments."""
    table = read_crises()
    found = []
    for split, train, rows in parts(table, read_folds()):
        shares = fitted(train.reset_index(drop=True), rows.reset_index(drop=True))
        told = pd.DataFrame(np.round(shares / shares.sum(1, keepdims=True), 6), columns=list(NAMES))
        told.insert(0, "crisis_id", rows["crisis_id"].to_numpy())
        told.insert(0, "split", split)
        found.append(told)
    return pd.concat(found, ignore_index=True)


def pooled() -> pd.DataFrame:
    """The plain mean of `POOL`'s answers: hard to beat by its members (Clemen 1989, IJF 5:559)."""
    several = [pd.read_csv(HERE / "entries" / name / "answers.csv") for name in POOL]
    found = several[0].copy()
    found[list(NAMES)] = np.mean([one[list(NAMES)].to_numpy() for one in several], axis=0).round(6)
    return found


if __name__ == "__main__":
    for name in sys.argv[1:] or (*BASELINES, "pool"):
        about = ("coded", f"mean of {', '.join(POOL)}") if name == "pool" else BASELINES[name][1:]
        made = pooled() if name == "pool" else answers(BASELINES[name][0])
        folder = HERE / "entries" / name
        folder.mkdir(parents=True, exist_ok=True)
        made.to_csv(folder / "answers.csv", index=False)
        (folder / "entry.toml").write_text(
            f'name = "{name}"\nwho = "baseline"\ninformation = "{about[0]}"\nnote = "{about[1]}"\n', encoding="utf-8"
        )
        print(name, flush=True)
