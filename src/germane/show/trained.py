"""What a training came to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from germane.show.text import STYLES


def trained(done: Mapping[str, Any], out: Path) -> RenderableType:
    """The held-out measures before and after, and where the verifier is."""
    table = Table("held out, AUROC", "before", "after", "95 %", box=None)
    for name, after in done["after"].items():
        low, high = done["interval"][name]
        table.add_row(name, f"{done['before'][name]:.3f}", f"{after:.3f}", f"[{low:.3f}, {high:.3f}]")
    said = f"saved in {out}" if done["saved"] else f"not saved: {done['reason']}"
    style = STYLES["relevant" if done["saved"] else "unsure"]
    counts = ", ".join(f"{count} {split}" for split, count in done["pairs"].items())
    return Group(table, Text(f"pairs: {counts}", "dim"), Text(said, style))
