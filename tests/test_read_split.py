"""Passages: exact offsets, in order, no overlap, nothing lost, sections and sentences respected."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from germane.read import split
from germane.types import Document, Section

SENTENCE = "The valve closes when the pressure falls below two bar. "


def blank(text: str) -> bool:
    return not text.strip()


pieces = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            [
                ". ",
                "? ",
                "\n",
                "\n\n",
                " \n \n",
                "Dr. A said: “no”. ",
                "e.g. ",
                "word ",
                "これは文です。",
                "\u3000",
            ]
        ),
        st.sampled_from(
            ["x" * 60, "a.b.c() ", "“", "(", "\u0301", "𝒳 ", "\r\n", "\0", "\u2028", "\x85", "\x1c"]
        ),
    ),
    max_size=40,
).map("".join)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    texts = draw(st.lists(pieces, max_size=4))
    sections, start = [], 0
    for number, text in enumerate(texts):
        sections.append(Section(start, start + len(text), (f"h{number}",)))
        start += len(text)
    return Document("d", "".join(texts), sections=tuple(sections) if draw(st.booleans()) else ())


@given(documents(), st.integers(min_value=8, max_value=200))
def test_passages_cover_the_text_exactly(document: Document, size: int) -> None:
    passages = split(document, size=size)
    end = 0
    for order, passage in enumerate(passages):
        place = passage.place
        assert passage.id == f"d#{order}"
        assert place.order == order
        assert place.start >= end
        assert blank(document.text[end : place.start])
        assert document.text[place.start : place.end] == passage.text
        assert passage.text
        assert passage.text == passage.text.strip()
        assert len(passage.text) <= size + size // 8
        end = place.end
        if document.sections:
            section = next(s for s in document.sections if s.headings == place.headings)
            assert section.start <= place.start
            assert place.end <= section.end
    assert blank(document.text[end:])


@given(documents())
def test_without_a_size_the_document_is_one_passage(document: Document) -> None:
    passages = split(document, size=None)
    assert [passage.text for passage in passages] == (
        [document.text.strip()] if document.text.strip() else []
    )


@pytest.mark.parametrize("many", [3, 40, 500])
def test_passages_end_where_sentences_end(many: int) -> None:
    passages = split(Document("d", SENTENCE * many))
    assert all(passage.text.startswith("The valve") for passage in passages)
    assert all(passage.text.endswith("bar.") for passage in passages)
    assert sum(passage.text.count("valve") for passage in passages) == many


def test_abbreviations_do_not_end_a_sentence() -> None:
    text = "Dr. Smith met J. R. Ewing, e.g. at 5 p.m. on Fig. 3. " + SENTENCE
    assert [p.text for p in split(Document("d", text), size=56)] == [text[:52].strip(), SENTENCE.strip()]


def test_a_long_sentence_is_cut_between_words() -> None:
    text = "word " * 1000
    passages = split(Document("d", text), size=100)
    assert {word for passage in passages for word in passage.text.split()} == {"word"}
    assert sum(len(passage.text.split()) for passage in passages) == 1000


def test_a_tiny_last_piece_joins_the_one_before() -> None:
    text = SENTENCE * 16 + "End."
    passages = split(Document("d", text), size=len(SENTENCE) * 16)
    assert len(passages) == 1


def test_metadata_goes_with_each_passage() -> None:
    passage = split(Document("d", "Text.", metadata={"year": 2024}))[0]
    assert passage.metadata == {"year": 2024}


@pytest.mark.parametrize("unit", ["“a ", "(a ", "x", "a.", '"', "\n", "word "])
def test_time_is_linear_in_odd_text(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    started = time.perf_counter()
    split(Document("d", text))
    assert time.perf_counter() - started < 8
