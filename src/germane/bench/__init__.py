"""Benchmarks: one module each, which systems, which measures, which table."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from germane.errors import InputError

if TYPE_CHECKING:
    from germane.bench.result import BenchResult

BENCHMARKS = {
    "scifact": "scifact",
    "cranfield": "cranfield",
    "cisi": "cisi",
    "cacm": "cacm",
    "limit-small": "limit_small",
    "near-miss": "near_miss",
    "backtracing": "backtracing",
    "demo": "demo",
    "speed": "speed",
}
NEED_NO_DATA = frozenset({"demo", "speed"})


def run_benchmark(
    name: str,
    data: Path | str | None = None,
    systems: Sequence[str] | None = None,
    limit: int | None = None,
    index: Path | str | None = None,
) -> BenchResult:
    """Run the benchmark ``name`` on the folder ``data``.

    ``systems`` names the systems to compare (default: all that are shown), ``limit`` the number of
    queries, ``index`` a folder in which the index is kept and found again. Raises ``InputError``
    for an unknown name or a wrong folder, ``MissingExtra`` for a named system that is not installed.
    """
    if name not in BENCHMARKS:
        raise InputError(f"no benchmark {name}", hint=f"benchmarks: {', '.join(BENCHMARKS)}")
    if limit is not None and limit < 1:
        raise InputError(f"a limit of {limit} queries leaves nothing to measure")
    if data is None and name not in NEED_NO_DATA:
        raise InputError(f"{name} needs its data", hint=f"germane bench {name} --data FOLDER")
    module = import_module(f"germane.bench.{BENCHMARKS[name]}")
    result: BenchResult = module.run(
        None if data is None else Path(data), systems, limit, None if index is None else Path(index)
    )
    return result
