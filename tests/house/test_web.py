"""The bundles of explorer and report are what their sources give, are light, and ask nobody."""

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
WEB, STATIC, BUILT = ROOT / "web", ROOT / "src" / "hegemon" / "server" / "static", ROOT / "src" / "hegemon" / "pages" / "built"
SITE = ROOT / "src" / "hegemon" / "pages" / "published"
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
    assert words.TRUST.read_text(encoding="utf-8") == words.trusted(), "run tools/web.sh"


CONFIGS = [("vite.config.ts", STATIC), ("vite.report.config.ts", BUILT), ("vite.site.config.ts", SITE)]


@pytest.mark.parametrize(("config", "folder"), CONFIGS)
def test_a_fresh_build_gives_the_bundle(config, folder, tmp_path):
    npx = shutil.which("npx")
    if npx is None or not (WEB / "node_modules" / "vite").is_dir():
        pytest.skip("no Node, or web/node_modules is not installed (tools/web.sh)")
    build = [npx, "vite", "build", "--config", config, "--outDir", str(tmp_path / "static"), "--emptyOutDir"]
    for command in (["node", "tools/theme.js"], build):
        subprocess.run(command, cwd=WEB, check=True, capture_output=True, timeout=300)
    fresh, kept = files(tmp_path / "static"), files(folder)
    assert set(fresh) == set(kept), "run tools/web.sh"
    assert [name for name in kept if fresh[name] != kept[name]] == [], "run tools/web.sh"


def test_the_bundle_is_light():
    """Page, script, style and the two Latin fonts: what a first visit fetches besides data."""
    first = [name for name in files(STATIC) if "/" not in name or "latin" in name]
    sent = {name: (STATIC / name).read_bytes() for name in first}
    weight = sum(len(body if name.endswith(".woff2") else gzip.compress(body, 9)) for name, body in sent.items())
    assert weight < 140_000, f"{weight:,} bytes"


@pytest.mark.parametrize("folder", [STATIC, BUILT, SITE], ids=["explorer", "report", "site"])
def test_the_bundle_names_no_other_host(folder):
    for name, body in files(folder).items():
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


def test_the_reports_bundle_can_stand_inside_a_page():
    """A script that said "<script" or "</script" would end, or swallow, the page around it."""
    kept = {name: body.decode("utf-8") for name, body in files(BUILT).items()}
    assert set(kept) == {"report.css", "report.js"}
    assert re.search(r"</?script", kept["report.js"], re.IGNORECASE) is None and "</style" not in kept["report.css"]
    assert " style=" not in kept["report.js"]
    assert set(re.findall(r"url\((.{11})", kept["report.css"])) == {"data:font/w"}
    assert sum(len(body) for body in kept.values()) < 250_000


def test_sources_pin_versions_and_keep_no_lock_file():
    import json

    package = json.loads((WEB / "package.json").read_text(encoding="utf-8"))
    loose = {k: v for k, v in package["devDependencies"].items() if not re.fullmatch(r"\d+\.\d+\.\d+", v)}
    assert loose == {}
    tracked = subprocess.run(["git", "ls-files", "web"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    assert "package-lock" not in tracked
