"""What a person answers is read strictly: what is wrong is one sentence with its line, and nothing is simulated for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hegemon.building import build
from hegemon.building.answers import load_answers
from hegemon.building.commission import from_options
from hegemon.cli.main import main
from hegemon.errors import UserError
from hegemon.world_pack.world import World

GOOD = """\
format = 1

[order]
patron = "FRA"
neighbours = ["SEN", "CIV", "GAB"]
bloc = "west"
from = 1961
until = 1965

[poles]
france = ["FRA"]
west = ["USA", "GBR"]
east = ["RUS", "*"]

[line]
SEN = "pro_patron"

[pact]
rule = "unanimity"

[pact.member]
SEN = [{ from = "1961Q2", to = "1963Q1" }]

[troops]
SEN = [500, 1000, 2000]

[force]
GAB = 1

[doctrine]
idea = 0.3

[attention]
east = 0.1

[figure.CIV]
openness = [0.1, 0.2, 0.4]
"""

BAD = [
    ("format = 1", "format = 2", "format = 2 (a.toml, line 1). This version reads format = 1."),
    ("format = 1", "format = 1\nfoo = 1", 'foo is no key of the format (a.toml, line 2)'),
    ('patron = "FRA"', 'patron = "France"', 'order.patron = "France" (a.toml, line 4). Write the three capital letters'),
    ('patron = "FRA"', "patron = 220", "It must be text in quotes"),
    ('patron = "FRA"\n', "", "order.patron is missing"),
    ('neighbours = ["SEN", "CIV", "GAB"]\n', "", "order.neighbours is missing"),
    ('neighbours = ["SEN", "CIV", "GAB"]', "neighbours = []", "order.neighbours is empty"),
    ('neighbours = ["SEN", "CIV", "GAB"]', 'neighbours = "SEN"', "It must be a list, in [ ]"),
    ('neighbours = ["SEN", "CIV", "GAB"]', 'neighbours = ["SEN", "CIV", "GAB", "CIV"]', "CIV is a neighbour twice"),
    ('neighbours = ["SEN", "CIV", "GAB"]', 'neighbours = ["SEN", "FRA", "GAB"]', "FRA is the patron and a neighbour"),
    ('neighbours = ["SEN", "CIV", "GAB"]', 'neighbours = ["SEN", "USA", "GAB"]', "USA is a neighbour and in pole west"),
    ('neighbours = ["SEN", "CIV", "GAB"]', 'neighbours = ["SEN", "sen"]', "Write the three capital letters"),
    ('bloc = "west"', 'bloc = "wets"', 'order.bloc = "wets" is no rival pole (a.toml, line 6). Did you mean "west"?'),
    ('bloc = "west"', 'bloc = "france"', "The patron's own pole cannot be the bloc"),
    ('bloc = "west"\n', "", "order.bloc is missing"),
    ("from = 1961", "from = 1815", "order.from = 1815 (a.toml, line 7). It must lie between 1946 and 2024."),
    ("from = 1961", 'from = "1961"', "It must be a whole number"),
    ("until = 1965", "until = 1960", "until = 1960 (a.toml, line 8). It must lie after from, 1961."),
    ("until = 1965", "until = 2090", "order.until = 2090"),
    ("until = 1965", "untill = 1965", 'Did you mean "until"?'),
    ("until = 1965", 'until = 1965\nlate = "never"', "order.late"),
    ('west = ["USA", "GBR"]\neast = ["RUS", "*"]', "", "no rival pole is given"),
    ('west = ["USA", "GBR"]', 'west = ["USA", "USA"]', "USA is in poles.west twice"),
    ('west = ["USA", "GBR"]', 'west = ["USA", "RUS"]', "RUS is in poles west and east"),
    ('west = ["USA", "GBR"]', "west = []", "poles.west is empty"),
    ('west = ["USA", "GBR"]', 'west = ["*"]\nother = ["GBR"]', "* is in poles west and east"),
    ('east = ["RUS", "*"]', 'east = ["RUS"]\nWest = ["GBR"]', "Write small letters, digits"),
    ('france = ["FRA"]', 'france = ["FRA", "*"]', "* is in poles france and east"),
    ('east = ["RUS", "*"]', 'east = ["Moscow"]', "poles.east"),
    ('SEN = "pro_patron"', 'SEN = "friendly"', 'line.SEN = "friendly"'),
    ('SEN = "pro_patron"', 'SEN = "pro-patron"', 'Did you mean "pro_patron"?'),
    ('SEN = "pro_patron"', 'SNE = "pro_patron"', 'line.SNE is no neighbour of this order (a.toml, line 16). Did you mean "SEN"?'),
    ('SEN = "pro_patron"', 'Senegal = "pro_patron"', "Write the three capital letters"),
    ('SEN = "pro_patron"', "SEN = 1", "line.SEN"),
    ('rule = "unanimity"', 'rule = "unanimous"', 'Did you mean "unanimity"?'),
    ('rule = "unanimity"', "patron_share = 1.5", "pact.patron_share = 1.5"),
    ('rule = "unanimity"', 'founding_until = "1961"', "pact.founding_until"),
    ('rule = "unanimity"', "none = true", "pact.none = true beside pact.member"),
    ('{ from = "1961Q2", to = "1963Q1" }', '{ from = "1963Q2", to = "1963Q1" }', "SEN in the pact ends before it begins"),
    ('{ from = "1961Q2", to = "1963Q1" }', '{ from = "1961Q2" }, { from = "1962Q1" }', "overlaps the one before"),
    ('{ from = "1961Q2", to = "1963Q1" }', '{ from = "1961-04" }', "pact.member.SEN 1: from"),
    ('{ from = "1961Q2", to = "1963Q1" }', '{ to = "1963Q1" }', "is missing"),
    ('{ from = "1961Q2", to = "1963Q1" }', '{ from = "1961Q2", until = "1963Q1" }', "until"),
    ('SEN = [{ from = "1961Q2", to = "1963Q1" }]', "SEN = []", "pact.member.SEN is empty"),
    ('SEN = [{ from = "1961Q2", to = "1963Q1" }]', 'TGO = [{ from = "1961Q2" }]', "pact.member.TGO is no neighbour"),
    ("SEN = [500, 1000, 2000]", "SEN = -5", "troops.SEN"),
    ("SEN = [500, 1000, 2000]", "SEN = [500, 1000]", "It must be a number, or [low, value, high]"),
    ("SEN = [500, 1000, 2000]", "SEN = [5000, 1000, 2000]", "[low, value, high] must not fall"),
    ("SEN = [500, 1000, 2000]", 'SEN = "many"', "It must be a number, or [low, value, high]"),
    ("SEN = [500, 1000, 2000]", "SEN = true", "It must be a number, or [low, value, high]"),
    ("SEN = [500, 1000, 2000]", "SEN = nan", "troops.SEN"),
    ("GAB = 1", "GAB = 2", "force.GAB = 2"),
    ("GAB = 1", "GAB = true", "It must be a whole number"),
    ("GAB = 1", "MLI = 1", "force.MLI is no neighbour of this order"),
    ("idea = 0.3", "idea = 3", "doctrine.idea"),
    ("idea = 0.3", "ideal = 0.3", 'Did you mean "idea"?'),
    ("idea = 0.3", "idea = [0.5, 0.3, 0.4]", "must not fall"),
    ("east = 0.1", "france = 0.1", "attention.france is no rival pole of this order"),
    ("east = 0.1", "south = 0.1", "attention.south is no rival pole"),
    ("openness = [0.1, 0.2, 0.4]", "openness = 1.4", "figure.CIV.openness"),
    ("openness = [0.1, 0.2, 0.4]", "orientation = 0.4", "orientation"),
    ("openness = [0.1, 0.2, 0.4]", "deployment = 2.5", "figure.CIV.deployment"),
    ("[figure.CIV]", "[figure.TGO]", "figure.TGO is no neighbour of this order"),
    ("[figure.CIV]", "[frozen]\nSEN = 1.2\n[figure.CIV]", "frozen.SEN"),
    ("[figure.CIV]", "[names]\nsouth = \"South\"\n[figure.CIV]", "names.south is no pole of this order"),
    ("[figure.CIV]", "[institution]\nSEN = 1.0\n[figure.CIV]", 'Did you mean "institutions"?'),
    ("[figure.CIV]", "[figure.CIV", "not valid TOML (a.toml, line 36)"),
    ("[order]", "[[order]]", "order = a list"),
    ("[order]", "[orders]", 'Did you mean "order"?'),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), BAD, ids=[f"{i}-{said[:40]}" for i, (_, _, said) in enumerate(BAD)])
def test_malformed_answers_are_one_sentence(old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(UserError) as caught:
        load_answers("a.toml", GOOD.replace(old, new, 1))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_there_are_sixty_of_them_and_the_good_ones_are_read() -> None:
    assert len(BAD) >= 60
    found = load_answers("a.toml", GOOD)
    assert (found.own, found.rivals, found.troops["SEN"]) == ("france", ("west", "east"), (500, 1000, 2000))


WORLDLY = [
    ('"CIV", "GAB"', '"CIV", "GAB", "CIX"', 'order.neighbours: "CIX" is no state of the world pack. Did you mean "CIV"?'),
    ('"GBR"', '"GBX"', 'poles.west: "GBX" is no state of the world pack'),
    ("from = 1961", "from = 1955", "no neighbour was a state in 1955. Begin later: the first became one in 1960."),
]


@pytest.mark.parametrize(("old", "new", "said"), WORLDLY)
def test_what_the_pack_does_not_know_is_one_sentence(old: str, new: str, said: str, world: World) -> None:
    with pytest.raises(UserError) as caught:
        build(load_answers("a.toml", GOOD.replace(old, new, 1)), world)
    assert said in str(caught.value)


OPTIONS = {"patron": "FRA", "neighbours": "SEN,CIV", "poles": ["west=USA,GBR"], "bloc": "west", "start": 1961, "until": 1965}

BAD_OPTIONS = [
    ({"patron": None}, "an order needs --patron. As in --patron FRA"),
    ({"poles": []}, "an order needs --pole"),
    ({"patron": "FRX"}, "no state of the world pack"),
    ({"neighbours": "SEN,Ivory Coast"}, '--neighbours: "Ivory Coast". Write codes of three letters'),
    ({"neighbours": "SEN,SEN"}, "SEN is a neighbour twice"),
    ({"poles": ["west"]}, '--pole "west". Write a name and its states'),
    ({"poles": ["west=USA", "west=GBR"]}, "--pole west is given twice"),
    ({"poles": ["west=USA,GBR,USA"]}, "USA is in poles.west twice"),
    ({"bloc": "east"}, '--bloc = "east" is no rival pole'),
    ({"until": 1960}, "--until = 1960. It must lie after from, 1961."),
    ({"start": 1800}, "--from = 1800"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), BAD_OPTIONS, ids=[said[:40] for _, said in BAD_OPTIONS])
def test_malformed_options_are_one_sentence(change: dict[str, object], said: str, world: World) -> None:
    given = {**OPTIONS, **change}
    with pytest.raises(UserError) as caught:
        build(from_options(*given.values(), world), world)  # type: ignore[arg-type]
    assert said in str(caught.value)


def test_options_beside_answers_are_refused_and_nothing_is_written(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "a.toml"
    own.write_text(GOOD)
    assert main(["new", str(tmp_path / "x"), "--answers", str(own), "--patron", "FRA", "--pack", str(pack)]) == 2
    assert "--answers beside other options" in capsys.readouterr().err
    own.write_text(GOOD.replace("1961", "1691"))
    assert main(["new", str(tmp_path / "x"), "--answers", str(own), "--pack", str(pack)]) == 2
    assert "order.from = 1691 (a.toml, line 7)" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
