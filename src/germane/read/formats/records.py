"""A record (a JSON object, a row of a table) as a document."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from germane.read.part import Block, Part, Scalar, clean, compose

MAX_RECORD = 4 * 2**20
"""Characters of one line or field."""

MAX_VALUE = 200
"""Longer text values are text, not something to filter by."""

MAX_FIELDS = 200
"""Fields of a record that can be filtered by; each of its passages carries them."""

TEXT = ("text", "content", "contents", "body", "passage", "abstract")
TITLE = ("title", "headline", "name")
IDENTITY = ("_id", "id", "doc_id", "docid")


def part(fields: Mapping[str, Any], order: int) -> Part:
    """``fields`` as one part: its text field, or else every field as ``name: value``, a line each.

    Fields within fields are named ``outer.inner``.
    Scalar fields become metadata, the first ``MAX_FIELDS`` of them. The key is the record's own id, or else
    its ``order`` in the file.
    """
    named = {name.lower(): name for name in reversed(list(fields))}
    title_field = _first(fields, named, TITLE)
    text_field = _first(fields, named, TEXT)
    identity = next((fields[named[n]] for n in IDENTITY if _given(fields.get(named.get(n, "")))), order)
    title = str(fields[title_field]) if title_field else ""
    if text_field:
        blocks = [Block(title, 1), Block(str(fields[text_field]))]
    else:
        told = ((name, value) for name, value in fields.items() if name.lower() not in IDENTITY)
        lines = (line for name, value in told for line in _lines(name, value))
        blocks = [Block(f"{name}: {line}", tight=True) for name, line in lines]
    found = ((n, v) for n, v in fields.items() if n != text_field and _filterable(n, v))
    metadata = {clean(name): _scalar(value) for name, value in islice(found, MAX_FIELDS)}
    key = " ".join(clean(str(identity)).split())[:MAX_VALUE]
    return compose(blocks, key=f"#{key}", title=title, metadata=metadata)


def _first(fields: Mapping[str, Any], named: Mapping[str, str], names: tuple[str, ...]) -> str:
    """The first of ``names`` that holds text."""
    found = (named[name] for name in names if name in named)
    return next((name for name in found if isinstance(fields[name], str) and fields[name].strip()), "")


def _given(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip() != ""


def _lines(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for inner, item in value.items():
            yield from _lines(f"{name}.{inner}", item)
        return
    items = value if isinstance(value, list) else [value]
    if line := ", ".join(str(item) for item in items if isinstance(item, str | int | float)).strip():
        yield name, line
    for item in items:
        if isinstance(item, dict | list):
            yield from _lines(name, item)


def _filterable(name: str, value: Any) -> bool:
    """Not a number is equal to nothing, so nothing can be found by it."""
    if isinstance(value, str):
        return 0 < len(value) <= MAX_VALUE >= len(name)
    return isinstance(value, int | float) and math.isfinite(value) and len(name) <= MAX_VALUE


def _scalar(value: Scalar) -> Scalar:
    """Integers beyond 64 bits are kept as text."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**63:
        return str(value)
    return value
