"""A ledger of claims about one order: every value sound (`tables`), and the whole too (`checks`), or it is not made."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any

from pydantic import Field, PrivateAttr, model_validator

from hegemon.ledgers.sides import Base, base
from hegemon.ledgers.tables import Claim
from hegemon.scenarios.schema import Scenario
from hegemon.scenarios.tables import Listed, Named, Text, Version


class Ledger(Named):
    """Claims about one order. `loading.load_ledger` makes it from a file."""

    format: Version = Field(description="the version of this format, 1")
    title: Text
    question: Text = Field(description="what the claims are about")
    scenario: str = Field(description="the order they are about: a scenario by name or path")
    runs: Annotated[int, Field(ge=2, le=4096)] = Field(default=64, description="histories per draw of the parameters")
    seed: Annotated[int, Field(ge=0, lt=2**63)] = Field(default=0, description="luck")
    claim: Annotated[tuple[Claim, ...], Listed, Field(min_length=1, max_length=500)] = Field(
        description="at least one [[claim]]"
    )

    _base: Base | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _checked(self, info: Any) -> Ledger:
        from hegemon.ledgers.checks import check

        given = info.context or {}
        self._base = base(self.scenario, given.get("folder"), given.get("scenarios"))
        check(self.claim, self._base)
        return self

    @property
    def base(self) -> Base:
        """The scenario that sides change."""
        if self._base is None:
            raise RuntimeError("a ledger that was not validated has no base")
        return self._base

    @property
    def hash(self) -> str:
        """Fingerprint of the content."""
        return hashlib.sha256(json.dumps(self.tables, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def tables(self) -> dict[str, Any]:
        """The content as plain tables, ready to be read again."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    @property
    def scenarios(self) -> dict[str, Scenario]:
        """Every scenario that is named, by the name that is used."""
        given = [side for claim in self.claim for e in claim.estimand for side in (e.both, e.a, e.b) if side is not None]
        words = sorted({side.scenario for side in given if side.scenario is not None})
        return {self.scenario: self.base.scenario, **{word: self.base.named(word) for word in words}}
