"""The bundle of judged claims: the ledger with every scenario it names, and the draws it was judged over."""

from __future__ import annotations

import json
import re
import shlex
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hegemon.bundle import builtin, numbers, orders, toml
from hegemon.bundle.packed import Files, Kind, Means, Packed, Progress, Rebuild
from hegemon.errors import BadFile, UserError, shown

if TYPE_CHECKING:
    from hegemon.claims.schema import Ledger
    from hegemon.experiments.claims.draws import Draws
    from hegemon.experiments.claims.verdicts import Judgement

LEFT_OUT = ("wall_seconds", "histories")
"""Of one call, not of the judgement: kept claims are read, not simulated."""

WIDE = 2 * 1.6448536269514722
"""Standard deviations in the middle 90 % of a normal distribution."""

SCENARIO = re.compile(r"scenario\.toml|scenarios/[\w.-]+\.toml")


def pack(folder: Path) -> Packed:
    """The judgement in a folder."""
    from hegemon.folders.claims import read_judgement, scenarios
    from hegemon.order import from_scenario
    from hegemon.report.kept import shown as drawn

    found, asked = read_judgement(folder)
    book, attrs = found.ledger, found.made
    draws = judged_over(attrs)
    files = file_names(book)
    content = apart(book, files)
    only = [] if len(found.claims) == len(book.claim) else [judged.claim.id for judged in found.claims]
    order = from_scenario(book.base.scenario)
    posterior = None if draws.source == "prior" else draws.source
    made = {name: value for name, value in attrs.items() if name not in LEFT_OUT}
    made |= {**orders.noted(order), "runs_asked": asked["runs"], "beside": asked["beside"], "only": only,
             "parameters": Path(draws.source).name, "bundled_ledger": _hash(content)}  # fmt: skip
    made["built_in"] = builtin.named(record=book.base.scenario.history)
    more = {name: toml.text(scenario.content()).encode() for word, scenario in scenarios(book).items()
            if (name := files[word]) != "scenario.toml"}  # fmt: skip
    listed = dict.fromkeys(sorted(more), "another scenario that the ledger names")
    more |= {"ledger.toml": toml.text(content).encode(), "claims.json": verdicts(found), "draws.csv": table(draws)}
    listed |= {"ledger.toml": f"the ledger, {len(book.claim)} claims", "claims.json": "verdicts, effects, what they hang on",
               "draws.csv": f"the {len(draws.values)} sets of parameters judged over, fingerprint {draws.hash}"}  # fmt: skip
    return Packed(
        kind="claims",
        title=book.title,
        question=book.question,
        size=f"{len(found.claims)} claims over {len(draws.values)} draws of {made['parameters']}, seed {attrs['seed']}",
        made=made,
        orders={"": order},
        numbers={f"{judged.claim.id}.json": exact(judged) for judged in found.claims},
        figures=drawn(folder).figures,
        again=again(made, posterior is not None),
        analysis=f"{attrs['runs']} histories for each of {len(draws.values)} draws, where a claim does not name another number; "
        "Monte-Carlo noise taken off. Without each mechanism, and over the priors: `claims.json`. What else:",
        posterior=posterior,
        drawn=f"{len(draws.values)} draws",
        more=more,
        listed=listed,
    )


def judged_over(made: Mapping[str, Any]) -> Draws:
    """The draws of a judgement. Raises `BadFile` where they cannot be had again."""
    from hegemon.experiments.claims.draws import posterior_draws, prior_draws

    source, count, seed = str(made["parameters"]), int(made["draws"]), int(made["seed"])
    try:
        found = prior_draws(count, seed) if source == "prior" else posterior_draws(source, count, seed)
    except UserError as error:
        raise BadFile(f"the posterior {shown(source)} that the claims were judged over cannot be read ({error.what})",
                      "Bundle them where they were judged.") from None  # fmt: skip
    if found.hash != made["parameters_hash"]:
        raise BadFile(f"the posterior {shown(source)} is not the one that the claims were judged over",
                      f"Its draws have the fingerprint {found.hash}, theirs {made['parameters_hash']}; judge again.")  # fmt: skip
    return found


def file_names(book: Ledger) -> dict[str, str]:
    """By the name that a ledger uses: the file of a scenario in the bundle."""
    from hegemon.folders.claims import scenarios

    found: dict[str, str] = {}
    for word, scenario in scenarios(book).items():
        name = re.sub(r"[^\w.-]", "-", scenario.name) or "other"
        base = scenario.hash == book.base.scenario.hash
        taken = f"scenarios/{name}.toml" in found.values()
        found[word] = "scenario.toml" if base else f"scenarios/{name}{f'-{len(found)}' if taken else ''}.toml"
    return found


def apart(book: Ledger, files: Mapping[str, str]) -> dict[str, Any]:
    """The ledger as tables, its scenarios named by their files in the bundle."""
    from hegemon.folders.claims import tables

    found = tables(book)
    estimands = [estimand for claim in found["claim"] for estimand in claim["estimand"]]
    for side in [found, *(estimand[part] for estimand in estimands for part in ("both", "a", "b") if part in estimand)]:
        if "scenario" in side:
            side["scenario"] = files[side["scenario"]]
    return found


def _hash(content: Mapping[str, Any]) -> str:
    return numbers.fingerprint(numbers.document(dict(content)))


def verdicts(found: Judgement) -> bytes:
    """What came out, to read."""
    return numbers.document({name: part for name, part in found.document().items() if name != "made"})


def table(draws: Draws) -> bytes:
    """The draws, a row each, in the digits that single precision has."""
    import pandas as pd

    from hegemon.inference.vector import FREE

    return numbers.table(pd.DataFrame(draws.values, columns=list(FREE)))


def exact(judged: Any) -> bytes:
    """All numbers of a claim."""
    from hegemon.experiments.claims import keeping

    return numbers.document(keeping.exact(judged))


def again(made: Mapping[str, Any], learned: bool) -> str:
    """The command that judges the same anew."""
    words = ["hegemon", "claims", "ledger.toml", *(["--posterior", "posterior.npz"] if learned else ["--prior"])]
    words += ["--draws", str(made["draws"]), *([] if made["runs_asked"] is None else ["--runs", str(made["runs_asked"])])]
    words += [word for name in made["only"] for word in ("--only", name)]
    return shlex.join([*words, *([] if made["beside"] else ["--quick"]), "--out", "again"])


def read(files: Files, made: Mapping[str, Any]) -> Rebuild:
    """Judge anew: minutes, where there are many claims."""
    from hegemon.experiments.claims.judge import judge
    from hegemon.folders.claims import ledger_of
    from hegemon.scenarios.loader import read_scenario

    content = tomllib.loads(files["ledger.toml"].decode())
    if _hash(content) != made["bundled_ledger"]:
        raise BadFile("the ledger of the bundle is not that of its numbers", "Somebody changed ledger.toml.")
    known = {name: read_scenario(text.decode(), Path(name).stem) for name, text in files.items() if SCENARIO.fullmatch(name)}
    orders.read(files, made)
    book, posterior = ledger_of(content, known, str(made["ledger"])), files.get("posterior.npz")
    options: dict[str, Any] = {"prior": posterior is None, "draws": int(made["draws"]), "runs": made["runs_asked"],
                               "only": list(made["only"]), "beside": bool(made["beside"])}  # fmt: skip

    def rebuild(progress: Progress | None) -> Files:
        with tempfile.TemporaryDirectory() as place:
            name = None if posterior is None else str(Path(place) / "posterior.npz")
            if name is not None and posterior is not None:
                Path(name).write_bytes(posterior)
            found = judge(book, posterior=name, progress=progress, **options)
        return {f"{judged.claim.id}.json": exact(judged) for judged in found.claims}

    return rebuild


def means(found: Files, made: Mapping[str, Any]) -> Means:
    """Probabilities and effects under the draws that were judged over."""
    at: Means = {}
    for name, content in found.items():
        if not name.endswith(".json"):
            continue
        under = json.loads(content)["under"]
        rows = [(part["effect"], (part["high"], part["low"])) for part in under["found"] if part["effect"] is not None]
        at[name] = np.array([_known(under["probability"])]), np.array([_known(under["error"])])
        at[f"{name} effects"] = (np.array([effect for effect, _ in rows], float), np.array(
            [(high - low) / WIDE / np.sqrt(int(made["draws"])) for _, (high, low) in rows], float))  # fmt: skip
    return at


def _known(value: float | None) -> float:
    return float("nan") if value is None else value


def told(made: Mapping[str, Any]) -> str:
    """On one line."""
    return f"ledger {made['ledger']}, {made['draws']} draws of {made['parameters']}, seed {made['seed']}"


KIND = Kind(pack, read, means, told)
