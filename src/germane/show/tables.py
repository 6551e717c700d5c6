"""What an indexing run did, what is installed, what a benchmark found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.measure import Measurement
from rich.table import Column, Table
from rich.text import Text

from germane.show.text import clean
from germane.types import IndexReport

ANY_WIDTH = 10_000


def report(done: IndexReport) -> RenderableType:
    line = Text(
        f"{done.documents:,} documents, {done.passages:,} passages: {done.added:,} added, {done.updated:,} "
        f"updated, {done.removed:,} removed, {done.unchanged:,} unchanged in {done.seconds:.1f} s"
    )
    skipped = [Text(f"skipped {clean(skip.source)}: {clean(skip.reason)}", "yellow") for skip in done.skipped]
    return Group(*skipped, line)


def doctor(found: dict[str, Any]) -> RenderableType:
    rows = [("germane", found["germane"], f"Python {found['python']}, SQLite {found['sqlite']}")]
    rows += [(package["name"], package["version"] or "missing", "") for package in found["packages"]]
    for extra in found["extras"]:
        state = ("installed", "") if extra["installed"] else ("not installed", extra["install"])
        rows.append((f"[{extra['name']}]", *state))
    rows += [(f"model {m['file']}", m["state"], m["sha256"][:16]) for m in found["models"]]
    rows += [(f"index {name}", clean(str(value)), "") for name, value in found.get("index", {}).items()]
    table = Table(show_header=False, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    problems = [Text(clean(line), "red") for line in found["problems"]]
    return Group(table, *(problems or [Text("All is well.", "green")]))


class Fitting:
    """The first of several tables that fits the console with no line broken; the last where none does."""

    def __init__(self, *tables: Table) -> None:
        self.tables = tables

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Table]:
        wide = options.update(max_width=ANY_WIDTH)
        fit = (t for t in self.tables if Measurement.get(console, wide, t).maximum <= options.max_width)
        yield next(fit, self.tables[-1])


def bench(found: dict[str, Any]) -> RenderableType:
    """Systems and measures with their 95 % intervals: a row a system where that fits, else a row a measure,
    else a row for each of both."""
    systems = found["systems"]
    measures = list(dict.fromkeys(name for system in systems for name in system["measures"]))
    by_system = Table("system", *measures)
    for system in systems:
        by_system.add_row(system["name"], *(_measured(system, name) for name in measures))
    by_measure = Table("measure", *(system["name"] for system in systems))
    for name in measures:
        by_measure.add_row(name, *(_measured(system, name) for system in systems))
    notes = [Text(clean(note), "dim") for note in found.get("notes", ())]
    return Group(Fitting(by_system, by_measure, _long(systems, measures)), *notes)


def _long(systems: Sequence[dict[str, Any]], measures: Sequence[str]) -> Table:
    table = Table(Column("measure", overflow="fold"), "system", Column("value [95 %]", no_wrap=True))
    for name in measures:
        having = [system for system in systems if name in system["measures"]]
        for system in having:
            first, last = system is having[0], system is having[-1]
            table.add_row(name if first else "", system["name"], _measured(system, name), end_section=last)
    return table


def _measured(system: dict[str, Any], name: str) -> Text:
    if name not in system["measures"]:
        return Text("")
    value, ends = system["measures"][name], system["interval"].get(name, ())
    spread = "" if set(ends) <= {value} else f" [{', '.join(map(_number, ends))}]"
    return Text(_number(value) + spread, no_wrap=True)


def _number(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}" if abs(value) < 1000 else f"{value:,.0f}"
