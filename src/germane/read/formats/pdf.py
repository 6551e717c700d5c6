"""PDF by PDFium: the text layer, one section a page.

A sentence that runs over the end of a page belongs to the page it begins on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from pypdfium2.raw import FPDF_ERR_PASSWORD

from germane.read.decode import see
from germane.read.part import MAX_TEXT, Part, Unreadable, clean
from germane.types import Section

MAX_RUN = 600
"""Characters in which a sentence that runs over a page must end."""

_end = re.compile(r"[.!?:…][\"'”’)\]]*(?=\s)")
_hyphen = re.compile(r"(?:\ufffe|\x02)\s*\n?")
_ligature = re.compile("[\ufb00-\ufb06]")
_junk = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def parts(path: Path) -> Iterator[Part]:
    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise Unreadable("PDF needs a password: save it without one") from None
        see(path)
        raise Unreadable("PDF is damaged or cut short: export it again") from None
    with pdf:
        title = pdf.get_metadata_dict().get("Title", "")
        pieces: list[str] = []
        sections: list[Section] = []
        length = 0
        for number in range(len(pdf)):
            text = _page(pdf, number)
            if pieces and (end := _run_over(pieces[-1], text)):
                pieces += ("\n", text[:end])
                length += 1 + end
                sections[-1] = sections[-1]._replace(end=length)
                text = text[end:].lstrip()
            if not text:
                continue
            gap = "\n\n" if pieces else ""
            sections.append(Section(length, length + len(gap) + len(text), (f"page {number + 1}",)))
            pieces += (gap, text)
            length += len(gap) + len(text)
            if length > MAX_TEXT:
                raise Unreadable(f"more than {MAX_TEXT // 1_000_000} million characters: split it")
    if not pieces:
        raise Unreadable("PDF has no text layer: run OCR first")
    yield Part("", " ".join(clean(title).split()), "".join(pieces), tuple(sections))


def _run_over(before: str, text: str) -> int:
    """How many characters of a page end the sentence of the page before; 0 where that was whole."""
    if not text[:1].islower() or _end.search(before[-4:] + "\n"):
        return 0
    found = _end.search(text + "\n", 0, MAX_RUN)
    return found.end() if found else 0


def _page(pdf: pypdfium2.PdfDocument, number: int) -> str:
    try:
        page = pdf[number]
        layer = page.get_textpage()
        text = clean(layer.get_text_bounded())
        layer.close()
        page.close()
    except pypdfium2.PdfiumError:
        return ""  # one damaged page does not cost the others
    text = _ligature.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return unicodedata.normalize("NFC", _junk.sub("", _hyphen.sub("", text))).strip()
