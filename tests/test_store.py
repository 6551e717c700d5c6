"""The embedded store: the contract, and what is its own (caches, files, other processes)."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from contract_store import SETTINGS, StoreContract, entry, ids, source, vector
from germane.errors import InputError, MissingIndex, StoreBusy, StoreError
from germane.store.embedded import EmbeddedStore
from germane.store.locks import hold
from nobody import as_nobody


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[[Mapping[str, str]], EmbeddedStore]]:
    made: list[EmbeddedStore] = []

    def _make(settings: Mapping[str, str]) -> EmbeddedStore:
        made.append(EmbeddedStore.create(tmp_path / f"index{len(made)}", settings))
        return made[-1]

    yield _make
    for store in made:
        store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store of three documents with fresh caches, closed."""
    with EmbeddedStore.create(tmp_path / "index", SETTINGS) as store:
        store.put(source(), [entry(f"d{i}", f"common number{i}") for i in range(3)])
        store.finish(source(), ["d0", "d1", "d2"])
        store.refresh()
    return tmp_path / "index"


def answers(store: EmbeddedStore) -> bool:
    """Whether all three documents are found both ways, without lag."""
    for i in range(3):
        dense, lexical = store.dense(vector(f"common number{i}"), 1), store.lexical(f"number{i}", 1)
        if ids(store, dense) != [f"d{i}#0"] or ids(store, lexical) != [f"d{i}#0"] or dense.lag or lexical.lag:
            return False
    return True


class TestEmbedded(StoreContract):
    @pytest.fixture
    def reopen(self) -> Iterator[Callable[[EmbeddedStore], EmbeddedStore]]:
        opened: list[EmbeddedStore] = []

        def _reopen(store: EmbeddedStore) -> EmbeddedStore:
            store.close()
            opened.append(EmbeddedStore.open(store._session.folder))
            return opened[-1]

        yield _reopen
        for store in opened:
            store.close()


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(MissingIndex) as error:
        EmbeddedStore.open(tmp_path / "none")
    assert "germane index" in error.value.hint
    (tmp_path / "germane.sqlite").touch()  # what a maker leaves that was killed at once
    with pytest.raises(MissingIndex):
        EmbeddedStore.open(tmp_path)
    EmbeddedStore.create(tmp_path, SETTINGS).close()


def test_there_already(folder: Path) -> None:
    with pytest.raises(InputError):
        EmbeddedStore.create(folder, SETTINGS)
    with EmbeddedStore.open(folder) as store:
        assert answers(store)


def test_not_a_database(folder: Path) -> None:
    (folder / "germane.sqlite").write_bytes(b"this is no database " * 500)
    with pytest.raises(StoreError):
        EmbeddedStore.open(folder)


def test_cut_short(folder: Path) -> None:
    path = folder / "germane.sqlite"
    path.write_bytes(path.read_bytes()[:8192])
    with pytest.raises(StoreError):
        _use(folder)


def _use(folder: Path) -> None:
    with EmbeddedStore.open(folder) as store:
        store.counts()
        answers(store)


@pytest.mark.parametrize(
    ("pragma", "said"), [("user_version=99", "layout 99"), ("application_id=1", "not a")]
)
def test_of_another_layout(folder: Path, pragma: str, said: str) -> None:
    connection = sqlite3.connect(folder / "germane.sqlite")
    connection.execute(f"PRAGMA {pragma}")
    connection.close()
    with pytest.raises(StoreError, match=said):
        EmbeddedStore.open(folder)


def test_settings_must_fit(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        EmbeddedStore.create(tmp_path / "a", {})
    with pytest.raises(InputError):
        EmbeddedStore.create(tmp_path / "b", {**SETTINGS, "token_format": "int3"})


def test_readonly_reads_and_does_not_write(folder: Path) -> None:
    with EmbeddedStore.open(folder, readonly=True) as store:
        assert answers(store)
        with pytest.raises(InputError):
            store.remove(["d0"])


def test_busy(folder: Path) -> None:
    with EmbeddedStore.open(folder, patience=0.1) as store, hold(folder / "write.lock", 1):
        with pytest.raises(StoreBusy):
            store.remove(["d0"])
        assert answers(store)


def test_a_full_disk_loses_nothing(folder: Path) -> None:
    with EmbeddedStore.open(folder) as store:
        pages = store._session.connection.execute("PRAGMA page_count").fetchone()[0]
        store._session.connection.execute(f"PRAGMA max_page_count={pages + 4}")
        with pytest.raises(StoreError, match="no room"):
            store.put(source("big"), [entry(f"big{i}", f"text {i} " * 500) for i in range(50)])
        assert answers(store)
        assert store.counts().documents == 3
        assert store.check() == []


def test_search_heals_deleted_caches(folder: Path) -> None:
    with EmbeddedStore.open(folder) as store:
        assert answers(store)
        shutil.rmtree(folder / "cache")
        assert answers(store)
        shutil.rmtree(folder / "cache" / "lexical")
        assert store.refresh() == 0
        assert answers(store)
        assert store.check() == []


def _damaged(before: bytes, damage: str) -> bytes:
    third = len(before) // 3
    return {
        "garbage": b"\xff" * len(before),
        "zeros": bytes(len(before)),
        "middle": before[:third] + b"\x3f" * third + before[2 * third :],
        "cut": before[:-1],
        "empty": b"",
    }[damage]


@pytest.mark.parametrize("damage", ["garbage", "zeros", "middle", "cut", "empty", "gone", "folder"])
def test_search_heals_damaged_caches(folder: Path, damage: str) -> None:
    for path in sorted((folder / "cache").rglob("*")):
        if not path.is_file() or path.name.startswith("."):
            continue
        before = path.read_bytes()
        path.unlink()
        if damage == "folder" and path.name != "manifest.json":
            path.mkdir()
        elif damage not in ("gone", "folder"):
            path.write_bytes(_damaged(before, damage))
        with EmbeddedStore.open(folder) as store:
            assert answers(store), f"{damage} {path.name}"
            assert store.check() == []


def test_one_bit_of_the_lexical_cache(folder: Path) -> None:
    """Tantivy does not read its own checksums: without them a flipped bit would be a wrong answer."""
    for path in sorted((folder / "cache" / "lexical").glob("*.*")):
        data = bytearray(path.read_bytes() if path.is_file() else b"")
        if path.name.startswith(".") or path.name == "meta.json" or not data:
            continue
        data[len(data) // 4] ^= 1
        path.write_bytes(data)
        with EmbeddedStore.open(folder) as store:
            assert answers(store), path.name
            assert store.check() == []


def test_check_finds_a_row_that_search_did_not_look_at(folder: Path) -> None:
    with EmbeddedStore.open(folder) as store:
        store.put(source("b"), [entry(f"more{i}", f"common more{i}") for i in range(200)])
        store.refresh()
    path = next((folder / "cache" / "matrix").glob("vectors.*"))
    data = bytearray(path.read_bytes())
    data[4 * 32 + 1] ^= 1  # in the second row of 203
    path.write_bytes(data)
    with EmbeddedStore.open(folder) as store:
        assert answers(store)
        assert any("vector matrices" in line for line in store.check())


def test_caches_of_another_store_are_made_anew(folder: Path, tmp_path: Path) -> None:
    with EmbeddedStore.create(tmp_path / "other", SETTINGS) as other:
        other.put(source(), [entry("x", "common stranger")])
        other.refresh()
    shutil.rmtree(folder / "cache")
    shutil.copytree(tmp_path / "other" / "cache", folder / "cache")
    with EmbeddedStore.open(folder) as store:
        assert answers(store)
        assert len(store.lexical("stranger", 5).keys) == 0


@pytest.mark.parametrize("written", [0, 5])
def test_a_record_older_than_its_caches(folder: Path, tmp_path: Path, written: int) -> None:
    """As when the database was restored from a backup, and then perhaps written to before it is searched."""
    shutil.copy(folder / "germane.sqlite", tmp_path / "backup")
    with EmbeddedStore.open(folder) as store:
        store.put(source("b"), [entry("later", "common later"), entry("more", "common more")])
        store.refresh()
    shutil.copy(tmp_path / "backup", folder / "germane.sqlite")
    with EmbeddedStore.open(folder) as store:
        for i in range(written):
            store.put(source("c"), [entry(f"other{i}", f"common other{i}")])
        assert answers(store)
        assert len(store.lexical("later", 5).keys) == 0
        for i in range(written):
            assert ids(store, store.lexical(f"other{i}", 5)) == [f"other{i}#0"]
        assert store.check() == []


def test_another_process_is_seen(folder: Path) -> None:
    with EmbeddedStore.open(folder) as reader, EmbeddedStore.open(folder) as writer:
        assert answers(reader)
        writer.put(source("b"), [entry("new", "common newcomer")])
        writer.remove(["d0"])
        assert ids(reader, reader.lexical("newcomer", 5)) == ["new#0"]
        assert ids(reader, reader.dense(vector("common newcomer"), 1)) == ["new#0"]
        assert len(reader.dense(vector("x"), 9).keys) == 3
        assert reader.refresh() == writer.refresh() == 0


def test_lag_while_another_refreshes(folder: Path) -> None:
    with EmbeddedStore.open(folder) as store:
        store.put(source("b"), [entry("new", "common newcomer")])
        store.remove(["d0"])
        with hold(folder / "refresh.lock", 1):
            dense, lexical = store.dense(vector("common newcomer"), 9), store.lexical("newcomer", 9)
            assert dense.lag == lexical.lag == 2
            assert len(lexical.keys) == 0
            assert sorted(ids(store, dense)) == ["d1#0", "d2#0"]  # what is gone is left out by fetch
        assert ids(store, store.lexical("newcomer", 9)) == ["new#0"]


def test_many_changes_leave_small_caches(folder: Path) -> None:
    """Dead rows are compacted, old removals forgotten, and a reader that slept through it wakes up well."""
    with EmbeddedStore.open(folder) as store, EmbeddedStore.open(folder) as sleeper:
        assert answers(sleeper)
        for turn in range(4):
            for part in range(5):
                texts = [f"turn{turn} part{part} text{i}" for i in range(600)]
                store.put(source("b"), [entry(f"long{part}", *texts)])
            store.refresh()
        assert store.counts().passages == 3003
        keys = next((folder / "cache" / "matrix").glob("keys.*"))
        assert keys.stat().st_size / 8 < 3003 * 1.5
        assert store._session.connection.execute("SELECT count(*) FROM removed").fetchone()[0] <= 10_000
        assert answers(sleeper)
        assert store.check() == sleeper.check() == []
        assert np.all(store.dense(vector("turn3 part0 text5"), 1).scores > 0.999)


def test_threads_share_a_store(folder: Path) -> None:
    with EmbeddedStore.open(folder) as store:

        def work(name: str) -> bool:
            for turn in range(5):
                store.put(source(name), [entry(f"{name}{turn}", f"common {name} {turn}")])
                if not answers(store) or len(store.lexical("common", 99, {"source": name}).keys) != turn + 1:
                    return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(work, "wxyz"))
        assert store.counts().documents == 23
        assert store.check() == []


def test_filters_follow_changes(folder: Path) -> None:
    with EmbeddedStore.open(folder) as store, EmbeddedStore.open(folder) as other:
        where = {"source": "a.txt"}
        assert len(store.dense(vector("q"), 9, where).keys) == 3
        other.put(source(), [entry("d3", "common number3")])
        other.remove(["d0"])
        assert sorted(ids(store, store.dense(vector("q"), 9, where))) == ["d1#0", "d2#0", "d3#0"]


def test_a_folder_that_cannot_be_locked_still_answers(folder: Path) -> None:
    """As on a disk that is only for reading: what is there answers, and says that it lags."""
    with EmbeddedStore.open(folder) as store:
        store.put(source("b"), [entry("new", "common newcomer")])
    (folder / "refresh.lock").unlink()
    (folder / "refresh.lock").mkdir()
    with EmbeddedStore.open(folder, readonly=True) as store:
        ranked = store.lexical("number1", 1)
        assert (ids(store, ranked), ranked.lag) == (["d1#0"], 1)
        shutil.rmtree(folder / "cache")
        with pytest.raises(StoreError):
            store.lexical("number1", 1)


@contextmanager
def not_to_be_written(folder: Path) -> Iterator[None]:
    """The folder as on a disk that is only for reading, for root too."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        with as_nobody():
            yield
    finally:
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.fixture
def public(folder: Path) -> Iterator[Path]:
    """The store of ``folder`` where everybody may read it; what reading needs is imported by then."""
    with TemporaryDirectory() as place, EmbeddedStore.open(folder) as store:
        assert answers(store)
        Path(place).chmod(0o755)
        shutil.copytree(folder, Path(place) / "index")
        yield Path(place) / "index"


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs the permissions of POSIX")
def test_a_folder_that_cannot_be_written_is_searched(public: Path) -> None:
    with not_to_be_written(public), EmbeddedStore.open(public) as store:
        assert answers(store)
        assert store.check() == []
        with pytest.raises(StoreError, match="cannot lock"):
            store.remove(["d0"])
    shutil.rmtree(public / "cache")
    with not_to_be_written(public), EmbeddedStore.open(public) as store, pytest.raises(StoreError):
        answers(store)
    with EmbeddedStore.open(public) as store:
        assert answers(store)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs the permissions of POSIX")
def test_a_folder_that_cannot_be_written_with_a_log_left_behind(public: Path, folder: Path) -> None:
    with EmbeddedStore.open(folder) as store:
        store.put(source("b"), [entry("late", "common late")])
        store.refresh()
        for name in ("germane.sqlite", "germane.sqlite-wal", "germane.sqlite-shm"):
            shutil.copy(folder / name, public / name)  # as its writer would leave them, killed now
    for path in (public, *public.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    # In a process of its own: this one holds locks on these files' originals, and threads of other tests.
    command = [sys.executable, Path(__file__).parent / "safety" / "stranger.py", public, folder]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("4 ['d1#0'] 1\n", "")


def test_caches_that_go_while_they_are_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with EmbeddedStore.open(folder) as store:
        for cache in (store._caches.lexical, store._caches.matrix):
            search, gone = cache.search, []

            def first_it_goes(*args, cache=cache, search=search, gone=gone):
                if not gone:
                    gone.append(shutil.rmtree(folder / "cache"))
                    cache.close()
                return search(*args)

            monkeypatch.setattr(cache, "search", first_it_goes)
        assert answers(store)
        assert store.check() == []
