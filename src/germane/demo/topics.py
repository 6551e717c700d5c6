"""The language reference that every Python carries in ``pydoc_data.topics``, cut into documents.

A topic is one document, and each thing that it defines (``str.find(sub)`` under "String Methods") is a
document of its own, so that an answer can be named. Long topics repeat short ones word for word: what
a shorter topic has said is left out of the longer one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pydoc_data.topics import topics
from typing import NamedTuple

from germane.types import Document, Section

_HEADING = re.compile(r"(\S.*)\n([*=~^-])\2{2,}")
_HEAD = re.compile(r"(?:class (\w[\w.]*)|(\w+\.\w+)|   (?:classmethod )?(\w+))\(.*\)")
_BLANK = re.compile(r"\n(?:[ \t]*\n)+")
_LEVELS = "*=-~^"
_BODY_INDENT = 3
_REPEATED = 0.75
"""A stretch repeats another topic when this share of its paragraphs stood there."""


class _Entry(NamedTuple):
    """What the topic defines here: where its head line stands, and its dotted name."""

    indent: int
    name: str


@dataclass
class _Stretch:
    """Consecutive paragraphs of one document under one heading path."""

    document: str
    headings: tuple[str, ...]
    paragraphs: list[str] = field(default_factory=list)


def topic_documents() -> list[Document]:
    """Every topic and every definition in it, each text once, ordered by id."""
    seen: set[str] = set()
    documents: list[Document] = []
    for name in sorted(sorted(topics, reverse=True), key=lambda name: len(topics[name])):
        stretches = [s for s in _stretches(name, topics[name]) if _new_share(s, seen) > 1 - _REPEATED]
        seen.update(paragraph for s in stretches for paragraph in s.paragraphs)
        documents += _documents(stretches)
    return sorted(documents, key=lambda document: document.id)


def _stretches(name: str, text: str) -> Iterator[_Stretch]:
    paragraphs = _BLANK.split(text.strip("\n"))
    entries: list[_Entry] = []
    headings: tuple[str, ...] = ()
    current = _Stretch(f"topics/{name}", ())
    for paragraph, following in zip(paragraphs, [*paragraphs[1:], ""], strict=True):
        indent = _indent(paragraph)
        entries = [entry for entry in entries if indent >= entry.indent + _BODY_INDENT]
        heading = _HEADING.fullmatch(paragraph)
        head = _HEAD.match(paragraph.split("\n")[0])
        if heading:
            headings = (*headings[: _LEVELS.index(heading[2])], heading[1])
        elif head and _indent(following) >= indent + _BODY_INDENT and len(entries) * _BODY_INDENT == indent:
            name_here = ".".join([*(entry.name for entry in entries), head[head.lastindex or 0]])
            entries = [*entries, _Entry(indent, name_here)]
        document = f"topics/{name}/{entries[-1].name}" if entries else f"topics/{name}"
        if (document, headings) != (current.document, current.headings):
            yield current
            current = _Stretch(document, headings)
        current.paragraphs.append(paragraph)
    yield current


def _indent(paragraph: str) -> int:
    return len(paragraph) - len(paragraph.lstrip(" "))


def _new_share(stretch: _Stretch, seen: set[str]) -> float:
    """The share of its paragraphs, headings apart, that no shorter topic holds; 0 when it has none."""
    said = [p for p in stretch.paragraphs if not _HEADING.fullmatch(p)]
    return sum(p not in seen for p in said) / len(said) if said else 0.0


def _documents(stretches: Iterable[_Stretch]) -> Iterator[Document]:
    by_document: dict[str, list[_Stretch]] = {}
    for stretch in stretches:
        by_document.setdefault(stretch.document, []).append(stretch)
    for name, parts in by_document.items():
        text, sections = "", []
        for part in parts:
            start = len(text)
            text += "\n\n".join(part.paragraphs) + "\n\n"
            sections.append(Section(start, len(text), part.headings))
        title = name.removeprefix("topics/").rpartition("/")[2]
        yield Document(name, text, title, tuple(sections), {"kind": "topic"})
