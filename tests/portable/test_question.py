"""A page reads a question as the command does: what is known, where neighbours stood, how long it runs, and what cannot be."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hegemon.branch import changed
from hegemon.drivers import Script
from hegemon.errors import UserError
from hegemon.inference import levels
from hegemon.opening import script
from hegemon.order import load
from hegemon.portable import stood, tab
from hegemon.portable.arguments import QUARTERS
from hegemon.scenarios.loader import builtin_names

ASKED: list[tuple[str, dict[str, Any]]] = [
    ("kazakhstan-alone", {}),
    ("kazakhstan-alone", {"record": "2015Q2"}),
    ("kazakhstan-alone", {"force": ["2022Q1 KAZ uprising"], "end": "2024Q4"}),
    ("post-soviet", {"record": "1992Q3"}),
    ("post-soviet", {"record": "1996Q3"}),
    ("post-soviet", {"force": ["2014Q1 UKR uprising unilateral_force survived=no successor=rival severity=3 line=balanced"]}),
    ("post-soviet", {"force": ["2021Q4 BLR turnover collective_force", "2020Q3 BLR uprising"], "without": ["learning"]}),
    ("post-soviet", {"force": ["1992Q1 TJK secession requested=yes consented=no"]}),
    ("post-soviet", {"force": ["2014Q1 UKR uprising unilateral_force side=against",
                               "2020Q3 BLR uprising security_support side=for"]}),
    ("warsaw-pact", {"force": ["1968Q3 CSK rival_turn collective_force"], "record": "1960Q1", "end": "1975Q4"}),
]
REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("post-soviet", {"force": [text]}) for text in (
        "2014Q1 UKR", "2014Q1 UKR uprising abstain more", "2014Q5 UKR uprising", "2014Q1 XXX uprising", "2014Q1 UKR riot",
        "2014Q1 UKR uprising nothing", "2014Q1 UKR uprising survived=maybe", "2014Q1 UKR uprising severity=4",
        "2014Q1 UKR uprising colour=red", "1980Q1 UKR uprising", "2014Q1 UKR uprising collective_force",
        "2014Q1 UKR uprising consented=yes", "2014Q1 UKR uprising survived=yes successor=rival",
        "2014Q1 BLR uprising collective_force consented=no", "2014Q1 UKR uprising side=for",
        "2014Q1 UKR uprising mediate side=for", "2014Q1 UKR uprising security_support side=against",
        "2014Q1 UKR uprising unilateral_force side=neither")
] + [
    ("post-soviet", {"force": ["2014Q1 UKR uprising", "2014Q1 UKR turnover"]}),
    ("post-soviet", {"force": ["2014Q1 UKR uprising"], "record": "2014Q1"}),
    ("post-soviet", {"force": ["2014Q1 BLR uprising collective_force"], "without": ["pact"]}),
    ("post-soviet", {"force": ["2014Q1 UKR uprising mediate"], "without": ["response"]}),
    ("post-soviet", {"force": ["2014Q1 GEO secession separatism_support"], "without": ["separatism"]}),
    ("kazakhstan-alone", {"record": "2022Q1"}),
    ("warsaw-pact", {"record": "1990Q1"}),
]  # fmt: skip
READ = """
const [scripts, file] = process.argv.slice(1), { readFileSync } = await import("node:fs");
const { resolved, ties } = await import(`file://${scripts}/question.js`), { scripted } = await import(`file://${scripts}/engine.js`);
const { scenarios, model, stood, parts, quarters, asked } = JSON.parse(readFileSync(file, "utf8"));
console.log(JSON.stringify(asked.map(({ scenario: name, end, ...side }) => {
  try {
    const scenario = scenarios[name], states = scenario.states.length, poles = scenario.poles.length;
    const found = resolved(scenario, [side], model, end), [{ known, stand }] = found.sides;
    return { quarters: found.quarters, script: parts.map((part) => [...scripted(known, part, quarters, states)]),
      stand, ties: stand && [...ties(stood.levels, stand.year, stood.luck, poles, states)].slice(0, 1000) };
  } catch (error) {
    return { error: error.message };
  }
})));
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node here")
def test_the_page_reads_a_question_as_the_command_does(tmp_path: Path) -> None:
    for name in tab.SCRIPTS:
        (tmp_path / name).write_bytes(tab.script(name))
    (tmp_path / "package.json").write_text('{"type": "module"}', "utf-8")
    orders = {name: load(name) for name in {name for name, _ in [*ASKED, *REFUSED]}}
    seen = orders["post-soviet"]
    job = {"scenarios": {name: tab.scenario(order) for name, order in orders.items()}, "model": tab.model(),
           "stood": {"levels": stood.stood(seen), "luck": stood.normals(seen).ravel().tolist()}, "quarters": QUARTERS,
           "parts": list(Script.__dataclass_fields__),
           "asked": [{"scenario": name, **asked} for name, asked in [*ASKED, *REFUSED]]}  # fmt: skip
    (tmp_path / "job.json").write_text(json.dumps(job), "utf-8")
    command = ["node", "--input-type=module", "-e", READ, str(tmp_path), str(tmp_path / "job.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    put = []
    for (name, asked), mine in zip(ASKED, found, strict=False):
        order = changed(orders[name], **asked)
        assert mine.get("error") is None, (name, asked)
        assert mine["quarters"] == list(order.quarters)
        whole = script(order.scenario)
        for part, codes in zip(job["parts"], mine["script"], strict=True):
            known = getattr(whole, part)
            assert np.array_equal(np.reshape(codes, (QUARTERS, -1))[: len(known)], known), (name, asked, part)
        where = levels.observed_to(order)
        put.append(where)
        assert (mine["stand"] or {}).get("year") == where, (name, asked)
        if where == 1995:  # the filter takes its time
            there = levels.stood(order)
            assert there is not None
            assert mine["stand"]["quarter"] == there.quarter
            np.testing.assert_allclose(mine["ties"], there.ties.ravel()[:1000], rtol=2e-2)
    assert put == [2014, 2014, 2014, None, 1995, 2013, 2014, None, 2013, None]
    for (name, asked), mine in zip(REFUSED, found[len(ASKED) :], strict=True):
        with pytest.raises(UserError):
            changed(orders[name], **asked)
        assert mine.get("error", "").endswith("."), (name, asked, mine)


def test_where_neighbours_stood_is_what_the_filter_says() -> None:
    """What is kept is of the tables and the filter as they are; a year of it is filtered again."""
    orders = [order for name in builtin_names() if stood.years(order := load(name))]
    assert {stood.made_of(order) for order in orders} == set(stood.kept()), "run python tools/portable_engine.py --ties"
    order = load("post-soviet")
    assert set(stood.stood(order)["years"]) == {str(year) for year in stood.years(order)}
    assert np.array_equal(stood.normals(order)[:2], np.random.default_rng([0, 3]).standard_normal((2, 14, 4)))
    table = levels.ties_of(order.scenario)
    assert table is not None
    mine, now = stood.stood(order)["years"]["1994"], levels.levels(table, order.poles, order.states, 1994)
    np.testing.assert_allclose(mine["mean"], now.mean.ravel(), atol=2e-2)
    np.testing.assert_allclose(mine["deviation"], np.sqrt(now.variance).ravel(), atol=2e-2)
