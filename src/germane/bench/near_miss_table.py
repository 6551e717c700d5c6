"""The near-miss result as tables that fit a page: a row a set, a column a system."""

from __future__ import annotations

from collections.abc import Sequence

from germane.bench.result import BenchResult, SystemResult

ACROSS = {
    "auroc": "AUROC",
    "fpr95": "near-misses let through where 95 % of what is right is",
    "pairwise": "pairwise accuracy",
}
ALONE = {
    "ece": "calibration error",
    "accepted": "right pairs accepted",
    "let_through": "near-misses accepted",
}


class NearMissResult(BenchResult):
    """A result whose measures are a few for each of many sets: it prints by set."""

    def __str__(self) -> str:
        return render(self)


def render(result: BenchResult) -> str:
    """The result as Markdown: a table a measure, germane with its 95 % interval, then what it alone has."""
    measures = list(dict.fromkeys(name for system in result.systems for name in system.measures))
    sets = list(dict.fromkeys(name.rpartition("/")[0] for name in measures))
    lines = [f"**{result.benchmark}**, {result.queries:,} pairs", ""]
    for last, label in ACROSS.items():
        rows = [[each, *(_cell(system, f"{each}/{last}") for system in result.systems)] for each in sets]
        lines += _table([label, *(system.name for system in result.systems)], rows)
    ours = [system for system in result.systems if system.name == "germane"]
    for system in ours:
        rows = [[each, *(_cell(system, f"{each}/{last}") for last in ALONE)] for each in sets]
        lines += _table(["germane as shipped", *ALONE.values()], rows)
    return "\n".join([*lines, *(f"- {note}" for note in result.notes)]).rstrip()


def _cell(system: SystemResult, name: str) -> str:
    if name not in system.measures:
        return ""
    value = f"{system.measures[name]:.3f}"
    if system.name != "germane":
        return value
    low, high = system.interval[name]
    return f"{value} [{low:.3f}, {high:.3f}]"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The table and an empty line; rows with nothing in them are left out, and so is a table without rows."""
    filled = [row for row in rows if any(row[1:])]
    ruled = ["---", *["---:"] * (len(head) - 1)]
    return ["| " + " | ".join(row) + " |" for row in (head, ruled, *filled)] + [""] if filled else []
