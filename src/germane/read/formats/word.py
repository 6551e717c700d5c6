"""DOCX by python-docx: paragraphs, headings by style, tables row by row.

Text is taken from the XML: what stands in content controls, fields, tracked insertions and text boxes
is no child of a paragraph or of the body to python-docx, which passes over it.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from docx import Document as open_document
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml import etree

from germane.read.decode import see
from germane.read.part import Block, Part, Unreadable, compose

DAMAGED = "not a Word document, or a damaged one: save it again as .docx"
MAX_UNPACKED = 128 * 2**20
MAX_RATIO = 200

_paragraph, _row, _cell, _box = (qn(f"w:{name}") for name in ("p", "tr", "tc", "txbxContent"))
_text = qn("w:t")
_marks = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_fallback = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""Says what stands before it again, for old versions of Word."""
_unseen = {qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), _fallback}


def parts(path: Path) -> Iterator[Part]:
    _check(path)
    try:
        document = open_document(str(path))
        levels = _Levels(document)
    except (PackageNotFoundError, zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError, ValueError):
        raise Unreadable(DAMAGED) from None
    yield compose(_blocks(document.element.body, levels), title=_title(document))


def _check(path: Path) -> None:
    """Look into the archive's directory before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        see(path)
        raise Unreadable(_old(path) or DAMAGED) from None
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > MAX_UNPACKED or (unpacked > 2**24 and unpacked > MAX_RATIO * packed):
        raise Unreadable(f"unpacks to {unpacked >> 20} MB: looks like a zip bomb")
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("Word document needs a password: save it without one")


def _old(path: Path) -> str:
    with path.open("rb") as stream:
        compound = stream.read(4) == b"\xd0\xcf\x11\xe0"
    return "Word document with a password, or an old .doc: save it as .docx without one" if compound else ""


def _title(document: Document) -> str:
    """python-docx makes one up where a file has none."""
    try:
        document.part.package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES)
    except KeyError:
        return ""
    return document.core_properties.title or ""


class _Levels:
    """The level of the heading that a style makes, or -1 for one of a list."""

    def __init__(self, document: Document) -> None:
        self._styles = {style.style_id: style for style in document.styles if style.type == 1}
        self._known: dict[str, int] = {"": 0}

    def of(self, paragraph: etree._Element) -> int:
        found = paragraph.find("./" + qn("w:pPr") + "/" + qn("w:pStyle"))
        id = "" if found is None else found.get(qn("w:val"), "")
        if id not in self._known:
            style, steps, level = self._styles.get(id), 0, 0
            while style is not None and not level and steps < 16:  # a style may be based on a heading's
                level, style, steps = _level(style.name or ""), style.base_style, steps + 1
            self._known[id] = level
        return self._known[id]


def _level(style: str) -> int:
    if style == "Title":
        return 1
    name, _, number = style.rpartition(" ")
    if style.startswith("List"):
        return -1
    return int(number) if name == "Heading" and number.isdigit() else 0


def _blocks(root: etree._Element, levels: _Levels) -> Iterator[Block]:
    walk = etree.iterwalk(root, events=("start",), tag=(_paragraph, _row, *_unseen))
    for _, element in walk:
        walk.skip_subtree()
        if element.tag == _row:
            cells = [_said(cell) for cell in element.iter(_cell) if next(cell.iterancestors(_row)) is element]
            if any(cells):
                yield Block(" | ".join(cells), tight=True)
        elif element.tag == _paragraph:
            level = levels.of(element)
            yield Block(_said(element, _box), max(level, 0), tight=level < 0)
            for box in element.iter(_box):
                if next(box.iterancestors(_fallback), None) is None:
                    yield from _blocks(box, levels)


def _said(root: etree._Element, *unseen: str) -> str:
    """What one reads in a paragraph, or on one line in a cell."""
    words: list[str] = []
    walk = etree.iterwalk(root, events=("start",), tag=(_text, _paragraph, *_marks, *_unseen, *unseen))
    for _, element in walk:
        if element.tag == _text:
            words.append(element.text or "")
        elif element.tag in _marks:
            words.append(_marks[element.tag])
        elif element.tag == _paragraph:
            words.append("\n")
        else:
            walk.skip_subtree()
    text = "".join(words)
    return " ".join(text.split()) if root.tag == _cell else text
