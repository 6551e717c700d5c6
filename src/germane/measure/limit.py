"""The LIMIT layout: BEIR's corpus and queries, with ``qrels.jsonl`` instead of a table.

Weller et al. 2025, "On the Theoretical Limitations of Embedding-Based Retrieval".
"""

from __future__ import annotations

from pathlib import Path

from germane.measure.beir import json_lines, read_corpus, read_queries
from germane.measure.sets import RetrievalSet, judged_set, official_files

FILES = ("corpus.jsonl", "queries.jsonl", "qrels.jsonl")


def load_limit(folder: Path | str, name: str = "limit-small") -> RetrievalSet:
    """Read ``limit-small`` or ``limit``: ``folder`` is that folder itself or the repository above it."""
    folder = Path(folder)
    inside = (folder, folder / name, folder / "data" / name)
    home = next((path for path in inside if (path / FILES[1]).is_file()), folder)
    corpus_file, query_file, qrel_file = official_files(home, FILES, f"LIMIT ({name})")
    qrels: dict[str, dict[str, int]] = {}
    for row in json_lines(qrel_file, "query-id", "corpus-id", "score"):
        qrels.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    return judged_set(name, read_corpus(corpus_file), read_queries(query_file), qrels)
