"""What the command line prints for people: plain values to rich renderables.

Text that comes from documents is always a ``Text``, never markup: a passage cannot style the terminal
or smuggle in escape codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from germane.types import Evidence, Hit, IndexReport

STYLES = {"relevant": "bold green", "unsure": "yellow", "near_miss": "bold red", "off_topic": "dim"}
REJECTED_SHOWN = 5
SNIPPET = 240
COLUMN = 24
"""Characters that a value with its interval takes in a table."""


def evidence(found: Evidence) -> RenderableType:
    """The results with their signals and reasons, then the first of the rejected."""
    parts: list[RenderableType] = []
    if not found.answered:
        said = "Nothing is surely relevant; these are possible:" if found.results else "Nothing relevant."
        parts.append(Text(said, "bold"))
    for name in (name for step in found.trace.steps for name in step.notes.get("unknown_fields", ())):
        parts.append(Text(f"No passage has the field {clean(name)!r}.", "yellow"))
    shown: dict[str, str] = {}
    parts += _each(found.results, SNIPPET, shown)
    beyond = sum(step.notes.get("beyond_k", 0) for step in found.trace.steps)
    if beyond:
        parts.append(Text(f"and {beyond} more (-k)", "dim"))
    if found.rejected:
        some = likeliest(found.rejected)
        most = f", the {len(some)} most similar" if len(some) < len(found.rejected) else ""
        parts.append(Text(f"\nRejected ({len(found.rejected)}{most}):", "bold"))
        parts += _each(some, 110, shown)
    parts.append(Text(str(found.trace), "dim"))
    return Group(*parts)


def likeliest(rejected: Iterable[Hit], count: int = REJECTED_SHOWN) -> list[Hit]:
    """The rejected hits that similarity would have shown first: the look-alikes."""
    return sorted(rejected, key=lambda h: -(h.signals.similarity or 0.0))[:count]


def _each(hits: Iterable[Hit], snippet: int, shown: dict[str, str]) -> Iterator[Text]:
    """Each hit; one that says the very words of a hit that was ``shown`` (words to id) as one line. A group
    is too wide for that: its passages may differ in the one number that matters."""
    for each in hits:
        first = shown.setdefault(" ".join(each.passage.text.split()), each.passage.id)
        if first == each.passage.id:
            yield hit(each, snippet)
        else:
            yield _titled(each).append(f"  same words as {clean(first)}", "dim")


def _titled(found: Hit) -> Text:
    text = Text()
    if found.verdict is not None:
        text.append(f"{found.verdict.value:<9} {found.probability:.2f}  ", STYLES[found.verdict.value])
    return text.append(clean(found.passage.id), "bold")


def hit(found: Hit, snippet: int = SNIPPET) -> Text:
    text = _titled(found)
    if found.passage.place.headings:
        text.append(f"  {clean(' > '.join(found.passage.place.headings))}", "cyan")
    text.append(f"\n  {shorten(found.passage.text, snippet)}\n")
    if found.reason:
        text.append(f"  {clean(found.reason)}", "italic")
        text.append("  ")
    known = {name: value for name, value in found.signals.to_dict().items() if value is not None}
    text.append("  " + "  ".join(f"{name} {value:.2f}" for name, value in known.items()), "dim")
    return text


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


def bench(found: dict[str, Any], width: int = 120) -> RenderableType:
    """Systems and measures with their 95 % intervals: a row a system where that fits into ``width``, else a
    row a measure, else a row for each of both."""
    systems = found["systems"]
    measures = list(dict.fromkeys(name for system in systems for name in system["measures"]))
    if COLUMN * (len(measures) + 1) <= width:
        table = Table("system", *measures)
        for system in systems:
            table.add_row(system["name"], *(_measured(system, name) for name in measures))
    elif COLUMN * (len(systems) + 1) <= width:
        table = Table("measure", *(system["name"] for system in systems))
        for name in measures:
            table.add_row(name, *(_measured(system, name) for system in systems))
    else:
        table = Table("measure", "system", "value [95 %]")
        for name in measures:
            for system in systems:
                first, last = system is systems[0], system is systems[-1]
                value = _measured(system, name)
                table.add_row(name if first else "", system["name"], value, end_section=last)
    return table


def _measured(system: dict[str, Any], name: str) -> Text:
    value, interval = system["measures"].get(name), system["interval"].get(name)
    spread = f" [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else ""
    return Text("" if value is None else f"{value:.3f}{spread}")


def shorten(text: str, width: int) -> str:
    line = clean(" ".join(text.split()))
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def clean(text: str) -> str:
    """``text`` without control characters (escape codes among them), tabs and line ends as blanks."""
    return "".join(" " if c in "\t\n" else c for c in text if c.isprintable() or c in "\t\n")
