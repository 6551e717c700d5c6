"""A JSON file that holds a list of objects, a document each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from germane.read.decode import read_text
from germane.read.formats.json_lines import record
from germane.read.part import Fault, Part, Unreadable


def parts(path: Path) -> Iterator[Part | Fault]:
    text = read_text(path)
    if not text.lstrip("\ufeff \t\r\n").startswith("["):
        raise Unreadable("JSON is read when it is a list of objects")
    try:
        items = json.loads(text.lstrip("\ufeff"))
    except RecursionError:
        raise Unreadable("JSON nested too deep") from None
    except ValueError as error:
        raise Unreadable(f"not valid JSON: {str(error)[:80]}") from None
    for order, fields in enumerate(items, 1):
        yield record(fields, order, f"item {order}")
