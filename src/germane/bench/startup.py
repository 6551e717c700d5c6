"""How long a fresh process takes, and how much memory: what a user waits for on the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from germane.errors import GermaneError

RUNS = 7
GERMANE = (sys.executable, "-c", "import sys; from germane.cli import main; sys.exit(main())")


SEARCH = """
import sys
from germane.index import Index
with Index.open(sys.argv[1]) as index:
    index.search(sys.argv[2])
"""
INDEX = """
import sys
from germane.bench import workload
from germane.index import Index
documents = workload.passages(int(sys.argv[2]))
with Index.create(sys.argv[1], passage_size=None) as index:
    index.encoder.encode(["loads the model"])
    print(index.add_documents(documents).seconds)
"""


def built(folder: Path, size: int) -> tuple[float, float]:
    """Index the workload of ``size`` passages into ``folder`` in a fresh process: the seconds that took,
    the model loaded before, and the process's peak resident megabytes."""
    said, peak = _measured(INDEX, str(folder), str(size))
    return float(said.split()[-1]), peak


def cold_search_seconds(folder: Path, query: str, runs: int = RUNS) -> list[float]:
    """Seconds of ``germane search --json`` in a fresh process."""
    return command_seconds(["search", query, "--index", str(folder), "--json"], runs)


def command_seconds(arguments: Sequence[str], runs: int = RUNS) -> list[float]:
    """Wall-clock seconds of ``germane ARGUMENTS`` in a fresh process, one untimed run first."""
    return [_run([*GERMANE, *arguments])[0] for _ in range(runs + 1)][1:]


def import_seconds(module: str = "germane", runs: int = RUNS) -> list[float]:
    """Seconds that ``import module`` takes inside a fresh interpreter, the interpreter's start left out."""
    code = f"from time import perf_counter as t; a = t(); import {module}; print(t() - a)"
    return [float(_run([sys.executable, "-c", code])[1]) for _ in range(runs + 1)][1:]


def peak_megabytes(code: str, *arguments: str) -> float:
    """Peak resident memory of a fresh interpreter that runs ``code``, in MB (10^6 bytes)."""
    return _measured(code, *arguments)[1]


def _measured(code: str, *arguments: str) -> tuple[str, float]:
    """What ``code`` printed in a fresh interpreter, and its peak resident memory in MB."""
    # VmHWM and not getrusage: the latter starts from the memory of the process that forked.
    tail = "\nprint([l for l in open('/proc/self/status') if l.startswith('VmHWM')][0].split()[1])"
    if not Path("/proc/self/status").exists():
        tail = "\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    said, _, kibibytes = _run([sys.executable, "-c", code + tail, *arguments])[1].strip().rpartition("\n")
    return said, float(kibibytes) * 1024 / 1e6


def _run(command: Sequence[str]) -> tuple[float, str]:
    start = perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    seconds = perf_counter() - start
    if done.returncode:
        raise GermaneError(
            f"a timed process failed: {done.stderr.strip()[-300:] or done.stdout.strip()[-300:]}",
            hint=" ".join(command[:6]),
        )
    return seconds, done.stdout
