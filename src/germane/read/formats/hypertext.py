"""HTML by lxml: the main text with its headings; scripts, styles, navigation and forms are dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from germane.read.decode import decode, read_bytes
from germane.read.part import Block, Part, Unreadable, compose

_charset = re.compile(rb"<(?:meta|\?xml)[^>]+?(?:charset|encoding)\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_names = re.compile(r"\w+").findall
_dropped = frozenset(
    _names(
        "script style noscript template svg math iframe object canvas nav footer aside button select "
        "textarea dialog head menu"
    )
)
_roles = frozenset(_names("navigation banner contentinfo search complementary menu dialog"))
_inline = frozenset(
    _names(
        "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark meter "
        "output q ruby rb rp rt s samp small span strike strong sub sup time tt u var wbr"
    )
)
_whole = frozenset({"html", "body", "main"})
_permalink = frozenset({"", "#", "¶", "§", "🔗", "\uf0c1"})
_tight = frozenset({"li", "tr", "dt", "dd"})
_cells = frozenset({"td", "th"})


def parts(path: Path) -> Iterator[Part]:
    data = read_bytes(path)
    declared = _charset.search(data[:4096])
    text = decode(data, declared[1].decode("ascii") if declared else "")
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    tree = etree.fromstring(text.encode("utf-8", "replace"), parser) if text.strip() else None
    if tree is None:
        raise Unreadable("no text in it")
    if any("depth" in entry.message for entry in parser.error_log):
        raise Unreadable("nested too deep: the parser drops what is inside")
    title = tree.findtext("./head/title") or ""
    for root in (*tree.iter("main"), tree):
        part = compose(_blocks(root), title=title)
        if part.text:
            yield part
            return


def _blocks(root: etree._Element) -> Iterator[Block]:
    words: list[str] = []
    level, pre, tight = 0, 0, False

    def flush() -> Block:
        text = "".join(words)
        words.clear()
        return Block(text if pre else " ".join(text.split()).strip(" |"), level, tight)

    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if _drop(element, tag):
                walk.skip_subtree()
                continue
            if tag not in _inline and tag not in _cells:
                yield flush()
                tight = tag in _tight
            elif tag in _cells and words:
                words.append(" | ")
            level = int(tag[1]) if _is_heading(tag) else level
            pre += tag == "pre"
            if tag in _cells and _is_plain(element):
                words.append(" ".join("".join(element.itertext()).split()))
                walk.skip_subtree()
                continue
            words.append(("\n" if pre else " ") if tag == "br" else element.text or "")
            continue
        if tag not in _inline and tag not in _cells and not _drop(element, tag):
            yield flush()
            level = 0 if _is_heading(tag) else level
            pre -= tag == "pre"
        words.append((element.tail or "") if element is not root else "")
    yield flush()


def _is_heading(tag: str) -> bool:
    return len(tag) == 2 and tag[0] == "h" and tag[1] in "123456"


def _is_plain(cell: etree._Element) -> bool:
    """Whether a cell holds one run of text, be it in a paragraph of its own: its row is then one line."""
    while len(cell) == 1 and cell[0].tag in ("p", "div") and not (cell.text or "").strip():
        cell = cell[0]
    return all(child.tag in _inline and child.tag != "br" and not len(child) for child in cell)


def _drop(element: etree._Element, tag: str) -> bool:
    attributes = element.attrib
    if tag in _whole:  # a page that was saved while a dialog hid it
        return False
    if tag == "a" and "#" in attributes.get("href", ""):
        return "".join(element.itertext()).strip() in _permalink
    return (
        tag in _dropped
        or attributes.get("role") in _roles
        or "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
    )
