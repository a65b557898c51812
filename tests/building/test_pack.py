"""A pack is built from official files as they are published; what is wrong with a file or a pack is one sentence."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from building.official import files, write
from hegemon.cli.main import main
from hegemon.errors import UserError
from hegemon.world_pack.building import build, releases, tables
from hegemon.world_pack.facts import facts
from hegemon.world_pack.manifest import BY_NAME, KEYS, PAIRS, RELEASES, columns
from hegemon.world_pack.official.states import campaigns
from hegemon.world_pack.opening import open_world
from hegemon.world_pack.world import World


def test_every_column_has_a_release_and_every_release_says_where_it_is_and_what_is_lost_without_it() -> None:
    told = [*(c for table in KEYS for c in columns(table).values()), *PAIRS.values()]
    assert {column.release for column in told} | {"system"} == set(BY_NAME)
    for release in RELEASES:
        assert release.files
        assert release.where.startswith("http")
        assert release.cite
        assert release.terms
    assert [release.name for release in RELEASES if not release.without] == ["system", "borders", "capitals"]


def test_what_official_files_say_arrives_in_the_pack(world: World) -> None:
    """Trade both ways, treaties, votes, disputes, kin, tenure, wars, the end of foreign rule: each from its own format."""
    year = [1961]
    assert world.flow("SEN", "FRA", year)[0] == 100
    assert world.trade_of("SEN", "FRA", 1961, "imports_1_from_2") == 60, "France's number is the lower one"
    assert world.total("SEN", year)[0] == 300, "the national total is larger than the sum of pairs"
    assert world.allied("GAB", "FRA", 1961)
    assert not world.allied("SEN", "FRA", 1961)
    assert world.tie("SEN", "FRA", year, "igos")[0] == 1, "AU has no European member, and -9 is none"
    assert world.agreement("SEN", "FRA", range(1960, 1965)) == pytest.approx(0.6)
    assert world.fights("FRA", "SEN", 1950, 1961) == [(4, 4)]
    assert world.fights("SEN", "FRA", 1950, 1961) == [(2, 4)], "the weaker side's own hostility"
    assert world.kin("FRA", "SEN", 1961) == pytest.approx(0.05), "Krus are Kru"
    assert world.freed("GAB", "FRA", 1961) == (1960, True)
    assert world.state("CIV", "tenure", [1962])[0] == pytest.approx(1.40, abs=0.01)
    assert world.state("GAB", "civil_war", [1964])[0] == 1
    assert np.isnan(world.state("GAB", "imports_musd", [1955])[0])
    assert np.isnan(world.total("DJI", [1966])[0]), "no state yet"
    assert world.pair("SEN", "CIV", "contiguity", 2020) == 1, "the last year on record is carried on"
    assert world.pair("FRA", "SEN", "capital_km", 1961) == pytest.approx(4210, abs=30)
    assert world.state("SEN", "hief", year)[0] == pytest.approx(0.7), "countries by name"


def test_every_raw_fact_is_shown_with_its_source(world: World, pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = facts(world, ["FRA", "SEN"], 1961)
    assert {fact.name for fact in told if fact.of == ("SEN",)} == set(columns("states"))
    assert all(fact.source and fact.terms for fact in told)
    assert main(["world", "show", "FRA", "SEN", "1961", "--pack", str(pack), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["facts"]
    trade = next(row for row in rows if row["fact"] == "imports_1_from_2")
    assert (trade["value"], trade["of"], trade["source"]) == ("60", ["FRA", "SEN"], "COW Trade 4.0, dyadic")


def test_states_go_by_their_names_of_then_and_what_is_none_is_told(tmp_path: Path) -> None:
    """A campaign in the Soviet Union is Russia's; two Germanies and Yemens have the number of the year."""
    rows = [("USSR", 1990, 1991), ("East Germany", 1989, 1989), ("West Germany", 1968, 1968), ("Germany", 1992, 1992),
            ("Republic of Yemen", 1962, 1962), ("Yemen", 1994, 1994), ("Zaire/DRC", 1977, 1977), ("Tibet", 1959, 1959)]
    file = tmp_path / "NAVCO1.3.tab"
    file.write_text("LOCATION\tBYEAR\tEYEAR\tNONVIOL\n" + "".join(f"{n}\t{a}\t{b}\t1\n" for n, a, b in rows))
    found = campaigns(file)
    then = {(365, 1990), (365, 1991), (265, 1989), (260, 1968), (255, 1992), (678, 1962), (679, 1994), (490, 1977)}
    assert set(zip(found["ccode"], found["year"], strict=True)) == then
    assert found.attrs["left_out"] == ["Tibet"]


FILES = files()
NEEDED = ("states2016.csv", "ne_50m_admin_0_countries.geojson", "ne_50m_populated_places_simple.geojson")


def test_a_pack_does_without_what_is_missing_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = write(tmp_path / "few", NEEDED), tmp_path / "pack"
    assert main(["world", "build", "--from", str(folder), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "missing   atop5_1dy.csv (http://www.atopdata.org/data.html): without it no treaty is known" in said
    world = open_world(out)
    assert not world.has_contiguity
    assert not world.allied("GAB", "FRA", 1961)
    assert np.isnan(world.state("SEN", "cinc", [1961])[0])


def test_a_pack_that_is_built_already_is_taken_over(pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEGEMON_WORLD", str(tmp_path / "own"))
    assert main(["world", "build", "--from", str(pack)]) == 0
    assert open_world().states == open_world(pack).states


def test_a_build_that_fails_leaves_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path / "bad")
    (folder / "MIDB 5.0.csv").write_text("dispnum,ccode,styear,sidea,hostlev\n1,220,1959,1,nine\n")
    with pytest.raises(UserError):
        build(folder, tmp_path / "pack")
    assert not (tmp_path / "pack").exists()


def spoilt(name: str, old: str, new: str) -> Callable[[Path], None]:
    """A file with something replaced."""

    def spoil(folder: Path) -> None:
        text = FILES[name]
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")

    spoil.name = name  # type: ignore[attr-defined]
    return spoil


def without(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


BAD_FILES = [
    (without("states2016.csv"), "COW State System Membership 2016 or 2024 is missing: no file states2016.csv"),
    (without("ne_50m_admin_0_countries.geojson"), "get it at https://www.naturalearthdata.com"),
    (spoilt("states2016.csv", "ccode", "code"), "column ccode is missing (states2016.csv)"),
    (spoilt("states2016.csv", "1816", "18x6"), 'styear = "18x6" (states2016.csv, row 2). Write a number'),
    (spoilt("NMC-60-abridged.csv", "0.2", "2.0"), "cinc = 2.0 (NMC-60-abridged.csv, row"),
    (spoilt("NMC-60-abridged.csv", "1957", ""), "year is empty (NMC-60-abridged.csv, row 2)"),
    (spoilt("Dyadic_COW_4.0.csv", "flow2", "flow3"), 'Did you mean "flow3"?'),
    (spoilt("Dyadic_COW_4.0.csv", ",5,5", ",-5,5"), "flow1 = -5 (Dyadic_COW_4.0.csv, row"),
    (spoilt("V-Dem-CY-Core-v15.csv", "0.85", "1.85"), "v2x_polyarchy_codehigh = 1.85"),
    (spoilt("1March_Archigos_4.1.txt", "1960-08-07", "spring"), "enddate is no date (1March_Archigos_4.1.txt, row 2)"),
    (spoilt("1March_Archigos_4.1.txt", "exit", "out"), "column exit is missing"),
    (spoilt("powell_thyne_coups_final.txt", "\t1\tv", "\t3\tv"), "coup = 3 (powell_thyne_coups_final.txt, row 2)"),
    (spoilt("UcdpPrioConflict_v25_1.csv", "481", "Gabon"), 'gwno_a = "Gabon" (UcdpPrioConflict_v25_1.csv, row 2)'),
    (spoilt("EPR-2021.csv", "0.4", "four"), 'size = "four" (EPR-2021.csv, row 2)'),
    (spoilt("HIEF_data.csv", "EFindex", "index"), "column EFindex is missing"),
    (spoilt("NAVCO1.3.tab", "1962\t1963", "soon\t1963"), 'BYEAR = "soon"'),
    (spoilt("UNVotes-1.csv", "vote", "voice"), "column vote is missing"),
    (spoilt("UNVotes-1.csv", ",1\n", ",7\n"), "vote = 7 (UNVotes-1.csv, row"),
    (spoilt("API_NY.GDP.MKTP.KD_DS2_en_csv_v2_1.csv", "Country Code", "Country"), "has no column Country Code"),
    (spoilt("ne_50m_admin_0_countries.geojson", "{", "["), "cannot read \"ne_50m_admin_0_countries.geojson\". It is no GeoJSON"),
    (spoilt("ne_50m_admin_0_countries.geojson", "features", "things"), "It is no GeoJSON (KeyError)"),
    (spoilt("atop5_1dy.csv", "220,481,1960,1,1", "220,481,1960,1,2"), "defense = 2 (atop5_1dy.csv, row 2)"),
    (spoilt("coldata110.csv", "IndViol", "Viol"), "column IndViol is missing"),
    (spoilt("coldata110.csv", "196008", "196013"), "IndDate = 196013 (coldata110.csv, row"),
    (spoilt("coldata110.csv", "196008", "1960-08"), 'IndDate = 1960-08 (coldata110.csv, row'),
    (spoilt("UcdpPrioConflict_v25_1.csv", ",3,", ",internal,"), 'type_of_conflict = "internal" (UcdpPrioConflict_v25_1.csv'),
    (lambda folder: (folder / "mmALL_073120_csv.csv").write_text("ccode,year,protest\n2,1990,\n"), "protest is empty"),
    (lambda folder: (folder / "cw_gdppop.csv").write_text("ccode,year,pwtrgdp\n2,1990,1\n2,1990,3\n"), "is given twice"),
    (spoilt("state_year_formatv3.csv", "ccode", "state1"), "column ccode is missing (state_year_formatv3.csv)"),
    (spoilt("contdird.csv", ",1,3.2", ",9,3.2"), "conttype = 9 (contdird.csv, row 2)"),
    (lambda folder: (folder / "tss_rivalries.csv").write_text(""), "It is empty"),
    (lambda folder: (folder / "cw_gdppop.csv").write_text("ccode,year,pwtrgdp\n2,1890,1\n"), "has no year from 1945 on"),
]  # fmt: skip


QUICK = 8
"""Of damaged files, so many are tried where everybody waits; the rest in the slow lane."""


@pytest.mark.parametrize(
    ("spoil", "said"),
    [pytest.param(*each, id=each[1][:50], marks=[pytest.mark.slow] if n >= QUICK else []) for n, each in enumerate(BAD_FILES)],
)
def test_a_damaged_official_file_is_one_sentence(spoil: Callable[[Path], None], said: str, tmp_path: Path) -> None:
    folder = write(tmp_path, {*NEEDED, getattr(spoil, "name", "states2016.csv")})
    spoil(folder)
    with pytest.raises(UserError) as caught:
        tables(releases(folder))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def changed(table: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Path], None]:
    """A pack with one table changed."""

    def spoil(folder: Path) -> None:
        file = folder / f"{table}.parquet"
        change(pd.read_parquet(file)).to_parquet(file)

    return spoil


def cell(column: str, value: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """A table with the first cell of a column replaced."""

    def change(table: pd.DataFrame) -> pd.DataFrame:
        held = table[column].astype(object)
        held.iloc[0] = value
        return table.assign(**{column: held.infer_objects()})

    return change


BAD_PACKS = [
    (lambda folder: shutil.rmtree(folder), "there is no world pack in"),
    (lambda folder: (shutil.rmtree(folder), folder.write_text("x")), "is a file, no world pack"),
    (lambda folder: (folder / "states.parquet").unlink(), "has no states.parquet. Build it again: hegemon world build"),
    (lambda folder: (folder / "pairs.parquet").unlink(), "has no pairs.parquet"),
    (lambda folder: (folder / "trade.parquet").write_text("ccode1"), "cannot read trade.parquet as Parquet"),
    (lambda folder: (folder / "trade.parquet").write_bytes(b""), "cannot read trade.parquet as Parquet"),
    (changed("states", lambda t: t.drop(columns="iso3")), "column iso3 is missing (states.parquet)"),
    (changed("trade", lambda t: t.rename(columns={"year": "yr"})), "column year is missing (trade.parquet). It has"),
    (changed("states", lambda t: t.assign(year=t["year"].astype(str))), "column year holds"),
    (changed("states", lambda t: t.assign(cinc="big")), "column cinc holds"),
    (changed("states", cell("ccode", 1000)), "ccode is out of range: 1000 (states.parquet, row 1)"),
    (changed("states", cell("year", 1925)), "year is out of range: 1925 (states.parquet, row 1). It must lie between"),
    (changed("states", cell("year", 1960.5)), "year is no whole number: 1960.5"),
    (changed("states", lambda t: t.assign(year=t["year"].astype(float).mask(t.index == 0))), "year is empty"),
    (changed("states", lambda t: t.assign(iso3=t["iso3"].astype(str).str.lower())), "iso3 is not three capital letters: usa"),
    (changed("states", cell("polyarchy", 1.2)), "polyarchy is out of range: 1.2 (states.parquet, row 1). It must be"),
    (changed("states", cell("milper", -9.0)), "milper is out of range: -9.0 (states.parquet, row 1). It must be at least 0"),
    (changed("states", cell("milper", float("inf"))), "milper is out of range: inf"),
    (changed("states", lambda t: pd.concat([t, t.head(1)])), "the same ccode, year is given twice"),
    (changed("states", lambda t: pd.concat([t, t.head(1).assign(ccode=99)])), "a state has two numbers in one year: USA"),
    (changed("pairs", lambda t: t.assign(ccode1=t["ccode2"], ccode2=t["ccode1"])), "ccode1 is not below ccode2 (pairs.parquet"),
    (changed("pairs", lambda t: t.assign(**{"from": t["to"], "to": t["from"]})), "from lies after to"),
    (changed("pairs", lambda t: t.assign(what=t["what"].astype(str).replace("border_km", "border"))), 'what = "border"'),
    (changed("pairs", lambda t: t[t["what"] != "capital_km"]), "has no capital_km"),
    (changed("pairs", lambda t: t.assign(value=t["value"].mask(t["what"] == "border_km", -1))), "border_km is out of range: -1"),
    (changed("trade", lambda t: pd.concat([t, t])), "the same ccode1, ccode2, year is given twice (trade.parquet"),
    (changed("trade", cell("imports_1_from_2", -1.0)), "imports_1_from_2 is out of range"),
    (changed("ties", lambda t: t.assign(atop=np.uint8(99))), "atop is out of range: 99 (ties.parquet, row 1)"),
    (changed("disputes", lambda t: t.assign(hostlev=np.int8(6))), "hostlev is out of range: 6 (disputes.parquet, row 1)"),
    (changed("kin", lambda t: t.assign(share=9.0)), "share is out of range: 9.0 (kin.parquet, row 1)"),
    (lambda folder: (folder / "trade.parquet").unlink(), "is not as it was built: trade.parquet is missing"),
    (changed("ties", lambda t: t.head(1)), "is not as it was built: ties.parquet is not what was written"),
    (lambda folder: (folder / "pack.json").write_text("[" * 100_000), "cannot read pack.json"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "said"), BAD_PACKS, ids=[said[:50] for _, said in BAD_PACKS])
def test_a_damaged_pack_is_one_sentence(spoil: Callable[[Path], object], said: str, pack: Path, tmp_path: Path) -> None:
    own = tmp_path / "pack"
    shutil.copytree(pack, own)
    spoil(own)
    with pytest.raises(UserError) as caught:
        open_world(own)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["FRA", "CIV"], '"CIV" is no year. Name states, then a year'),
        (["1961"], "no state is named"),
        (["FRA", "1850"], "1850 is outside the world pack. It covers 1945 to 2024."),
        (["FRX", "1961"], '"FRX" is no state of the world pack. Did you mean "FRA"?'),
        (["DJI", "1961"], "DJI was no state in 1961. The pack has it from 1977 to 2024."),
    ],
)
def test_what_is_asked_of_a_pack_and_cannot_be_is_one_sentence(
    words: list[str], said: str, pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["world", "show", *words, "--pack", str(pack)]) == 2
    assert said in capsys.readouterr().err
