"""The pooled model of the patron's answers: learn what ships, and score it as docs/protocol.md says.

    python tools/pooled.py learn                                    src/hegemon/posteriors/pooled.npz, by NUTS
    python tools/pooled.py score [--panels DIR] --page docs/pooled.md

What is scored is kept in results/pooled.jsonl, fold by fold, so that a stopped run goes on; the page is made from it.
`--panels` is a folder with `patron_responses.csv`, codes by other people that do not come with hegemon.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from hegemon.files import write_atomically
from hegemon.history.codebook import KIND
from hegemon.instruments import NAMES
from hegemon.pages.figure import Table
from hegemon.pages.markdown import table
from hegemon.pooled import crises as coded
from hegemon.pooled import kept
from hegemon.pooled.answering import answers
from hegemon.pooled.approximate import approximate
from hegemon.pooled.worths import WORTHS, without, wrong_table
from hegemon.studies.backtest.baselines import Forecaster, RatesByKind, Refitted, happened
from hegemon.studies.backtest.baselines import logit as ridge
from hegemon.studies.backtest.scores import Interval, interval, log_score
from hegemon.studies.backtest.sentences import LEAD
from hegemon.studies.predict.known import before, frame, in_order
from hegemon.studies.predict.pooled import PooledForecaster
from hegemon.studies.records import fingerprint
from pooled_others import FORCEFUL, PARTS, by_others, forced, told_by_others

HOME = "post-soviet"
SCHEMES = ("rolling", "left out", "register", "whole orders")
OUT, FIRST = 8, 31
DONE = Path("results/pooled.jsonl")


class Fold(NamedTuple):
    """What is learned from, and what is foretold."""

    scheme: str
    name: str
    train: pd.DataFrame
    test: pd.DataFrame


def folds(rows: pd.DataFrame) -> Iterator[Fold]:
    """The protocol's folds."""
    mine = in_order(rows[rows["order"] == HOME])
    for at in range(FIRST - 1, len(mine)):
        yield Fold("rolling", str(at), before(rows, mine["start"].iloc[at]), mine.iloc[[at]])
    for part in range(OUT):
        test = mine.iloc[part::OUT]
        yield Fold("left out", str(part), _without(rows, test), test)
    drawn = rows[rows["drawn"]]
    states = sorted(set(drawn["state"]))
    for part in range(PARTS):
        test = drawn[drawn["state"].isin(states[part::PARTS])]
        yield Fold("register", str(part), _without(rows, test), test)
    for order in sorted(set(rows["order"])):
        test = rows[rows["order"] == order]
        yield Fold("whole orders", order, _without(rows, test), test)


def _without(rows: pd.DataFrame, test: pd.DataFrame) -> pd.DataFrame:
    return rows[~rows["crisis_id"].isin(test["crisis_id"])]


def told(rows: pd.DataFrame, kinds: list[str]) -> np.ndarray:
    """What forecasters without a theory are told: the codebook's kind, severity, line, request, drawn or chosen."""
    of = coded.crises(rows)
    indicators = [(rows["kind"] == kind).to_numpy(float) for kind in kinds]
    return np.column_stack([*indicators, of.severity, of.line, of.asked, of.drawn])


class Ridge(Refitted):
    """Multinomial logit with a ridge penalty, chosen inside the training rows."""

    name = "ridge logit"
    penalties = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)

    def fitted(self, train: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
        """Each of `rows`, by `train`."""
        kinds = sorted(set(train["kind"]))
        x, y, part = told(train, kinds), happened(train), np.arange(len(train)) % 8

        def inside(penalty: float) -> float:
            found = [log_score(ridge(x[part != k], y[part != k], penalty, x[part == k]), y[part == k]).sum() for k in range(8)]
            return float(sum(found))

        return frame(rows, ridge(x, y, max(self.penalties, key=inside), told(rows, kinds)))


class Boosting(Refitted):
    """Gradient-boosted trees, as scikit-learn has them, shrunk and shallow."""

    name = "boosting"

    def fitted(self, train: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
        """Each of `rows`, by `train`."""
        from sklearn.ensemble import GradientBoostingClassifier

        kinds = sorted(set(train["kind"]))
        x, y = told(train, kinds), happened(train)
        x = np.vstack([x, np.tile(x.mean(0), (len(NAMES), 1))])  # each instrument half a time, so that none is impossible
        weight = np.concatenate([np.ones(len(y)), np.full(len(NAMES), 0.5)])
        model = GradientBoostingClassifier(n_estimators=60, learning_rate=0.05, max_depth=2, subsample=0.7, random_state=0)
        model.fit(x, np.concatenate([y, np.arange(len(NAMES))]), sample_weight=weight)
        return frame(rows, model.predict_proba(told(rows, kinds)))


NOWHERE = kept.coded().iloc[:0]
"""Folds say themselves what of other orders is learned from."""

FORMS: tuple[Forecaster, ...] = (
    PooledForecaster(NOWHERE), PooledForecaster(NOWHERE, "inclinations only", use=False),
    PooledForecaster(NOWHERE, "wrong table", effects=wrong_table()),
    RatesByKind(), Ridge(), Boosting(),
)  # fmt: skip


EFFECTS = tuple(dict.fromkeys(worth.effect for worth in WORTHS))
ABLATED = {effect: PooledForecaster(NOWHERE, f"without {effect}", effects=without(effect)) for effect in EFFECTS}
"""The model that does not know one of the effects, by the effect."""


def score(rows: pd.DataFrame) -> pd.DataFrame:
    """Log scores of every form in every fold: form, scheme, crisis_id, log; what was done before is not done again."""
    DONE.parent.mkdir(exist_ok=True)
    lines = [json.loads(line) for line in DONE.read_text().splitlines()] if DONE.is_file() else []
    done = {(line["form"], line["scheme"], line["fold"]) for line in lines}
    for form in (*FORMS, *ABLATED.values()):
        for fold in folds(rows):
            if (form.name, fold.scheme, fold.name) in done:
                continue
            found = log_score(form.fitted(fold.train, fold.test).to_numpy(), happened(fold.test))
            logs = dict(zip(fold.test["crisis_id"], found.round(6).tolist(), strict=True))
            lines.append({"form": form.name, "scheme": fold.scheme, "fold": fold.name, "logs": logs})
            with DONE.open("a") as file:
                file.write(json.dumps(lines[-1]) + "\n")
        print(form.name, flush=True)
    return pd.DataFrame([{"form": line["form"], "scheme": line["scheme"], "crisis_id": name, "log": log}
                         for line in lines for name, log in line["logs"].items()])  # fmt: skip


def learn(rows: pd.DataFrame, path: Path) -> None:
    """The posterior that ships."""
    from hegemon import __version__, runtime

    runtime.prepare()
    from hegemon.pooled.learning import learn as sampled

    began = time.perf_counter()
    found = sampled(rows, warmup=700, draws=700)
    how = {"crises": len(rows), "orders": int(rows["order"].nunique()), "record_hash": fingerprint(rows), "rhat": found.rhat,
           "ess": found.ess, "diverged": found.diverged, "seconds": round(time.perf_counter() - began),
           "version": __version__}  # fmt: skip
    kept.keep(found, how, path)
    print(how)


def direction(rows: pd.DataFrame) -> pd.DataFrame:
    """Forceful acts with a coded side: whether each was for the incumbents, and the probability of that, learned without its
    state."""
    force = rows[rows["response_primary"].isin(FORCEFUL)].copy()
    force["toward"] = coded.toward(force)
    force = force[force["toward"] != 0.0]
    states, found = sorted(set(force["state"])), []
    for part in range(PARTS):
        test = force[force["state"].isin(states[part::PARTS])]
        if len(test):
            train = rows[~rows["state"].isin(test["state"])]
            chance = answers(test, train, approximate(train))[1]
            found.append(test.assign(chance=chance))
    return pd.concat(found)[["crisis_id", "state", "order", "toward", "chance"]]


TOLD = """# The patron's answers, learned from all orders

What `hegemon predict` says by default: one logit over the nine instruments for all orders, learned from {crises} coded crises
of {orders} orders, {drawn} of them drawn at random from registers. It is told the crisis alone. Its form, its twins, folds and
scores were written down before it was fitted: [protocol](protocol.md). This page: `python tools/pooled.py score --panels DIR
--page docs/pooled.md`. The posterior was sampled by NUTS in {seconds} s (R-hat {rhat:.3f}, bulk ESS {ess:.0f},
{diverged:.1%} divergent).

## Foretelling the instrument

Mean natural log of the probability given to what was coded, per crisis; higher is better. Every form learns from the same crises.

{scores}

How far the model is ahead, with 95 % intervals by resampling states:

{ahead}

{verdict}

## What consequences are worth

Seventeen worths, with a prior that takes no side: before the record, the theory's sign had probability one half. *Given the
record* is what it has now.

{worths}

{signs}

How much worse the model foretells where it does not know an effect at all, and is learned anew (same folds, 95 % intervals by
resampling states; above 0: the effect helps to foretell):

{ablated}

{needed}

## For or against the incumbents

{direction}

## By other people's codes

{others}

## Two numbers that will be quoted

{quoted}
"""

QUOTED = (
    ("an uprising in a member of its pact whose government asks for help",
     {"kind": "uprising", "incumbent_before": "pro_patron", "host_request": "asked"}),
    ("a turn to the rival by a state outside its pact", {"kind": "westward_turn", "host_request": "none"}),
)  # fmt: skip


def page(rows: pd.DataFrame, scored: pd.DataFrame, panels: Path | None) -> str:
    """The page, from what was scored."""
    made = kept.made()
    toward = direction(rows)
    return TOLD.format(
        crises=len(rows), orders=rows["order"].nunique(), drawn=int(rows["drawn"].sum()), **{k: made[k] for k in MADE},
        scores=_scores(scored), ahead=_ahead(scored, rows), verdict=_verdict(scored, rows), worths=_worths(), signs=_signs(),
        ablated=_ablated(scored, rows), needed=_needed(scored, rows),
        direction=_direction(toward), others=told_by_others(forced(by_others(panels, rows))) if panels is not None else UNSEEN,
        quoted=_quoted(rows, scored),
    )  # fmt: skip


MADE = ("seconds", "rhat", "ess", "diverged")
UNSEEN = "Not scored here: `--panels` was not given."


def _scores(scored: pd.DataFrame) -> str:
    mean = scored.groupby(["form", "scheme"])["log"].mean()
    counts = scored[scored["form"] == "hegemon"].groupby("scheme").size()
    lines = [[form.name, *(f"{mean[form.name, scheme]:.3f}" for scheme in SCHEMES)] for form in FORMS]
    return table(Table(["Form", *(f"{scheme} ({counts[scheme]})" for scheme in SCHEMES)], lines))


def _lead(scored: pd.DataFrame, rows: pd.DataFrame, other: str, scheme: str) -> Interval:
    here = scored[scored["scheme"] == scheme].pivot(index="crisis_id", columns="form", values="log")
    states = rows.set_index("crisis_id").loc[here.index, "state"]
    return interval((here["hegemon"] - here[other]).to_numpy(), list(states))


def _ahead(scored: pd.DataFrame, rows: pd.DataFrame) -> str:
    lines = []
    for form in FORMS[1:]:
        leads = [_lead(scored, rows, form.name, scheme) for scheme in SCHEMES]
        lines.append([form.name, *map(_told, leads)])
    return table(Table(["Ahead of", *SCHEMES], lines))


def _verdict(scored: pd.DataFrame, rows: pd.DataFrame) -> str:
    said = []
    for scheme in SCHEMES:
        lead = _lead(scored, rows, "inclinations only", scheme)
        if lead.low > 0.0 and lead.mean >= LEAD:
            said.append(f"*{scheme}*: consequences earn their place")
        elif lead.low > 0.0:
            said.append(f"*{scheme}*: a lead, but less than the {LEAD} nat that was said beforehand to count")
        else:
            said.append(f"*{scheme}*: consequences agree with the record but are not needed to predict it")
    return "Against the twin that knows no consequences. " + "; ".join(said) + "."


def _worths() -> str:
    lines = []
    for worth, draws in zip(WORTHS, kept.posterior()["worths"].T, strict=True):
        low, high = np.percentile(draws, [5, 95])
        lines.append([worth.name, worth.why, "+" if worth.sign > 0 else "-", f"{draws.mean():+.2f} ({low:+.2f} to {high:+.2f})",
                      f"{(draws * worth.sign > 0).mean():.0%}", f"{1.0 - draws.var():.0%}"])  # fmt: skip
    return table(Table(["Worth of", "Why", "Sign by theory", "Given the record, 90 %", "Sign's probability",
                        "Variance taken away"], lines))  # fmt: skip


def _signs() -> str:
    chance = [(worth.name, (draws * worth.sign > 0).mean())
              for worth, draws in zip(WORTHS, kept.posterior()["worths"].T, strict=True)]  # fmt: skip
    yes, no = ([name for name, p in chance if p > 0.95], [name for name, p in chance if p < 0.05])
    said = f"With a probability above 95 %: {', '.join(yes) or 'none'}. Refuted, below 5 %: {', '.join(no) or 'none'}."
    open_ = sum(0.05 <= p <= 0.95 for _, p in chance)
    return f"{said} Of the other {open_} the record does not say so much."


def _ablated(scored: pd.DataFrame, rows: pd.DataFrame) -> str:
    lines = []
    for effect, form in ABLATED.items():
        leads = [_lead(scored, rows, form.name, scheme) for scheme in SCHEMES]
        lines.append([effect.replace("_", " "), *(_told(lead) for lead in leads)])
    return table(Table(["Without", *SCHEMES], lines))


def _needed(scored: pd.DataFrame, rows: pd.DataFrame) -> str:
    """Which effects help, and which harm, with an interval that does not hold 0."""
    found: dict[str, list[str]] = {"help": [], "harm": []}
    for scheme in SCHEMES:
        for effect, form in ABLATED.items():
            lead = _lead(scored, rows, form.name, scheme)
            if lead.low > 0.0 or lead.high < 0.0:
                found["help" if lead.low > 0.0 else "harm"].append(f"{effect.replace('_', ' ')} ({scheme})")
    said = [f"{what}: {', '.join(each) or 'none'}" for what, each in found.items()]
    most = max(abs(_lead(scored, rows, form.name, scheme).mean) for form in ABLATED.values() for scheme in SCHEMES)
    return (f"With intervals that leave out 0 {'; '.join(said)}. The most that any one of them moves a score is {most:.3f} nat; "
            f"{LEAD} was said beforehand to count. Of {len(ABLATED) * len(SCHEMES)} intervals one or two leave out 0 by "
            "chance.")  # fmt: skip


def _told(lead: Interval) -> str:
    return f"{lead.mean:+.3f} ({lead.low:+.3f} to {lead.high:+.3f})"


def _direction(toward: pd.DataFrame) -> str:
    from sklearn.metrics import roc_auc_score

    luck, states = np.random.default_rng(0), toward["state"].unique()
    again = []
    while len(again) < 1_000:
        some = pd.concat([toward[toward["state"] == state] for state in luck.choice(states, len(states))])
        if some["toward"].nunique() == 2:
            again.append(roc_auc_score(some["toward"] > 0, some["chance"]))
    area, (low, high) = roc_auc_score(toward["toward"] > 0, toward["chance"]), np.percentile(again, [2.5, 97.5])
    friendly = int((toward["toward"] > 0).sum())
    return (f"Of {len(toward)} forceful acts with a coded side {friendly} were for the incumbents. Told kind, severity, line and "
            f"request, and learned from other states alone, the model tells them apart with an AUC of {area:.2f} "
            f"({low:.2f} to {high:.2f} resampling states). So few acts carry no finer statement.")  # fmt: skip


def _quoted(rows: pd.DataFrame, scored: pd.DataFrame) -> str:
    said = []
    drawn = kept.posterior()
    for what, known in QUOTED:
        asked = pd.DataFrame([{"crisis_id": "asked", "order": HOME, **known}])
        each = np.array([answers(asked, rows, {name: x[s : s + 1] for name, x in drawn.items()})[0][0]
                         for s in range(0, len(drawn["scale"]), 8)])  # fmt: skip
        mean = each.mean(0)
        top = np.argsort(-mean)[:3]
        told_ = ", ".join(f"{NAMES[k].replace('_', ' ')} {mean[k]:.0%} ({np.percentile(each[:, k], 5):.0%} to "
                          f"{np.percentile(each[:, k], 95):.0%})" for k in top)  # fmt: skip
        alike = rows[rows["kind"].map(KIND) == KIND[known["kind"]]]["crisis_id"]
        mine = scored[(scored["form"] == "hegemon") & (scored["scheme"] == "whole orders") & scored["crisis_id"].isin(alike)]
        said.append(f"To **{what}** the patron answers by {told_}; 90 % of what is not known of the parameters in brackets. "
                    f"How reliable: in {len(mine)} crises of the kind, each order's predicted from the others, what was done had "
                    f"been given a probability of {np.exp(mine['log'].mean()):.0%} (geometric mean), against "
                    f"{np.exp(_of(scored, 'rates by kind', mine)):.0%} by rates of the kind.")  # fmt: skip
    return "\n\n".join(said)


def _of(scored: pd.DataFrame, form: str, mine: pd.DataFrame) -> float:
    theirs = scored[(scored["form"] == form) & (scored["scheme"] == "whole orders")]
    return float(theirs[theirs["crisis_id"].isin(mine["crisis_id"])]["log"].mean())


def main() -> None:
    """Learn, or score and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("learn", "score"))
    parser.add_argument("--panels", type=Path)
    parser.add_argument("--page", type=Path)
    given = parser.parse_args()
    rows = kept.coded()
    if given.what == "learn":
        learn(rows, Path("src/hegemon/posteriors") / kept.FILE)
        return
    text = page(rows, score(rows), given.panels)
    if given.page is None:
        print(text)
    else:
        write_atomically(given.page, text.encode())


if __name__ == "__main__":
    main()
