"""The reference of `hegemon doctor --consistent`, and how good that test is.

python tools/consistent.py reference        write src/hegemon/consistency/reference.npz (a minute)
python tools/consistent.py measure          write docs/consistency.md: false alarms and power (an hour; goes on where it was)

What is measured is kept in results/consistency/ for the code it was measured with.
"""

from __future__ import annotations

import argparse
import dataclasses
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jax
import numpy as np

import hegemon
from hegemon import runtime
from hegemon.consistency.judging import DRIFT, TURNED, Reference, Verdict, distance, judge, reference
from hegemon.consistency.reading import ORDER, RUNS, SEED, Reading, lines, read
from hegemon.files import write_file
from hegemon.mechanisms import MECHANISMS, PRIORS
from hegemon.order import Order, values
from hegemon.outcomes import parse
from hegemon.parameters import priors
from hegemon.studies.provenance import code

ROOT = Path(__file__).resolve().parents[1]
LARGE, LARGE_SEED = 16_384, 2_018
FALSE = 0.005
"""Share of consistent ensembles that the limit of the distance leaves out."""

RARE = ("mobilisation",)
"""Measures that no large ensemble tells the spread of: at a date, a crowd is in the street in one history of 100,000. They do not
count in the distance; with the same dice they are compared as all others are."""

NULL, NULL_SEED = 300, 77
"""Fresh ensembles for false alarms, as large as the command's; the first one's seed."""

SEEN = 0.95
EACH = 40
"""Ensembles for the power against one parameter: the first of those for false alarms, with that parameter moved."""

ROUGH = 1e-6
"""Relative error put on every parameter, anew for each ensemble: eight times single precision's own."""

DOCTOR = ["doctor", "--consistent"]
MACHINES = {
    "as it is": (DOCTOR, ""),
    "vectors of 128 bits": (DOCTOR, "--xla_cpu_prefer_vector_width=128"),
    "fast and loose (xla_cpu_enable_fast_math)": (DOCTOR, "--xla_cpu_enable_fast_math=true"),
    "for comparison: `hegemon run post-soviet`": (["run", "post-soviet"], ""),
}
"""Commands, and options of the compiler by what they do to arithmetic."""


def main() -> None:
    """Make the reference, or measure."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("what", choices=("reference", "measure"))
    runtime.prepare()
    order = hegemon.load(ORDER)
    if words.parse_args().what == "reference":
        write_file(ROOT / "src/hegemon/consistency/reference.npz", content(made(order)))
    else:
        write_file(ROOT / "docs/consistency.md", page(order, Measured(order)))


def made(order: Order) -> Reference:
    """The reference."""
    large, same = read(order, LARGE, LARGE_SEED).values, read(order)
    mean, spread = large.mean(0), large.std(0)
    if not (spread > 0).all():
        raise SystemExit(f"no spread: {[line for line, s in zip(lines(order), spread, strict=True) if s == 0]}")
    correlation, rare = np.corrcoef(large.T), [line.startswith(RARE) for line in lines(order)]
    correlation[rare, :] = correlation[:, rare] = 0.0
    correlation[rare, rare] = 1e12
    rng, scaled = np.random.default_rng(0), (large - mean) / spread
    drawn = np.concatenate([rng.multinomial(RUNS, np.full(LARGE, 1 / LARGE), 100) @ scaled / RUNS for _ in range(100)])
    limit = float(np.quantile(distance(drawn, correlation) * RUNS, 1 - FALSE))
    about = {"lines": lines(order), "words": [parse(line, order).words for line in lines(order)], "bits": same.bits,
             "dice": same.dice, "order": order.hash, "code": code(), "seed": SEED, "large": LARGE, "large_seed": LARGE_SEED,
             "version": hegemon.__version__, "platform": runtime.platform_name()}  # fmt: skip
    return Reference(np.stack([same.values.mean(0), mean, spread]), correlation, same.marks, limit, about)


def content(of: Reference) -> bytes:
    """What its file holds: single precision, and of the correlations one half."""
    file, half = io.BytesIO(), of.correlation[np.triu_indices(len(of.correlation))]
    np.savez_compressed(file, marks=of.marks, limit=of.limit, about=json.dumps(dict(of.about)),
                        moments=of.moments.astype(np.float32), correlation=half.astype(np.float32))  # fmt: skip
    return file.getvalue()


class Measured:
    """Ensembles, each simulated once and kept."""

    def __init__(self, order: Order) -> None:
        self.order, self.reference = order, reference()
        self.folder = ROOT / "results/consistency" / code()

    def ensemble(self, name: str, number: int) -> Reading:
        """Ensemble `number` of the order itself ("fresh"), with errors in every parameter ("rough"), or with one moved."""
        file = self.folder / name / f"{number}.npz"
        if not file.is_file():
            made = read(self._order(name, number), RUNS, NULL_SEED + number)
            file.parent.mkdir(parents=True, exist_ok=True)
            draft = file.with_suffix(".part.npz")
            np.savez(draft, mean=made.values.mean(0), marks=made.marks)
            draft.replace(file)
        with np.load(file) as kept:
            return Reading(kept["mean"][None], kept["marks"], "", self.reference.about["dice"])

    def _order(self, name: str, number: int) -> Order:
        if name == "fresh":
            return self.order
        if name == "rough":
            rng = np.random.default_rng(number)
            given = self.order.parameters
            rough = jax.tree.map(lambda x: np.float32(x * (1 + ROUGH * rng.standard_normal())), given)
            return dataclasses.replace(self.order, parameters=dataclasses.replace(rough, on=given.on))
        return self.order.with_parameters({name: self.moved(name)[1]})

    def moved(self, name: str) -> tuple[float, float]:
        """A parameter's value, and the value one prior spread above it; below, where the range ends before."""
        prior, value = PRIORS[name], values(self.order.parameters)[name]
        return value, value + prior.sd if value + prior.sd <= prior.high else value - prior.sd

    def verdict(self, name: str, number: int, *, dice: bool = True) -> Verdict:
        """Of an ensemble, held against the order's own histories of the same seed; or, without dice, against the means."""
        own, here = self.ensemble("fresh", number), self.ensemble(name, number)
        moments = np.stack([own.values[0], *self.reference.moments[1:]])
        of = dataclasses.replace(self.reference, moments=moments, marks=own.marks)
        return judge(here if dice else dataclasses.replace(here, dice="other"), of)

    def share(self, name: str, count: int, *, dice: bool = True) -> float:
        """Share of ensembles that are found inconsistent."""
        return float(np.mean([not self.verdict(name, n, dice=dice).consistent for n in range(count)]))

    def clear(self, name: str) -> float:
        """How plainly one ensemble shows that a parameter was moved: 1 is where it is called inconsistent."""
        own, here = self.ensemble("fresh", 0), self.ensemble(name, 0)
        apart = np.abs((here.values - own.values) / self.reference.moments[2]).max()
        return float(max((here.marks != own.marks).sum() / (TURNED + 1), apart / DRIFT))


def tried(measured: Measured) -> Iterator[tuple[str, str]]:
    """Of each mechanism the parameters that a first look finds, the one that shows least first, up to one always found."""
    for mechanism in MECHANISMS:
        free = [f"{mechanism.name}.{name}" for name, prior in priors(mechanism.params) if not prior.fixed]
        for name in sorted((name for name in free if measured.clear(name) >= 1), key=measured.clear):
            yield mechanism.name, name
            if measured.share(name, EACH) >= SEEN:
                break


def machine(folder: Path, name: str, command: list[str], flags: str) -> dict[str, Any]:
    """A command in fresh processes, first with nothing compiled, then again: processor seconds, and what it says."""
    file = folder / f"machine {name}.json"
    if not file.is_file():
        with tempfile.TemporaryDirectory() as place:
            there = {**os.environ, "HEGEMON_CACHE": f"{place}/cache", "XLA_FLAGS": flags}
            seconds = []
            for out in ("first", "again"):
                words = [sys.executable, "-m", "hegemon.cli.main", *command, "--json"]
                words += ["--out", f"{place}/{out}"] if command[0] == "run" else []
                before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
                done = subprocess.run(words, env=there, capture_output=True, text=True, check=False)
                seconds.append(sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - before)
        write_file(file, json.dumps({"seconds": seconds, "code": done.returncode, "said": json.loads(done.stdout)}))
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def page(order: Order, measured: Measured) -> str:
    """The page as Markdown."""
    of, count = measured.reference, len(lines(order))
    rows, unseen = [], []
    for mechanism, name in tried(measured):
        old, new = measured.moved(name)
        power, blind = measured.share(name, EACH), measured.share(name, EACH, dice=False)
        turned = np.mean([measured.verdict(name, n).turned for n in range(EACH)]) / RUNS
        seen = f"{100 * turned:.1f} % | {100 * power:.0f} % | {100 * blind:.0f} %"
        rows.append(f"| {mechanism} | `{name}` | {old:.3g} to {new:.3g} | {seen} |")
        unseen += [name] if power < SEEN else []
    free = [f"{m.name}.{name}" for m in MECHANISMS for name, prior in priors(m.params) if not prior.fixed]
    dull = [name for name in free if measured.clear(name) < 1]
    blind = sum(measured.verdict(name, 0, dice=False).consistent for name in free)
    rough = [measured.verdict("rough", n).turned for n in range(NULL)]
    machines = {name: machine(measured.folder, name, command, flags) for name, (command, flags) in MACHINES.items()}
    here = [f"| {name} | {_alike(found['said'])} | {' | '.join(f'{each:.0f} s' for each in found['seconds'])} |"
            for name, found in machines.items()]  # fmt: skip
    return PAGE.format(
        runs=f"{RUNS:,}", large=f"{LARGE:,}", count=count, turned=TURNED, drift=f"{DRIFT:g}", limit=f"{of.limit:.0f}",
        once=round(1_000 * FALSE),
        null=NULL, rough=f"{ROUGH:g}", each=EACH, rows="\n".join(rows), machines="\n".join(here),
        false_rough=f"{100 * measured.share('rough', NULL):.2f} %", most=max(rough), average=f"{np.mean(rough):.2f}",
        false_fresh=f"{100 * measured.share('fresh', NULL, dice=False):.2f} %", free=len(free), seen=len(free) - len(dull),
        dull=", ".join(f"`{name}`" for name in dull), blind=len(free) - blind, version=of.about["version"],
        code=of.about["code"], platform=of.about["platform"],
        unseen=", ".join(f"`{name}`" for name in unseen) or "none",
    )  # fmt: skip


def _alike(found: dict[str, Any]) -> str:
    if "bits" not in found:
        return ""
    alike = "the same to the bit" if found["bits"] else "consistent" if found["consistent"] else "not consistent"
    return f"{alike}, {found['turned']} histories turned"


PAGE = """# Does this machine make the same histories?

Written by `python tools/consistent.py measure`; no number on this page is typed by hand. Measured on {platform},
hegemon {version}, code {code}.

`hegemon doctor --consistent` simulates {runs} histories of `post-soviet` on the first device and holds them against a reference
that comes with hegemon. It ends with 0 where they agree and with 1 where they do not, and then says which measures are off. It is
an ensemble consistency test in the manner of the climate modellers' (Baker et al. 2015, Geosci. Model Dev. 8:2829; Milroy et al.
2018, Geosci. Model Dev. 11:697), who ask whether a new machine or compiler has changed their climate.

1. **The same to the bit?** Then it is done.
2. **The same but for rounding?** The dice are whole numbers and the same on every machine, so history 17 can be held against
   history 17. Another processor rounds otherwise, and now and then one history takes another turn. Up to {turned} of {runs} may
   (every fact of every crisis is compared, and who is in the pact when), and no measure's mean may move by more than {drift} of
   its spread over histories, plus what the histories that turned can explain.
3. **The same kind of histories?** Where the dice themselves are others (another version of them), no history has its like. Then
   the means of {count} measures are compared together with those of {large} histories of another seed: crises by kind,
   instruments, requests, consents, survivals, and the states of neighbours and patron at two dates (Hotelling's T-squared; the
   limit, {limit}, is what 10,000 ensembles drawn from those histories exceed {once} times in 1,000). Who is in the street is not
   counted there: at a given date nearly always nobody, and once in a long while a crowd.

Where the model's code or the order's numbers are not those of the reference it says so: then it may be the model that has
changed. After a change that is meant, `python tools/consistent.py reference` makes the reference anew.

## False alarms

| what is consistent by construction | ensembles | called inconsistent |
| --- | --- | --- |
| the same seed, every parameter with a relative error of {rough} of its own in each ensemble (step 2) | {null} | {false_rough} |
| other seeds, held against the reference as if the dice were others (step 3) | {null} | {false_fresh} |

The errors of the first row are some ten times those of single precision; they turned {average} histories of {runs} on
average, {most} at most.

## Power

One parameter is moved by one prior spread, upwards unless its range ends before; {each} ensembles of {runs} histories. Of each
mechanism the parameter stands here that shows least of those which a first look at one ensemble finds; where it is not found
in 95 % of ensembles, the next one too.

| mechanism | parameter | from, to | histories that turned | found | found with other dice (step 3 alone) |
| --- | --- | --- | --- | --- | --- |
{rows}

Below 95 %: {unseen}. The first look, at every free parameter of every mechanism, found {seen} of {free}. Not found, because
in this order hardly any history hangs on them: {dull}. With other dice {blind} of {free} were found: step 3 sees what changes
the region as a whole, and not what changes little of it.

## Other arithmetic, and time

The command itself with other options of the compiler, in seconds of a processor: first with nothing compiled, then again. Other
work on the same two cores makes these seconds longer; the last row is the yardstick: alone on two cores that command takes [12
seconds the first time and 7 again](engine.md#how-long-a-user-waits).

| arithmetic | verdict | first time | again |
| --- | --- | --- | --- |
{machines}
"""


if __name__ == "__main__":
    main()
