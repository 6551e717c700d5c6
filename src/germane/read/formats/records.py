"""A record (a JSON object, a row of a table) as a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from germane.read.part import Block, Part, Scalar, compose

MAX_RECORD = 4 * 2**20
"""Characters of one line or field."""

MAX_VALUE = 200
"""Longer text values are text, not something to filter by."""

TEXT = ("text", "content", "contents", "body", "passage", "abstract")
TITLE = ("title", "headline", "name")
IDENTITY = ("_id", "id", "doc_id", "docid")


def part(fields: Mapping[str, Any], order: int) -> Part:
    """``fields`` as one part: its text field, or else every field as ``name: value``, a line each.

    Scalar fields become metadata. The key is the record's own id, or else its ``order`` in the file.
    """
    named = {name.lower(): name for name in reversed(list(fields))}
    title_field = _first(fields, named, TITLE)
    text_field = _first(fields, named, TEXT)
    identity = next((fields[named[n]] for n in IDENTITY if _given(fields.get(named.get(n, "")))), order)
    title = str(fields[title_field]) if title_field else ""
    if text_field:
        blocks = [Block(title, 1), Block(str(fields[text_field]))]
    else:
        lines = ((name, _line(value)) for name, value in fields.items() if name.lower() not in IDENTITY)
        blocks = [Block(f"{name}: {line}", tight=True) for name, line in lines if line]
    metadata = {name: _scalar(v) for name, v in fields.items() if name != text_field and _filterable(v)}
    key = " ".join(str(identity).split())[:MAX_VALUE]
    return compose(blocks, key=f"#{key}", title=title, metadata=metadata)


def _first(fields: Mapping[str, Any], named: Mapping[str, str], names: tuple[str, ...]) -> str:
    """The first of ``names`` that holds text."""
    found = (named[name] for name in names if name in named)
    return next((name for name in found if isinstance(fields[name], str) and fields[name].strip()), "")


def _given(value: Any) -> bool:
    return isinstance(value, str | int) and str(value).strip() != ""


def _line(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value if isinstance(item, str | int | float))
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _filterable(value: Any) -> bool:
    return isinstance(value, int | float) or (isinstance(value, str) and 0 < len(value) <= MAX_VALUE)


def _scalar(value: Scalar) -> Scalar:
    """Integers beyond 64 bits are kept as text."""
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**63:
        return str(value)
    return value
