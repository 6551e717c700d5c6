"""The demo's documents: real text that every Python carries, so that the demo needs no network."""

from __future__ import annotations

from germane.demo.docstrings import Docstring, docstrings
from germane.demo.topics import topic_documents
from germane.types import Document


def demo_documents() -> list[Document]:
    """The docstrings of the standard library and the language reference, ordered by id.

    A docstring's id is ``docstrings/<qualified name>`` (``docstrings/str.index``), a topic's
    ``topics/<name>``, and a definition's in a topic ``topics/<name>/<defined name>``.
    """
    return sorted((*map(_document, docstrings()), *topic_documents()), key=lambda document: document.id)


def _document(entry: Docstring) -> Document:
    return Document(
        id=f"docstrings/{entry.name}",
        text=f"{entry.name}{entry.signature}\n\n{entry.text}",
        title=entry.name,
        metadata={"kind": "docstring", "module": entry.module},
    )
