"""Situations of rooms, forecasts and sweeps, and what must and must not be said of each."""

from __future__ import annotations

from typing import Any

from hegemon.sentences import depending, foreseeing, placing
from hegemon.sentences.depending import Judged, Side, Swing
from hegemon.sentences.foreseeing import Ahead, Chance, Counted
from hegemon.sentences.placing import Put, Spread, Standing

Said = dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]]
MINUS = "\N{MINUS SIGN}"
NO = (float("nan"),) * 2


def at(line: float, tie: float, within: float = 0.83, half: float = 0.1) -> str:
    """Kazakhstan at a red line, with ties."""
    spreads = (Spread(x, max(x - half, 0.0), min(x + half, 1.0)) for x in (line, 1.0 - line, tie))
    return placing.stands(Standing("Kazakhstan", "Russia", "2022Q1", *spreads, within))


def put(**more: Any) -> Put:
    """Kazakhstan with fewer ties with Russia."""
    given = {
        "name": "coercion",
        "who": "Kazakhstan",
        "patron": "Russia",
        "rival": "The West",
        "tie": 0.2,
        "others": 0.55,
        "here": 0.046,
        "there": 0.071,
        "permitted": 0.12,
        "moved": True,
    }
    return Put(**(given | more))


PUTS: dict[str, tuple[Put, tuple[str, ...], tuple[str, ...]]] = {
    "more": (
        put(),
        ("20% of its ties with Russia and 55% with the West", "7.1%, 2.5 points more", "(4.6%)", "in 12% of worlds"),
        ("The West", "less"),
    ),
    "less": (put(there=0.031), ("3.1%, 1.5 points less",), ("more",)),
    "alike": (put(there=0.0462), ("4.6%, as where Kazakhstan stands",), ("points", "more", "less")),
    "one point": (put(there=0.056), ("1.0 points more",), ("1 points",)),
    "where it stands": (put(moved=False), ("Were it sure", "where it stands on average", "a chance of 4.6%"), ("7.1%", "more")),
    "never permitted": (put(permitted=0.0), ("in 0% of worlds",), ("less than",)),
    "hardly ever permitted": (put(permitted=0.003), ("in less than 1% of worlds",), ("0% of worlds",)),
    "given a crisis": (
        put(name="help_given_crisis", here=0.2, there=0.3),
        ("help, once there is a crisis, has a chance of 30.0%",),
        ("within a year",),
    ),
}
"""A neighbour put somewhere on the map: said by the page, too."""

ROOMS: Said = {
    "inside": (
        at(0.30, 0.46),
        ("at least 30%", "leaves Russia 46%", "16 points more than it must", "83% of worlds"),
        ("less",),
    ),
    "beyond": (at(0.46, 0.30, 0.2), ("16 points less than it must", "20% of worlds"), ("more than it must",)),
    "on the line": (at(0.30, 0.302), ("just what it must",), ("points",)),
    "subtracts": (at(0.304, 0.455), ("30.4%", "45.5%", "15.1 points more"), ("16 points",)),
    "no spread": (at(0.30, 0.46, 1.0, 0.0), ("at least 30% of its", "100% of worlds"), ("(", "30% to 30%")),
    "small shares": (Spread(0.046, 0.029, 0.077).share(), ("4.6% (2.9% to 7.7%)",), ("5%",)),
    "no effect": (Spread(0.0, 0.0, 0.0).points(), ("0",), ("(", "+", "0.0")),
    "an effect": (Spread(-0.042, -0.068, -0.015).points(), (f"{MINUS}4.2 ({MINUS}6.8 to {MINUS}1.5)",), ("-", "%")),
    "as it was": (placing.since("2010Q1", 0.35, 0.35, Spread(0.0, 0.0, 0.0)), ("is what it was",), ("35%", "points")),
    "hardly moved": (
        placing.since("2010Q1", 0.35, 0.351, Spread(0.001, -0.002, 0.003)),
        ("hardly moved",),
        ("35%", "widened"),
    ),
    "as it was on average": (
        placing.since("2010Q1", 0.349, 0.351, Spread(0.002, -0.06, 0.07)),
        ("about 35%, as it was", f"{MINUS}6 and +7 points"),
        ("35% to 35%", "widened"),
    ),
    "widened": (
        placing.since("2010Q1", 0.25, 0.35, Spread(0.1, 0.02, 0.2)),
        ("widened from 25% to 35%, by 10 points (+2 to +20",),
        ("not known",),
    ),
    "narrowed": (
        placing.since("2010Q1", 0.35, 0.25, Spread(-0.1, -0.2, -0.02)),
        ("narrowed from 35% to 25%, by 10 points",),
        ("widened",),
    ),
    "moved, way unknown": (
        placing.since("2010Q1", 0.25, 0.35, Spread(0.1, -0.02, 0.2)),
        ("from 25% to 35%", "not known"),
        ("widened", "narrowed"),
    ),
    "moved by a little": (
        placing.since("2010Q1", 0.342, 0.351, Spread(0.009, 0.001, 0.02)),
        ("34% to 35%, by 1 point (+0.1 to +2.0 points)",),
        ("(0 to",),
    ),
    "a mover": (
        placing.driven("overstretch", 0.021, "Kazakhstan", "Russia"),
        ("Russia's means", "raised it by 2.1 points"),
        ("overstretch", "lowered"),
    ),
    "a mover down": (
        placing.driven("dependence", -0.014, "Kazakhstan", "Russia"),
        ("Kazakhstan's dependence on Russia", "lowered it by 1.4 points"),
        (MINUS,),
    ),
    "nothing moved it": (placing.driven("dependence", 0.0001, "Kazakhstan", "Russia"), (), ("dependence",)),
    "disputes": (
        placing.answered("Russia", Spread(0.57, 0.46, 0.69), Spread(0.21, 0.12, 0.29), "dispute", 0.71),
        ("71% would answer disputes with the patron", "because pressure was used"),
        ("rival_turn",),
    ),
    "uprisings": (
        placing.answered("Russia", Spread(0.57, 0.46, 0.69), Spread(0.21, 0.12, 0.29), "uprising", 0.71),
        ("would answer uprisings.",),
        ("pressure",),
    ),
    "worth of the line": (
        placing.beyond("Russia", 0.3, (0.051, 0.58), (0.083, 0.71)),
        ("5.1% at the red line", "8.3%", "58% and 71%"),
        ("either way",),
    ),
    "a line that is worth nothing": (
        placing.beyond("Russia", 0.3, (0.051, 0.58), (0.0511, 0.5803)),
        ("at the red line as without", "58% either way"),
        ("58% and 58%", "5.1% at the"),
    ),
    "no line": (
        placing.beyond("Russia", 0.0, (0.1, 0.5), (0.1, 0.5)),
        ("No policy is beyond Russia's red line",),
        ("%",),
    ),
    "no crisis to be answered": (placing.beyond("Russia", 0.3, (0.0, NO[0]), (0.0, NO[0])), (), ("nan", "%")),
    "a prior is left": (placing.judged(1.04), ("100% of their prior spread",), ("104%",)),
    "a walk that changes nothing": (
        placing.walked("Kazakhstan", "Russia", 0.46, (0.05, 0.5), (0.05, 0.5)),
        ("5.0%, with 46% of ties", "as without any", "50% either way"),
        ("50% and",),
    ),
    "simulated without a record": (
        placing.other("hegemon run toy", "1990Q1", dice=True, record=False),
        (),
        ("without `--dice`",),
    ),
    "simulated beside a record": (
        placing.other("hegemon run toy", "1990Q1", dice=True, record=True),
        ("without `--dice`",),
        ("run",),
    ),
}


def scored(mine: float, best: float, inside: int = 5) -> str:
    """Six counts."""
    return foreseeing.scored("Crises by kind", 6, inside, mine, "past rate", best)


def ties(ahead: tuple[float, float, float]) -> str:
    """Ties with the West beside persistence."""
    return foreseeing.ties("The West", 70, 0.022, [Ahead("persistence", 0.025, *ahead)], 0.93)


FORECASTS: Said = {
    "crises to come": (
        foreseeing.expected("2022Q1", "2026Q4", 12.4, 6, 20),
        ("12 crises on average (6 to 20",),
        ("12.4",),
    ),
    "as many in all": (foreseeing.expected("2022Q1", "2022Q4", 1.0, 1, 1), ("exactly 1 in nine",), ("1 to 1",)),
    "likelier than before": (
        foreseeing.likeliest(Chance("Ukraine", 0.79, 0.6)),
        ("Ukraine (79%, where the rate of the past says 60%)",),
        (),
    ),
    "as likely as before": (
        foreseeing.likeliest(Chance("Ukraine", 0.7901, 0.7904)),
        ("79%, as at the rate of the past",),
        ("79%, where",),
    ),
    "hardly likelier": (
        Chance("Ukraine", 0.791, 0.794).said(),
        ("79.1%, where the rate of the past says 79.4%",),
        ("79%, where",),
    ),
    "never": (Chance("Ukraine", 0.001, 0.2).said(), ("less than 1%", "20%"), ("0%,",)),
    "above and below": (
        foreseeing.furthest(Chance("Kazakhstan, dispute", 0.29, 0.13), Chance("Lithuania, dispute", 0.04, 0.17)),
        ("Furthest above", "Kazakhstan, dispute (29%", "; furthest below", "Lithuania"),
        (),
    ),
    "all below": (
        foreseeing.furthest(None, Chance("Lithuania, dispute", 0.04, 0.17)),
        ("Furthest below",),
        ("above", "None"),
    ),
    "none apart": (foreseeing.furthest(None, None), (), ("Furthest",)),
    "without": (
        foreseeing.moved("without learning", -0.12),
        (f"{MINUS}12 points without learning",),
        ("with without",),
    ),
    "with": (foreseeing.moved("a patron a quarter weaker", 0.01), ("+1 point with a patron",), ("1 points",)),
    "a small move": (foreseeing.moved("without learning", 0.004), ("+0.4 points",), ("+0 points", " 0 points")),
    "who hangs on what": (
        foreseeing.hanging([("Honduras", "without learning", 0.04)]),
        ("Honduras' +4 points without learning",),
        ("s's",),
    ),
    "nothing moves it": (foreseeing.hanging([]), (), ("moves",)),
    "better": (scored(-1.5, -2.0), ("5 of 6 counts", f"{MINUS}1.50, better than the {MINUS}2.00"), ("worse", "-")),
    "worse": (scored(-2.5, -2.0), ("worse than",), ("better than",)),
    "scores alike": (scored(-1.873, -1.8731), ("as that of the best rule",), ("better than", "worse")),
    "scores that print alike": (scored(-1.871, -1.874), ("1.871", "1.874", "better"), ("1.87,",)),
    "all inside": (scored(-1.5, -2.0, 6), ("all of 6 counts",), ("6 of 6",)),
    "none missed": (foreseeing.outside([]), ("hold every count",), ("Outside", "none")),
    "missed": (foreseeing.outside([Counted("Armenia", 6, 0, 4)]), ("Armenia (6 came; 0 to 4)",), ()),
    "ties better": (
        ties((0.003, 0.001, 0.005)),
        ("the West", "than which they are better (ahead by +0.003"),
        ("told apart", "The West"),
    ),
    "ties worse": (ties((-0.003, -0.005, -0.001)), ("than which they are worse",), ("better (",)),
    "ties alike": (
        ties((-0.0004, -0.004, 0.003)),
        ("cannot be told apart (ahead by 0.000",),
        (f"{MINUS}0.000", "than which"),
    ),
    "ties of few": (ties((0.003, *NO)), ("cannot be said of so few",), ("nan", "better (")),
    "medians alike": (
        foreseeing.spans("2026Q4", ("Estonia", 0.31), ("Latvia", 0.31)),
        ("about 31% everywhere",),
        ("31% (",),
    ),
    "medians apart": (
        foreseeing.spans("2026Q4", ("Armenia", 0.31), ("Latvia", 0.9)),
        ("from 31% (Armenia) to 90% (Latvia)",),
        (),
    ),
}

SIDE = Side("red_line.base", "share of ties", 0.2, 1.0, 0.146, 0.4, 2e-5)
LUCK = (0.449, 0.126, 0.09, 0.001, 32, depending.LEFT_OUT)

SWEEPS: Said = {
    "the most": (
        depending.leading([("a.b", "0.22"), ("c.d", "0.12")], "total index", "", 0.09),
        ("most depends on a.b (0.22) and c.d (0.12) (total index).", "Luck: 9% of"),
        ("does not vary",),
    ),
    "nothing to depend on": (depending.leading([], "effect", "", 0.5), ("Luck: 50%",), ("depends", "none")),
    "it does not vary": (depending.leading([], "effect", "", float("nan")), ("It does not vary.",), ("nan", "Luck")),
    "no luck at all": (depending.leading([("a.b", "1.00")], "effect", "", 0.0), ("Luck: 0% of",), ("less than",)),
    "hardly any luck": (depending.luck(*LUCK), ("9% is luck", "less than 1%, which the indices leave out."), (" 0%",)),
    "too much luck": (depending.luck(*LUCK[:5], depending.TOO_MUCH), ("too much for indices",), ("leave out",)),
    "a constant": (
        depending.luck(1.0, 0.0, float("nan"), float("nan"), 32, "."),
        ("Mean 1; it does not vary.",),
        ("nan",),
    ),
    "nobody was left out": (depending.others(0, 0.0), (), ("other",)),
    "many were left out": (depending.others(1289, 0.434), ("The other 1,289 parameters together: 0.43.",), ()),
    "chance": (depending.by_chance(305, 0.131), ("Among 305 parameters", "up to 0.13"), ()),
    "a negative index": (
        depending.first("a.b", -0.004, -0.05, 0.01, 0.0),
        ("total index 0.00", f"{MINUS}0.05 to 0.01"),
        ("-",),
    ),
    "a negative effect": (depending.largest("a.b", -0.0314), (f"{MINUS}0.0314",), ("-",)),
    "which way": (
        Swing("a.b", "log-odds", 0.15, 0.535, 0.25, 0.373).said(),
        ("from 0.535 where it is below 0.15 to 0.373 where it is above 0.25 (log-odds)",),
        (),
    ),
    "no way": (Swing("a.b", "log-odds", 0.15, 0.535, 0.25, 0.535).said(), ("by nothing that shows",), ("to 0.535",)),
    "above": (
        SIDE.said(),
        ("red_line.base lies above 0.146 (share of ties; upper 80% of its prior; quasi-p 2e-05)",),
        ("between",),
    ),
    "below": (Side("a.b", "share", 0.0, 0.3, 0.1, 0.2, 0.01).said(), ("lies below 0.2", "lower 30%"), ("upper",)),
    "between": (
        Side("a.b", "share", 0.2, 0.7, 0.1, 0.2, 0.01).said(),
        ("lies between 0.1 and 0.2", "from 20% to 70%"),
        ("upper",),
    ),
    "a box": (
        depending.box([SIDE, SIDE], "autonomy below 0.1", Judged(0.34, 0.58, 682)),
        ("Where red_line.base lies", " and red_line.base lies", "34% of sets (density)", "58%", "by 682 sets"),
        (),
    ),
    "boxes": (
        depending.held("autonomy below 0.1", 394, 2048, boxes=True),
        ("Autonomy below 0.1 holds in 394 of 2,048 sets (19%).",),
        (),
    ),
    "never holds": (
        depending.held("autonomy below 0.1", 0, 2048, boxes=False),
        ("nothing to tell apart",),
        ("no box",),
    ),
    "no box": (depending.held("autonomy below 0.1", 20, 2048, boxes=False), ("no box of parameters",), ("%",)),
    "hardly holds": (depending.held("autonomy below 0.1", 2, 2048, boxes=True), ("less than 1%",), ("(0%)",)),
}
