"""The lexical cache: a Tantivy index of the passages' words, scored by BM25 (k1 1.2, b 0.75).

Its position stands in a document of key 0, written in the same commit as what it speaks of. Queries are
built from analysed terms: nothing a user types is syntax.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Occur, Query

from germane.store import segments, words
from germane.store.feed import CacheBroken, Feed, Position
from germane.store.protocol import Keys

_FORMAT = 1
_HEAP = 64_000_000
_NAME_WEIGHT = 0.5


@contextmanager
def _guarded() -> Iterator[None]:
    """Whatever Tantivy raises, a Rust panic too, means that the cache must be made anew."""
    try:
        yield
    except CacheBroken:
        raise
    except (ValueError, OSError, KeyError, IndexError) as error:
        raise CacheBroken(f"the lexical cache is damaged: {error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise CacheBroken(f"the lexical cache is damaged: {error}") from error


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", indexed=True, fast=True)
    builder.add_unsigned_field("facet", indexed=True)
    builder.add_text_field("body", tokenizer_name="germane_body", index_option="freq")
    builder.add_text_field("names", tokenizer_name="germane_names", index_option="freq")
    builder.add_text_field("position", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


class Lexical:
    """The lexical cache of one store, as this process last saw it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.position: Position | None = None
        self._schema = _schema()
        self._body, self._names = words.body(), words.names()
        self._index: tantivy.Index | None = None
        self._stamp: tuple[int, int] | None = None
        self._whole: set[str] = set()
        self._links: TemporaryDirectory[str] | None = None

    def load(self) -> None:
        """See the newest commit. ``CacheBroken`` when it is missing, damaged or of another layout."""
        try:
            status = (self.folder / "meta.json").stat()
        except OSError:
            self.close()
            raise CacheBroken("the lexical cache is missing") from None
        stamp = (status.st_ino, status.st_mtime_ns)
        if stamp == self._stamp:
            return
        self.close()
        with _guarded():
            self._verify()
            index = tantivy.Index(self._schema, self._place(), reuse=True)
            index.register_tokenizer("germane_body", self._body)
            index.register_tokenizer("germane_names", self._names)
            index.config_reader("manual")
            index.reload()
            searcher = index.searcher()
            found = searcher.search(self._term("key", 0), 1, count=False).hits
            if not found:
                raise CacheBroken("the lexical cache does not say where it stands")
            note = json.loads(searcher.doc(found[0][1])["position"][0])
            if note.pop("format") != _FORMAT:
                raise CacheBroken("the lexical cache is of another layout")
            self.position, self._index, self._stamp = Position(**note), index, stamp

    def _place(self) -> str:
        """The folder to open, or links to its files where it cannot be written."""
        if segments.writable(self.folder):
            return str(self.folder)
        self._links = segments.linked(self.folder)
        return self._links.name

    def _verify(self) -> None:
        """Compare files not seen before with their checksums, which Tantivy writes and does not read."""
        for path in self.folder.iterdir():
            if path.name not in self._whole and not segments.whole(path):
                raise CacheBroken(f"{path.name} of the lexical cache is damaged")
            self._whole.add(path.name)

    def search(self, text: str, k: int, facets: Sequence[int]) -> tuple[Keys, NDArray[np.float32]]:
        """Keys and scores of the ``k`` best passages that carry all of ``facets``; ties by key."""
        musts = [Query.const_score_query(self._term("facet", facet), 0.0) for facet in facets]
        return self._ranked(text, k, musts)

    def scores(self, text: str, keys: Keys) -> NDArray[np.float32]:
        """The score of each of ``keys``; 0 where no word is shared."""
        wanted = [int(key) for key in keys if key > 0]
        result = np.zeros(len(keys), np.float32)
        if wanted:
            among = Query.const_score_query(Query.term_set_query(self._schema, "key", wanted), 0.0)
            found = dict(zip(*(a.tolist() for a in self._ranked(text, len(wanted), [among])), strict=True))
            result[:] = [found.get(int(key), 0.0) for key in keys]
        return result

    def _ranked(self, text: str, k: int, musts: list[Query]) -> tuple[Keys, NDArray[np.float32]]:
        with _guarded():
            query = self._query(text)
            if self._index is None:
                raise CacheBroken("the lexical cache is not open")
            if query is None or k <= 0:
                return np.zeros(0, np.int64), np.zeros(0, np.float32)
            if musts:
                query = Query.boolean_query([(Occur.Must, part) for part in (query, *musts)])
            searcher = self._index.searcher()
            # Tantivy allocates for as many hits as it is asked for.
            hits = searcher.search(query, min(k, searcher.num_docs), count=False).hits
            keys = searcher.fast_field_values("key", [address for _, address in hits])
        scores = np.array([score for score, _ in hits], np.float32)
        ordered = np.lexsort((np.array(keys, np.int64), -scores))
        return np.array(keys, np.int64)[ordered], scores[ordered]

    def _query(self, text: str) -> Query | None:
        parts = [self._term("body", term, count) for term, count in words.terms(self._body, text).items()] + [
            self._term("names", term, _NAME_WEIGHT * count)
            for term, count in words.terms(self._names, text).items()
        ]
        return Query.boolean_query([(Occur.Should, part) for part in parts]) if parts else None

    def _term(self, field: str, value: str | int, weight: float = 1.0) -> Query:
        term = Query.term_query(self._schema, field, value, "freq" if isinstance(value, str) else "basic")
        return term if weight == 1.0 else Query.boost_query(term, weight)

    def catch_up(self, feed: Feed) -> None:
        """Take what is new, drop what is gone. The caller holds the refresher's lock."""
        self.load()
        if self.position is None or self._index is None or not feed.follows(self.position):
            raise CacheBroken("the lexical cache cannot follow")
        self._write(self._index, feed, self.position)

    def rebuild(self, feed: Feed) -> None:
        """Make the cache from the record. The caller holds the refresher's lock."""
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        with _guarded():
            index = tantivy.Index(self._schema, str(self.folder), reuse=False)
            index.register_tokenizer("germane_body", self._body)
            index.register_tokenizer("germane_names", self._names)
        self._write(index, feed, None)

    def _write(self, index: tantivy.Index, feed: Feed, since: Position | None) -> None:
        position = feed.position()
        with _guarded():
            writer = index.writer(_HEAP, 1)
            if since is not None:
                # By query: ``delete_documents_by_term`` misses unsigned fields (tantivy-py 0.27).
                gone = [0, *feed.removed(since).tolist()]
                writer.delete_documents_by_query(Query.term_set_query(self._schema, "key", gone))
            for text in feed.texts(since.last if since else 0):
                document = tantivy.Document()
                document.add_unsigned("key", text.key)
                document.add_text("body", text.body)
                document.add_text("names", text.body)
                for facet in text.facets:
                    document.add_unsigned("facet", facet)
                writer.add_document(document)
            note = tantivy.Document()
            note.add_unsigned("key", 0)
            note.add_text("position", json.dumps({"format": _FORMAT, **position._asdict()}))
            writer.add_document(note)
            writer.commit()
            writer.wait_merging_threads()
        self._stamp = None
        self.load()

    def keys(self) -> Keys:
        """All keys that can be found, ascending."""
        with _guarded():
            if self._index is None:
                return np.zeros(0, np.int64)
            searcher = self._index.searcher()
            hits = searcher.search(Query.all_query(), max(1, searcher.num_docs), count=False).hits
            keys = searcher.fast_field_values("key", [address for _, address in hits])
        found = np.array(keys, np.int64)
        return np.sort(found[found > 0])

    def close(self) -> None:
        """Let go of the index."""
        self.position, self._index, self._stamp = None, None, None
        if self._links is not None:
            self._links.cleanup()
            self._links = None
