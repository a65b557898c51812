"""Sentences are tested like numbers: situations with what must and must not be said, and the page's words held to these."""

from __future__ import annotations

import dataclasses
import json
import random
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from hegemon.measures import PER_NEIGHBOUR, SHARED
from hegemon.mechanisms import BY_NAME
from hegemon.sentences.comparing import compared, fate, sided
from hegemon.sentences.definition import ONLY, WRITERS, by_definition
from hegemon.sentences.headline import SHARES, crossing, headline, passing
from hegemon.sentences.measures import GROUPS, MEASURES, measure
from hegemon.sentences.numbers import chance, fixed, level, signed
from hegemon.sentences.placing import CHANCES, put
from hegemon.sentences.sides import sides
from sentences.cases import FATES, GAPS, HEADLINES, gap, shown
from sentences.cases_asked import FORECASTS, PUTS, ROOMS, SWEEPS
from sentences.cases_asked import put as puts

WEB = Path(__file__).parents[2] / "web"
SAID = {
    **{f"shown: {name}": (headline(of), must, never) for name, (of, must, never) in HEADLINES.items()},
    **{f"compared: {name}": (compared(of), must, never) for name, (of, must, never) in GAPS.items()},
    **{f"asked: {name}": (fate(*of), must, never) for name, (of, must, never) in FATES.items()},
    **{f"put: {name}": (put(of), must, never) for name, (of, must, never) in PUTS.items()},
}
TOLD = {f"{study}: {name}": case for study, cases in (("room", ROOMS), ("forecast", FORECASTS), ("sweep", SWEEPS))
        for name, case in cases.items()}  # fmt: skip
"""Parts of sentences too, and what is rightly not said."""


def test_there_are_many_situations() -> None:
    assert len(SAID) >= 60


@pytest.mark.parametrize("situation", SAID)
def test_what_must_be_said_is_and_what_must_not_is_not(situation: str) -> None:
    said, must, never = SAID[situation]
    assert [part for part in must if part not in said] == [], said
    assert [part for part in never if part in said] == [], said
    assert "{" not in said and "  " not in said and said.endswith((".", "."))
    assert not re.search(r"(\b\d+(\.\d+)?%) (and|against|to) \1", said), "the same number twice"


@pytest.mark.parametrize("situation", TOLD)
def test_rooms_forecasts_and_sweeps_say_what_they_must(situation: str) -> None:
    said, must, never = TOLD[situation]
    assert [part for part in must if part not in said] == [], said
    assert [part for part in never if part in said] == [], said
    assert must or not said, "nothing is to be said"
    assert "{" not in said and "  " not in said and "nan" not in said
    assert not re.search(r"(\b\d+(\.\d+)?%) (and|against|to) \1", said), "the same number twice"


def test_every_measure_has_a_name_a_group_and_a_clause() -> None:
    assert set(MEASURES) == set(PER_NEIGHBOUR) | set(SHARED) == set(WRITERS) - {"orientation"}
    assert len({m.title for m in MEASURES.values()}) == len(MEASURES)
    assert {m.group for m in MEASURES.values()} | {measure("orientation:west").group} == set(GROUPS)
    assert all("{value}" in m.level for m in MEASURES.values() if m.unit != "yes")


def test_what_is_so_by_definition_is_moved_by_one_mechanism_alone() -> None:
    """No other mechanism's changes name the measure; and what moves a measure is a mechanism there is."""
    import inspect
    import sys

    assert set(ONLY) <= set(BY_NAME) and {w for each in WRITERS.values() for w in each} <= set(BY_NAME)
    source = {name: inspect.getsource(sys.modules[m.params.__module__]) for name, m in BY_NAME.items()}
    derived = {"autonomy", "red_line", "mobilisation", "overstretch"}
    reset = {"obligation": {"turnover"}, "grievance": {"war"}}
    for mechanism, measures in ONLY.items():
        for name in set(measures) - derived:
            others = {m for m, text in source.items() if f'"{name}": ' in text.partition("def changes")[2]} - {
                mechanism
            }
            assert others <= reset.get(name, set()), (mechanism, name, others)
    assert by_definition("member", (), ("pact",), {}) and not by_definition("fear", (), ("pact",), {})
    assert not by_definition("member", ("pact",), ("pact",), {}), "off in both: nothing is changed"


def test_numbers_are_said_as_they_are() -> None:
    assert (fixed(-0.4), fixed(-0.5), fixed(2.5), signed(0.004), signed(3.0)) == (
        "0",
        "\N{MINUS SIGN}1",
        "3",
        "0",
        "+3",
    )
    assert (level(0.285, "share"), level(0.5, "number"), chance(0.001), chance(0.999), chance(0.0)) == (
        "28%",
        "0.50",
        "less than 1%",
        "more than 99%",
        "0%",
    )
    rng = random.Random(1)
    halves = [(n / 2_000, m / 2_000) for n in range(130, 150) for m in range(120, 150) if abs(n - m) > 10]
    for first, second in [*((rng.random(), rng.random()) for _ in range(2_000)), *halves]:
        for unit in ("share", "number"):
            more, apart = sided(first, second, unit)
            assert abs(apart - (second - first)) <= 0.0061 and more in (0, 1)
            assert float(fixed(100 * abs(apart), more)) > 0 or abs(second - first) < 0.005
            one, other = (float(level(side, unit, more).rstrip("%")) for side in (first, second))
            off = abs(other - one - apart * (1 if unit == "number" else 100))
            assert off < 1e-9 or abs(second - first) < 0.005  # who subtracts gets what is said


def test_how_often_a_level_is_passed() -> None:
    fan = (0.1, 0.2, 0.3, 0.4, 0.6)
    assert (
        passing(fan, 0.3) == pytest.approx(0.5)
        and passing(fan, 0.5) == pytest.approx(0.15)
        and passing(fan, 0.7) is None
    )
    assert [passing(fan, v) for v in fan[:4]] == pytest.approx([1 - share for share in SHARES[:4]])
    assert "more than 95%" in crossing(fan, 0.05, "share") and "less than 5%" in crossing(fan, 0.6, "share")
    assert crossing((0.1, float("nan"), 0.2, 0.3, 0.4), 0.2, "share") == ""
    assert "above 50% in about 15%" in crossing(fan, 0.5, "share")


def test_sides_are_named_by_what_tells_them_apart() -> None:
    assert sides("Kazakhstan 2022: the pact goes in", "Kazakhstan 2022: the patron alone") == (
        "“the pact goes in”",
        "“the patron alone”",
    )
    assert sides("as it is", "without pact") == ("“as it is”", "“without pact”")
    assert sides("A: one", "B: two") == ("“A: one”", "“B: two”")


# ---- The page says the same ----


def page_says(cases: list[list[Any]]) -> list[str]:
    """What web/src/lib/say.ts makes of them."""
    node = shutil.which("node")
    if node is None or not (WEB / "node_modules" / "rolldown").exists():
        pytest.skip("no Node, or web/node_modules is not installed (tools/web.sh)")
    given = json.dumps(cases, allow_nan=False)
    told = subprocess.run(
        [node, "tools/say.js"], cwd=WEB, input=given, capture_output=True, text=True, check=True, timeout=60
    )
    found: list[str] = json.loads(told.stdout)
    return found


def plain(value: Any) -> Any:
    """As JSON has it: what is not a number is null."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return None if isinstance(value, float) and value != value else value


def test_the_page_says_what_python_says() -> None:
    """All situations, and thousands of numbers, of every measure."""
    rng = random.Random(7)

    def some() -> float:
        return round(rng.choice((rng.random(), rng.random() * 0.05, 1 - rng.random() * 0.01, 0.0, 1.0)), 4)

    shows = [of for of, _, _ in HEADLINES.values()]
    gaps = [of for of, _, _ in GAPS.values()]
    for name in [*MEASURES, "orientation:west"] * 60:
        low, middle, high = sorted((some(), some(), some()))
        inner = sorted((rng.uniform(low, high), rng.uniform(low, high)))
        shows.append(
            shown(
                name,
                low=low,
                middle=middle,
                high=high,
                before=some(),
                luck=rng.choice([None, (inner[0], inner[1])]),
                **rng.choice([{}, {"number": rng.randrange(500), "value": some()}]),
            )
        )
        first, second = some(), rng.choice((some(), some()))
        d = second - first
        gaps.append(
            gap(
                name,
                first=first,
                second=second,
                low=d - some() / 2,
                high=d + some() / 2,
                parted=rng.choice([0.0, 1.0, 1.0]),
                pairs=rng.choice([None, (d - some(), d + some())]),
            )
        )
    fans = [sorted(some() for _ in range(5)) for _ in range(300)]
    levels = [some() for _ in fans]
    places = [of for of, _, _ in PUTS.values()]
    places += [puts(name=name, tie=some(), others=some(), here=some(), there=some(), permitted=some(), moved=rng.random() < 0.8)
               for name in [*CHANCES] * 40]  # fmt: skip
    cases: list[list[Any]] = [["headline", plain(dataclasses.asdict(of))] for of in shows]
    cases += [["compared", plain(dataclasses.asdict(of))] for of in gaps]
    cases += [["put", dataclasses.asdict(of)] for of in places]
    cases += [["crossing", fan, at, "share"] for fan, at in zip(fans, levels, strict=True)]
    expected = [
        *map(headline, shows),
        *map(compared, gaps),
        *map(put, places),
        *(crossing(tuple(fan), at, "share") for fan, at in zip(fans, levels, strict=True)),
    ]
    wrong = [
        (case, theirs, ours)
        for case, theirs, ours in zip(cases, page_says(cases), expected, strict=True)
        if theirs != ours
    ]
    assert wrong == [], wrong[:3]
