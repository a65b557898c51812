"""Several results on one page: a heading of its own, then a part for each, with its sentences, figures, tables and making."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from hegemon.report import page
from hegemon.report import part as parts
from hegemon.report.part import Part

STYLE = """
.part { margin-top: 84px; padding-top: 26px; border-top: 3px solid var(--accent); }
.part > h2 { margin: 6px 0 12px; font-size: clamp(26px, 3.6vw, 38px); line-height: 1.12; }
h3 { margin: 0 0 4px; font-size: 22px; line-height: 1.25; font-weight: 600; text-wrap: balance; }
.part section { margin-top: 52px; }
.all { display: block; }
.all > li { margin: 0 0 14px; }
.all > li > a { font: 600 18px/1.5 var(--text); }
@media print { .part { break-before: page; margin-top: 0; } h3 { break-after: avoid; } }
"""


def joint(found: Sequence[Part], title: str | None, version: str) -> str:
    """The page. `found` are the parts in order, each with its figures counted in its chapter: "1.", "2.", and so on."""
    same = len({part.title for part in found}) == 1
    title = title or (found[0].title if same else f"{len(found)} results")
    named = list(enumerate(found, 1))
    contents = "".join(_listed(n, part) for n, part in named)
    header = f"""<p class="kicker">Report</p>
<h1>{escape(title)}</h1>
<nav aria-label="Contents"><ol class="all">{contents}
<li><a href="#caution">What this is not for</a></li></ol></nav>
"""
    main = "\n".join(_part(n, part) for n, part in named)
    main += f"""
<section id="caution">
<div class="aside"><p><strong>What this is not for.</strong> {page.CAUTION}</p></div>
</section>
"""
    style = "".join(dict.fromkeys(part.style for part in found)) + STYLE
    said = "; ".join(part.title for part in found)
    return page.document(f"{escape(title)} · hegemon", escape(version), header, main, style=style, description=said,
                         skip="To the results")  # fmt: skip


def _prefix(number: int) -> str:
    return f"part-{number}-"


def _listed(number: int, part: Part) -> str:
    """A result in the contents, with its sections."""
    inner = parts.links([*part.contents, ("made", "How this was made")], _prefix(number))
    return f'<li><a href="#part-{number}">{number}. {escape(part.kicker)}: {escape(part.title)}</a>\n<ol>{inner}</ol></li>\n'


def _part(number: int, part: Part) -> str:
    """A result with its own heading."""
    beside = f'<div class="aside">{part.beside}</div>' if part.beside else ""
    inner = f"""{part.body}
<section id="made">
<h2>How this was made</h2>
{part.made}
{beside}
</section>"""
    return f"""<section class="part" id="part-{number}">
<p class="kicker">{number}. {escape(part.kicker)}</p>
<h2>{escape(part.title)}</h2>
<p class="deck">{escape(part.deck)}</p>
{parts.facts(part.facts)}
{parts.short(part.short)}
{parts.below(parts.apart(inner, _prefix(number)))}
</section>"""
