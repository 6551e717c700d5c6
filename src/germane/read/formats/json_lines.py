"""JSON Lines and the corpus of a BEIR folder: one object a line, a document each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from germane.read.decode import stream_encoding
from germane.read.formats import records
from germane.read.part import Fault, Part, Unreadable


def parts(path: Path) -> Iterator[Part | Fault]:
    limit = records.MAX_RECORD
    encoding = stream_encoding(path)
    # Bad bytes become lone surrogates, so that one bad line does not end the stream.
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    with path.open(encoding=encoding, errors=errors, newline="\n") as stream:
        order = 0
        while line := stream.readline(limit):
            order += 1
            if len(line) == limit and not line.endswith("\n"):
                while (rest := stream.readline(limit)) and not rest.endswith("\n"):
                    pass
                yield Fault(f"line {order}", f"longer than {limit >> 20} million characters: split it")
            elif not line.isspace():
                yield _record(line, order)


def fits(path: Path) -> bool:
    """Whether the file is JSON Lines whatever its name says: its first line is an object of many."""
    with path.open("rb") as stream:
        first, second = stream.readline(records.MAX_RECORD), stream.readline(2).strip()
    try:
        return bool(second) and first.startswith(b"{") and isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _record(line: str, order: int) -> Part | Fault:
    where = f"line {order}"
    try:
        line.encode("utf-8")
        fields = json.loads(line)
    except UnicodeEncodeError:
        return Fault(where, "not UTF-8: save the file as UTF-8")
    except RecursionError:
        return Fault(where, "JSON nested too deep")
    except ValueError:
        return Fault(where, "not JSON: one whole object a line is wanted")
    return record(fields, order, where)


def record(fields: object, order: int, where: str) -> Part | Fault:
    """One decoded record as a part, or why it is none."""
    if isinstance(fields, str):
        fields = {"text": fields}
    if not isinstance(fields, dict):
        return Fault(where, "not a JSON object")
    try:
        found = records.part(fields, order)
    except Unreadable as error:
        return Fault(where, error.reason)
    except RecursionError:
        return Fault(where, "JSON nested too deep")
    return found if found.text else Fault(where, "no text in it")
