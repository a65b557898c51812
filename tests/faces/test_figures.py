"""A figure is a kind, data and words: every kind draws what it is given, large and small, and can be sent to a browser."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hegemon.pages import charts, render
from hegemon.pages.figure import Figure, Table

TIMES = np.arange(2000.0, 2004.0, 0.25)
PATHS = pd.concat(
    [pd.DataFrame({"time": TIMES, "who": who, "what": what, "low": 0.2, "mid": 0.4, "high": 0.7, "seen": np.nan, "off": False})
     for who in ("ANA", "BOB") for what in ("ties", "line")], ignore_index=True,
)  # fmt: skip
ROWS = pd.DataFrame({"row": ["a", "a", "b", "b"], "of": ["x", "y"] * 2, "low": [0.1, 0.2, np.nan, 0.3],
                     "value": [0.2, 0.3, np.nan, 0.5], "high": [0.4, 0.5, np.nan, 0.6],
                     "said": ["one", "two", "three", "four"]})  # fmt: skip
EVENTS = pd.DataFrame({"time": [2000.1, 2000.1, 2003.0], "who": ["ANA", "ANA", "BOB"], "of": ["coup", "war", "war"]})
STACKED = pd.DataFrame({"time": [1.0, 1.0, 2.0], "part": ["p", "q", "p"], "height": [2.0, 1.0, 0.5]})
CELLS = pd.DataFrame({"row": ["a", "b"], "column": ["c", "c"], "value": [-3.0, 0.5], "faint": [False, True]})
BINS = pd.DataFrame({"said": [0.1, 0.8], "happened": [0.2, 0.7], "least": [0.0, 0.5], "most": [0.4, 0.9], "n": [9, 20]})
TILES = pd.DataFrame([(2 / 3, 1 / 6, 1 / 6), (1 / 3, 1 / 3, 1 / 3), (1 / 6, 2 / 3, 1 / 6), (1 / 6, 1 / 6, 2 / 3)],
                     columns=["top", "left", "right"]).assign(danger=[0.1, 0.2, 0.3, np.nan][:4]).fillna(0.0)  # fmt: skip
STATES = pd.DataFrame({"state": ["ARM", "KAZ"], "value": [0.4, np.nan]})

YEARS: dict[str, Any] = {"domain": [2000.0, 2004.0], "years": True}
EXAMPLES: dict[str, tuple[pd.DataFrame, dict[str, Any], list[str]]] = {
    "fan": (PATHS, {"x": "time", "line": "mid", "bands": [["low", "high"]], "series": "what", "panel": "who",
                    "looks": {"ties": {"label": "Ties", "colour": "blue"}, "line": {"label": "Line", "dash": True}},
                    "panels": {"ANA": ["Anatolia", "a subtitle"], "BOB": "Bohemia"}, "across": YEARS, "points": "seen",
                    "outside": "off", "ends": {"ANA": {"ties": "here"}}, "domains": {"BOB": [0.0, 0.9]},
                    "rules": [{"at": 2002.0}], "shades": [{"low": 2001.0, "high": 2002.0}]},
            ["Anatolia", "a subtitle", "Bohemia", "Ties", "here", "2001"]),
    "tracks": (PATHS, {"x": "time", "line": "mid", "bands": [["low", "high"]], "series": "what", "panel": "who",
                       "looks": {"ties": {"colour": "blue"}, "line": {"dash": True}}, "across": YEARS,
                       "tracks": [{"series": ["line", "ties"], "below": "line"}],
                       "events": [{"panel": "ANA", "x": 2001.5, "class": "coup", "hover": "a coup"}],
                       "classes": {"coup": {"label": "Coup", "colour": "orange", "shape": "diamond"},
                                   "war": {"label": "War", "colour": "black", "shape": "cross"}}},
               ["ANA", "BOB", "Coup", "a coup"]),
    "dots": (ROWS, {"row": "row", "rows": {"a": "Alpha", "b": "Beta"}, "value": "value", "low": "low", "high": "high",
                    "series": "of",
                    "looks": {"x": {"label": "Ex", "interval": "wide"}, "y": {"label": "Why", "shape": "diamond"}},
                    "text": "said", "track": [0.0, 1.0], "dodge": True, "hover": "{row} is {value:.1f}",
                    "across": {"title": "share", "format": ".0%"}, "rules": [{"at": 0.5}]},
             ["Alpha", "Beta", "Ex", "Why", "a is 0.3"]),
    "bars": (STACKED, {"x": "time", "step": 1.0, "height": "height", "series": "part", "hover": "{part}: {height:.1f}",
                       "looks": {"p": {"label": "Pe", "colour": "blue"}, "q": {"label": "Queue", "colour": "orange"}},
                       "tops": [{"x": 1.0, "y": 3.0, "word": "the top"}], "up": {"title": "surprise"}},
             ["Pe", "Queue", "the top", "q: 1.0", "surprise"]),
    "strip": (EVENTS, {"x": "time", "row": "who", "rows": {"ANA": "Anatolia", "BOB": "Bohemia"}, "of": "of",
                       "classes": {"coup": {"label": "Coup", "colour": "orange"}, "war": {"label": "War", "colour": "black"}},
                       "hover": "{of} in {who}", "across": YEARS}, ["Anatolia", "Bohemia", "Coup", "war in BOB"]),
    "heat": (CELLS, {"row": "row", "column": "column", "value": "value", "limit": 2.0, "faint": "faint", "title": "spreads"},
             ["a", "c", "spreads", "·"]),
    "reliability": (BINS, {"said": "said", "happened": "happened", "low": "least", "high": "most", "count": "n",
                           "across": "probability said", "up": "share"}, ["probability said", "share", "100%"]),
    "triangle": (TILES, {"shares": ["top", "left", "right"], "value": "danger", "corners": ["Up", "West", "East"],
                         "level": {"at": 0.4, "low": 0.3, "high": 0.5, "name": "line", "sides": ["in", "out"]},
                         "trail": [[0.5, 0.3, 0.2], [0.3, 0.4, 0.3]], "dates": ["then", "now"], "hover": "{danger:.0%} here"},
                 ["Up", "West", "East", "line 40%", "in", "now", "20% here"]),
    "map": (STATES, {"region": "post-soviet", "state": "state", "value": "value", "names": {"ARM": "Armenia"},
                     "middle": "Russia", "top": 0.5}, ["ARM 40%", "KAZ no data", "Russia", "Armenia: 40%"]),
}  # fmt: skip


def figure(kind: str, data: pd.DataFrame | None = None, **settings: Any) -> Figure:
    """A small figure of a kind."""
    given, known, _ = EXAMPLES[kind]
    return Figure(name=f"a-{kind}", title="A title", reading="How to read it.", form="A picture", finding="It shows this.",
                  kind=kind, data=given if data is None else data, settings={**known, **settings},
                  tables=[Table(["head"], [["cell"]])])  # fmt: skip


def test_every_kind_has_an_example():
    assert set(EXAMPLES) == set(charts.KINDS)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_kind_draws_its_words_large_and_small(kind: str):
    drawn = render.svg(figure(kind), titled=True)
    assert "A title" in drawn
    for word in EXAMPLES[kind][2]:
        assert word in drawn, word
    assert "nan" not in drawn.lower()
    assert render.svg(figure(kind), small=True).startswith("<svg")


@pytest.mark.parametrize("kind", EXAMPLES)
@pytest.mark.parametrize("small", [False, True], ids=["large", "small"])
def test_every_chart_is_valid_vega_lite(kind: str, small: bool):
    """Drawing skips Altair's own check for speed; here it is made."""
    charts.draw(figure(kind), small)[0].to_dict(validate=True)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_figure_can_be_sent_to_a_browser(kind: str):
    """Kind, words, numbers and settings survive JSON; what is not known is null, which JSON allows."""
    plain = json.loads(json.dumps(figure(kind).plain(), allow_nan=False))
    assert plain["kind"] == kind and plain["title"] == "A title" and plain["tables"][0]["rows"] == [["cell"]]
    assert len(plain["data"]) == len(EXAMPLES[kind][0])
    assert set(plain["settings"]) == set(EXAMPLES[kind][1])


@pytest.mark.parametrize("kind", EXAMPLES)
def test_without_data_a_figure_says_so(kind: str):
    assert "There are no data to draw." in render.svg(figure(kind, EXAMPLES[kind][0].iloc[:0]))


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_figure_is_the_same_to_the_byte_when_drawn_again(kind: str):
    assert render.svg(figure(kind)) == render.svg(figure(kind))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "pie"}, 'figure "a-fan": no kind of figure is called "pie". Known: fan, '),
        ({"settings": {"x": "time", "lines": "mid"}}, 'figure "a-fan": fan knows no setting "lines".'),
        ({"settings": {"line": "mid"}}, 'figure "a-fan": fan needs the setting "x".'),
        ({"settings": {"x": "time", "bands": [["low", "hihg"]]}}, 'its data have no column "hihg", which "bands" names.'),
    ],
    ids=["kind", "setting", "missing", "column"],
)
def test_a_slip_in_a_figure_is_refused_in_a_sentence(change: dict[str, Any], told: str):
    with pytest.raises(ValueError, match="figure") as found:
        charts.check(dataclasses.replace(figure("fan"), **change))
    assert told in str(found.value)


def test_a_panel_stands_alone():
    """One panel's data, no title of its own (its place has one), under other words."""
    alone = figure("tracks").only("ANA", name="card", finding="One.")
    assert set(alone.data["who"]) == {"ANA"} and alone.name == "card" and alone.tables == ()
    drawn = render.svg(alone)
    assert "a coup" in drawn and "BOB" not in drawn


def test_marks_that_would_cover_one_another_step_aside():
    from hegemon.pages.charts.strip import LANE, placed

    many = pd.DataFrame({"x": [2000.0, 2000.0, 2000.0, 2003.0], "row": 0})
    heights = placed(many, "x", "row", {"domain": [2000.0, 2004.0]}, 900, 19)["height_"]
    assert sorted(heights * 19) == pytest.approx([-LANE, 0.0, 0.0, LANE])


def test_bars_pile_up_to_their_sum():
    _, sources = charts.draw(figure("bars"))
    (rows,) = sources.values()
    assert [(row["base_"], row["top_"]) for row in rows] == [(0.0, 2.0), (2.0, 3.0), (0.0, 0.5)]


@pytest.mark.parametrize(("top", "marks"), [(1.0, 5), (0.9, 4), (0.15, 4), (70.0, 8), (2.0, 5)])
def test_axes_end_on_a_round_mark(top: float, marks: int):
    from hegemon.pages.charts.parts import even

    assert len(even(top)) == marks and even(top)[-1] == pytest.approx(top)


def test_a_panel_in_which_nothing_happens_is_drawn():
    """Too few histories for a rare kind of crisis: its axis has a length all the same."""
    spec = charts.spec(figure("fan", domains={"BOB": [0.0, 0.0]}))
    assert [0.0, 1.0] in [part["domain"] for part in scales(spec)]


def scales(of: Any) -> list[dict[str, Any]]:
    """Every scale with a domain in a chart."""
    if isinstance(of, list):
        return [found for part in of for found in scales(part)]
    if not isinstance(of, dict):
        return []
    own = [of["scale"]] if isinstance(of.get("scale"), dict) and "domain" in of["scale"] else []
    return own + [found for part in of.values() for found in scales(part)]
