"""The backtracing benchmark as Markdown: a table a domain and protocol, ours above the authors' figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from germane.bench.result import BenchResult, SystemResult

COLUMNS = ("acc@1", "acc@3", "dist@1", "dist@3")
TITLES = {
    "lecture": "Lectures",
    "news": "News",
    "conversation": "Conversations, as published (the query's own turn is a candidate)",
    "conversation/masked": "Conversations, with the causal mask",
}


@dataclass(frozen=True, slots=True)
class BacktracingResult(BenchResult):
    """Printed by domain; a printed row has no interval."""

    def __str__(self) -> str:
        parts = [f"**{self.benchmark}**, {self.queries:,} queries", *map(self._table, TITLES)]
        compared = [f"- {_compared(row)}" for row in self.comparisons]
        notes = [f"- {note}" for note in self.notes]
        return "\n\n".join([*parts, "\n".join(compared), "\n".join(notes)]).replace("\n\n\n", "\n\n").rstrip()

    def _table(self, protocol: str) -> str:
        shown = [s for s in self.systems if any(f"{protocol}/{column}" in s.measures for column in COLUMNS)]
        lines = [f"| {TITLES[protocol]} | {' | '.join(COLUMNS)} |", "| --- |" + " ---: |" * len(COLUMNS)]
        for system in shown:
            cells = [_cell(system, f"{protocol}/{column}") for column in COLUMNS]
            lines.append(f"| {' | '.join([system.name, *cells])} |")
        return "\n".join(lines)


def _cell(system: SystemResult, measure: str) -> str:
    if measure not in system.measures:
        return ""
    digits = 3 if "/acc@" in measure else 2
    value = f"{system.measures[measure]:.{digits}f}"
    if measure not in system.interval:
        return value
    low, high = system.interval[measure]
    return f"{value} [{low:.{digits}f}, {high:.{digits}f}]"


def _compared(row: Mapping[str, Any]) -> str:
    low, high = row["interval"]
    return (
        f"{row['system']} against {row['against']}, {row['measure']}: {row['difference']:+.3f} "
        f"[{low:+.3f}, {high:+.3f}], p {row['p']:.3f}"
    )
