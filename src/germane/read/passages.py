"""Documents to passages: whole sentences, packed up to a size, never across a heading.

Sentences are found by sentencex (Wikimedia), at some 80 million characters a second.
"""

from __future__ import annotations

from collections.abc import Iterator

from germane.types import Document, Passage, Place, Section

SIZE = 900
"""Characters. At this size few passages of English exceed 256 word pieces."""

WINDOW = 4000
"""Characters given to the segmenter at once: it is quadratic in text that opens quotes without end."""

Span = tuple[int, int]


def split(document: Document, *, size: int | None = SIZE, language: str = "en") -> list[Passage]:
    """The passages of ``document`` in order: ``document.text[start:end]`` is each one's text.

    They cover everything but blank space and never overlap. A sentence longer than ``size`` is cut at
    word borders; a last piece below an eighth of ``size`` joins the one before it, so that no passage
    is longer than nine eighths of ``size``. ``size=None`` gives the whole document as one passage.
    """
    text = document.text
    sections = document.sections or (Section(0, len(text)),)
    if size is None:
        spans = [(*span, sections[0].headings) for span in _trim(text, 0, len(text))]
    else:
        spans = [
            (start, end, section.headings)
            for section in sections
            for start, end in _pack(text, section.start, section.end, max(8, size), language)
        ]
    return [
        Passage(
            id=f"{document.id}#{order}",
            text=text[start:end],
            place=Place(document.id, start, end, order, headings),
            metadata=document.metadata,
        )
        for order, (start, end, headings) in enumerate(spans)
    ]


def _pack(text: str, start: int, end: int, size: int, language: str) -> list[Span]:
    """Sentences of ``text[start:end]`` greedily packed into spans of at most ``size``."""
    packed: list[Span] = []
    if end - start <= size:
        return _trim(text, start, end)
    for left, right in sentences(text, start, end, language):
        if packed and right - packed[-1][0] <= size:
            packed[-1] = (packed[-1][0], right)
        else:
            packed += _cut(text, left, right, size)
    if len(packed) > 1 and packed[-1][1] - packed[-1][0] < size // 8:
        joined = packed[-2][0], packed[-1][1]
        if joined[1] - joined[0] <= size + size // 8:
            packed[-2:] = [joined]
    return packed


def sentences(text: str, start: int = 0, end: int | None = None, language: str = "en") -> Iterator[Span]:
    """Spans of sentences without the blanks around them, paragraphs apart; of all of ``text`` by default."""
    end = len(text) if end is None else end
    while start < end:
        stop = text.find("\n\n", start, end)
        stop = end if stop < 0 else stop
        while start < stop:
            near = _window(text, start, stop)
            for left, right in _segment(text, start, near, language, whole=near == stop):
                yield from _trim(text, left, right)
                start = right
        start = stop + 2


def _window(text: str, start: int, stop: int) -> int:
    """Where the next window ends: at ``stop``, or else at a blank if there is one."""
    if stop - start <= WINDOW:
        return stop
    near = text.rfind(" ", start + WINDOW // 2, start + WINDOW)
    return near if near > 0 else start + WINDOW


def _segment(text: str, start: int, end: int, language: str, *, whole: bool) -> list[Span]:
    """Adjacent spans from ``start``; unless ``whole``, the last sentence is left for the next window."""
    from sentencex import segment

    spans: list[Span] = []
    left = start
    for sentence in segment(language, text[start:end]):
        right = left + len(sentence)
        if not text.startswith(sentence, left):  # it dropped something: take the rest as it is
            break
        spans.append((left, right))
        left = right
    if left < end:
        spans.append((left, end))
    return spans if whole or len(spans) < 2 else spans[:-1]


def _cut(text: str, start: int, end: int, size: int) -> Iterator[Span]:
    """A span in pieces of at most ``size``, cut at a line end or else at a blank in the second half."""
    while end - start > size:
        half, near = start + size // 2, start + size
        cut = text.rfind("\n", half, near + 1)
        if cut < 0:
            cut = max(text.rfind(blank, half, near + 1) for blank in " \t\u3000\u00a0")
        cut = near if cut < 0 else cut
        yield from _trim(text, start, cut)
        start = cut
    yield from _trim(text, start, end)


def _trim(text: str, start: int, end: int) -> list[Span]:
    """The span without blanks at its ends, or nothing if it is all blank."""
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = start + len(piece.rstrip())
    return [(left, right)] if left < right else []
