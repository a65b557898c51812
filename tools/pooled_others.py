"""Force by other people's codes: how well the pooled model tells it, alone and with public panels. Read by tools/pooled.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from hegemon.instruments import NAMES
from hegemon.pages.figure import Table
from hegemon.pages.markdown import table
from hegemon.pooled.answering import FORCE, answers
from hegemon.pooled.approximate import approximate
from hegemon.studies.backtest.scores import calibration, calibration_error, log_score

PARTS = 10
FORCEFUL = tuple(name for name, forceful in zip(NAMES, FORCE, strict=True) if forceful)
UNTIL = 2014
"""Force is near complete in the sources to this year, so that silence counts as none."""


def by_others(panels: Path, rows: pd.DataFrame) -> pd.DataFrame:
    """Crises of `patron_responses.csv`: force or none by other people's codes, and the probability of force by the pooled model,
    told kind and severity, and learned without the patron's crises; with covariates from public panels, the year before."""
    told = pd.read_csv(panels / "patron_responses.csv")
    told["year"] = told["start"].str.slice(0, 4).astype(int)
    told = told[(told["year"] <= UNTIL) & (told["only_dyadic"] == 0)].sort_values(["start", "row_id"]).reset_index(drop=True)
    told["force"] = told["response_primary"].isin(FORCEFUL).astype(float)
    for patron, mine in told.groupby("patron"):
        train = rows[rows["patron"] != patron]
        asked = pd.DataFrame({"kind": mine["kind"], "severity": mine["severity"], "order": mine["order"], "drawn": 1})
        told.loc[mine.index, "pooled"] = answers(asked, train, approximate(train))[0][:, np.array(FORCE)].sum(1)
    dyads = pd.concat([pd.read_parquet(panels / name) for name in ("dyads_1945_1991.parquet", "dyads_1991_2022.parquet")])
    one, other = dyads, dyads.rename(columns={"ccode1": "ccode2", "ccode2": "ccode1"})
    columns = ["ccode1", "ccode2", "year", *DYADIC]
    both = pd.concat([one[columns], other[columns]]).drop_duplicates(["ccode1", "ccode2", "year"])
    both["year"] += 1
    told = told.merge(both, how="left", left_on=["patron_ccode", "state_ccode", "year"], right_on=["ccode1", "ccode2", "year"])
    told["log_ratio"] = np.log(told["cinc_ratio"].clip(lower=1e-3))
    return told.join(earlier_force(told))


LONG_AGO = 60.0
"""Years since the last force where there has been none."""


def earlier_force(told: pd.DataFrame) -> pd.DataFrame:
    """What the patron's crises that were over before each row began say of its readiness: times it used force on this client, its
    crises there, years since the last force there (log), its share of force elsewhere, ever and in the last ten years; and times
    that other patrons used force on this client."""
    began, ended = (pd.to_numeric(told[name].str.slice(0, 4)) for name in ("start", "end"))
    rows = []
    for at, row in enumerate(told.itertuples()):
        over, his, here = told["end"] < row.start, told["patron"] == row.patron, told["state"] == row.state
        there, elsewhere, since = told[over & his & here], told[over & his & ~here], began[at] - ended
        late = elsewhere[since[elsewhere.index] < 10]
        last = since[there.index[there["force"] > 0]].min()
        rows.append([there["force"].sum(), len(there), np.log1p(LONG_AGO if np.isnan(last) else last),
                     *((some["force"].sum() + 1.0) / (len(some) + 8.0) for some in (elsewhere, late)),
                     told.loc[over & ~his & here, "force"].sum()])  # fmt: skip
    return pd.DataFrame(rows, columns=list(EARLIER), index=told.index)


EARLIER = ("force_there", "crises_there", "years_since", "force_elsewhere", "force_of_late", "force_by_others")


DYADIC = ("contiguity", "min_dist_km", "trade_share_smaller", "shared_igos", "un_agree")
PANELS = ("atop_defense", "log_ratio", "ideal_gap_before", "year", *DYADIC)


def forced(told: pd.DataFrame) -> pd.DataFrame:
    """Probability of force in every row, by information and method, learned in the parts that its client is not in."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegressionCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    kinds = sorted(set(told["kind"]))
    row = np.column_stack([*[(told["kind"] == kind).to_numpy(float) for kind in kinds], told["severity"].to_numpy(float)])
    panel = told[list(PANELS)].to_numpy(float)
    filled = np.column_stack([np.where(np.isnan(panel), np.nanmedian(panel, axis=0), panel), np.isnan(panel)])
    logit = np.log(told["pooled"] / (1.0 - told["pooled"])).to_numpy()[:, None]
    earlier = told[list(EARLIER)].to_numpy(float)
    forms = {
        "rates by kind": None,
        "hegemon": None,
        "hegemon and panels": (np.column_stack([logit, row, filled]), False),
        "boosting and panels": (np.column_stack([row, panel]), True),
        "hegemon, panels, earlier force": (np.column_stack([logit, row, filled, earlier]), False),
        "boosting, panels, earlier force": (np.column_stack([row, panel, earlier]), True),
        "hegemon in boosting, panels, earlier force": (np.column_stack([logit, row, panel, earlier]), True),
    }  # fmt: skip
    clients, force = sorted(set(told["state"])), told["force"].to_numpy()
    part = told["state"].map({state: at % PARTS for at, state in enumerate(clients)}).to_numpy()
    found = told[["patron", "state", "force"]].copy()
    for name, how in forms.items():
        chance = told["pooled"].to_numpy().copy()
        for k in range(PARTS):
            out = part == k
            if name == "rates by kind":
                base = force[~out].mean()
                alike = {kind: force[~out & (told["kind"] == kind).to_numpy()] for kind in kinds}
                chance[out] = [(alike[kind].sum() + 4 * base) / (len(alike[kind]) + 4) for kind in told["kind"][out]]
            elif how is not None:
                x, boosted = how
                logistic = LogisticRegressionCV(Cs=(0.01, 0.03, 0.1, 0.3), scoring="neg_log_loss", max_iter=500)
                trees = HistGradientBoostingClassifier(max_depth=3, learning_rate=0.05, max_iter=120)
                model = trees if boosted else make_pipeline(StandardScaler(), logistic)
                chance[out] = model.fit(x[~out], force[~out]).predict_proba(x[out])[:, 1]
        found[name] = chance
    return found


def told_by_others(found: pd.DataFrame) -> str:
    """What other people's codes say, as the page has it."""
    from sklearn.metrics import roc_auc_score

    y, lines = found["force"].to_numpy(), []
    for name in found.columns[3:]:
        p = found[name].to_numpy()
        both, log = np.column_stack([1.0 - p, p]), log_score(np.column_stack([1.0 - p, p]), y.astype(int))
        area = interval_of_area(found, name)
        lines.append([name, f"{roc_auc_score(y, p):.3f} ({area[0]:.3f} to {area[1]:.3f})", f"{log.mean():.3f}",
                      f"{calibration_error(calibration(both, y.astype(int))):.3f}"])  # fmt: skip
    said = (f"{len(found):,} crises of patrons' clients to {UNTIL}, {int(y.sum())} of them answered by force according to "
            "data sets that nobody here coded (silence counts as none). The model is told kind and severity, and is learned "
            "without the patron's own crises; panels are what was known the year before; earlier force is what the same sources "
            "have of the patron before the crisis, in this client and elsewhere. *Hegemon in boosting* gives the trees the "
            "model's probability besides: what it adds to them is what they cannot find in the rest.")  # fmt: skip
    return f"{said}\n\n" + table(Table(["Told", "AUC (95 %, by client)", "Log score", "Calibration error"], lines))


def interval_of_area(found: pd.DataFrame, name: str) -> tuple[float, float]:
    """95 % of the AUC, resampling clients."""
    from sklearn.metrics import roc_auc_score

    luck = np.random.default_rng(0)
    clients = [group[["force", name]].to_numpy() for _, group in found.groupby("state")]
    again = []
    for _ in range(300):
        some = np.concatenate([clients[at] for at in luck.integers(0, len(clients), len(clients))])
        again.append(roc_auc_score(some[:, 0], some[:, 1]))
    low, high = np.percentile(again, [2.5, 97.5])
    return float(low), float(high)
