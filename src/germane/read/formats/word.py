"""DOCX by python-docx: paragraphs, headings by style, tables row by row."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from docx import Document as open_document
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from germane.read.part import Block, Part, Unreadable, compose

DAMAGED = "not a Word document, or a damaged one: save it again as .docx"
MAX_UNPACKED = 128 * 2**20
MAX_RATIO = 200


def parts(path: Path) -> Iterator[Part]:
    _check(path)
    try:
        document = open_document(str(path))
    except (PackageNotFoundError, zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError, ValueError):
        raise Unreadable(DAMAGED) from None
    yield compose(_blocks(document), title=document.core_properties.title or "")


def _check(path: Path) -> None:
    """Look into the archive's directory before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
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


def _blocks(document: Document) -> Iterator[Block]:
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            yield from _rows(item)
        else:
            style = _style(item)
            yield Block(item.text, _level(style), tight=style.startswith("List"))


def _rows(table: Table) -> Iterator[Block]:
    """Straight from the XML: ``table.rows[i].cells`` is quadratic."""
    for row in table._tbl.tr_lst:
        cells = (" ".join(Paragraph(p, table).text for p in cell.iter("{*}p")) for cell in row.tc_lst)
        yield Block(" | ".join(cells), tight=True)


def _style(paragraph: Paragraph) -> str:
    try:
        return (paragraph.style.name if paragraph.style else "") or ""
    except KeyError:
        return ""


def _level(style: str) -> int:
    if style == "Title":
        return 1
    name, _, number = style.rpartition(" ")
    return int(number) if name == "Heading" and number.isdigit() else 0
