"""CSV and TSV: one document a row, the header's names as fields."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TextIO

from germane.read.decode import REPAIR, stream_encoding
from germane.read.formats import records
from germane.read.part import Fault, Part, Unreadable

MAX_NAME = 64
"""Characters. What is longer, or ends like a sentence, is no name of a column."""

_separator = re.compile(r'"?sep=(.)"?\s*')


def parts(path: Path) -> Iterator[Part | Fault]:
    # The limit is the whole process's; we only ever raise it.
    csv.field_size_limit(max(csv.field_size_limit(), records.MAX_RECORD))
    encoding = stream_encoding(path)
    errors = REPAIR if encoding.startswith("utf-8") else "replace"
    with path.open(encoding=encoding, errors=errors, newline="") as stream:
        faults: list[Fault] = []
        lines = _lines(stream, faults)
        first = next((line for line in lines if line.strip()), "")
        if said := _separator.fullmatch(first):  # Excel's way to name the delimiter
            delimiter, first = said[1], next(lines, "")
        else:
            delimiter = "\t" if path.suffix.lower() == ".tsv" else _delimiter(first)
        names: list[str] = []
        for order, row in enumerate(_rows(chain([first], lines), delimiter)):
            if not names:
                names, header = _names(row)
                if header:
                    continue
            if any(cell.strip() for cell in row):
                yield _part(names, row, order)
        yield from faults


def _part(names: list[str], row: list[str], order: int) -> Part | Fault:
    names = names + [f"column {i + 1}" for i in range(len(names), len(row))]
    try:
        return records.part({name: cell for name, cell in zip(names, row, strict=False) if cell}, order)
    except Unreadable as error:
        return Fault(f"row {order}", error.reason)


def _delimiter(line: str) -> str:
    """The one that gives most columns; one within quotes gives none."""
    return max(",;\t|", key=lambda delimiter: len(_row(line, delimiter)))


def _names(row: list[str]) -> tuple[list[str], bool]:
    """Column names, and whether the row is a header: short words for the most part, no number among them."""
    cells = [" ".join(cell.split()) for cell in row]
    words = [cell for cell in cells if cell]
    header = 2 * len(words) > len(cells) and all(_is_name(word) for word in words)
    names: list[str] = []
    for order, cell in enumerate(cells, 1):
        name = (header and cell) or f"column {order}"
        names.append(f"{name} (column {order})" if name in cells[: order - 1] else name)
    return names, header


def _is_name(cell: str) -> bool:
    if len(cell) > MAX_NAME or cell[-1] in ".!。":
        return False
    try:
        float(cell)
    except ValueError:
        return True
    return False


def _rows(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    """A quote that is never closed, as in tables that know no quoting, costs its own row at most."""
    pending: deque[str] = deque()
    while (first := pending.popleft() if pending else next(lines, "")) != "":
        row = _row(first, delimiter)
        if not (row and '"' in first and row[-1].endswith(("\n", "\r"))):
            yield row
            continue
        taken: list[str] = []
        within = chain([first], _within(pending, lines, taken))
        try:
            row = next(csv.reader(within, delimiter=delimiter, strict=True))
        except csv.Error:
            row = first.rstrip("\r\n").split(delimiter)
            pending.extendleft(reversed(taken))
        yield row


def _within(pending: deque[str], lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    """More lines of a row, noted in ``taken``, as many as a record may have characters."""
    size = 0
    while size < records.MAX_RECORD and (line := pending.popleft() if pending else next(lines, "")):
        taken.append(line)
        size += len(line)
        yield line


def _row(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter), [])


def _lines(stream: TextIO, faults: list[Fault]) -> Iterator[str]:
    """The lines but for those that are too long, which are noted."""
    limit, order = records.MAX_RECORD, 0
    while line := stream.readline(limit):
        order += 1
        if len(line) == limit and not line.endswith(("\n", "\r")):
            while (rest := stream.readline(limit)) and not rest.endswith(("\n", "\r")):
                pass
            faults.append(Fault(f"line {order}", f"longer than {limit >> 20} million characters: split it"))
        else:
            yield line
