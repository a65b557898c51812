"""Writes the API's description for the types of the explorer's pages: web/src/made/openapi.json."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

TARGET = Path(__file__).parent.parent / "web" / "src" / "made" / "openapi.json"

if __name__ == "__main__":
    from hegemon.server.app import create
    from hegemon.server.site import Site

    with tempfile.TemporaryDirectory() as folder:
        described = create(Site(Path(folder))).openapi()
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(described, indent=1), encoding="utf-8")
