"""A mechanism from outside on trial, in a process of its own that can be ended: shapes, names, bounds, and whether it comes to
an end, before anything is simulated with it.

It is asked once what it contributes to an order's first quarter, for two histories side by side, as a chunk asks it. What it
passes is noted on this machine by the fingerprint of its text.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import hegemon
from hegemon.errors import BadValue, OutOfRange, UnknownName, UserError, did_you_mean, shown
from hegemon.files import write_atomically
from hegemon.mechanisms.base import CONTRIBUTIONS, Mechanism
from hegemon.mechanisms.outside import BadMechanism, fingerprint, told, watched, where
from hegemon.runtime import cache_folder

if TYPE_CHECKING:
    from hegemon.order import Order

WORK = 20
"""Seconds of processor time that a trial may take once everything is loaded; on a busy machine they last longer."""

WAIT = 600.0
"""Seconds by the clock after which a trial is ended all the same."""

WORTHS = ("survival", "obligation", "collective")
"""What an instrument's effects are worth, beside those that are priced (`law.PRICED`)."""

SAID = "At work: "


def passed(order: Order) -> None:
    """Raise `UserError` for the first thing that is wrong with an order's mechanisms from outside."""
    if not order.outside:
        return
    mark = cache_folder() / "passed" / _key(order)
    if mark.exists():
        return
    content = {"name": order.name, "content": order.scenario.content(), "named": [fingerprint(m.source[1]) for m in order.outside
                                                                                   if m.source is not None]}  # fmt: skip
    try:
        done = subprocess.run([sys.executable, "-m", "hegemon.engine.trial"], input=json.dumps(content), capture_output=True,
                              text=True, timeout=WAIT, errors="replace")  # fmt: skip
    except subprocess.TimeoutExpired as late:
        raise _endless(late.stdout.decode("utf-8", "replace") if isinstance(late.stdout, bytes) else late.stdout or "") from None
    if done.returncode < 0 and -done.returncode == getattr(signal, "SIGXCPU", 0):
        raise _endless(done.stdout)
    last = (done.stdout.strip().splitlines() or [""])[-1]
    try:
        found = json.loads(last)
    except ValueError:
        said = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1][:200]
        raise BadMechanism(f"a mechanism from outside has ended its process: {said}", "Look for what leaves Python.") from None
    if found:
        raise BadMechanism(found["what"], found["remedy"], place=found["place"])
    with suppress(OSError):
        mark.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(mark, b"")


def _endless(output: str) -> BadMechanism:
    """What was at work when it was ended."""
    at = [line.removeprefix(SAID) for line in output.splitlines() if line.startswith(SAID)]
    said = f"It ran for {WORK} seconds; look for a loop without end."
    return BadMechanism("a mechanism does not come to an end", said, place=at[-1] if at else "")


def _limit() -> None:
    """Have the system end this process when it has worked for too long from here."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        until = math.ceil(time.process_time()) + WORK
        resource.setrlimit(resource.RLIMIT_CPU, (until, until + 5))


def _key(order: Order) -> str:
    texts = [fingerprint(m.source[1]) for m in order.outside if m.source is not None]
    return hashlib.sha256(json.dumps([hegemon.__version__, len(order.states), len(order.poles), texts]).encode()).hexdigest()


# ---- In the process that can be ended ----


def tried(order: Order) -> None:
    """Raise for what is wrong with the mechanisms of an order, each asked in turn."""
    import jax
    import jax.numpy as jnp

    from hegemon import law
    from hegemon.engine.chunk import lift
    from hegemon.instruments import KINDS
    from hegemon.opening import opening

    begin = lift(opening(order), 2)
    world, setting, params = begin.world, begin.setting, order.parameters
    n, poles = world.orientation.shape[1], world.orientation.shape[0]
    _limit()
    for m in order.outside:
        file, text = m.source or ("", "")
        _at_work(file)
        for function in m.law.values():
            _at_work(where(function, file))
        with told(file, text, "is asked by the law"), watched(_label(text)):
            now = law.standing(world, setting, params)
        for name in ("red_line", "mobilisation", "consent", "leaning_rival", "leaning_patron", "overstretch"):
            _sound(getattr(now, name), (n, 2), f"{name}, of {m.name},", file)
        crisis = law.crisis(jnp.ones((n, 2), jnp.int32))
        happened = _happened(order, crisis, n)
        block = params.blocks[m.name]
        asked: dict[str, tuple[Any, ...]] = {
            **dict.fromkeys(("hazards", "pull"), (world, now, setting, block)),
            **dict.fromkeys(("gravity", "request", "survival", "shoring", "worth"), (crisis, world, now, setting, block)),
            "changes": (happened, world, now, setting, block),
        }
        for name in CONTRIBUTIONS:
            function = getattr(m, name)
            if function is None:
                continue
            place = where(function, file)
            _at_work(place)
            with told(file, text, f"says its {name}"), watched(_label(text)):
                found = jax.block_until_ready(function(*asked[name]))
            _contribution(m, name, found, place, MappingProxyType({
                "n": n, "poles": poles, "kinds": KINDS, "world": world, "worths": (*law.PRICED, *WORTHS),
            }))  # fmt: skip


def _label(text: str) -> str:
    from hegemon.mechanisms.outside import PREFIX

    return f"<{PREFIX}{fingerprint(text)[:16]}>"


def _tell(line: str) -> None:
    """A line to the process that waits for it."""
    os.write(1, f"{line}\n".encode())


def _at_work(place: str) -> None:
    _tell(f"{SAID}{place}")


def _happened(order: Order, crisis: Any, n: int) -> Any:
    """An uprising everywhere, answered by the second instrument and survived."""
    import jax.numpy as jnp

    from hegemon.aftermath import happened
    from hegemon.instruments import INSTRUMENTS
    from hegemon.law import Prospects
    from hegemon.world import Event

    code, yes = jnp.ones((n, 2), jnp.int32), jnp.ones((n, 2), bool)
    event = Event(crisis.kind, 2 * code, code, yes, yes, code, code, yes, code)
    none = jnp.zeros((len(INSTRUMENTS), n, 2))
    return happened(event, Prospects(none, none, none, none), order.parameters)


def _contribution(m: Mechanism, name: str, found: Any, place: str, of: Mapping[str, Any]) -> None:
    """Raise for a contribution with a name, a shape or a number that nothing has."""
    n = of["n"]
    if name in ("hazards", "worth", "changes"):
        if not isinstance(found, Mapping):
            said = f"{name} of {m.name} gives a {type(found).__name__}"
            raise BadValue(said, "It must give a table, { ... }, by name.", place=place)
        known = {"hazards": of["kinds"], "worth": of["worths"], "changes": list(vars(of["world"]))}[name]
        for key, value in found.items():
            if key not in known:
                raise UnknownName(f"{name} of {m.name} names {shown(key)}", did_you_mean(str(key), known), place=place)
            shape = getattr(of["world"], key).shape if name == "changes" else (n, 2)
            _sound(value, shape, f"{name} of {m.name}, {key},", place, least=0.0 if name == "hazards" else None)
        return
    _sound(found, (of["poles"], n, 2) if name == "pull" else (n, 2), f"{name} of {m.name}", place)


def _sound(value: Any, shape: tuple[int, ...], what: str, place: str, least: float | None = None) -> None:
    import numpy as np

    try:
        numbers = np.asarray(value, np.float64)
    except (TypeError, ValueError):
        raise BadValue(f"{what} gives a {type(value).__name__}", "It must give numbers.", place=place) from None
    try:
        fits = np.broadcast_shapes(numbers.shape, shape) == shape
    except ValueError:
        fits = False
    if not fits:
        said = " x ".join(map(str, numbers.shape)) or "one number"
        wanted = " x ".join(map(str, shape))
        remedy = f"It must have {wanted} (poles and neighbours as they come, histories last)."
        raise BadValue(f"{what} has the shape {said}", remedy, place=place)
    if not np.isfinite(numbers).all():
        raise OutOfRange(f"{what} is not finite", "Look for a division by nothing, or a logarithm of it.", place=place)
    if least is not None and (numbers < least).any():
        raise OutOfRange(f"{what} falls to {numbers.min():.3g}", "A rate is not below 0.", place=place)


def _main() -> None:
    from hegemon import runtime
    from hegemon.mechanisms import outside
    from hegemon.order import from_scenario
    from hegemon.scenarios.schema import Scenario

    asked: dict[str, Any] = json.load(sys.stdin)
    for text in asked["content"].get("files", {}).values():
        if outside.fingerprint(text) in asked["named"]:
            outside.trust(text)
    runtime.prepare(1)
    found: dict[str, str] = {}
    try:
        tried(from_scenario(Scenario.model_validate(asked["content"]).named(asked["name"])))
    except UserError as error:
        found = {"what": error.what, "remedy": error.remedy, "place": error.place}
    _tell(json.dumps(found))



if __name__ == "__main__":
    _main()
