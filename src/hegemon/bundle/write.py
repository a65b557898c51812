"""Writing a bundle: everything by name, then one zip whose bytes depend on its content alone."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hegemon.bundle import builtin, documents, numbers, orders
from hegemon.bundle.kinds import KINDS
from hegemon.bundle.packed import Packed
from hegemon.errors import BadFile, shown

FORMAT = 1
"""Version of the bundle's layout."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every file in the zip: the earliest one the format knows."""


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of the bundle of the result in a folder, by name. Raises `UserError` where there is none."""
    from hegemon.folders.kinds import kind_of

    return files(KINDS[kind_of(folder)].pack(folder))


def files(of: Packed) -> dict[str, bytes]:
    """Every file of a bundle."""
    from hegemon.bundle.trace import trace
    from hegemon.docs.odd import odd
    from hegemon.pages import render
    from hegemon.posterior import load_posterior

    environment = documents.environment()
    made: dict[str, Any] = {**of.made, "bundle": FORMAT, "kind": of.kind, "environment": environment, "rebuild": of.again}
    found: dict[str, str | bytes] = {
        "rebuild.py": documents.rebuild(),
        "requirements.txt": documents.requirements(environment["packages"]),
        "ODD.md": odd(of.order),
    }
    learned = None
    if of.posterior is not None:
        found["posterior.npz"] = raw = builtin.posterior(of.posterior)
        learned = load_posterior(of.posterior).made
        made["posterior"] = {"name": Path(of.posterior).name, "sha256": numbers.fingerprint(raw), **plain(dict(learned))}
    found["README.md"] = documents.readme(of)
    found["TRACE.md"] = trace(of, learned)
    found["made.json"] = numbers.document(plain(made))
    for name, order in of.orders.items():
        found |= orders.written(order, name)
    found |= {f"numbers/{name}": content for name, content in of.numbers.items() if name not in of.unkept}
    found["numbers/hashes.json"] = numbers.document(numbers.hashes(of.numbers))
    for figure in of.figures:
        found[f"figures/{figure.name}.svg"] = render.picture(figure, "svg")
        found[f"figures/{figure.name}.csv"] = numbers.table(figure.data)
    found |= of.more
    return {name: text if isinstance(text, bytes) else text.encode() for name, text in found.items()}


def plain(value: Any) -> Any:
    """The same in JSON's types."""
    return json.loads(json.dumps(value, default=lambda other: other.item()))


def zipped(found: Mapping[str, bytes]) -> bytes:
    """A zip of them: names sorted, one date, no owner. The same files give the same bytes."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(found):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, found[name], compress_type=zipfile.ZIP_DEFLATED, compresslevel=9)
    return whole.getvalue()


def write(folder: Path, target: Path) -> list[str]:
    """Write the bundle of a finished result; returns the names of what is in it. Raises `UserError` where that cannot be."""
    from hegemon.files import write_atomically

    found = contents(folder)
    content = zipped(found)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadFile(
            f"cannot write {shown(str(target), 200)}", f"{reason}; choose another place with --out."
        ) from None
    return sorted(found)
