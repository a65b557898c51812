"""Answers that come with hegemon are those that this code gives, are small, and are put where they are missing."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from explorer import API, HERE, Fake, until
from starlette.testclient import TestClient

import hegemon.studies.room.compute  # noqa: F401  compiled here: Python 3.11 fails where two threads compile at once (gh-106905)
from hegemon.pages.order import order_info
from hegemon.server import shipped
from hegemon.server.app import create
from hegemon.server.site import Site
from hegemon.studies.folder import MANIFEST, open_result, verify
from hegemon.studies.room.question import RoomQuestion
from hegemon.studies.room.result import Room
from hegemon.studies.room.sentences import findings

KEYS = [RoomQuestion.of(dict(asked)).key() for asked in shipped.ASKED]
KEY = KEYS[0]


def test_what_is_shipped_is_of_this_code_and_small() -> None:
    found = dict(shipped.shipped())
    assert set(found) == set(KEYS), "run tools/shipped.py"
    assert all(map(shipped.fits, found.values())), "run tools/shipped.py: the model has changed"
    assert sum(map(len, found.values())) < 800_000


def test_the_room_opens_at_once_in_a_new_explorer(tmp_path: Path) -> None:
    results, worker = tmp_path / "results", Fake()
    results.mkdir()
    site = Site(results, runner=worker, asker=Fake())
    with TestClient(create(site, prepared=True), base_url=HERE) as client:
        until(lambda: client.get(f"{API}/results/{KEY}").status_code == 200)
        taken = client.post(f"{API}/studies/room", json={"state": "KAZ", "scenario": "post-soviet", "draws": 100})
        assert taken.json() == {"id": KEY}
        room = client.get(f"{API}/results/{KEY}/numbers").json()
        assert room["name"] == "Kazakhstan" and len(room["grid"]) == 4 * 20 * 20
    verify(results / KEY, open_manifest(results / KEY))
    found = open_result(results / KEY)
    assert isinstance(found, Room) and found.question.key() == KEY
    assert room["said"] == findings(found, order_info(found.order)), "the page says what the report says"


def open_manifest(folder: Path) -> dict[str, tuple[int, str]]:
    return {name: tuple(told) for name, told in json.loads((folder / MANIFEST).read_text("utf-8"))["files"].items()}


def test_what_other_code_has_made_stays_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, content = next(shipped.shipped())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        manifest = json.loads(archive.read(MANIFEST))
    manifest["made"]["code"] = "of another model"
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr(MANIFEST, json.dumps(manifest))
    monkeypatch.setattr(shipped, "shipped", lambda: iter([(name, other.getvalue())]))
    assert shipped.unpack(tmp_path, tmp_path / "scratch") == []
    assert list(tmp_path.iterdir()) == []
