"""What is installed is enough: a wheel, in a new environment without Node on the path, serves the pages."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import httpx2
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that pip would build of this folder, built by the same backend without a package index."""
    if importlib.util.find_spec("hatchling") is None:
        pytest.skip("no hatchling: pip install -e '.[test]'")
    folder = tmp_path_factory.mktemp("wheel")
    code = "import sys, hatchling.build as backend; print(backend.build_wheel(sys.argv[1]))"
    said = subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, check=True, capture_output=True, text=True,
                          timeout=60)  # fmt: skip
    return folder / said.stdout.split()[-1]


def test_the_wheel_holds_the_built_pages_and_no_sources_of_them(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {"hegemon/server/static/index.html", "hegemon/server/static/app.js"} <= set(names)
    assert all(name.startswith(("hegemon/", "hegemon-")) for name in names)
    assert [name for name in names if "node_modules" in name or name.endswith((".svelte", ".ts"))] == []


@pytest.mark.slow
def test_installed_where_there_is_no_node_it_serves_the_pages(wheel: Path, tmp_path: Path) -> None:
    """Dependencies are those of this environment; hegemon itself is the wheel's, and nothing else is on the path."""
    if importlib.util.find_spec("pip") is None:
        pytest.skip("no pip to install a wheel with")
    home = tmp_path / "venv"
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True, timeout=60)
    (site,) = home.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    clean = {"PATH": str(home / "bin"), "HOME": str(tmp_path)}
    where = subprocess.run([python, "-c", "import hegemon; print(hegemon.__file__)"], env=clean, cwd=tmp_path, check=True,
                           capture_output=True, text=True, timeout=60)  # fmt: skip
    assert Path(where.stdout.strip()).is_relative_to(home)

    command = [str(home / "bin" / "hegemon"), "serve", "--no-open", "--no-examples", "--port", "0", "--json"]
    process = subprocess.Popen(command, env=clean, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = json.loads(process.stdout.readline())["address"]
        with httpx2.Client(base_url=address, timeout=30.0, trust_env=False) as browser:
            page = browser.get("/").text
            asked = re.findall(r'(?:src|href)="\./([^"]+)"', page)
            assert {"app.js", "app.css"} <= set(asked)
            for name in asked:
                assert browser.get(f"/{name}").status_code == 200, name
            assert "post-soviet" in {order["name"] for order in browser.get("/api/v1/orders").json()}
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()
