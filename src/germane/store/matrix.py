"""The vector matrices: memory-mapped rows beside a manifest that says which of them count.

Four files of one generation grow together: keys, int8 codes, their scales, float32 vectors. Rows are in
the order of their keys. Whatever lies beyond the manifest's row count is the rest of an append that did
not end, and is overwritten. A removed row gets scale 0 in place, which is right at any time, as its
passage is gone from the record already; once many rows are dead, a new generation is written without them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from germane.store import scan
from germane.store.feed import CacheBroken, Feed, Position
from germane.store.protocol import Keys
from germane.store.scan import Table

_FORMAT = 1
_TYPES = {"keys": "<i8", "codes": "i1", "scales": "<f4", "vectors": "<f4"}
_DEAD = 0.25
_SAMPLE = 64  # rows compared with the record when a manifest is first seen


class Matrix:
    """The vector cache of one store, as this process last saw it."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self.folder, self.dimension = folder, dimension
        self.position: Position | None = None
        self.generation = 0
        self._stamp: tuple[int, int, int] | None = None
        self.table: Table | None = None
        self._verified: tuple[int, int, int] | None = None

    def load(self) -> None:
        """See what the newest manifest says. ``CacheBroken`` when it is missing or the files do not fit."""
        for _ in range(5):
            try:
                self._load()
                return
            except FileNotFoundError:  # a new generation came between the manifest and its files
                continue
        self.close()
        raise CacheBroken("the vector matrices are missing")

    def _load(self) -> None:
        path = self.folder / "manifest.json"
        status = path.stat()
        stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
        if stamp == self._stamp:
            return
        try:
            note = json.loads(path.read_text("utf-8"))
            if note["format"] != _FORMAT or note["dimension"] != self.dimension:
                raise CacheBroken("the vector matrices are of another layout")
            position = Position(str(note["store"]), int(note["change"]), int(note["last"]))
            rows, generation = int(note["rows"]), int(note["generation"])
            table = Table(*(self._map(name, generation, rows) for name in _TYPES))
        except (ValueError, KeyError, TypeError) as error:
            self.close()
            raise CacheBroken(f"the vector matrices are damaged: {error}") from error
        self.position, self.generation, self.table, self._stamp = position, generation, table, stamp

    def verify(self, feed: Feed) -> None:
        """Compare a sample of the rows of a manifest not seen before with the record. ``CacheBroken`` where
        one differs. (All of them would take longer than a search: ``checking`` does that.)"""
        table = self.table
        if table is None or self._verified == self._stamp:
            return
        rows = (
            np.unique(np.linspace(0, len(table.keys) - 1, _SAMPLE, dtype=np.intp)) if len(table.keys) else ()
        )
        scales = np.array([table.scales[row] for row in rows])  # read before the record: see the module
        for row, scale in zip(rows, scales, strict=True):
            vector = feed.vector(int(table.keys[row]))
            if vector is None:
                continue  # gone meanwhile
            codes, right = scan.quantise(vector[None, :])
            same = np.array_equal(table.vectors[row], vector) and np.array_equal(table.codes[row], codes[0])
            if not same or scale != right[0]:
                raise CacheBroken("the vector matrices differ from the record")
        if (table.keys[1:] <= table.keys[:-1]).any():
            raise CacheBroken("the keys of the vector matrices are out of order")
        self._verified = self._stamp

    def search(
        self, vector: NDArray[np.float32], k: int, among: Keys | None
    ) -> tuple[Keys, NDArray[np.float32]]:
        """Keys and cosines of the ``k`` best rows; ``among``: the only keys that count, ascending."""
        table = self.table
        if table is None:
            raise CacheBroken("the vector matrices are not open")
        if not len(table.keys):
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        alive = None
        if among is not None:
            at = np.searchsorted(table.keys, among).clip(max=len(table.keys) - 1)
            alive = at[(table.keys[at] == among) & (table.scales[at] != 0)]
        rows, scores = scan.search(table, vector, k, alive)
        return table.keys[rows], scores

    def catch_up(self, feed: Feed) -> None:
        """Append what is new and mark what is gone. The caller holds the refresher's lock."""
        self.load()
        self.verify(feed)
        table, position = self.table, self.position
        if table is None or position is None or not feed.follows(position):
            raise CacheBroken("the vector matrices cannot follow")
        gone = feed.removed(position)
        rows = np.flatnonzero(np.isin(table.keys, gone, assume_unique=True)) if len(gone) else gone
        dead = int(np.count_nonzero(table.scales == 0)) + len(rows)
        if dead > max(1000, _DEAD * len(table.keys)):
            self.rebuild(feed)
            return
        if len(rows):
            with self._path("scales", self.generation).open("r+b") as file:
                for row in rows:
                    file.seek(int(row) * 4)
                    file.write(bytes(4))
        self._append(feed, self.generation, position.last, len(table.keys))

    def rebuild(self, feed: Feed) -> None:
        """Write a new generation from the record. The caller holds the refresher's lock."""
        self.folder.mkdir(parents=True, exist_ok=True)
        taken = [int(p.suffix[1:]) for p in self.folder.iterdir() if p.suffix[1:].isdigit()]
        generation = max([self.generation, *taken]) + 1
        self._append(feed, generation, 0, 0)
        for path in self.folder.iterdir():
            if path.suffix[1:].isdigit() and path.suffix != f".{generation}":
                with suppress(OSError):  # another process may hold it open (Windows); the next rebuild tries
                    path.unlink()

    def _append(self, feed: Feed, generation: int, after: int, rows: int) -> None:
        with self._appending(generation, rows) as files:
            for keys, vectors in feed.vectors(after):
                codes, scales = scan.quantise(vectors)
                for name, array in (
                    ("keys", keys),
                    ("codes", codes),
                    ("scales", scales),
                    ("vectors", vectors),
                ):
                    files[name].write(np.ascontiguousarray(array, _TYPES[name]).tobytes())
                rows += len(keys)
        position = feed.position()
        note = {"format": _FORMAT, **position._asdict(), "rows": rows, "generation": generation}
        scratch = self.folder / "manifest.new"
        with scratch.open("w", encoding="utf-8") as file:
            json.dump({**note, "dimension": self.dimension}, file)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(self.folder / "manifest.json")
        self.load()

    @contextmanager
    def _appending(self, generation: int, rows: int) -> Iterator[dict[str, BinaryIO]]:
        """The files of a generation, open to write after ``rows`` rows, on the disk when it ends."""
        files: dict[str, BinaryIO] = {}
        try:
            for name in _TYPES:
                path = self._path(name, generation)
                files[name] = path.open("r+b" if rows else "wb")
                files[name].seek(rows * self._row_bytes(name))
            yield files
            for file in files.values():
                file.flush()
                os.fsync(file.fileno())
        finally:
            for file in files.values():
                file.close()

    def close(self) -> None:
        """Let go of the mapped files."""
        self.table, self._stamp, self.position = None, None, None

    def _path(self, name: str, generation: int) -> Path:
        return self.folder / f"{name}.{generation}"

    def _row_bytes(self, name: str) -> int:
        return np.dtype(_TYPES[name]).itemsize * (self.dimension if name in ("codes", "vectors") else 1)

    def _map(self, name: str, generation: int, rows: int) -> NDArray[Any]:
        shape = (rows, self.dimension) if name in ("codes", "vectors") else (rows,)
        path = self._path(name, generation)
        if path.stat().st_size < rows * self._row_bytes(name):
            raise CacheBroken(f"{path.name} is cut short")
        if not rows:
            return np.zeros(shape, _TYPES[name])
        return np.asarray(np.memmap(path, _TYPES[name], "r", shape=shape))
