"""A pack built from small official files, once for all tests here."""

from __future__ import annotations

from pathlib import Path

import pytest

from building.official import write
from hegemon.building.answers import Answers, checked
from hegemon.world_pack.building import build
from hegemon.world_pack.opening import open_world
from hegemon.world_pack.world import World


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a pack."""
    out = tmp_path_factory.mktemp("pack")
    build(write(tmp_path_factory.mktemp("official")), out)
    return out


@pytest.fixture(scope="session")
def world(pack: Path) -> World:
    """The pack, opened."""
    return open_world(pack)


@pytest.fixture
def answers() -> Answers:
    """France and three neighbours, nothing answered."""
    order = {"patron": "FRA", "neighbours": ["SEN", "CIV", "GAB"], "bloc": "west", "from": 1961, "until": 1965}
    return checked({"order": order, "poles": {"france": ["FRA"], "west": ["USA", "GBR"], "east": ["SUN"]}})
