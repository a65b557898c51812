"""A result told: its page, its figures as pictures, in a terminal, as JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hegemon
from hegemon import studies
from hegemon.files import write_file, write_folder
from hegemon.history import picked
from hegemon.mechanisms.outside import fingerprint
from hegemon.pages import html, render
from hegemon.studies.folder import drawing
from hegemon.studies.records import asked_of
from hegemon.studies.study import Answer

if TYPE_CHECKING:
    from hegemon.order import Order
    from hegemon.pages.document import Document
    from hegemon.pages.render import Format
    from hegemon.studies.question import Question

PAGE = "report.html"

MADE = {
    "version": "Version of hegemon",
    "code": "Fingerprint of the model's code",
    "data": "Fingerprint of what comes with hegemon",
    "platform": "Platform",
    "chunk": "Histories per chunk",
}
"""What is told of a result's making: what the same question gives again, not how long it took."""


def document(of: Answer) -> Document:
    """The result's document, with its making, and provenance on every figure."""
    told, kind = of.document(), studies.study(of.study)
    made: list[tuple[str, str]] = [("Command", f"`{of.question.line}`"), ("Kind", kind.noun)]
    made += [(f"Fingerprint of {field}", f"`{order.hash}`") for field, order in of.question.orders().items()]
    made += [("Mechanisms from outside", said) for said in dict.fromkeys(map(foreign, of.question.orders().values()))]
    made += [(label, str(of.made[name])) for name, label in MADE.items() if of.made.get(name) not in (None, "")]
    made = [pair for pair in (*made, *told.made) if pair[1]]
    said = [each for each in dict.fromkeys(sample(of.question, order) for order in of.question.orders().values()) if each]
    if of.study in BY_RECORDS:
        told = dataclasses.replace(told, sentences=[*said, *told.sentences])
    else:
        told = dataclasses.replace(told, caveats=[*told.caveats, *said])
    note = f"hegemon {of.made.get('version', '')}: {of.question.line}"
    return dataclasses.replace(told, made=made, version=str(of.made.get("version", ""))).noted(note)


BY_RECORDS = ("calibrate", "check", "replay", "forecast")
"""Studies that learn from a record, or hold the model against one: what kind of record it is belongs to what came out."""


def sample(question: Question, order: Order) -> str:
    """That a record does not hold all crises there were, and what may be learned from it; empty where it does."""
    record = asked_of(question if question.study in BY_RECORDS else None, order)
    how = None if record is None else picked(record)
    if how is None:
        return ""
    said = (f"The record of {order.name} {PICKED[how]}: it says how they went, not how many there were, so that its counts are "
            "no test of the model's, and it is followed as if there had been no others.")  # fmt: skip
    learns = question.study == "calibrate" or getattr(question, "source", "") == "origin"  # a forecast learns to its origin
    return f"{said} {ANSWERS}" if learns else said


PICKED = {"drawn": "is a random sample of its crises, drawn from registers",
          "known": "holds crises that are known, not all there were"}  # fmt: skip
"""How its crises were picked."""

ANSWERS = ("Only answers are learned from it, and what else was coded of each crisis: how often crises come, and of which kinds, "
           "is left to the priors.")  # fmt: skip
"""What may be learned from such a record."""


def foreign(order: Order) -> str:
    """An order's mechanisms from outside, with their files and fingerprints; empty where it has none."""
    return ", ".join(f"{m.name} ({m.source[0]}, SHA-256 {fingerprint(m.source[1])})" for m in order.outside if m.source)


def write_page(of: Answer, target: Path) -> Path:
    """Write a result's page. `target` is the file, or a folder in which it becomes report.html."""
    file = target if target.suffix in (".html", ".htm") else target / PAGE
    with drawing(file.parent, of) as drawn:
        write_file(file, of.page())
        drawn.append(file)
    return file


def write_joint(found: Sequence[Answer], target: Path, title: str | None) -> Path:
    """Write several results as one page, in their order."""
    with drawing(target.parent, None):
        write_file(target, html.joint([document(of) for of in found], title, hegemon.__version__))
    return target


def write_pictures(of: Answer, folder: Path, format: Format) -> list[Path]:
    """Write every figure as a picture, each with its numbers beside it (CSV)."""
    made = render.pictures(document(of).figures, format)
    with drawing(folder, of) as drawn:
        drawn += [Path(name) for name in write_folder(folder, made)]
    return drawn


def plain(of: Answer, **more: Any) -> dict[str, Any]:
    """A result as one JSON document: what was asked, how it was made, what came out, every number."""
    told = document(of)
    asked = of.question
    return {"study": of.study, "question": asked.model_dump(mode="json", exclude={"given"}), "command": asked.line,
             "made": dict(of.made), "fingerprints": {field: order.hash for field, order in asked.orders().items()},
             **more, "title": told.title, "finding": told.finding, "sentences": list(told.sentences),
             "numbers": of.plain()}  # fmt: skip


def as_json(of: Answer) -> str:
    """The same as text."""
    return json.dumps(plain(of), indent=1, ensure_ascii=False, allow_nan=False)
