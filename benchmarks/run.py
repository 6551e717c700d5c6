"""Runs the benchmarks of ``germane bench`` and keeps what they found in ``results/``.

    python benchmarks/run.py --data DATA_FOLDER [NAME ...]

DATA_FOLDER holds the data sets, a folder each (``scifact``, ``smart/cran``, ...). Then
``python benchmarks/render.py`` puts the tables into README.md and docs.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from germane.bench import run_benchmark
from germane.bench.result import BenchResult, SystemResult, render_markdown
from germane.bench.systems import SHOWN

FOLDERS = {
    "scifact": "scifact",
    "cranfield": "smart/cran",
    "cisi": "smart/cisi",
    "cacm": "smart/cacm",
    "limit-small": "limit",
    "near-miss": ".",
    "backtracing": "backtracing",
    "demo": None,
    "speed": None,
}
RESULTS = Path(__file__).parent / "results"


def keep(result: BenchResult, *, whole: bool) -> None:
    """The JSON, and the table rendered from it, side by side; with ``whole`` false the systems that were
    not run keep the rows they have."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{result.benchmark}.json"
    if not whole and path.is_file():
        result = merged(json.loads(path.read_text()), result)
    path.write_text(json.dumps(result.to_dict(), indent=1) + "\n")
    (RESULTS / f"{result.benchmark}.md").write_text(f"{result}\n")
    if result.benchmark == "demo":
        (RESULTS / "demo-test.md").write_text(render_markdown(held_out(result)) + "\n")


def merged(before: dict[str, Any], result: BenchResult) -> BenchResult:
    """``result`` with the rows of ``before`` for the systems it does not have. Raises ``ValueError`` where
    the two are of other queries."""
    if before["queries"] != result.queries:
        raise ValueError(f"{result.benchmark}: {before['queries']} queries before, {result.queries} now")
    systems = {row["name"]: SystemResult(**row) for row in before["systems"]}
    systems |= {system.name: system for system in result.systems}
    order = [name for shown in SHOWN for name in systems if name.partition("/")[0] == shown]
    order += [name for name in systems if name not in order]
    compared = {(row["system"], row["measure"]): row for row in (*before["comparisons"], *result.comparisons)}
    return replace(result, systems=[systems[name] for name in order], comparisons=list(compared.values()))


def held_out(result: BenchResult) -> BenchResult:
    """The demo's test split alone, for the README."""
    systems = [
        SystemResult(
            system.name,
            {
                name.removeprefix("test/"): v
                for name, v in system.measures.items()
                if name.startswith("test/")
            },
            {
                name.removeprefix("test/"): v
                for name, v in system.interval.items()
                if name.startswith("test/")
            },
            system.milliseconds,
        )
        for system in result.systems
    ]
    return replace(result, systems=systems)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help=", ".join(FOLDERS))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--systems", default="", help="A,B: only these; the others keep their rows")
    parser.add_argument("--kept", type=Path, help="keep the indexes here and use them again")
    arguments = parser.parse_args()
    for name in arguments.names or FOLDERS:
        folder = FOLDERS[name]
        index = arguments.kept / name if arguments.kept and name != "speed" else None
        systems = arguments.systems.split(",") if arguments.systems else None
        result = run_benchmark(name, arguments.data / folder if folder else None, systems, index=index)
        keep(result, whole=systems is None)
        sys.stdout.write(f"{result}\n\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
