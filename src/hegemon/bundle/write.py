"""Writing a bundle: everything by name, then one zip whose bytes depend on its content alone."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hegemon.bundle import documents, numbers, toml
from hegemon.errors import BadFile

if TYPE_CHECKING:
    from hegemon.ensemble.runs import Runs
    from hegemon.order import Order

FORMAT = 1
"""Version of the bundle's layout."""

LEFT_OUT = ("wall_seconds", "scenario_text")
"""What `made.json` does not repeat: the clock, which never runs twice alike, and the scenario, which has its own file."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every file in the zip: the earliest one the format knows."""


def order_of(attrs: Mapping[str, Any]) -> Order:
    """The order of a result. Raises `BadFile` where the result does not say enough to make it again."""
    from hegemon.order import remade

    order = remade(attrs)
    if order.hash != attrs["scenario_hash"]:
        raise BadFile(
            f"the result of {attrs['scenario']} cannot be rebuilt from what it says of itself",
            f"Version {attrs['version']} kept no note of changed parameters, or had others; run it again with this version.",
        )
    return order


def contents(result: Runs) -> dict[str, bytes]:
    """Every file of the bundle of a finished result, by name."""
    from hegemon.cli.run import _table as table
    from hegemon.cli.run import order_info, record_of
    from hegemon.docs.odd import odd
    from hegemon.ensemble.digest import digest
    from hegemon.posterior import load_posterior
    from hegemon.report import render
    from hegemon.report.write import figures

    attrs = result.summary.attrs
    order = order_of(attrs)
    record = record_of(order)
    drawn = figures(result.summary, result.sample_events, table(record), order_info(order))
    kept = None if order.scenario.posterior is None else load_posterior(order.scenario.posterior)
    made: dict[str, Any] = {name: plain(value) for name, value in attrs.items() if name not in LEFT_OUT}
    made |= {"bundle": FORMAT, "changed": order.changed, "off": list(order.off), "states": list(order.states),
             "environment": documents.environment(), "rebuild": documents.again(attrs, order.changed)}  # fmt: skip
    found: dict[str, str | bytes] = {
        "README.md": documents.readme(order, attrs, [figure.name for figure in drawn]),
        "rebuild.py": documents.rebuild(),
        "requirements.txt": documents.requirements(made["environment"]["packages"]),
        "scenario.toml": toml.text(order.scenario.content()),
        "parameters.csv": documents.parameters(order),
        "ODD.md": odd(order),
        "TRACE.md": documents.trace(order, attrs, None if kept is None else kept.made),
    }
    if kept is not None:
        raw = posterior_bytes(str(order.scenario.posterior))
        found["posterior.npz"] = raw
        made["posterior"] = {
            "name": order.scenario.posterior,
            "sha256": numbers.fingerprint(raw),
            **plain(dict(kept.made)),
        }
    if order.scenario.record is not None and record is not None:
        made["record_sha256"] = numbers.fingerprint(record.to_csv(index=False, lineterminator="\n").encode())
    found["made.json"] = as_json(made)
    for name, values in numbers.arrays(result).items():
        found[f"numbers/{name}.npy"] = numbers.stored(values)
    found["numbers/hashes.json"] = as_json(numbers.hashes(result))
    found["numbers/digest.json"] = as_json(plain(digest(result.summary, record)))
    for figure in drawn:
        found[f"figures/{figure.name}.svg"] = render.picture(figure, "svg")
        found[f"figures/{figure.name}.csv"] = figure.data.to_csv(index=False, lineterminator="\n")
    return {name: text if isinstance(text, bytes) else text.encode() for name, text in found.items()}


def posterior_bytes(name: str) -> bytes:
    """The file of a built-in posterior."""
    from importlib import resources

    return resources.files("hegemon.posteriors").joinpath(f"{name}.npz").read_bytes()


def plain(value: Any) -> Any:
    """The same in JSON's types."""
    return json.loads(json.dumps(value, default=lambda other: other.item()))


def as_json(value: Any) -> str:
    """Readable, and the same text for the same content."""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of them: names sorted, one date, no owner. The same files give the same bytes."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name], compress_type=zipfile.ZIP_DEFLATED, compresslevel=9)
    return whole.getvalue()


def write(result: Runs, target: Path) -> list[str]:
    """Write the bundle of a finished result; returns the names of what is in it. Raises `BadFile` where that cannot be."""
    from hegemon.errors import shown
    from hegemon.files import write_atomically

    files = contents(result)
    content = zipped(files)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadFile(
            f"cannot write {shown(str(target), 200)}", f"{reason}; choose another place with --out."
        ) from None
    return sorted(files)
