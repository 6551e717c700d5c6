"""The SMART layout of Cranfield, CISI and CACM: records of dotted fields (``.I 1``, ``.T``, ``.W``).

What a careless reader gets wrong, and what is done here:

- Cranfield's judgements number the queries by position, 1 to 225; the ``.I`` lines of ``cran.qry``
  carry other numbers (1, 2, 4, 8, ...) which no judgement refers to.
- Cranfield's codes run backwards (``cranqrel.readme``): 1 is a complete answer, 4 of minimum
  interest. The grade is ``5 - code``: 4, 3, 2, 1. Each query also has one document with code -1,
  which the readme does not explain; as in trec_eval it counts as not relevant (grade 0).
- CISI and CACM are binary; the third column is not a grade. Many of their queries are not judged.
- A field mark is a line of its own; ``.W`` may come twice in a record, and both parts belong to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from germane.errors import InputError
from germane.measure.sets import RetrievalSet, Text, judged_set, lines, official_files

_MARK = re.compile(r"\.(?:I\s+(?P<id>\d+)|(?P<field>[TABCKNWX]))\s*$")
_Record = dict[str, str]


def load_cranfield(folder: Path | str) -> RetrievalSet:
    """Cranfield: ``cran.all.1400``, ``cran.qry``, ``cranqrel``; four grades, 225 queries."""
    texts, queries, judgements = official_files(
        Path(folder), ("cran.all.1400", "cran.qry", "cranqrel"), "Cranfield (SMART)"
    )
    asked = {str(n): record["W"] for n, (_, record) in enumerate(_records(queries), 1)}
    qrels: dict[str, dict[str, int]] = {}
    for row in _rows(judgements, 3):
        code = int(row[2])
        qrels.setdefault(row[0], {})[row[1]] = 5 - code if 1 <= code <= 4 else 0
    # The abstracts repeat the title as their first line: taking the title too would count it twice.
    corpus = {id: Text(record.get("T", ""), _without_title(record)) for id, record in _records(texts)}
    note = "grade = 5 - code; the document with code -1 of each query counts as not relevant"
    return judged_set("cranfield", corpus, asked, qrels, note)


def load_cisi(folder: Path | str) -> RetrievalSet:
    """CISI: ``CISI.ALL``, ``CISI.QRY``, ``CISI.REL``; binary, 76 of 112 queries judged."""
    texts, queries, judgements = official_files(
        Path(folder), ("CISI.ALL", "CISI.QRY", "CISI.REL"), "CISI (SMART)"
    )
    # The later queries are whole abstracts with a title, which is part of what is asked.
    asked = {id: f"{record.get('T', '')} {record.get('W', '')}".strip() for id, record in _records(queries)}
    return judged_set("cisi", _corpus(texts), asked, _binary(judgements), "binary; title and abstract")


def load_cacm(folder: Path | str) -> RetrievalSet:
    """CACM: ``cacm.all``, ``query.text``, ``qrels.text``; binary, 52 of 64 queries judged."""
    texts, queries, judgements = official_files(
        Path(folder), ("cacm.all", "query.text", "qrels.text"), "CACM (SMART)"
    )
    asked = {id: record.get("W", "") for id, record in _records(queries)}
    note = "binary; title and abstract (1,617 documents have a title only), no authors or keywords"
    return judged_set("cacm", _corpus(texts), asked, _binary(judgements), note)


def _corpus(path: Path) -> dict[str, Text]:
    return {id: Text(record.get("T", ""), record.get("W", "")) for id, record in _records(path)}


def _without_title(record: _Record) -> str:
    return record.get("W", "").removeprefix(record.get("T", "")).strip()


def _binary(path: Path) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = {}
    for row in _rows(path, 2):
        qrels.setdefault(str(int(row[0])), {})[str(int(row[1]))] = 1  # CACM writes query 1 as 01
    return qrels


def _rows(path: Path, columns: int) -> Iterator[list[str]]:
    for number, line in enumerate(lines(path), 1):
        row = line.split()
        if not row:
            continue
        if len(row) < columns or not all(re.fullmatch(r"-?\d+", cell) for cell in row[:columns]):
            raise InputError(f"{path}:{number} does not start with {columns} numbers")
        yield row


def _records(path: Path) -> Iterator[tuple[str, _Record]]:
    """Each record's id and its fields, white space of any kind made one space."""
    id, parts, field = "", dict[str, list[str]](), ""
    for line in lines(path):
        mark = _MARK.match(line)
        if mark is None:
            parts.setdefault(field, []).append(line)
        elif mark["field"]:
            field = mark["field"]
        else:
            if id:
                yield id, _joined(parts)
            id, parts, field = str(int(mark["id"])), {}, ""
    if not id:
        raise InputError(f"{path} holds no record", hint="a record begins with a line '.I 1'")
    yield id, _joined(parts)


def _joined(parts: dict[str, list[str]]) -> _Record:
    return {field: " ".join(" ".join(texts).split()) for field, texts in parts.items()}
