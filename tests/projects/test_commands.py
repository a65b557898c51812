"""Every command on every order: what it says before anything is computed. No refusal without a reason in a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hegemon import studies
from hegemon.errors import UserError
from hegemon.history import DRAWN
from hegemon.projects.begin import begin
from hegemon.scenarios.loader import load_scenario

ORDERS = ("post-soviet", "warsaw-pact", "inter-american", *DRAWN, "mine")

REFUSED = {
    ("backtest", "warsaw-pact"): "13 crises", ("backtest", "inter-american"): "16 crises", ("backtest", "mine"): "4 crises",
    **{("backtest", order): "begin with one from" for order in DRAWN if order != "francafrique"},
    **{("claims", order): "no ledger" for order in ("warsaw-pact", "inter-american", *DRAWN)},
}  # fmt: skip
"""Commands that an order is refused by, and what the sentence says. Whoever names a first crisis, or a ledger, is not refused."""


def asked(command: str, order: str, place: str) -> dict[str, Any]:
    """The command's fields for an order."""
    if command == "claims":
        return {"ledger": "limited-sovereignty" if order == "post-soviet" else place}
    if command == "compare":
        return {"first": place, "without": ("doctrine",)}
    of = load_scenario(place)
    middle = (int(of.start[:4]) + int(of.end[:4])) // 2
    more = {"room": {"state": next(iter(of.states))}, "forecast": {"origin": f"{middle}Q4"}}.get(command, {})
    return {"scenario": place, **more}


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("orders") / "mine"
    begin(place, claims=True)
    return place


@pytest.mark.slow
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("command", [each.name for each in studies.STUDIES])
def test_an_order_is_taken_or_refused_in_a_sentence(command: str, order: str, mine: Path) -> None:
    fields = asked(command, order, str(mine) if order == "mine" else order)
    if (command, order) not in REFUSED:
        return studies.study(command).asks.of(fields).resolved().check()
    with pytest.raises(UserError, match=REFUSED[command, order]) as found:
        studies.study(command).asks.of(fields).resolved().check()
    assert "\n" not in found.value.sentence and found.value.remedy


@pytest.mark.slow
def test_the_folders_own_scenario_is_what_is_asked_about(mine: Path) -> None:
    for each in studies.STUDIES:
        found = each.asks.of(asked(each.name, "mine", str(mine))).resolved()
        assert next(iter(found.orders().values())).name == "mine", each.name
