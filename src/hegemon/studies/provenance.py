"""How a result was made: version, fingerprint of the model's code, device. What was asked is the question's to say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import hegemon
from hegemon import runtime

if TYPE_CHECKING:
    from hegemon.order import Order
    from hegemon.studies.question import Question

MODEL = ("mechanisms", "law.py", "aftermath.py", "drivers.py", "event.py", "dice.py", "instruments.py", "world.py", "opening.py",
         "measures.py", "parameters.py", "axes.py")  # fmt: skip
"""Files of the package that decide a history."""


@cache
def code() -> str:
    """Fingerprint of the model's source: another one may make other histories of the same question."""
    return _fingerprint((name, ".py") for name in MODEL)


@cache
def data() -> str:
    """Fingerprint of what comes with hegemon and decides numbers: posteriors, coded records, measured ties."""
    return _fingerprint((("posteriors", ".npz"), ("history", ".csv"), ("evidence", ".csv")))


def _fingerprint(places: Iterable[tuple[str, str]]) -> str:
    """SHA-256 of files of the package and, of folders, of the files with an ending: first 16 digits."""
    total = hashlib.sha256()
    for name, ending in places:
        place = resources.files("hegemon").joinpath(name)
        for file in sorted(place.iterdir(), key=lambda each: each.name) if place.is_dir() else [place]:
            if file.name.endswith(ending) and file.is_file():
                total.update(file.name.encode() + b"\0" + file.read_bytes())
    return total.hexdigest()[:16]


def made(seconds: float, platform: str | None = None, **more: Any) -> dict[str, Any]:
    """How a result was made on this machine, or on the devices of `platform`; `more` is what a kind of result adds."""
    return {"version": hegemon.__version__, "code": code(), "data": data(),
            "platform": platform or runtime.platform_name(), "seconds": seconds, **more}  # fmt: skip


def attrs_of(order: Order, question: Question, made: Mapping[str, Any]) -> dict[str, Any]:
    """How an answer was made, for the attributes of its arrays: what is read without hegemon says it too."""
    asked = {name: getattr(question, name) for name in ("seed", "runs") if hasattr(question, name)}
    return {"title": order.scenario.title, "scenario": order.name, "scenario_hash": order.hash,
            "scenario_text": order.scenario.text, "without": " ".join(order.off), "changed": json.dumps(order.changed),
            "command": question.line, **outside(order), **asked, **made}  # fmt: skip


def outside(order: Order) -> dict[str, str]:
    """Mechanisms from outside, with their files; nothing where there are none."""
    named = [f"{m.name} ({m.source[0]})" for m in order.outside if m.source is not None]
    return {"mechanisms_from_outside": ", ".join(named)} if named else {}


def begun() -> dict[str, Any]:
    """What decides, besides the question, whether an answer that was begun may be gone on with."""
    return {"version": hegemon.__version__, "code": code(), "data": data()}


LEARNING = {"calibrate": ("inference",), "check": ("inference",), "forecast": ("inference",), "replay": ("inference",),
            "predict": ("inference", "pooled", "branch.py"), "backtest": ("inference", "pooled", "branch.py")}  # fmt: skip
"""Files of the package that decide what is learned or foretold, by study, where that is more than histories."""


@cache
def method(study: str) -> str:
    """Fingerprint of the source by which a study learns; empty where it simulates alone."""
    places = LEARNING.get(study, ())
    return _fingerprint((name, ".py") for name in places) if places else ""
