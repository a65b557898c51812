"""The explorer's bundle is what its sources give, is light, and asks nobody."""

from __future__ import annotations

import gzip
import importlib.util
import re
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
WEB, STATIC = ROOT / "web", ROOT / "src" / "hegemon" / "server" / "static"
NAMESPACES = ("http://www.w3.org/",)
LINKS = ("https://svelte.dev/e/",)
"""Where Svelte's error codes are explained: text of a message, asked for by nobody."""


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def files(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_pages_use_the_words_of_the_report():
    words = tool("web_words")
    assert words.TARGET.read_text(encoding="utf-8") == words.text(), "run tools/web.sh"


def test_a_fresh_build_gives_the_bundle(tmp_path):
    npx = shutil.which("npx")
    if npx is None or not (WEB / "node_modules" / "vite").is_dir():
        pytest.skip("no Node, or web/node_modules is not installed (tools/web.sh)")
    for command in (["node", "tools/theme.js"], [npx, "vite", "build", "--outDir", str(tmp_path / "static"), "--emptyOutDir"]):
        subprocess.run(command, cwd=WEB, check=True, capture_output=True, timeout=300)
    fresh, kept = files(tmp_path / "static"), files(STATIC)
    assert set(fresh) == set(kept), "run tools/web.sh"
    assert [name for name in kept if fresh[name] != kept[name]] == [], "run tools/web.sh"


def test_the_bundle_is_light():
    """Page, script, style and the two Latin fonts: what a first visit fetches besides data."""
    first = [name for name in files(STATIC) if "/" not in name or "latin" in name]
    sent = {name: (STATIC / name).read_bytes() for name in first}
    weight = sum(len(body if name.endswith(".woff2") else gzip.compress(body, 9)) for name, body in sent.items())
    assert weight < 140_000, f"{weight:,} bytes"


def test_the_bundle_names_no_other_host():
    for name, body in files(STATIC).items():
        if name.endswith(".woff2"):
            continue
        found = set(re.findall(r"(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+[^\s\"'`)<]*", body.decode("utf-8")))
        strangers = [url for url in found if not url.startswith((*NAMESPACES, *LINKS))]
        assert strangers == [], name


def test_the_page_needs_nothing_inline():
    """The explorer's policy allows no inline script or style."""
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    assert "<style" not in page and " style=" not in page
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))
    for script in STATIC.rglob("*.js"):
        assert " style=" not in script.read_text(encoding="utf-8"), script.name


def test_sources_pin_versions_and_keep_no_lock_file():
    import json

    package = json.loads((WEB / "package.json").read_text(encoding="utf-8"))
    loose = {k: v for k, v in package["devDependencies"].items() if not re.fullmatch(r"\d+\.\d+\.\d+", v)}
    assert loose == {}
    tracked = subprocess.run(["git", "ls-files", "web"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    assert "package-lock" not in tracked
