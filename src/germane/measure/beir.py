"""The BEIR layout: ``corpus.jsonl``, ``queries.jsonl``, ``qrels/<split>.tsv`` with a header line.

Thakur et al. 2021, "BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of IR Models".
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from germane.errors import InputError
from germane.measure.sets import RetrievalSet, Text, judged_set, lines, official_files


def load_beir(folder: Path | str, split: str = "test", name: str = "") -> RetrievalSet:
    """Read a BEIR folder. Raises ``InputError`` where a file is missing or a line is malformed."""
    folder = Path(folder)
    corpus_file, query_file, qrel_file = official_files(
        folder, ("corpus.jsonl", "queries.jsonl", f"qrels/{split}.tsv"), "BEIR"
    )
    return judged_set(
        name or folder.name,
        read_corpus(corpus_file),
        read_queries(query_file),
        _read_qrels(qrel_file),
        f"split {split}; a document is its title and its text",
    )


def read_corpus(path: Path) -> dict[str, Text]:
    """``{_id, title, text}`` lines."""
    return {row["_id"]: Text(row.get("title") or "", row["text"]) for row in json_lines(path, "_id", "text")}


def read_queries(path: Path) -> dict[str, str]:
    """``{_id, text}`` lines."""
    return {row["_id"]: row["text"] for row in json_lines(path, "_id", "text")}


def json_lines(path: Path, *fields: str) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file, each checked for ``fields``."""
    rows = []
    for number, line in enumerate(lines(path), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"{path}:{number} is not JSON: {error.msg}") from error
        missing = [field for field in fields if not isinstance(row, dict) or field not in row]
        if missing:
            raise InputError(f"{path}:{number} has no {', '.join(missing)}")
        rows.append(row)
    return rows


def _read_qrels(path: Path) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = {}
    for number, line in enumerate(lines(path), 1):
        if number == 1 or not line.strip():  # the header, which BEIR's own loader skips unseen
            continue
        try:
            query, document, grade = line.split("\t")
            qrels.setdefault(query, {})[document] = int(grade)
        except ValueError as error:
            raise InputError(
                f"{path}:{number} is not 'query-id<tab>corpus-id<tab>score'", hint=f"found {line[:80]!r}"
            ) from error
    return qrels
