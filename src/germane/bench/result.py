"""What a benchmark found, and how it is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from germane.measure.intervals import bootstrap_interval, wilson_interval

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class SystemResult:
    """One system's measures (means over queries), their 95 % intervals, and its stage times.

    ``milliseconds`` maps a stage to its percentiles over queries, ``{"p50": ..., "p95": ...}``.
    """

    name: str
    measures: Mapping[str, float]
    interval: Mapping[str, Interval] = field(default_factory=dict)
    milliseconds: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "measures": {name: round(value, 6) for name, value in self.measures.items()},
            "interval": {name: [round(end, 6) for end in ends] for name, ends in self.interval.items()},
            "milliseconds": {
                stage: {name: round(value, 3) for name, value in times.items()}
                for stage, times in self.milliseconds.items()
            },
        }


@dataclass(frozen=True, slots=True)
class BenchResult:
    """One benchmark: what was measured, over how many queries, for which systems.

    ``notes`` say what a reader must know; ``comparisons`` are paired differences between systems.
    """

    benchmark: str
    queries: int
    systems: Sequence[SystemResult]
    notes: Sequence[str] = ()
    comparisons: Sequence[Mapping[str, Any]] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "benchmark": self.benchmark,
            "queries": self.queries,
            "systems": [system.to_dict() for system in self.systems],
            "comparisons": [dict(comparison) for comparison in self.comparisons],
            "notes": list(self.notes),
        }

    def __str__(self) -> str:
        return render_markdown(self)


def measured(
    name: str,
    values: Mapping[str, ArrayLike],
    milliseconds: Mapping[str, Mapping[str, float]] | None = None,
) -> SystemResult:
    """A system's result from its per-query ``values``, each of shape ``(queries,)``."""
    return SystemResult(
        name,
        {measure: float(np.mean(np.asarray(each))) for measure, each in values.items()},
        {measure: _interval(np.asarray(each, np.float64)) for measure, each in values.items()},
        milliseconds or {},
    )


def _interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Bootstrap; of yes-or-no values that are all the same it would be a point, so theirs is Wilson's."""
    if values.size and (values == values[0]).all() and values[0] in (0.0, 1.0):
        return wilson_interval(int(values.sum()), values.size)
    return bootstrap_interval(values)


def percentiles(times: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Median and 95th percentile of every stage over queries, and of their sum as ``total``.

    A stage that a query did not pass through took it no time.
    """
    stages = list(dict.fromkeys(stage for row in times for stage in row))
    columns = {stage: [row.get(stage, 0.0) for row in times] for stage in stages}
    columns["total"] = [sum(row.values()) for row in times]
    return {
        stage: {"p50": float(np.percentile(column, 50)), "p95": float(np.percentile(column, 95))}
        for stage, column in columns.items()
        if column
    }


def render_markdown(result: BenchResult) -> str:
    """The result as a Markdown table: a row a system, ``mean [low, high]`` a measure, median time."""
    measures = list(dict.fromkeys(m for system in result.systems for m in system.measures))
    timed = any(system.milliseconds for system in result.systems)
    head = ["system", *measures, *(["ms a query (p50)"] if timed else [])]
    rows = [head, ["---", *["---:"] * (len(head) - 1)]]
    for system in result.systems:
        cells = [_cell(system, measure) for measure in measures]
        if timed:
            total = system.milliseconds.get("total", {}).get("p50")
            cells.append("" if total is None else f"{total:.1f}")
        rows.append([system.name, *cells])
    table = ["| " + " | ".join(row) + " |" for row in rows]
    notes = [f"- {note}" for note in result.notes]
    return "\n".join([f"**{result.benchmark}**, {result.queries:,} queries", "", *table, "", *notes]).rstrip()


def _cell(system: SystemResult, measure: str) -> str:
    if measure not in system.measures:
        return ""
    value = _number(system.measures[measure])
    if measure not in system.interval:
        return value
    low, high = system.interval[measure]
    return f"{value} [{_number(low)}, {_number(high)}]"


def _number(value: float) -> str:
    return f"{value:.4f}" if abs(value) < 10 else f"{value:,.1f}"
