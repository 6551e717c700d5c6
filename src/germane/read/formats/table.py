"""CSV and TSV: one document a row, the header's names as fields."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TextIO

from germane.read.decode import stream_encoding
from germane.read.formats import records
from germane.read.part import Fault, Part, Unreadable


def parts(path: Path) -> Iterator[Part | Fault]:
    # The limit is the whole process's; we only ever raise it.
    csv.field_size_limit(max(csv.field_size_limit(), records.MAX_RECORD))
    with path.open(encoding=stream_encoding(path), errors="replace", newline="") as stream:
        lines = _lines(stream, records.MAX_RECORD)
        first = next(lines, "")
        delimiter = "\t" if path.suffix.lower() == ".tsv" else max(",;\t|", key=first.count)
        rows = csv.reader(chain([first], lines), delimiter=delimiter)
        names: list[str] = []
        order = 0
        try:
            for order, row in enumerate(rows):
                if not names:
                    names, header = _names(row)
                    if header:
                        continue
                if any(cell.strip() for cell in row):
                    yield _part(names, row, order)
        except (csv.Error, Unreadable) as error:
            reason = f"{error}: is a quote left open? The rest of the file is not read"
            yield Fault(f"row {order + 1}", reason)


def _part(names: list[str], row: list[str], order: int) -> Part | Fault:
    names = names + [f"column {i + 1}" for i in range(len(names), len(row))]
    try:
        return records.part({name: cell for name, cell in zip(names, row, strict=False) if cell}, order)
    except Unreadable as error:
        return Fault(f"row {order}", error.reason)


def _names(row: list[str]) -> tuple[list[str], bool]:
    """Column names, and whether the row is a header: different words, none of them a number."""
    cells = [cell.strip() for cell in row]
    if all(cells) and len(set(cells)) == len(cells) and not any(_number(cell) for cell in cells):
        return cells, True
    return [f"column {i + 1}" for i in range(len(cells))], False


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _lines(stream: TextIO, limit: int) -> Iterator[str]:
    while line := stream.readline(limit + 1):
        if len(line) > limit:
            raise Unreadable(f"line longer than {limit >> 20} million characters")
        yield line
