"""The files of a page that runs an order in the reader's browser: engines, scenarios, draws of parameters, the script."""

from __future__ import annotations

import dataclasses
import gzip
import json
from importlib import resources
from pathlib import Path
from typing import Any

import jax
import numpy as np

from hegemon.branch import AFTER, branched, last_coded
from hegemon.drivers import OPEN, Script
from hegemon.engine.tally import LAYOUT
from hegemon.files import write_folder
from hegemon.inference.draws import LUCK, drawn
from hegemon.inference.vector import FREE
from hegemon.instruments import INSTRUMENTS, KINDS, NAMES, SIDES
from hegemon.mechanisms import MECHANISMS, PRIORS
from hegemon.opening import LEANINGS, Opening, opening
from hegemon.order import Order, load
from hegemon.portable.arguments import numbered, path_name
from hegemon.portable.artefacts import artefact, names, shape_name
from hegemon.portable.stood import made_of, normals, stood, years
from hegemon.posterior import KEPT, load_posterior
from hegemon.quarters import label, shift, span
from hegemon.scenarios.loader import builtin_names

SCRIPTS = ("engine.js", "question.js", "worker.js")

Plain = dict[str, Any]


def scenario(order: Order, begin: Opening | None = None) -> Plain:
    """An order as the page reads it: names, numbers of its opening (or another one), what of its history is known, and its
    parameters. What it prescribes goes on for four years, for events forced near its end."""
    s, (longer, later) = order.scenario, longest(order)
    begin = begin or longer
    named, numbers = numbered(order.parameters)
    arrays = {f"opening.{path_name(path)}": np.asarray(x) for path, x in jax.tree_util.tree_flatten_with_path(begin)[0]}
    fixed = {name: short(x) for name, x in arrays.items() if not name.startswith("opening.script.")}
    return {
        "name": order.name, "title": s.title, "question": s.question, "shape": shape_name(order),
        "states": [{"iso3": iso3, "name": state.name} for iso3, state in s.states.items()],
        "poles": [{"id": pole.id, "name": pole.name} for pole in s.poles],
        "patron": s.patron.name, "region": s.region, "quarters": list(order.quarters), "opening": fixed,
        "later": later, "script": sparse(begin.script), "record": record(order),
        "recorded": s.record, "covered": label(last_coded(order)) if s.history else None, "stood": observed(order),
        "parameters": dict(zip(named, short(numbers), strict=True)), "held": sorted(order.held), "draws": draws_of(order),
    }  # fmt: skip


def longest(order: Order) -> tuple[Opening, list[str]]:
    """An order's opening, with what it prescribes for four more years, and those quarters; none where what is prescribed hangs on
    where the order ends."""
    own, end = opening(order), shift(order.scenario.end, AFTER)
    longer = opening(branched(order, end=end))
    if any((np.asarray(path)[: len(own.paths[name])] != own.paths[name]).any() for name, path in longer.paths.items()):
        return own, []
    return dataclasses.replace(longer, script=own.script), span(order.scenario.end, end)[1:]


def short(x: Any) -> list[Any]:
    """Numbers of single precision in the fewest digits that give them again, in the order of memory."""
    flat = np.asarray(x).ravel()
    return [int(v) for v in flat] if flat.dtype.kind in "iu" else [float(str(v)) for v in flat.astype(np.float32)]


def sparse(known: Script) -> Plain:
    """A script: to which quarter everything is known, and [part, quarter, neighbour, code] of what is more than "no crisis"."""
    kind = np.asarray(known.kind)
    open_ = (kind == OPEN).any(1)
    until = int(np.argmax(open_)) if open_.any() else len(kind)
    rows = []
    for part in Script.__dataclass_fields__:
        codes = np.asarray(getattr(known, part))
        for q, n in np.argwhere(codes != OPEN):
            if part != "kind" or codes[q, n] > 0 or q >= until:
                rows.append([part, int(q), int(n), int(codes[q, n])])
    return {"until": until, "rows": rows}


def record(order: Order) -> Plain | None:
    """The coded record to its last quarter, as a script; None where there is none."""
    from hegemon.opening import following

    return sparse(following(order).script) if order.scenario.history is not None else None


def observed(order: Order) -> Plain | None:
    """Between which years neighbours were observed, and the file that says where; None where they were not."""
    of = years(order)
    return {"from": of[0], "to": of[-1], "file": f"stood-{made_of(order)}.json"} if of else None


def draws_of(order: Order) -> str:
    """The name of the draws that histories take in turn."""
    return order.scenario.posterior or "prior"


def draws(name: str) -> Plain:
    """Draws of parameters by name of a posterior, or of the priors, as a page reads them; numbers are apart."""
    kept = None if name == "prior" else load_posterior(name)
    named = [each for each in FREE if each in PRIORS]
    x = drawn(kept, KEPT, LUCK)[:, [FREE.index(each) for each in named]]
    return {"names": named, "values": np.ascontiguousarray(x, "<f4")}


def model() -> Plain:
    """What of the model does not hang on a scenario: parameters, mechanisms, codes."""
    plain = {name: {"mean": p.mean, "sd": p.sd, "unit": p.unit, "low": p.low, "high": p.high if np.isfinite(p.high) else None}
             for name, p in PRIORS.items()}  # fmt: skip
    needs = {name: [i.name for i in INSTRUMENTS if getattr(i, f"needs_{name}")] for name in ("ground", "mandate")}
    return {
        "parameters": plain, "mechanisms": [{"name": m.name, "title": m.title} for m in MECHANISMS],
        "kinds": list(KINDS), "instruments": list(NAMES), "needs": needs, "leanings": list(LEANINGS),
        "sides": list(SIDES), "used": {i.name: [SIDES[side] for side in i.sides] for i in INSTRUMENTS},
        "tops": tops(), "codes": {name: field._asdict() for name, field in LAYOUT.items()},
    }  # fmt: skip


def tops() -> dict[str, float]:
    """The largest value of every measure."""
    from hegemon.measures import PER_NEIGHBOUR, SHARED
    from hegemon.world import World

    bounds = {f.name: float(f.metadata["high"]) for f in dataclasses.fields(World)}
    return {name: bounds.get(name, 1.0) for name in (*PER_NEIGHBOUR, *SHARED, "orientation")}


def files(scenarios: tuple[str, ...] | None = None) -> dict[str, bytes]:
    """Everything the page needs that it does not share with the explorer, by path: about 1.5 megabytes."""
    orders = [load(name) for name in scenarios or builtin_names()]
    orders = [order for order in orders if shape_name(order) in names()]
    listed = [{"name": o.name, "title": o.scenario.title, "question": o.scenario.question, "file": f"scenario-{o.name}.json"}
              for o in orders]  # fmt: skip
    found: dict[str, bytes] = {"model.json": _json({**model(), "scenarios": listed})}
    for order in orders:
        found[f"scenario-{order.name}.json"] = _json(scenario(order))
    for name in sorted({shape_name(order) for order in orders}):
        made = artefact(name)
        found[f"{name}.json"], found[f"{name}.wasm.gz"] = _json(made.manifest), made.packed
    for name in sorted({draws_of(order) for order in orders}):
        drawn_ = draws(name)
        found[f"draws-{name}.json"] = _json({"names": drawn_["names"], "sets": len(drawn_["values"])})
        found[f"draws-{name}.f32.gz"] = gzip.compress(drawn_["values"].tobytes(), 9, mtime=0)
    seen = [order for order in orders if years(order)]
    found |= {observed(order)["file"]: _json(stood(order)) for order in seen}  # type: ignore[index]
    if seen:
        luck = max((normals(order) for order in seen), key=np.size)
        found["stood.f64.gz"] = gzip.compress(luck.astype("<f8").tobytes(), 9, mtime=0)
    return found | {name: script(name) for name in SCRIPTS}


def script(name: str) -> bytes:
    """A script of the page."""
    return resources.files("hegemon.portable").joinpath("page", name).read_bytes()


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def write_engine(folder: str | Path, scenarios: tuple[str, ...] | None = None) -> list[str]:
    """Write the engine's files into a folder of a static site, beside the explorer's page: `engine/` under its address.

    scenarios  names or files of scenarios a visitor may run (None: all that come with hegemon). One whose shape has no engine is
               left out. Gives the names of the files written; raises `UserError` where the folder cannot be written.
    """
    return write_folder(Path(folder), files(scenarios))
