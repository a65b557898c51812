"""A document as one HTML file: no scripts, nothing asked of any network; several documents as one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from importlib import resources
from string import Template

from markdown_it import MarkdownIt

from hegemon.pages import render
from hegemon.pages.document import Block, Bullets, Document, Section
from hegemon.pages.figure import Figure, Table

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"

CAUTION = (
    "This model explains and tests: it states an argument about order among unequal states so exactly "
    "that it can be wrong, and shows what would follow if it were right. It is not a forecast to decide "
    "by. Its numbers carry the judgement of those who coded the crises and set the scenario; its bands "
    "say how far luck and unknown parameters move a history, not how far the argument itself may be off. It takes no side: to "
    "say how an order works is neither to defend nor to accuse it."
)

NOT_FOR = f"<p><strong>What this is not for.</strong> {CAUTION}</p>"

TAG = re.compile(r"<[^>]*>")
NAMED = re.compile(r'( id=")|( href="#)|(url\(#)')


def page(of: Document) -> str:
    """A document's own page."""
    header = f"""{_begun(of, 1)}
<nav aria-label="Contents"><ol>{_links(of)}</ol></nav>
"""
    main = _body(of, "", f'<div class="aside">{_caveats(of)}{NOT_FOR}</div>')
    return shell(f"{of.title} · hegemon", of.version, header, main + "\n", description=of.question)


def joint(found: Sequence[Document], title: str | None, version: str) -> str:
    """Several documents on one page: a heading of its own, then a part for each; figures are counted 1.1, 1.2, 2.1."""
    same = len({of.title for of in found}) == 1
    title = title or (found[0].title if same else f"{len(found)} results")
    contents = "".join(_listed(n, of) for n, of in enumerate(found, 1))
    header = f"""<p class="kicker">Report</p>
<h1>{escape(title)}</h1>
<nav aria-label="Contents"><ol class="all">{contents}
<li><a href="#caution">What this is not for</a></li></ol></nav>
"""
    main = "\n".join(_part(n, of) for n, of in enumerate(found, 1))
    main += f"""
<section id="caution">
<div class="aside">{NOT_FOR}</div>
</section>
"""
    said = "; ".join(of.title for of in found)
    return shell(f"{title} · hegemon", version, header, main, description=said)


def _listed(number: int, of: Document) -> str:
    inner = _links(of, f"part-{number}-")
    return f'<li><a href="#part-{number}">{number}. {escape(of.kicker)}: {escape(of.title)}</a>\n<ol>{inner}</ol></li>\n'


def _part(number: int, of: Document) -> str:
    """A document under a heading of its own, its anchors begun by its number, its headings a step lower."""
    beside = f'<div class="aside">{_caveats(of)}</div>' if of.caveats else ""
    prefix = f"part-{number}-"
    apart = TAG.sub(lambda tag: NAMED.sub(lambda mark: mark[0] + prefix, tag[0]), _body(of, f"{number}.", beside))
    lower = re.sub(r"<(/?)h2\b", r"<\1h3", apart)
    return f"""<section class="part" id="part-{number}">
{_begun(of, 2, f"{number}. ")}
{lower}
</section>"""


def card(of: Document) -> str:
    """A few lines for a notebook."""
    names = ", ".join(f"<code>{escape(figure.name)}</code>" for figure in of.figures)
    pictures = f"<p>Pictures, by <code>.plot(name)</code>: {names}.</p>" if names else ""
    return (f"<div><p><strong>{escape(of.title)}</strong></p><p>{escape(of.finding)}</p>{facts(of.facts)}{pictures}"
            f"<p><small>hegemon {escape(of.version)}</small></p></div>")  # fmt: skip


# ---- Parts ----


def _begun(of: Document, level: int, number: str = "") -> str:
    """What a document begins with, under a heading of a level."""
    return f"""<p class="kicker">{number}{escape(of.kicker)}</p>
<h{level}>{escape(of.title)}</h{level}>
<p class="deck">{escape(of.question)}</p>
{facts(of.facts)}
<ul class="short">{_items(of.lines)}</ul>"""


def _items(lines: Sequence[str]) -> str:
    return "".join(f"<li>{inline(line)}</li>" for line in lines)


def _caveats(of: Document) -> str:
    return "".join(f"<p>{inline(line)}</p>" for line in of.caveats)


def _links(of: Document, prefix: str = "") -> str:
    contents = [*((section.anchor, section.title) for section in of.sections), ("made", "How this was made")]
    return "".join(f'<li><a href="#{prefix}{anchor}">{escape(title)}</a></li>' for anchor, title in contents)


def _body(of: Document, chapter: str, beside: str) -> str:
    """All sections, figures counted through, and how it was made, with what stands beside that."""
    shown, count = [], 0
    for section in of.sections:
        inner = []
        for block in section.blocks:
            count += isinstance(block, Figure)
            inner.append(_block(block, f"{chapter}{count}", section))
        shown.append(_section(section, inner))
    return "\n".join([*shown, f"""<section id="made">
<h2>How this was made</h2>
{made(of.made)}
{beside}
</section>"""])


def _section(of: Section, inner: Sequence[str]) -> str:
    body = "\n".join(inner)
    if of.side:
        body = f'<div class="side">{body}</div>'
    if of.folded:
        return f'<section id="{of.anchor}">\n<details><summary>{escape(of.title)}</summary>\n{body}\n</details>\n</section>'
    return f'<section id="{of.anchor}">\n<h2>{escape(of.title)}</h2>\n{body}\n</section>'


def _block(block: Block, number: str, within: Section) -> str:
    if isinstance(block, str):
        return prose(block)
    if isinstance(block, Bullets):
        return f"<ul>{_items(block.lines)}</ul>"
    return table(block) if isinstance(block, Table) else figure(block, number, within)


def figure(of: Figure, number: str, within: Section | None = None) -> str:
    """A figure with its reading, its text alternative and its numbers; its section's title and anchor are not given twice."""
    inner = "".join(table(each) for each in of.tables)
    numbers = f"<details><summary>The numbers of figure {number}</summary>{inner}</details>" if inner else ""
    note = f" {escape(of.note)}" if of.note else ""
    label = f"Figure {number}: {escape(of.title)}"
    anchor = "" if within is not None and within.anchor == of.name else f' id="{of.name}"'
    title = "" if within is not None and within.title == of.title else f'<h3 class="of">{escape(of.title)}</h3>\n'
    kinds = (("paper large", False), ("paper small", True)) if of.phone else (("paper", False),)
    inside = [(kind, render.inline(of, small=small)) for kind, small in kinds]
    role = f'tabindex="0" role="group" aria-label="{label}"'
    papers = "".join(f'<div class="{kind}" {role}>{drawn}</div>\n' for kind, drawn in inside)
    wider = "" if of.phone else '\n<span class="wider">The picture is wider than this screen: swipe it.</span>'
    return f"""<div class="drawn"{anchor}>
<p class="count">Figure {number}</p>
{title}<p class="reading">{escape(of.reading)}</p>
<figure>
{papers}<figcaption>{escape(of.finding)}{note}{wider}</figcaption>
</figure>
{numbers}
</div>"""


def table(found: Table) -> str:
    """A table that scrolls where it is too wide or too long."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in found.head)
    body = "\n".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in found.rows
    )
    tall = " tall" if len(found.rows) > 16 else ""
    cells = [cell for row in found.rows for cell in row[1:]]
    wordy = any(len(cell) > 40 for cell in cells) or 2 * sum(cell[:1].isalpha() for cell in cells) > len(cells)
    label, kind = escape(found.caption or "Table"), ' class="words"' if wordy else ""
    return (
        f'<div class="scroll{tall}" tabindex="0" role="region" aria-label="{label}">'
        f"<table{kind}><caption>{escape(found.caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>"
    )


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    """Values with what they are; empty ones are left out."""
    shown = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for value, name in pairs if value)
    return f'<dl class="facts">{shown}</dl>' if shown else ""


def made(pairs: Sequence[tuple[str, str]]) -> str:
    """How this was made, so that it can be made again."""
    rows, long = [], ""
    for label, text in pairs:
        if "\n" in text.strip() or len(text) > 400:
            long += f"<details><summary>{escape(label)}, in full</summary><pre>{escape(text)}</pre></details>"
        elif text:
            rows.append(f"<dt>{escape(label)}</dt><dd>{inline(text) if text.startswith('`') else escape(text)}</dd>")
    return f'<dl class="made">{"".join(rows)}</dl>{long}'


MARKDOWN = MarkdownIt("commonmark", {"html": False})


def prose(text: str) -> str:
    """Paragraphs of Markdown."""
    return str(MARKDOWN.render(text)).strip()


def inline(text: str) -> str:
    """A line of Markdown."""
    return str(MARKDOWN.renderInline(text))


# ---- The file ----


def rules() -> str:
    """The style sheet: the explorer's, with its letters, and what documents have besides."""
    here = resources.files("hegemon.pages")
    return "\n".join(here.joinpath(*name).read_text(encoding="utf-8") for name in (("built", "report.css"), ("page.css",)))


def shell(title: str, version: str, header: str, main: str, *, description: str = "") -> str:
    """A self-contained page; `header` and `main` are HTML, the rest is text."""
    body = f"""<a class="skip" href="#main">To the results</a>
<header>
{header}</header>
<main id="main" class="page">
{main}</main>
<footer>Made by hegemon {escape(version)}. This file holds all it shows and asks nothing of any network.</footer>"""
    return file(title, version, body, f"\n{rules()}", POLICY, description)


def file(title: str, version: str, body: str, style: str, policy: str, description: str) -> str:
    """The file around a page; `policy` says what the page may do."""
    said = f'\n<meta name="description" content="{escape(description)}">' if description else ""
    frame = Template(resources.files("hegemon.pages").joinpath("page.html").read_text(encoding="utf-8"))
    return frame.substitute(policy=policy, version=escape(version), said=said, title=escape(title), style=style, body=body)
