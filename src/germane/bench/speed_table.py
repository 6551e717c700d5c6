"""The speed result as two tables: a row a measure beside its peer and its bar, and how each grows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from germane.bench.result import BenchResult, SystemResult

Bar = tuple[str, float]
MEASURES: dict[str, tuple[str, Bar | None]] = {
    "indexing/passages_per_second": ("indexing, passages a second", None),
    "indexing/ratio": ("indexing, share of the bare encoder's rate", ("at least", 0.85)),
    "verification/ms": ("100 candidates, token store on, ms", None),
    "verification/times_faster": ("100 candidates, token store on, times faster", ("at least", 30)),
    "verification/encoded_again/ms": ("100 candidates, token store off, ms", None),
    "verification/encoded_again/times_faster": ("100 candidates, token store off, times faster", None),
    "startup/help_seconds": ("`germane --help`, seconds", ("under", 0.3)),
    "startup/import_seconds": ("`import germane`, seconds", ("under", 0.15)),
    "startup/search_seconds": ("cold `germane search --json` on the largest index, seconds", ("under", 1.5)),
}
PEERS = {"verification/encoded_again/ms": "verification/ms"}
GROWTH = {
    "indexing_seconds": "indexing, seconds",
    "passages_per_second": "indexing, passages a second",
    "index_mb": "peak memory of indexing, MB",
    "search_ms": "search, token store on, ms",
    "encoded_again/search_ms": "search, token store off, ms",
    "cold_search_seconds": "cold `germane search --json`, seconds",
    "search_mb": "peak memory of a search, MB",
    "bytes_per_passage": "bytes a passage, token store on",
    "encoded_again/bytes_per_passage": "bytes a passage, token store off",
}


class SpeedResult(BenchResult):
    """A result whose measures are few for each of few systems: it prints by measure."""

    def __str__(self) -> str:
        return render(self)


def render(result: BenchResult) -> str:
    """The result as Markdown."""
    ours = next((system for system in result.systems if system.name == "germane"), None)
    peers = [system for system in result.systems if system is not ours]
    lines = [f"**{result.benchmark}**, {result.queries:,} queries", ""]
    if ours is not None:
        lines += [*_table(["measure", "germane", "peer", "bar"], _compared(ours, peers)), ""]
        sizes = sorted({int(size) for size in re.findall(r"growth/(\d+)/", " ".join(ours.measures))})
        head = ["by number of passages", *(f"{size:,}" for size in sizes)]
        lines += [*_table(head, _grown(ours, sizes)), ""]
    return "\n".join([*lines, *(f"- {note}" for note in result.notes)]).rstrip()


def _compared(ours: SystemResult, peers: Sequence[SystemResult]) -> list[list[str]]:
    rows = []
    for name, (label, bar) in MEASURES.items():
        if name in ours.measures:
            same = PEERS.get(name, name)
            beside = [f"{_cell(peer, same)} ({peer.name})" for peer in peers if same in peer.measures]
            rows.append([label, _cell(ours, name), ", ".join(beside), _judged(ours.measures[name], bar)])
    return rows


def _grown(ours: SystemResult, sizes: Sequence[int]) -> list[list[str]]:
    cells = {last: [_cell(ours, f"growth/{size}/{last}") for size in sizes] for last in GROWTH}
    return [[GROWTH[last], *row] for last, row in cells.items() if any(row)]


def _judged(value: float, bar: Bar | None) -> str:
    if bar is None:
        return ""
    kind, limit = bar
    reached = value < limit if kind == "under" else value >= limit
    return f"{kind} {limit:g}: {'reached' if reached else 'missed'}"


def _cell(system: SystemResult, name: str) -> str:
    """The mean and its interval, where it was measured more than once."""
    if name not in system.measures:
        return ""
    low, high = system.interval.get(name, (0.0, 0.0))
    spread = f" [{_number(low)}, {_number(high)}]" if low < high else ""
    return _number(system.measures[name]) + spread


def _number(value: float) -> str:
    """Three digits that count, or all before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    ruled = ["---", *["---:"] * (len(head) - 1)]
    return ["| " + " | ".join(row) + " |" for row in (head, ruled, *rows)]
