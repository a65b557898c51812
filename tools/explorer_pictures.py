"""Takes the pictures of the explorer's tour (docs/explorer.md) from its pages as they are:

    python tools/explorer_pictures.py [--results FOLDER]

The results they show are made if they are not there: a run and a comparison of `hegemon serve`'s worked examples, and the room
that comes with hegemon. Needs `pip install '.[serve,web]'` and a Chromium. Colours are reduced to a palette of 200.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "docs" / "img"
COLOURS = 200

PICTURES = {
    "run": ("run/{run}?q=2014Q1&state=UKR", ".map", {"width": 1280, "height": 800}, ""),
    "compare": ("compare/{compare}?m=autonomy&state=KAZ&q=2024Q1", ".said .lead", {"width": 1280, "height": 800}, ""),
    "room": ("room?x=0.45,0.3", "aside table", {"width": 1280, "height": 900}, ""),
    "claims": ("claims", "#claim-C9", {"width": 1280, "height": 800}, "#claim-C9"),
    "story": ("stories/kazakhstan-2022?step=4", ".shown .bars", {"width": 1280, "height": 720}, ""),
}
"""By picture: the page's address, what it has once it is there, the window, and to where it is scrolled."""


def answer(address: str, path: str) -> Any:
    """What the API answers."""
    with urllib.request.urlopen(f"{address}api/v1/{path}", timeout=120) as said:
        return json.load(said)


def examples(address: str) -> dict[str, str]:
    """The worked examples' results by kind, the first of each, once they are done."""
    while True:
        found = answer(address, "examples")
        if found and all(each["entry"] and each["entry"]["status"] == "done" for each in found):
            return {each["study"]: each["id"] for each in reversed(found)}
        time.sleep(2.0)


def reduced(png: bytes) -> bytes:
    """The same picture with few colours."""
    from PIL import Image

    made = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS).save(made, "PNG", optimize=True)
    return made.getvalue()


def take(address: str, names: list[str]) -> None:
    """Take every picture."""
    from playwright.sync_api import sync_playwright

    ids = examples(address)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name in names:
            where, ready, window, scrolled = PICTURES[name]
            page = browser.new_page(viewport=window, color_scheme="light", reduced_motion="reduce")
            page.goto(f"{address}#/{where.format(**ids)}")
            page.locator(ready).first.wait_for(timeout=600_000)
            page.wait_for_timeout(3_000)
            if scrolled:
                page.locator(scrolled).evaluate("e => e.scrollIntoView({block: 'start'})")
                page.wait_for_timeout(300)
            file = TARGET / f"explorer-{name}.png"
            file.write_bytes(reduced(page.screenshot()))
            print(f"{file.name}: {file.stat().st_size:,} bytes")
            page.close()
        browser.close()


def main() -> None:
    """Start an explorer, take the pictures, stop it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, help="folder of results to show; absent: a new one")
    parser.add_argument("names", nargs="*", metavar="PICTURE", help=f"some of them: {', '.join(PICTURES)}")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        results = given.results or Path(scratch) / "results"
        main_ = "from hegemon.cli.main import main; main()"
        command = [sys.executable, "-c", main_, "serve", "--port", "0", "--no-open", "--json", "--results", str(results)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as explorer:
            assert explorer.stdout is not None
            try:
                take(json.loads(explorer.stdout.readline())["address"], given.names or list(PICTURES))
            finally:
                explorer.terminate()


if __name__ == "__main__":
    main()
