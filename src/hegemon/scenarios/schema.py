"""A scenario whose every value is sound (`tables`), and the whole too (`checks`): there is no way to make another."""

from __future__ import annotations

import functools
import hashlib
import json
from typing import Any

from pydantic import model_validator

from hegemon.scenarios.checks import check
from hegemon.scenarios.tables import Content


class Scenario(Content):
    """A question about an order, with all that is given. `loader.load_scenario` makes it from a file."""

    @model_validator(mode="before")
    @classmethod
    def _no_pact_is_none(cls, content: Any) -> Any:
        """Where there is no [pact], none is formed later either: the mechanism is off, and shown to be."""
        off = content.get("without", ()) if isinstance(content, dict) and content.get("pact") is None else None
        return {**content, "without": [*off, "pact"]} if isinstance(off, list | tuple) and "pact" not in off else content

    @model_validator(mode="after")
    def _checked(self) -> Scenario:
        check(self)
        return self

    @property
    def text(self) -> str:
        """The resolved content in canonical form: same content, same text, whatever the order of keys. Files of one's own stand
        in it by their fingerprints."""
        content = self.content()
        if self.files:
            content["files"] = {name: f"sha256 {sha256(held)}" for name, held in self.files.items()}
        return json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))

    @property
    def hash(self) -> str:
        """Fingerprint of the content."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def content(self) -> dict[str, Any]:
        """The resolved content as plain tables, ready to be read again; with the files of one's own, in full."""
        content = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        plain: dict[str, Any] = json.loads(json.dumps(content, sort_keys=True))
        return plain


@functools.lru_cache(64)
def sha256(text: str) -> str:
    """Fingerprint of a file's content."""
    return hashlib.sha256(text.encode()).hexdigest()
