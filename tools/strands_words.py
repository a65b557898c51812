"""What the experiment on strands found, as a page: tables, and the verdict by the rule that stands above them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hegemon.pages.figure import Table
from hegemon.pages.markdown import table
from hegemon.studies.backtest.scores import Interval, interval
from strands_arms import ARMS, Fit
from strands_claim import AHEAD, NONE, PACT, STATES
from strands_rule import NARROWED, Found, Judged, better, judged, narrowing, own, ties_gain
from strands_table import summary


def said(of: Interval, digits: int, times: float = 1.0) -> str:
    """A difference with its interval; in bold where that leaves nought out."""
    text = f"{of.mean * times:+.{digits}f} ({of.low * times:+.{digits}f} to {of.high * times:+.{digits}f})"
    return f"**{text}**" if of.excludes_zero else text


def scores(ties: Found, timing: Found) -> str:
    """Ties and timing by origin and arm."""
    rows = []
    for origin, cases in ties.items():
        when, patron = timing[origin], cases[cases["pole"] == "russia"]
        n = when["state"].nunique()
        for arm in dict.fromkeys(cases["arm"]):
            mine, logs = patron[patron["arm"] == arm], when[when["arm"] == arm]
            inside = mine["observed"].between(mine["low"], mine["high"]).mean()
            gain = [said(better(when, part, ("state",), arm), 1, n) for part in ("timing", "detail")]
            ahead = ["", "", ""] if arm == ARMS[0] else [said(ties_gain(cases, arm), 4), *gain]
            rows.append([origin, arm, str(len(mine)), f"{mine['crps'].mean():.4f}", f"{inside:.0%}", ahead[0],
                         f"{logs['timing'].sum():.1f}", ahead[1], f"{logs['detail'].sum():.1f}", ahead[2]])  # fmt: skip
    head = ["From", "Arm", "Neighbour-years", "CRPS of the patron's share", "Inside 90 %", "Nearer", "Timing, nat", "Gain",
            "What else was coded, nat", "Gain of it"]  # fmt: skip
    return table(Table(head, rows))


def matrix(claim: Found) -> str:
    """Each strand against each state: how much more it is foretold than by no state."""
    rows = []
    for origin, found in claim.items():
        mine = found[found["arm"] == ARMS[0]]
        for strand, each in mine.groupby("strand", sort=False):
            n = each["neighbour"].nunique()
            wide = each.pivot(index="neighbour", columns="state", values="later")
            apart = {state: (wide[state] - wide[NONE]).to_numpy(float) for state in (*STATES, PACT)}
            cells = [said(interval(each, list(wide.index)), 1, n) for each in apart.values()]
            rows.append([origin, str(strand), *cells])
    return table(Table(["From", "Strand", *(state.capitalize() for state in STATES), "The pact's spells"], rows))


def fitting(claim: Found) -> str:
    """How each strand fits its own state, in each arm."""
    rows = []
    for origin, found in claim.items():
        for (arm, strand), each in own(found).groupby(["arm", "strand"], sort=False):
            one, none = each.iloc[0], found[(found["strand"] == strand) & (found["state"] == NONE)]
            numbers = [f"{one[name]:.2f}" for name in ("gain", "offset", "error", "keep", "between", "within")]
            ahead = each["later"].sum() - none["later"].sum()
            inside = each["inside"].sum() / each["years"].sum()
            rows.append([origin, str(arm), str(strand), *numbers, f"{inside:.0%}", f"{ahead:+.1f}"])
    head = ["From", "Arm", "Strand", "Gain", "Offset", "Error", "Keep", "R² between", "R² within",
            f"Inside 90 %, {AHEAD} years after", "Ahead of no state, nat"]  # fmt: skip
    return table(Table(head, rows))


def narrowed(fits: Mapping[str, Fit], most: int = 12) -> str:
    """Those that move or narrow most, at one origin."""
    found = narrowing(fits)
    change = np.maximum((found["beside"] - found[ARMS[0]]).abs(), 0.1 * found["beside moves"].abs())
    first = found.loc[change.sort_values(ascending=False).index[:most]]
    rows = [[str(row["name"]), *(f"{row[arm]:.2f}" for arm in ARMS), *(f"{row[f'{arm} moves']:+.1f}" for arm in ARMS[1:])]
            for row in first.to_dict("records")]  # fmt: skip
    head = ["Parameter", *(f"Contraction, {arm}" for arm in ARMS), *(f"Mode moves, {arm}" for arm in ARMS[1:])]
    return table(Table(head, rows))


def answers(judged: Judged) -> list[str]:
    """The rule's answer: strand by strand, and arm by arm."""
    lines = []
    for strand, each in judged.strands.items():
        most = " and ".join(f"{nat:+.1f} in {neighbour}" for neighbour, nat in each.most)
        ahead = f"{said(each.ahead, 1, each.neighbours)} and {each.again:+.1f} nat ahead of no state, of which {most}"
        word = "observed" if each.holds else "not observed"
        lines.append(f"- **{strand}** and {each.state}: {word}. With {each.state} the strand is {ahead}; at the first origin it "
                     f"is foretold best with {each.best}.")  # fmt: skip
    for arm, each in judged.arms.items():
        ties = " and ".join(said(one, 4) for one in each.ties)
        timing = " and ".join(said(one, 1, each.neighbours) for one in each.timing)
        narrowed = f"{each.narrowed} of {each.of} parameters gain {NARROWED:.1f} of contraction"
        held = f"the bands of {each.held} of {each.bands} strands hold what they should"
        lines.append(f"- **{arm}**: {each.word}. Ties {ties}; timing {timing} nat; {narrowed}; {held}.")
    return lines


def page(strands: pd.DataFrame, fits: Mapping[str, Mapping[str, Fit]], *, claim: Found, ties: Found,
         timing: Found) -> str:  # fmt: skip
    """What was measured, below its heading."""
    first = next(iter(fits))
    return f"""## Measured

By `python tools/strands.py --public DIR --page docs/strands.md`; the strands are those of `tools/strands_table.py`:

```
{summary(strands)}
```

**Answer by the rule** (two numbers: from {" and ".join(fits)}; differences as in the tables below):

{chr(10).join(answers(judged(fits, claim, ties, timing)))}

**Foretelling.** "Nearer" is the composite's CRPS less the arm's, "gain" the arm's log-probability less the composite's, all
neighbours together: above nought the strands help. In bold, where the interval leaves nought out.

{scores(ties, timing)}

**Which state does a strand observe?** Log-density of its {AHEAD} years after the origin given its years before, less what it is
with no state; nat, all neighbours together. Gauges are learned to the origin along the path of the composite's posterior mode.
The last column is a control that was added when the others had been seen: membership of the pact, which the path is given.

{matrix(claim)}

**How strands fit their states.** Squared correlations to the origin, of neighbours' means and of what moves around them.

{fitting(claim)}

**What strands teach**, from {first}: parameters that move the three states, those that change most.

{narrowed(fits[first])}
"""
