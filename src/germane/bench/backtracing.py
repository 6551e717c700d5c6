"""Backtracing (Wang et al. 2024, arXiv 2403.03956): which place of a sequence caused the query?

Measures, a domain each (``lecture``, ``news``, ``conversation``):

- ``acc@1``, ``acc@3``: one of the first one or three places is a cause;
- ``dist@1``, ``dist@3``: how far the nearest of them lies from a cause, in places.

Two protocols. As published, every turn is a candidate, in conversations even the query itself. With the
causal mask (``conversation/masked/...``) neither the query's own turn is, nor what comes after it, and no
method sees them; lectures and articles do not say where the query stands, so that the mask changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from germane.bench import backtracing_likelihood, backtracing_methods
from germane.bench.backtracing_printed import PRINTED
from germane.bench.backtracing_table import BacktracingResult
from germane.bench.result import SystemResult, measured
from germane.errors import InputError, MissingExtra
from germane.measure.backtracing import FOLDERS, Backtraced, Domain, load_backtracing
from germane.measure.intervals import compare_paired

BASELINE = "reranker"
FIRST = (1, 3)
Values = dict[str, NDArray[np.float64]]


def run(
    data: Path, systems: Sequence[str] | None = None, limit: int | None = None, index: Path | None = None
) -> BacktracingResult:
    """Over all three domains, of each the first ``limit`` queries. The language model's methods, which take
    hours, run only when they are named in ``systems``. Raises ``InputError`` for an unknown system or where
    ``data`` is not the benchmark, ``MissingExtra`` for a named system that is not installed."""
    chosen = systems or list(backtracing_methods.METHODS)
    methods = backtracing_methods.METHODS | backtracing_likelihood.METHODS
    if unknown := [name for name in chosen if name not in methods]:
        raise InputError(f"no system {', '.join(unknown)}", hint=f"systems: {', '.join(methods)}")
    rows = {domain: list(load_backtracing(data, domain))[:limit] for domain in FOLDERS}
    notes = [f"{domain}: {len(found)} queries, {len({r.document for r in found})} sequences"
             for domain, found in rows.items()]  # fmt: skip
    results, values = [], dict[str, Values]()
    for name in chosen:
        try:
            method = methods[name]()
        except MissingExtra as missing:
            if systems:
                raise
            notes.append(f"{name} left out: {missing.message}, {missing.hint}")
            continue
        values[name] = {
            f"{protocol}/{measure}": column
            for protocol, found in _protocols(rows)
            for measure, column in _measures(found, method(found)).items()
        }
        results.append(measured(name, values[name]))
    compared = [
        {"system": name, "against": BASELINE, "measure": measure}
        | compare_paired(values[name][measure], values[BASELINE][measure])._asdict()
        for name in ("germane", "position")
        for measure in ("lecture/acc@1", "lecture/acc@3", "news/acc@1", "news/acc@3")
        if name in values and BASELINE in values
    ]
    if limit is None:
        results += [SystemResult(f"{name} (printed)", row) for name, row in PRINTED.items()]
        notes.append("printed: the authors' figures, by models of 22 million to 6.7 thousand million weights")
    return BacktracingResult("backtracing", sum(map(len, rows.values())), results, notes, compared)


def _protocols(rows: Mapping[Domain, list[Backtraced]]) -> Iterator[tuple[str, list[Backtraced]]]:
    for domain, found in rows.items():
        yield domain, found
        if any(row.at is not None for row in found):
            yield f"{domain}/masked", [row._replace(texts=row.texts[: row.candidates]) for row in found]


def _measures(rows: Sequence[Backtraced], scores: Sequence[NDArray[np.float64]]) -> Values:
    """Every measure of one domain and protocol, each ``(queries,)``."""
    found: dict[str, list[float]] = {f"{name}@{k}": [] for name in ("acc", "dist") for k in FIRST}
    for row, shown in zip(rows, scores, strict=True):
        order = np.argsort(-shown, kind="stable")
        for k in FIRST:
            first = [int(i) for i in order[:k] if np.isfinite(shown[i])]
            found[f"acc@{k}"].append(float(any(i in row.causes for i in first)))
            away = (abs(i - cause) for i in first for cause in row.causes)
            found[f"dist@{k}"].append(float(min(away, default=len(row.texts))))
    return {name: np.array(column) for name, column in found.items()}
