"""From a figure to a picture: SVG by vl-convert, tidied, then PNG or PDF from that same SVG."""

from __future__ import annotations

import re
from collections.abc import Iterable
from textwrap import wrap
from typing import Literal
from xml.sax.saxutils import escape

from hegemon.pages import charts, theme
from hegemon.pages.charts.map import NO_DATA
from hegemon.pages.figure import Figure

Format = Literal["png", "svg", "pdf"]
LONG = re.compile(r"-?\d*\.\d{2,}(?:e-?\d+)?")
HOVER = re.compile(
    r'<(path|rect)((?:(?! aria-)[^>])*?) aria-label="([^"]*)"[^>]*? aria-roledescription="hover"'
    r"([^>]*?)(?:/>|></\1>)"
)
NOTE_LINE, NOTE_LETTER = 12, 4.8
"""Height of a line of a note, and the width that a letter takes at most on average."""
ARIA = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')


def hatch(name: str) -> str:
    """The pattern that says "no data"."""
    mark = theme.tokens()["colour"]["no_data"]
    return (
        f'<defs><pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)">'
        f'<rect width="6" height="6" fill="{mark["fill"]}"/>'
        f'<rect width="1.6" height="6" fill="{mark["line"]}"/></pattern></defs>'
    )


def _short(found: re.Match[str]) -> str:
    text = f"{float(found[0]):.1f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def tidy(svg: str, stem: str) -> str:
    """Smaller, with hover texts a browser shows without scripts, and with names no other figure has."""
    svg = HOVER.sub(r"<\1\2\4><title>\3</title></\1>", svg)
    head, body = svg.split(">", 1)
    body = ARIA.sub("", body)
    body = re.sub(r'( (?:d|transform|x|y|x1|x2|y1|y2|width|height)=")([^"]*)', _rounded, body)
    body = re.sub(r' class="[^"]*"', "", body)
    # Vega counts its clips on from figure to figure; from one, so that a figure is the same to the byte.
    names = {name: f"{stem}-{i}" for i, name in enumerate(dict.fromkeys(re.findall(r'\bid="([^"]+)"', body)), 1)}
    body = re.sub(r'\bid="([^"]+)"', lambda m: f'id="{names[m[1]]}"', body)
    body = re.sub(r"url\(#([^)]+)\)", lambda m: f"url(#{names.get(m[1], m[1])})", body)
    if NO_DATA in body:
        body = hatch(f"{stem}-hatch") + body.replace(f'"{NO_DATA}"', f'"url(#{stem}-hatch)"')
    return f"{head}>{body}"


def _rounded(found: re.Match[str]) -> str:
    return found[1] + LONG.sub(_short, found[2])


def svg(figure: Figure, titled: bool = False, small: bool = False) -> str:
    """The figure as SVG; titled and with its provenance where it must stand alone, `small` for a telephone."""
    import vl_convert

    stem = f"{figure.name}-small" if small else figure.name
    drawn = tidy(vl_convert.vegalite_to_svg(charts.spec(figure, titled, small), allowed_base_urls=[]), stem)
    return footed(drawn, figure.note) if titled and figure.note else drawn


def footed(svg: str, note: str) -> str:
    """The same picture with its provenance below it, in as many lines as that takes."""
    found = re.search(r'width="([\d.]+)" height="([\d.]+)" viewBox="0 0 [\d.]+ [\d.]+"', svg)
    if found is None:
        return svg
    width, height = float(found[1]), float(found[2])
    lines = wrap(note, int(width / NOTE_LETTER))
    more = 8 + NOTE_LINE * len(lines)
    tall = height + more
    svg = svg.replace(found[0], f'width="{width:g}" height="{tall:g}" viewBox="0 0 {width:g} {tall:g}"', 1)
    paper, ink = theme.paper(), theme.hue("muted")
    font = escape(theme.tokens()["type"]["figure"])
    text = "".join(
        f'<text x="6" y="{height + 8 + NOTE_LINE * i:g}" font-family="{font}" font-size="10" '
        f'fill="{ink}">{escape(line)}</text>'
        for i, line in enumerate(lines)
    )
    below = f'<rect y="{height:g}" width="{width:g}" height="{more:g}" fill="{paper}"/>{text}</svg>'
    return svg.rsplit("</svg>", 1)[0] + below


def inline(figure: Figure, small: bool = False) -> str:
    """The figure as a part of a page: no namespaces, no size of its own, a name and a description."""
    drawn = svg(figure, small=small)
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawn)
    body = drawn.split(">", 1)[1]
    width = float(box[1]) if box else 1000.0
    view = box[0] if box else ""
    label = escape(figure.alt, {'"': "&quot;"})
    return f'<svg role="img" aria-label="{label}" {view} style="max-width:{width:.0f}px">{body}'


def picture(figure: Figure, format: Format) -> bytes:
    """The figure as a file's content, titled."""
    import vl_convert

    drawn = svg(figure, titled=True)
    if format == "svg":
        return drawn.encode()
    if format == "png":
        return bytes(vl_convert.svg_to_png(drawn, scale=2))
    return bytes(vl_convert.svg_to_pdf(drawn))


def pictures(figures: Iterable[Figure], format: Format, folder: str = "") -> dict[str, bytes]:
    """Figures as files of a folder, each with its numbers beside it (CSV)."""
    return {f"{folder}{figure.name}.{ending}": content for figure in figures for ending, content in (
        (format, picture(figure, format)), ("csv", figure.data.to_csv(index=False, lineterminator="\n").encode()))}  # fmt: skip
