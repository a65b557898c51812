"""What is asked of a ledger of claims."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import Field

from hegemon.errors import BadValue, UnknownName, did_you_mean, shown
from hegemon.studies.question import (
    FileOf,
    Mechanisms,
    Option,
    Question,
    Seed,
    Whole,
    Word,
    Words,
    scenario_of,
    scenario_text,
)

if TYPE_CHECKING:
    from hegemon.ledgers.schema import Ledger
    from hegemon.ledgers.tables import Claim
    from hegemon.order import Order
    from hegemon.scenarios.schema import Scenario
    from hegemon.studies.claims.draws import Draws

NAMED = "scenario "
"""What begins the key of a scenario that the ledger names, in `given`."""


class ClaimsQuestion(Question):
    """Judge claims about an order: verdicts, effects, and what they hang on. A stopped judgement goes on claim by claim."""

    study: ClassVar[str] = "claims"

    ledger: Annotated[Word, FileOf("hegemon.ledgers.loading:builtin_ledgers"), Option(argument=True)] = Field(
        default="limited-sovereignty", description="A built-in ledger (limited-sovereignty, regularities), or a file."
    )
    posterior: Annotated[Word | None, FileOf("hegemon.posterior:builtin")] = Field(
        default=None, description="Judge over these draws, by name or file; absent: the scenario's."
    )
    prior: bool = Field(default=False, description="Judge over the priors.")
    mechanism: Mechanisms = ()
    draws: Whole = Field(default=100, ge=20, le=2_000, description="Draws of the parameters.")
    runs: Annotated[Whole | None, Option("-n")] = Field(
        default=None, ge=2, le=4_096, description="Histories per draw; absent: the ledger's."
    )
    seed: Seed | None = Field(default=None, description="Luck; absent: the ledger's.")
    only: Annotated[Words, Option(metavar="ID")] = Field(default=(), description="Judge this claim.")
    quick: bool = Field(default=False, description="Verdicts only: leave out the priors' share and the mechanisms needed.")

    @classmethod
    def of_ledger(cls, ledger: Ledger | str | Path) -> dict[str, Any]:
        """Values of the fields that name a ledger, given by name or file, or as it is."""
        from hegemon.ledgers.loading import builtin_ledgers, load_ledger
        from hegemon.ledgers.schema import Ledger

        if not isinstance(ledger, Ledger):
            return {"ledger": str(ledger)}
        known = ledger.name in builtin_ledgers() and load_ledger(ledger.name).hash == ledger.hash
        return {"ledger": ledger.name if known else f"{ledger.name}.toml", "given": _given(ledger)}

    def resolved(self, scenario: Callable[[str], Scenario] | None = None) -> Self:
        """The same question with the ledger's text, and every scenario that it names. Raises `UserError`."""
        from hegemon.ledgers.loading import load_ledger
        from hegemon.posterior import load_posterior

        found = self
        if "ledger" not in self.given:
            given = self._with_code(_given(load_ledger(self.ledger)))
            found = self.model_copy(update={"given": {**self.given, **given}})
        if self.posterior is not None and "posterior" not in self.given:
            load_posterior(self.posterior)
        return super(ClaimsQuestion, found).resolved(scenario)

    def _scenes(self, given: Mapping[str, str], field: str | None) -> list[str]:
        """Every scenario that the ledger names."""
        return [name for name in given if name.startswith(NAMED)]

    def book(self) -> Ledger:
        """The ledger."""
        return _book(self.ledger, self.resolved().given)

    def claims(self) -> list[Claim]:
        """The claims that are judged. Raises `UserError` for one that is not there."""
        by_id = {claim.id: claim for claim in self.book().claim}
        for name in self.only:
            if name not in by_id:
                raise UnknownName(f"no claim is called {shown(name)}", did_you_mean(name, by_id))
        if len(set(self.only)) != len(self.only):
            raise BadValue("a claim is named twice", "Name each once.")
        return [by_id[name] for name in self.only or by_id]

    @property
    def luck(self) -> int:
        """The seed: as asked, else the ledger's."""
        return self.book().seed if self.seed is None else self.seed

    def check(self) -> None:
        """The ledger is sound, its claims are there, the posterior holds so many draws."""
        if self.prior and self.posterior is not None:
            raise BadValue("--posterior and --prior", "Choose one.")
        self.claims()
        if self.over() is not None:
            self.drawn()

    def over(self) -> str | None:
        """The posterior that is judged over, to be read; None: the priors."""
        if self.prior:
            return None
        return self.path("posterior") if self.posterior is not None else self.book().base.scenario.posterior

    def drawn(self) -> Draws:
        """The draws that are judged over: as asked; else of the scenario's posterior; else of the priors. Raises `UserError`."""
        from hegemon.posterior import posterior_of
        from hegemon.studies.claims.draws import posterior_draws, prior_draws

        name = self.over()
        if name is None:
            return prior_draws(self.draws, self.luck)
        kept = None if self.posterior is not None else posterior_of(self.book().base.scenario)
        return posterior_draws(name, self.draws, self.luck, kept)

    def label(self) -> str:
        """The ledger's name."""
        return Path(self.ledger).stem

    def orders(self) -> dict[str, Order]:
        """The orders that the ledger names, its own first, by their names."""
        from hegemon.order import from_scenario

        found: dict[str, Order] = {}
        for word, scenario in self.book().scenarios.items():
            found[scenario.name if scenario.name not in found else word] = from_scenario(scenario)
        return found

    def portable(self) -> Self:
        """The same question as a bundle has it: the claims of an order's folder are a file there, as others are."""
        found = super().portable()
        return found.model_copy(update={"ledger": f"{self.label()}.toml"}) if "ledger" in found.given and self._own else found

    @property
    def _own(self) -> bool:
        from hegemon.ledgers.loading import builtin_ledgers

        return self.ledger not in builtin_ledgers()

    def brought(self) -> dict[str, Scenario]:
        """The files of scenarios that the ledger names, beside it."""
        words = [key for key in self.given if key.startswith(NAMED) and key.endswith(".toml")]
        return {Path(key.removeprefix(NAMED)).name: scenario_of(self.given[key]) for key in words}

    def hashes(self) -> dict[str, str]:
        """Fingerprints of the ledger and of the scenarios that it names."""
        book = self.book()
        return {"ledger": book.hash, **{f"{NAMED}{name}": each.hash for name, each in book.scenarios.items()}}


_READ: dict[tuple[str, ...], Ledger] = {}
"""Ledgers that are read and checked already, by all that they say: checking takes a while."""


def _key(name: str, given: Mapping[str, str]) -> tuple[str, ...]:
    """A ledger's name, text and scenarios."""
    parts = [part for item in sorted(given.items()) if item[0] == "ledger" or item[0].startswith(NAMED) for part in item]
    return Path(name).stem, *parts


def _given(ledger: Ledger) -> dict[str, str]:
    """A ledger in full, with every scenario that it names."""
    from tomli_w import dumps as text

    told = base64.b64encode(text(ledger.tables).encode()).decode()
    found = {"ledger": told, **{f"{NAMED}{name}": scenario_text(each) for name, each in ledger.scenarios.items()}}
    _READ[_key(ledger.name, found)] = ledger
    return found


def _book(name: str, given: Mapping[str, str]) -> Ledger:
    """The ledger that a question was given."""
    from hegemon.ledgers.loading import read_ledger

    if (key := _key(name, given)) not in _READ:
        known = {word.removeprefix(NAMED): scenario_of(text) for word, text in given.items() if word.startswith(NAMED)}
        text = base64.b64decode(given["ledger"]).decode()
        _READ[key] = read_ledger(text, Path(name).name, Path(name).stem, known=known)
    return _READ[key]
