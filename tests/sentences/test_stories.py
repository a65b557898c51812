"""Stories and the page on trust say what results say: every number in a sentence is in the data it speaks of."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from hegemon import stories
from hegemon.order import load
from hegemon.sentences import trust
from hegemon.sentences.headline import Shown, headline
from hegemon.sentences.numbers import percent
from hegemon.stories.writing import Number, Writer, text

DOCS = Path(__file__).parents[2] / "docs"
YEAR = re.compile(r"\b(19|20)\d\d(Q[1-4])?\b")
NUMERAL = re.compile(r"\d[\d,]*(?:\.\d+)?%?")


def found(story: dict[str, Any], at: list[Any]) -> Any:
    """What stands in a story at a place."""
    place: Any = story
    for key in at:
        place = place[key]
    return place


def test_all_five_are_there_and_small() -> None:
    assert tuple(stories.names()) == stories.ORDER
    for name in stories.names():
        assert len(json.dumps(stories.story(name))) < 110_000


@pytest.mark.parametrize("name", stories.ORDER)
def test_every_number_of_a_story_is_from_a_result(name: str) -> None:
    """Each numeral in a step is one of its numbers, printed from its value; those that are shown are what is shown."""
    story = stories.story(name)
    for n in story["numbers"]:
        if n["form"] == "sentence":
            continue
        assert text(n["value"], n["form"]) == n["text"]
        assert n["of"]
        if n["at"]:
            assert found(story, n["at"]) == n["value"], n
    for i, step in enumerate(story["steps"]):
        own = [n for n in story["numbers"] if n["step"] == i]
        whole = {n["text"] for n in own if n["form"] == "sentence"}
        printed = {n["text"] for n in own if n["form"] != "sentence"}
        for line in step["text"]:
            if line in whole:
                continue
            states = str(len(story["shows"][step["show"]].get("states", ())))
            loose = {m for m in NUMERAL.findall(YEAR.sub("", line)) if m not in printed and m != states}
            assert loose <= {"100%", "30%"}, (line, loose)  # a scale's end, and how a reliability diagram is read
        assert step["show"] in story["shows"]
        assert step["at"] is None or step["at"] in story["shows"][step["show"]]["quarters"]


@pytest.mark.parametrize("name", stories.ORDER)
def test_a_sentence_about_what_is_shown_says_what_is_shown(name: str) -> None:
    """Where a story says a headline of a map, the map's own numbers make the same headline."""
    story, seen = stories.story(name), 0
    for n in story["numbers"]:
        m = (
            re.fullmatch(r"hegemon run .*: (\w+) of ([A-Z]{3}), (\d{4}Q\d)", n["of"])
            if n["form"] == "sentence"
            else None
        )
        if m is None:
            continue
        show = story["shows"][m[1]]
        i, t = [s["iso3"] for s in show["states"]].index(m[2]), show["quarters"].index(m[3])
        b = show["bands"]
        luck = (b["luck_low"][i][t], b["luck_high"][i][t]) if "luck_low" in b else None
        assert n["text"] == headline(
            Shown(
                m[1],
                show["states"][i]["name"],
                show["patron"],
                "",
                m[3],
                b["p05"][i][t],
                b["median"][i][t],
                b["p95"][i][t],
                show["quarters"][0],
                b["median"][i][0],
                luck,
            )
        )
        seen += 1
    assert seen or name in ("kazakhstan-2022", "pact", "failures")


def test_a_difference_that_is_told_is_the_one_that_is_shown() -> None:
    """Both sides of a comparison in a sentence are the means on the map, to the digit printed."""
    checked = 0
    for name in stories.ORDER:
        story = stories.story(name)
        for n in story["numbers"]:
            m = re.fullmatch(r"hegemon compare .*: (\w+) of ([A-Z]{3}), (\d{4}Q\d)", n["of"])
            if m is None:
                continue
            show = next((s for s in story["shows"].values() if s.get("kind") == "gap" and s["measure"] == m[1]), None)
            sides = re.search(r"comes on average to (\d[\d.]*)(%?) in “.*?” and to (\d[\d.]*)%? in", n["text"])
            if show is None or sides is None:
                continue
            i, t = [s["iso3"] for s in show["states"]].index(m[2]), show["quarters"].index(m[3])
            scale, least = (100.0, 0.5) if sides[2] else (1.0, 0.005)
            for part, printed in (("first", sides[1]), ("second", sides[3])):
                assert abs(scale * show["bands"][part][i][t] - float(printed)) <= least + 0.011, (n, part)
                checked += 1
    assert checked > 15


def test_stories_are_of_the_orders_as_they_stand() -> None:
    """Whoever changes a scenario or the posterior simulates again, and writes them anew: tools/stories.py."""
    now = {name: load(name).hash for name in ("post-soviet", "kazakhstan-2022", "kazakhstan-alone")}
    for name in stories.ORDER:
        for command, how in stories.story(name)["made"].items():
            if command.startswith(("hegemon run post-soviet", "hegemon compare post-soviet")):
                assert now["post-soviet"] in how
            elif command.startswith("hegemon compare kazakhstan"):
                assert now["kazakhstan-2022"] in how and now["kazakhstan-alone"] in how


def test_a_writer_wants_every_number_and_no_other() -> None:
    story = Writer("a", "A", "", 1, {})
    with pytest.raises(ValueError, match="b"):
        story.step("s", ["{a}"], "x", a=Number(0.5, "share", "here"), b=Number(1.0, "count", "here"))
    story.step("s", ["{a} of {n}"], "x", a=Number(0.5, "share", "here"), n=Number(1_234.0, "count", "here"))
    assert story.steps[0]["text"] == ["50% of 1,234"] and len(story.numbers) == 2


# ---- How far to trust this ----


def test_the_page_on_trust_has_the_numbers_of_the_back_test() -> None:
    """The scores are those in the documentation's table of what was drawn."""
    rows = {
        (r["scheme"], r["forecaster"]): r
        for r in csv.DictReader((DOCS / "img" / "backtest-scores.csv").read_text("utf-8").splitlines())
    }
    scores = trust.found()["predicted"]["scores"]
    checked = 0
    for scheme, found_ in scores.items():
        for row in found_:
            known = rows.get((scheme, row["forecaster"]))
            if known is not None:
                assert float(known["log"]) == pytest.approx(row["log"], abs=1e-4)
                assert float(known["ahead"]) == pytest.approx(row["ahead"], abs=1e-4)
                checked += 1
    assert checked >= 12


def test_the_lines_on_trust_are_made_of_its_numbers() -> None:
    told = trust.found()
    model = next(r for r in told["predicted"]["scores"]["rolling"] if r["reference"])
    years, fits = told["ahead"], told["fits"]
    assert f"first in {percent(model['first'])} and among three in {percent(model['among_three'])}" in trust.line(
        "predict"
    )
    assert f"Of {years['counts']} counts" in trust.line(
        "forecast"
    ) and f"{years['of'] - years['best']} of {years['of']}" in trust.line("forecast")
    assert years["counts"] == sum(r["counts"] for r in years["rows"]) and years["of"] == len(years["rows"])
    assert years["best"] == sum(max(r["scores"], key=r["scores"].get) == "model" for r in years["rows"])
    for about in ("run", "compare", "claims"):
        assert f"{fits['little']} of {fits['parameters']} parameters" in trust.line(about)
    origins = (DOCS / "origins.md").read_text("utf-8")
    assert f"best in {years['best']} of {years['of']} rows" in origins
