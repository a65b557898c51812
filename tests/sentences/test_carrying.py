"""What carries a difference, what a run and a prediction say: in words that follow from the numbers."""

from __future__ import annotations

import math

import pytest

from hegemon.sentences.carrying import Carrier, carried, order, ranked, step
from hegemon.sentences.comparing import furthest
from hegemon.sentences.overview import Ending, answers, crises, regard, room, spread
from hegemon.sentences.predicting import answer, named


def carrier(title: str, left: float, whole: float = 0.14, error: float = 0.004) -> Carrier:
    return Carrier(title, whole, left, error, error)


SAID = {
    "medians apart": (furthest("2026Q1", "Kazakhstan", 0.172, 0.312), ("Kazakhstan: 17% and 31%",), ("half a point",)),
    "medians nearly apart": (furthest("2026Q1", "Moldova", 0.336, 0.344), ("33.6% and 34.4%",), ("34% and",)),
    "medians together": (furthest("2026Q1", "Moldova", 0.34, 0.343), ("in no neighbour by as much as half a point",), ("34%",)),
    "two carry it": (
        carried("room", [carrier("Support", 0.05), carrier("Capacity", 0.09), carrier("War", 0.139)]),
        ("the difference in room: 64% of it is gone without “Support”, 36% without “Capacity”.",),
        ("War", "1%", "works against"),
    ),
    "the largest is named first": (
        carried("room", [carrier("Capacity", 0.09), carrier("Support", 0.05)]),
        ("64% of it is gone without “Support”, 36% without “Capacity”",),
        (),
    ),
    "all of it": (carried("fear", [carrier("Regard", 0.0)]), ("all of it is gone without “Regard”",), ("100%",)),
    "it turns round": (
        carried("fear", [carrier("Regard", -0.05)]),
        ("without “Regard” it turns round",),
        ("136%", "gone"),
    ),
    "one works against it": (
        carried("room", [carrier("Support", 0.05), carrier("Pact", 0.18)]),
        ("“Pact” works against it: without that it would be larger by 29%",),
        ("−29%", "-29%"),
    ),
    "nobody carries a tenth": (
        carried("room", [carrier("Support", 0.133), carrier("War", 0.14)]),
        ("No single mechanism carries a tenth of the difference in room",),
        ("Support", "%"),
    ),
    "a large share that may be luck": (
        carried("room", [carrier("Support", 0.1, error=0.06)]),
        ("No single mechanism",),
        ("Support",),
    ),
    "a negative difference": (
        carried("doctrine", [carrier("Capacity", -0.05, whole=-0.11)]),
        ("55% of it is gone without “Capacity”",),
        ("larger",),
    ),
    "three are enough": (
        carried("room", [carrier(name, 0.05) for name in ("A", "B", "C", "D")]),
        ("“A”", "“B”", "“C”"),
        ("“D”",),
    ),
    "a way with shares": (
        order([("2022Q1", [step("debt", "Support", 0.67), step("troops", "Integration", None)])], "room"),
        (
            "how much of the difference in room runs through each: first, in 2022Q1, debt (by “Support”; 67% of it runs",
            "and troops",
        ),
        ("None", "nan"),
    ),
    "a way without": (
        order([("2022Q1", [step("debt", "Support", None)]), ("2022Q2", [step("fear", "Regard", None)])]),
        ("In what order it moves: first, in 2022Q1, debt (by “Support”); then, in 2022Q2, fear (by “Regard”).",),
        ("how much",),
    ),
    "a likely answer that came": (
        answer([("mediate", 0.62), ("abstain", 0.2), ("peacekeeping", 0.001)], "mediate"),
        ("Likeliest: mediate (62%), then abstain (20%).", "was its first answer (62%)"),
        ("third",),
    ),
    "a surprise": (
        answer([("mediate", 0.62), ("abstain", 0.3), ("peacekeeping", 0.001)], "peacekeeping"),
        ("What happened, peacekeeping, was its third answer (less than 1%)",),
        ("(0%)",),
    ),
    "an answer to come": (
        answer([("mediate", 0.6), ("abstain", 0.4)], None),
        ("then abstain (40%).",),
        ("happened", "None"),
    ),
    "named": (
        named(74, 45, 66, learned=True),
        ("Of 74 crises", "first in 45 and among three in 66", "a description, no forecast"),
        (),
    ),
    "named beforehand": (named(1, 1, 1, learned=False), ("Of one crisis",), ("description", "1 crises")),
    "a run": (
        room(
            "left to chance",
            0.27,
            0.33,
            "1992Q1",
            "2022Q1",
            Ending("Estonia", 0.95, 0.99, 1.0),
            Ending("Kazakhstan", 0.1, 0.31, 0.57),
        ),
        (
            "Left to chance: ",
            "rises from 27% to 33%",
            "Estonia (99%; nine histories in ten between 95% and 100%)",
            "10% and 57%",
        ),
        ("0.", "autonomy"),
    ),
    "a run that stays": (
        room("left to chance", 0.27, 0.28, "1992Q1", "2022Q1", Ending("A", 0.5, 0.5, 0.5), Ending("B", 0.1, 0.1, 0.1)),
        ("stays near 28%", "A (50%; nearly the same in every history)"),
        ("between 50%", "rises"),
    ),
    "answers of a run": (
        answers("Russia", [("abstain", 0.4), ("mediate", 0.31)]),
        ("abstain (40%) and mediate (31%)",),
        ("0.4",),
    ),
    "crises of a run": (crises(81.4, 74.0), ("holds 81 on average", "holds 74"), ("81.4", "74.0")),
    "regard of a run": (
        regard("Russia", [("fear", 0.31, 0.42), ("legitimacy", 0.5, 0.505)]),
        ("fear of Russia in the average neighbour's government rises from 31% to 42% of its scale", "stays near 51%"),
        ("0.31",),
    ),
    "what evidence could narrow": (spread(0.72, None), ("72% is parameters",), ("figures",)),
    "what figures leave open": (spread(0.5, 0.2), ("50% is parameters", "20% is figures of the start"), ()),
}


@pytest.mark.parametrize("situation", SAID)
def test_what_must_be_said_is_and_what_must_not_is_not(situation: str) -> None:
    said, must, never = SAID[situation]
    assert [part for part in must if part not in said] == [], said
    assert [part for part in never if part in said] == [], said
    assert "{" not in said and "  " not in said


def test_a_difference_that_may_be_luck_is_not_shared_out() -> None:
    assert carried("room", [carrier("Support", 0.0, whole=0.005)]) == ""
    assert carried("room", []) == "" and ranked([carrier("Support", 0.0, whole=0.0)]) == []


def test_what_is_not_known_is_not_said() -> None:
    assert named(0, 0, 0, learned=True) == ""


def test_an_error_of_a_share_is_that_of_a_ratio() -> None:
    """By the delta method: of r = l / w, the root of (dl² + r² dw²) / w²."""
    of = Carrier("Support", 0.2, 0.1, 0.01, 0.02)
    assert of.share == pytest.approx(0.5)
    assert of.error == pytest.approx(math.sqrt(0.02**2 + 0.25 * 0.01**2) / 0.2)
