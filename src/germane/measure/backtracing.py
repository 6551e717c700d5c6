"""The backtracing benchmark (Wang et al. 2024, arXiv 2403.03956) in its authors' layout."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from germane.errors import InputError

Domain = Literal["lecture", "news", "conversation"]
FOLDERS: dict[Domain, tuple[str, str]] = {
    "lecture": ("sight/query/annotated", "sight/sources/annotated"),
    "news": ("inquisitive/query/test", "inquisitive/sources/test"),
    "conversation": ("reccon/query", "reccon/sources"),
}


class Backtraced(NamedTuple):
    """A query, the sequence it was asked of, and what caused it.

    ``causes`` count from 0. ``at`` is the query's own place, where it has one (in conversations: the query is
    one of the turns). ``speakers`` has a name a text, or is empty; ``emotion`` is what conversations tell of
    the query.
    """

    id: str
    document: str
    domain: Domain
    query: str
    texts: tuple[str, ...]
    causes: tuple[int, ...]
    at: int | None = None
    speakers: tuple[str, ...] = ()
    emotion: str = ""

    @property
    def candidates(self) -> int:
        """How many turns may be the cause under the causal mask: those before the query's own."""
        return len(self.texts) if self.at is None else self.at


def load_backtracing(folder: Path | str, domain: Domain) -> Iterator[Backtraced]:
    """The queries of ``domain`` (``lecture``, ``news``, ``conversation``), in the order of file names.

    Raises ``InputError`` where ``folder`` does not hold the authors' ``data``.
    """
    asked, told = (Path(folder) / "data" / part for part in FOLDERS[domain])
    if not asked.is_dir() or not told.is_dir():
        raise InputError(
            f"{folder} is not the backtracing benchmark: no data/{' or data/'.join(FOLDERS[domain])}",
            hint="give the folder that holds the authors' data/sight, data/inquisitive and data/reccon",
        )
    for path in sorted(asked.glob("*.json")):
        try:
            queries = json.loads(path.read_text(encoding="utf-8"))
            sources = json.loads((told / path.name).read_text(encoding="utf-8"))
            for order, query in enumerate(queries if isinstance(queries, list) else [queries]):
                yield _query(f"{path.stem}:{order}", domain, query, sources)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path} is not in the benchmark's layout: {error!r}"[:200]) from error


def _query(id: str, domain: Domain, query: dict[str, Any], sources: list[dict[str, Any]]) -> Backtraced:
    texts = tuple(source["text"] for source in sources)
    name = id.partition(":")[0]
    match domain:
        case "lecture":
            return Backtraced(
                id, name, domain, query["text"], texts, (*query["annotatedSourceSentencesIndices"],)
            )
        case "news":  # sentences count from 1 there
            return Backtraced(id, name, domain, query["text"], texts, (query["sentence_id"] - 1,))
        case "conversation":
            speakers = tuple(source["speaker"] for source in sources)
            causes, at = tuple(query["source_sentences"]), query["id"] - 1
            return Backtraced(id, name, domain, query["text"], texts, causes, at, speakers, query["emotion"])
