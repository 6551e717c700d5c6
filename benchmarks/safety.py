"""Kills indexing at random moments, and lets writers and readers loose on one index at once.

    python benchmarks/safety.py [--kills 100] [--seconds 20]

A child process indexes a folder of small files, as ``germane index`` does, and prints how many documents
were reported as committed. It is killed (SIGKILL) at a random moment, again and again; after each kill
nothing that was reported may be missing, search must answer and the store must be whole, and at the end one
more run must finish. Before that, two processes index overlapping folders into one index while four search
it: no error, no duplicate. Writes ``results/safety.json`` and the table beside it.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from germane import Index

WORDS = ("signal", "harbour", "lantern", "meadow", "copper", "violet", "anchor", "timber", "falcon", "ember")

WRITER = """
import sys
from pathlib import Path
from germane import Index
index, *paths = map(Path, sys.argv[1:])
with Index.make(index) as opened:
    print("ready", flush=True)
    opened.add(*paths, progress=lambda at: print(at.documents, flush=True))
print("finished", flush=True)
"""
READER = """
import sys, time
from germane import Index
end, count = time.time() + float(sys.argv[2]), 0
with Index.open(sys.argv[1]) as opened:
    while time.time() < end:
        found = opened.search("copper lantern by the harbour", 20)
        ids = [hit.passage.id for hit in (*found.results, *found.rejected)]
        assert len(ids) == len(set(ids)), "a passage twice"
        count += 1
print(count, flush=True)
"""


def write_files(folder: Path, count: int, seed: int, version: int = 0) -> None:
    """``count`` files of a few sentences each, the same for the same seed and version."""
    folder.mkdir(parents=True, exist_ok=True)
    pick = random.Random(f"{seed} {version}")
    for i in range(count):
        lines = [f"File {i} of version {version}."]
        lines += [" ".join(pick.choices(WORDS, k=9)).capitalize() + "." for _ in range(pick.randint(1, 3))]
        (folder / f"{i:04}.txt").write_text(" ".join(lines))


def killed_run(index: Path, corpus: Path, after: float, *, opened: bool) -> tuple[int, bool]:
    """Documents reported as committed before the kill, and whether the run had ended by then. The clock of
    ``after`` seconds starts once the index is open, or with ``opened`` false when the process does."""
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(index), str(corpus)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout
    if opened:
        child.stdout.readline()
    try:
        child.wait(after)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGKILL)
    said = (child.communicate()[0] or "").split()
    if child.returncode not in (0, -signal.SIGKILL):
        raise SystemExit(f"indexing failed by itself with {child.returncode}")
    return max((int(line) for line in said if line.isdigit()), default=0), "finished" in said


def kills(work: Path, count: int, files: int = 1500, seed: int = 0, longest: float = 9.0) -> dict[str, Any]:
    """Kill ``count`` runs, each within ``longest`` seconds; the corpus is rewritten once it is indexed, so
    that there is always work."""
    pick = random.Random(seed)
    index, corpus = work / "index", work / "corpus"
    version = killed = lost = broken = silent = before = reported = late = 0
    write_files(corpus, files, seed)
    while killed < count:
        now, finished = killed_run(index, corpus, pick.uniform(0.0, longest), opened=pick.random() < 0.9)
        if not finished:
            killed, late, reported = killed + 1, late + (now > 0), reported + now
        if (index / "germane.sqlite").exists() and (index / "germane.sqlite").stat().st_size:
            with Index.open(index) as opened:
                stored = sum(
                    f"version {version}." in opened.store.document(id).text
                    for id, _, _ in opened.store.documents()
                )
                lost += stored < before + now
                before = stored
                silent += not opened.search("copper lantern", 3, verify=False).results and stored > 0
                broken += bool(opened.store.check())
        if finished:
            version, before = version + 1, 0
            write_files(corpus, files, seed, version)
        print(f"\r{killed}/{count} kills, {lost} lost, {broken} broken", end="", file=sys.stderr)
    print(file=sys.stderr)
    with Index.make(index) as opened:
        report = opened.add(corpus)
        found = opened.search("copper lantern by the harbour", 5)
        texts = [opened.store.document(id).text for id, _, _ in opened.store.documents()]
        current = sum(f"version {version}." in text for text in texts)
        return {
            "kills": killed,
            "kills_after_a_commit_of_the_same_run": late,
            "files": files,
            "documents_reported_before_a_kill": reported,
            "runs_that_lost_a_reported_document": lost,
            "runs_after_which_the_store_was_broken": broken,
            "runs_after_which_search_found_nothing": silent,
            "finished_with_all_documents": report.documents == len(texts) == current == files,
            "search_works": bool(found.results or found.rejected),
            "problems": opened.store.check(),
        }


def crowd(work: Path, seconds: float, files: int = 400) -> dict[str, Any]:
    """Two writers over overlapping folders and four readers at once."""
    index = work / "crowd"
    for name, seed in (("common", 1), ("left", 2), ("right", 3)):
        write_files(work / name, files, seed)
    with Index.make(index) as opened:
        write_files(work / "first", 50, 4)
        opened.add(work / "first")
    start = time.perf_counter()
    processes = [
        subprocess.Popen([sys.executable, "-c", code, *map(str, rest)], stderr=subprocess.PIPE, text=True,
                         stdout=subprocess.PIPE)
        for code, rest in [
            (WRITER, [index, work / "common", work / "left"]),
            (WRITER, [index, work / "common", work / "right"]),
            *[(READER, [index, seconds])] * 4,
        ]
    ]  # fmt: skip
    ended = [process.communicate(timeout=600) for process in processes]
    errors = [err.strip().splitlines()[-1] for process, (_, err) in zip(processes, ended, strict=True)
              if process.returncode]  # fmt: skip
    with Index.open(index) as opened:
        texts = [opened.store.document(id).text for id, _, _ in opened.store.documents()]
        return {
            "writers": 2,
            "readers": 4,
            "searches": sum(int(out.split()[-1]) for out, _ in ended[2:] if out.split()),
            "errors": errors,
            "documents": len(texts),
            "expected": 50 + 3 * files,
            "duplicates": len(texts) - len(set(texts)),
            "problems": opened.store.check(),
            "seconds": round(time.perf_counter() - start, 1),
        }


def table(done: dict[str, Any]) -> str:
    """What happened, as Markdown."""
    kill, many = done["kill"], done["crowd"]
    rows = [
        ("`kill -9` at random moments of indexing", f"{kill['kills']:,} kills, "
         f"{kill['kills_after_a_commit_of_the_same_run']} of them after a commit of the same run", "100"),
        ("runs that lost a document whose commit was reported",
         f"{kill['runs_that_lost_a_reported_document']} "
         f"({kill['documents_reported_before_a_kill']:,} reported)", "0"),
        ("runs after which the store or a cache was broken",
         str(kill["runs_after_which_the_store_was_broken"]), "0"),
        ("runs after which search found nothing", str(kill["runs_after_which_search_found_nothing"]), "0"),
        (f"the next run finishes with all {kill['files']:,} documents, and search works",
         "yes" if kill["finished_with_all_documents"] and kill["search_works"] and not kill["problems"]
         else "no", "yes"),
        (f"{many['writers']} writers and {many['readers']} readers at once",
         f"{many['documents']:,} documents, {many['searches']:,} searches", ""),
        ("errors", str(len(many["errors"])), "0"),
        ("duplicates", str(many["duplicates"]), "0"),
        ("documents missing", str(many["expected"] - many["documents"]), "0"),
    ]  # fmt: skip
    lines = ["| what | found | bar |", "| --- | ---: | ---: |"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20, help="how long each reader searches")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "safety.json")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        done = {"crowd": crowd(work, arguments.seconds), "kill": kills(work, arguments.kills)}
    arguments.out.parent.mkdir(exist_ok=True)
    arguments.out.write_text(json.dumps(done, indent=1) + "\n")
    arguments.out.with_suffix(".md").write_text(table(done))
    print(json.dumps(done, indent=1))


if __name__ == "__main__":
    main()
