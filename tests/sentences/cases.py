"""Situations, and what must and must not be said of each."""

from __future__ import annotations

from typing import Any

from hegemon.sentences.comparing import Gap
from hegemon.sentences.headline import Shown

NONE: tuple[str, ...] = ()
Must = tuple[str, ...]


def shown(name: str = "autonomy", **more: Any) -> Shown:
    """A measure of Kazakhstan's in 2022."""
    given = {
        "who": "Kazakhstan",
        "patron": "Russia",
        "pole": "The West",
        "quarter": "2022Q1",
        "low": 0.10,
        "middle": 0.31,
        "high": 0.57,
        "since": "1992Q1",
        "before": 0.27,
        "luck": (0.14, 0.37),
    }
    return Shown(name, **(given | more))


HEADLINES: dict[str, tuple[Shown, Must, Must]] = {
    "a fan": (
        shown(),
        ("31% of all conceivable", "10% and 57%", "4 points more", "14% to 37%", "not known"),
        ("0.31",),
    ),
    "the first quarter": (
        shown(quarter="1992Q1", since="", before=None),
        ("1992Q1:", "31%"),
        ("than at the close", "hardly"),
    ),
    "hardly moved": (shown(before=0.30), ("hardly moved (30% then)",), ("more than", "less than")),
    "fallen": (shown(before=0.50), ("19 points less than at the close of 1992Q1",), ("more",)),
    "one point": (shown(before=0.289), ("2 points more",), ("1 points",)),
    "all luck": (shown(luck=(0.11, 0.56)), ("Nearly all of that range is luck",), ("not known",)),
    "hardly luck": (
        shown(low=0.98, middle=1.0, high=1.0, luck=(0.991, 0.992)),
        ("98% and 100%", "Hardly any of that range is luck"),
        ("99% to 99%",),
    ),
    "luck unknown": (shown(luck=None), ("10% and 57%",), ("luck",)),
    "no spread": (
        shown(low=0.998, middle=0.999, high=1.0, before=0.45, luck=(0.999, 1.0)),
        ("nearly the same",),
        ("between", "luck"),
    ),
    "no value": (shown(low=None, middle=None, high=None), ("nothing is known",), ("None", "nan")),
    "not a number": (shown(middle=float("nan")), ("nothing is known",), ("nan",)),
    "one history": (
        shown(number=17, value=0.42),
        ("history 17", "42%", "median is 31%", "10% and 57%"),
        ("luck", "more than"),
    ),
    "one history, no spread": (
        shown(number=3, value=1.0, low=1.0, middle=1.0, high=1.0),
        ("history 3", "All histories lie near 100%"),
        ("between",),
    ),
    "one history, no value": (shown(number=3, value=None), ("nothing is known",), ("history 3",)),
    "history nought": (shown(number=0, value=0.2), ("history 0", "20%"), ("in the median history",)),
    "at nought": (shown(low=0.0, middle=0.0, high=0.0, before=0.0), ("0%", "nearly the same"), ("-0", "between")),
    "member": (shown("member", low=1.0, middle=1.0, high=1.0), ("is a member", "at least 95%"), ("100%", "points")),
    "mostly a member": (shown("member", low=0.0, middle=1.0, high=1.0), ("in most histories",), ("0%",)),
    "seldom a member": (shown("member", low=0.0, middle=0.0, high=1.0), ("in less than half",), ("most histories",)),
    "no member": (shown("member", low=0.0, middle=0.0, high=0.0), ("at most 5%",), ("at least",)),
    "a member in one history": (
        shown("member", number=4, value=1.0),
        ("history 4: Kazakhstan is a member",),
        ("not so",),
    ),
    "no member in one history": (shown("member", number=4, value=0.0), ("it is not so that",), ("95%",)),
    "an open scale": (
        shown("obligation", low=0.0, middle=0.42, high=1.3, before=0.1, luck=None),
        ("owes Russia 0.42", "0.00 and 1.30", "0.32 more"),
        ("%", "points"),
    ),
    "ties": (shown("orientation:west"), ("31% of Kazakhstan's outside ties are with the West",), ("The West",)),
    "of the order": (shown("doctrine", who=""), ("Russia's doctrine stands 31% of the way",), ("Kazakhstan",)),
    "a plural patron": (shown("legitimacy", patron="United States"), ("United States' legitimacy",), ("States's",)),
    "a plural neighbour": (shown("openness", who="Honduras"), ("Honduras stands",), ("Kazakhstan",)),
    "halves go up": (shown(middle=0.125, luck=None, before=None), ("13%",), ("12%",)),
    "everybody in the street": (
        shown("mobilisation", low=0.0, middle=0.02, high=0.9),
        ("2% of Kazakhstan's public is in the street", "0% and 90%"),
        NONE,
    ),
    "capacity": (
        shown("capacity", who="", low=0.8, middle=1.0, high=1.4, before=1.0, luck=None),
        ("capacity is 1.00, where 1",),
        ("%",),
    ),
}


def gap(name: str = "fear", **more: Any) -> Gap:
    """Fear in Kazakhstan, with the pact and without."""
    given = {
        "who": "Kazakhstan",
        "patron": "Russia",
        "pole": "The West",
        "quarter": "2026Q1",
        "one": "“with”",
        "other": "“alone”",
        "first": 0.576,
        "second": 0.741,
        "low": 0.027,
        "high": 0.306,
    }
    return Gap(name, **(given | more))


SIDES = ("“with”", "“alone”")

GAPS: dict[str, tuple[Gap, Must, Must]] = {
    "higher": (gap(), (*SIDES, "58%", "74%", "16 points higher", "+3 to +31 points"), ("lower", "not known")),
    "lower": (
        gap(first=0.741, second=0.576, low=-0.306, high=-0.027),
        ("16 points lower", "\N{MINUS SIGN}31 to \N{MINUS SIGN}3 points"),
        ("higher",),
    ),
    "open": (
        gap(low=-0.05, high=0.4),
        (*SIDES, "which way it goes is not known", "\N{MINUS SIGN}5 to +40 points"),
        ("higher", "lower"),
    ),
    "surely, by little": (
        gap(first=0.30, second=0.31, low=0.002, high=0.02),
        ("+0.2 to +2.0 points",),
        ("interval 0 to",),
    ),
    "no interval": (gap(low=None, high=None), ("not known",), ("None", "higher")),
    "no difference": (gap(second=0.576, low=0.0, high=0.0), ("is the same, 58%",), ("0 points", "higher", "lower")),
    "not parted yet": (gap(second=0.576, parted=0.0), ("the same history in every pair",), ("58%",)),
    "tiny": (
        gap(first=0.8012, second=0.8025, low=0.0004, high=0.003),
        ("about 80% either way", "less than half a point"),
        ("80% and", "to 80%", "higher"),
    ),
    "tiny and open": (
        gap(first=0.8012, second=0.8025, low=-0.01, high=0.01),
        ("about 80% either way",),
        ("higher", "lower", "to 80%"),
    ),
    "prints alike": (
        gap(first=0.7962, second=0.8031, low=0.002, high=0.012),
        ("79.6%", "80.3%", "0.7 points higher"),
        (" 80% ",),
    ),
    "one point": (gap(first=0.30, second=0.31, low=0.002, high=0.02), ("30%", "31%", "1 point higher"), ("1 points",)),
    "subtracts": (
        gap(first=0.4164, second=0.5042, low=0.05, high=0.12),
        ("41.6%", "50.4%", "8.8 points"),
        ("9 points",),
    ),
    "rounds apart": (gap(first=0.4049, second=0.4151, low=0.005, high=0.02), ("1.0 points higher",), ("2 points",)),
    "by definition": (
        gap("member", change="“The pact” is switched off on one side"),
        ("by definition", "nothing is learned"),
        ("58%", "points", "higher"),
    ),
    "no value": (gap(first=None), ("nothing is known",), ("None",)),
    "not a number": (gap(second=float("nan")), ("nothing is known",), ("nan",)),
    "an open scale": (
        gap("obligation", first=0.623, second=0.121, low=-0.918, high=-0.129),
        ("0.62", "0.12", "0.50 lower", "\N{MINUS SIGN}0.92 to \N{MINUS SIGN}0.13"),
        ("points", "%)"),
    ),
    "tiny on an open scale": (
        gap("deployment", first=0.401, second=0.402, low=0.0, high=0.002),
        ("either way", "0.005"),
        ("point",),
    ),
    "luck turns it": (
        gap(pairs=(-0.2, 0.5)),
        ("16 points higher", "single pairs", "\N{MINUS SIGN}20 to +50 points"),
        ("not known",),
    ),
    "luck does not turn it": (gap(pairs=(0.02, 0.5)), ("16 points higher",), ("single pairs",)),
    "luck all but still": (
        gap(pairs=(-0.001, 0.002)),
        ("nine pairs of histories in ten it makes no difference",),
        ("single pairs",),
    ),
    "luck at nought": (gap(pairs=(-0.5, 0.0)), ("higher",), ("single pairs",)),
    "pairs unknown": (gap(pairs=(float("nan"), 0.1)), ("higher",), ("nan", "single")),
    "more ties with a rival under more pressure": (
        gap("orientation:west", first=0.2, second=0.34, low=0.01, high=0.2),
        ("ties that are with the West", "14 points higher"),
        ("The West",),
    ),
    "freer without its protector": (
        gap("autonomy", first=0.19, second=0.333, low=0.05, high=0.27),
        ("room for foreign policy", "14 points higher"),
        ("lower",),
    ),
    "median and mean differ": (
        gap(first=0.5, second=0.45, low=-0.08, high=-0.02),
        ("on average", "5 points lower"),
        ("median",),
    ),
    "to nought": (gap(first=0.3, second=0.0, low=-0.4, high=-0.2), ("30%", "to 0%", "30 points lower"), ("-",)),
    "from nought": (gap(first=0.0, second=0.3, low=0.2, high=0.4), ("to 0%", "to 30%", "30 points higher"), ("-",)),
    "to all": (gap(first=0.98, second=1.0, low=0.01, high=0.03), ("98%", "100%", "2 points higher"), ("101",)),
    "an end at nought": (gap(low=0.0, high=0.306), ("not known",), ("higher",)),
    "of the order": (gap("hierarchy", who=""), ("the region's hierarchy",), ("Kazakhstan",)),
}

Fate = tuple[str, str, str, str, str, float, float, float, float]


def asked(first: float, second: float, low: float, high: float, kind: str = "survives") -> Fate:
    """Kazakhstan's government in January 2022."""
    return (kind, "Kazakhstan", "the uprising of 2022Q1", *SIDES, first, second, low, high)


FATES: dict[str, tuple[Fate, Must, Must]] = {
    "survives less": (
        asked(0.949, 0.898, -0.23, -0.03),
        ("survives the uprising of 2022Q1 in 95% of histories in “with”, against 90%", "5 points less often"),
        ("more often",),
    ),
    "survives more": (asked(0.70, 0.80, 0.02, 0.2), ("70%", "80%", "10 points more often"), ("less often",)),
    "not known": (asked(0.70, 0.80, -0.02, 0.2), ("which way it goes is not known",), ("more often", "less often")),
    "the same": (asked(0.8, 0.8, 0.0, 0.0), ("80% of histories either way",), ("against", "80% and 80%")),
    "nearly": (asked(0.801, 0.803, -0.01, 0.01), ("about 80% of histories either way",), ("against",)),
    "prints alike": (
        asked(0.796, 0.8031, 0.001, 0.02),
        ("79.6%", "80.3%", "0.7 points more often"),
        ("80% of", "against 80%"),
    ),
    "always": (asked(1.0, 0.9, -0.2, -0.05), ("100%", "90%"), ("101",)),
    "never": (asked(0.0, 0.0, 0.0, 0.0), ("0% of histories either way",), ("against",)),
    "lasts": (
        asked(0.926, 0.861, -0.236, -0.039, "lasts"),
        ("still in office at the end in 93%", "against 86%", "less often"),
        ("92.6%",),
    ),
    "lasts alike": (
        asked(0.5, 0.5, 0.0, 0.0, "lasts"),
        ("in office at the end in 50% of histories either way",),
        ("against",),
    ),
}
