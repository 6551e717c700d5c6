"""A retrieval benchmark: a data set, a real index in a temporary folder, and every system over it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from germane.bench.ranker import Ranker, Ranking
from germane.bench.result import BenchResult, SystemResult, measured, percentiles
from germane.bench.systems import check_names, rankers
from germane.measure.intervals import compare_paired
from germane.measure.ranking import evaluate
from germane.measure.sets import RetrievalSet
from germane.types import Document

if TYPE_CHECKING:
    from germane.index import Index

Values = Mapping[str, ArrayLike]
BASELINE = "fusion"


@contextmanager
def indexed(
    documents: Iterable[Document], folder: Path | None = None, *, whole: bool = True
) -> Iterator[Index]:
    """An index of ``documents`` in ``folder`` (kept, and used again) or in a temporary one.

    With ``whole`` a document is one passage; without, passages are cut as they are by default.
    """
    from germane.index import Index

    with TemporaryDirectory(prefix="germane-bench-") as temporary:
        place = folder or Path(temporary) / "index"
        with Index.make(place, **({"passage_size": None} if whole else {})) as index:
            index.add_documents(documents)  # what is there already is left as it is
            yield index


def documents_of(data: RetrievalSet) -> Iterator[Document]:
    """The corpus as documents whose text is title and text together, as BEIR's systems read them."""
    return (Document(id=id, text=text.full) for id, text in data.corpus.items())


def run_retrieval(
    data: RetrievalSet,
    measures: Sequence[str],
    systems: Sequence[str] | None = None,
    limit: int | None = None,
    folder: Path | None = None,
) -> BenchResult:
    """Rank every query of ``data`` (the first ``limit``) with every system and measure the rankings."""
    check_names(systems or ())
    data = data if limit is None else data.first(limit)
    with indexed(documents_of(data), folder) as index:
        ready, notes = rankers(index, systems)
        ranked = {name: rank_all(ranker, data.queries) for name, ranker in ready.items()}
    results: list[SystemResult] = []
    values: dict[str, Values] = {}
    for name, rankings in ranked.items():
        values[name] = _values(data, {q: r.documents for q, r in rankings.items()}, measures)
        times = percentiles([ranking.milliseconds for ranking in rankings.values()])
        results.append(measured(name, values[name], times))
        if any(ranking.results is not None for ranking in rankings.values()):
            alone = {q: r.results or () for q, r in rankings.items()}
            results.append(measured(f"{name}/results", _values(data, alone, measures)))
    notes = [*([data.note] if data.note else []), *notes]
    return BenchResult(data.name, len(data.queries), results, notes, compare(values, measures[0]))


def rank_all(ranker: Ranker, queries: Mapping[str, str]) -> dict[str, Ranking]:
    """Every query's ranking. The first query runs twice: what is loaded on first use is not its time."""
    for text in list(queries.values())[:1]:
        ranker(text)
    return {query: ranker(text) for query, text in queries.items()}


def compare(values: Mapping[str, Mapping[str, Any]], measure: str) -> list[dict[str, Any]]:
    """Each system against fusion on ``measure``, query by query."""
    if BASELINE not in values:
        return []
    return [
        {"system": name, "against": BASELINE, "measure": measure}
        | compare_paired(each[measure], values[BASELINE][measure])._asdict()
        for name, each in values.items()
        if name != BASELINE
    ]


def _values(
    data: RetrievalSet, rankings: Mapping[str, Sequence[str]], measures: Sequence[str]
) -> dict[str, NDArray[np.float64]]:
    """``measures`` per query. A name ``condensed/nDCG@10`` is measured on rankings from which the
    documents judged not relevant (grade 0) are taken out (Sakai 2007)."""
    plain = [name for name in measures if "/" not in name]
    found = evaluate(data.qrels, rankings, plain)
    condensed = [name for name in measures if name.startswith("condensed/")]
    if condensed:
        short = {q: [d for d in ranked if data.qrels[q].get(d) != 0] for q, ranked in rankings.items()}
        names = [name.removeprefix("condensed/") for name in condensed]
        found |= {f"condensed/{name}": each for name, each in evaluate(data.qrels, short, names).items()}
    return found
