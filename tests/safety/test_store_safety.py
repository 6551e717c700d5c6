"""``kill -9`` loses nothing that was reported, and several writers and readers do not disturb each other."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from writer import A_COMMIT

from contract_store import SETTINGS, ids, source, vector
from germane.store.embedded import EmbeddedStore

HERE = Path(__file__).parent


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def kill_and_check(folder: Path, kills: int, seed: int) -> int:
    """Kill a writer ``kills`` times, checking after each; returns how many commits were acknowledged."""
    moments, acknowledged, first = random.Random(seed), set(), 0
    for _ in range(kills):
        child = start("writer.py", folder, "w", first, 10_000, 3)
        assert child.stdout is not None
        first_line = child.stdout.readline()  # it has begun; from here on any moment will do
        time.sleep(moments.uniform(0, 0.4))
        child.send_signal(signal.SIGKILL)
        rest, _ = child.communicate()
        assert child.returncode == -signal.SIGKILL
        acknowledged |= {int(line) for line in (first_line + rest).split("\n")[:-1]}
        first = max(acknowledged, default=0) + moments.choice([0, 1])  # sometimes write the last again
        with EmbeddedStore.open(folder, readonly=True) as store:
            held = store.fingerprints("w-s")
            lost = [b for b in acknowledged for i in range(A_COMMIT) if f"w-{b * A_COMMIT + i}" not in held]
            assert lost == []
            last = max(acknowledged) * A_COMMIT
            assert ids(store, store.dense(vector(f"common w first{last}"), 1)) == [f"w-{last}#0"]
            assert ids(store, store.lexical(f"second{last}", 1)) == [f"w-{last}#1"]
            assert store.check() == []
    return len(acknowledged)


def finish_and_check(folder: Path) -> None:
    """The next run heals and finishes."""
    with EmbeddedStore.open(folder) as store:
        before = list(store.fingerprints("w-s"))
        assert store.finish(source("w-s"), before) == 0
        assert store.sources()["w-s"] == source("w-s")
        assert store.refresh() == 0
        assert store.counts() == (len(before), 2 * len(before))
        assert len(store.dense(vector("x"), 100_000).keys) == 2 * len(before)
        assert store.check() == []


def test_kill(tmp_path: Path) -> None:
    EmbeddedStore.create(tmp_path, SETTINGS).close()
    assert kill_and_check(tmp_path, 5, seed=1) >= 5
    finish_and_check(tmp_path)


@pytest.mark.slow
def test_kill_a_hundred_times(tmp_path: Path) -> None:
    EmbeddedStore.create(tmp_path, SETTINGS).close()
    assert kill_and_check(tmp_path, 100, seed=2) >= 100
    finish_and_check(tmp_path)


def crowd(folder: Path, commits: int, seconds: float) -> None:
    """Two writers of their own documents, two of the same ones, and four readers at once."""
    EmbeddedStore.create(folder, SETTINGS).close()
    writers = [start("writer.py", folder, name, 0, commits, 4) for name in ("a", "b", "same", "same")]
    readers = [start("reader.py", folder, seconds) for _ in range(4)]
    for child in (*writers, *readers):
        output, errors = child.communicate(timeout=300)
        assert (child.returncode, errors) == (0, ""), errors
        assert output
    with EmbeddedStore.open(folder) as store:
        assert store.counts() == (3 * commits * A_COMMIT, 6 * commits * A_COMMIT)
        assert store.refresh() == 0
        for ranked in (store.dense(vector("x"), 100_000), store.lexical("common", 100_000)):
            found = ids(store, ranked)
            assert len(found) == len(set(found)) == 6 * commits * A_COMMIT
        assert store.check() == []


def test_writers_and_readers(tmp_path: Path) -> None:
    crowd(tmp_path, commits=6, seconds=1)


@pytest.mark.slow
def test_writers_and_readers_for_long(tmp_path: Path) -> None:
    crowd(tmp_path, commits=60, seconds=15)
