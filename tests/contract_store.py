"""What every store must do. Subclass ``StoreContract`` with a ``make`` and a ``reopen`` fixture:
``make(settings) -> Store`` makes a new one, ``reopen(store) -> Store`` opens the same one again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from germane.encode.pack import pack
from germane.encode.protocol import Tokens
from germane.errors import EncoderMismatch, InputError, StoreError
from germane.store.protocol import Counts, Entry, Source, Store, Stored, Written
from germane.types import Document, Passage, Place, Section

DIMENSION = 32
SETTINGS = {"encoder": "fake", "dimension": str(DIMENSION), "token_format": "int8"}
Make = Callable[..., Store]
Reopen = Callable[[Store], Store]
NONE = np.zeros(0, np.int64)


def vector(text: str, dimension: int = DIMENSION) -> NDArray[np.float32]:
    """A unit vector drawn from the hash of a text."""
    seed = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")
    drawn = np.random.default_rng(seed).standard_normal(dimension).astype(np.float32)
    return drawn / np.linalg.norm(drawn)


def tokens(text: str, dimension: int = 8) -> Tokens:
    """A token matrix of the words of a text."""
    words, at, spans = text.split(), 0, []
    for word in words:
        at = text.index(word, at)
        spans.append((at, at + len(word)))
        at += len(word)
    vectors = np.array([vector(word, dimension) for word in words], np.float32).reshape(-1, dimension)
    return Tokens(vectors, np.arange(len(words), dtype=np.int32), np.array(spans, np.int32).reshape(-1, 2))


def entry(
    id: str, *texts: str, fingerprint: str = "", own: Sequence[Mapping] | None = None, **metadata
) -> Entry:
    """A document of the given passages; ``own``: metadata of each passage, if not the document's."""
    whole, places = "\n".join(texts), []
    for order, text in enumerate(texts):
        start = whole.index(text)
        places.append(Place(id, start, start + len(text), order, ("Chapter",)))
    passages = [
        Passage(f"{id}#{p.order}", text, p, metadata if own is None else own[p.order])
        for p, text in zip(places, texts, strict=True)
    ]
    document = Document(id, whole, f"About {id}", (Section(0, len(whole), ("Chapter",)),), metadata)
    pooled = np.array([vector(text) for text in texts], np.float32).reshape(-1, DIMENSION)
    return Entry(
        document, fingerprint or whole, passages, pooled, [pack(tokens(text), "int8") for text in texts]
    )


def source(name: str = "a.txt", **more) -> Source:
    return Source(name, more.pop("path", "/corpus/a.txt"), more.pop("size", 10), 20, **more)


def _no_unicode() -> Entry:
    return entry("bad", "fine")._replace(document=Document("bad", "\ud800"))


def ids(store: Store, ranked) -> list[str]:
    return [stored.passage.id for stored in store.fetch(ranked.keys)]


def everything(store: Store) -> dict[str, Stored]:
    """All passages by id, by way of the dense scan."""
    ranked = store.dense(vector("any"), 1_000_000)
    return {stored.passage.id: stored for stored in store.fetch(ranked.keys)}


FIELDS = st.fixed_dictionaries(
    {}, optional={"lang": st.sampled_from(["en", "de"]), "year": st.integers(1, 3), "new": st.booleans()}
)
CORPUS = st.dictionaries(st.sampled_from("abcdef"), st.lists(FIELDS, min_size=1, max_size=3), max_size=6)


class StoreContract:
    """The tests; ``make`` and ``reopen`` come from the subclass."""

    @pytest.fixture
    def store(self, make: Make) -> Store:
        return make(SETTINGS)

    def test_empty(self, store: Store) -> None:
        assert store.counts() == Counts(0, 0)
        assert len(store.dense(vector("x"), 5).keys) == 0
        assert len(store.lexical("x", 5).keys) == 0
        assert store.fetch(NONE) == []
        assert store.refresh() == 0
        assert store.check() == []

    def test_put_and_fetch_give_back_what_was_put(self, store: Store) -> None:
        put = entry("d", "the first passage", "the second passage", lang="en", year=2024, new=True)
        assert store.put(source(), [put]) == Written(1, 0, 0)
        found = everything(store)
        assert list(sorted(found)) == ["d#0", "d#1"]
        for i, passage in enumerate(put.passages):
            stored = found[passage.id]
            assert stored.passage.text == passage.text
            assert stored.passage.place == passage.place
            assert stored.passage.metadata == {"lang": "en", "year": 2024, "new": True}
            np.testing.assert_array_equal(stored.pooled, put.pooled[i])
            assert stored.tokens is not None
            own = tokens(passage.text)
            np.testing.assert_array_equal(stored.tokens.offsets, own.offsets)
            np.testing.assert_array_equal(stored.tokens.ids, own.ids)
            assert (np.sum(stored.tokens.vectors * own.vectors, axis=1) > 0.999).all()
        assert store.document("d") == put.document
        assert list(store.documents()) == [("d", "About d", 2)]

    def test_odd_text_survives(self, store: Store) -> None:
        text = "NUL \x00 inside, \U0001f600, e\u0301, \u202e, 'quotes\" AND (OR) field:value*"
        store.put(source(), [entry("odd", text)])
        assert everything(store)["odd#0"].passage.text == text
        assert ids(store, store.lexical('field:value* AND ( "', 5)) == ["odd#0"]

    def test_text_that_is_no_unicode_is_refused_and_nothing_is_written(self, store: Store) -> None:
        with pytest.raises(InputError):
            store.put(source(), [entry("good", "good"), _no_unicode()])
        assert store.counts() == Counts(0, 0)

    def test_what_is_written_together_is_written_whole_or_not_at_all(self, store: Store) -> None:
        with store.together():
            store.put(source("a"), [entry("a", "alpha words")])
            store.put(source("b"), [entry("b", "beta words")])
            store.finish(source("a"), ["a"])
            assert store.counts() == Counts(2, 2)
        before = store.change

        def stopped() -> None:
            with store.together():
                store.put(source("c"), [entry("c", "gamma words")])
                store.remove(["a"])
                raise ZeroDivisionError

        def careless() -> None:
            with store.together():
                store.put(source("c"), [entry("c", "gamma words")])
                with contextlib.suppress(InputError):
                    store.put(source("c"), [entry("d", "fine"), _no_unicode()])

        with pytest.raises(ZeroDivisionError):
            stopped()
        with pytest.raises(StoreError):
            careless()
        assert store.change == before
        assert sorted(everything(store)) == ["a#0", "b#0"]
        assert store.sources()["a"] == source("a")
        assert list(store.sources()) == ["a", "b"]
        assert len(store.lexical("gamma", 5).keys) == 0
        store.put(source("c"), [entry("c", "gamma words")])
        assert len(store.lexical("words", 5).keys) == 3
        assert store.check() == []

    def test_put_replaces_only_what_differs(self, store: Store) -> None:
        store.put(source(), [entry("a", "old words"), entry("b", "same words")])
        before = store.change
        assert store.put(source(), [entry("a", "new words"), entry("b", "same words")]) == Written(0, 1, 1)
        assert store.change > before
        assert {s.passage.text for s in everything(store).values()} == {"new words", "same words"}
        assert ids(store, store.lexical("old", 5)) == []
        assert store.put(source(), [entry("a", "new words")]) == Written(0, 0, 1)
        assert store.check() == []

    def test_keys_are_never_used_again(self, store: Store) -> None:
        store.put(source(), [entry("a", "one")])
        first = store.dense(vector("one"), 1).keys
        store.remove(["a"])
        store.put(source(), [entry("a", "one")])
        second = store.dense(vector("one"), 1).keys
        assert second[0] > first[0]
        assert store.fetch(first) == []
        assert [s.key for s in store.fetch(np.concatenate([second, first, second]))] == [second[0], second[0]]

    def test_a_document_put_by_another_source_moves(self, store: Store) -> None:
        store.put(source("a.txt"), [entry("d", "words")])
        store.put(source("b.txt"), [entry("d", "words")])
        assert store.fingerprints("a.txt") == {}
        assert list(store.fingerprints("b.txt")) == ["d"]
        assert len(store.lexical("words", 5, {"source": "b.txt"}).keys) == 1
        assert len(store.lexical("words", 5, {"source": "a.txt"}).keys) == 0

    def test_a_document_without_passages(self, store: Store) -> None:
        assert store.put(source(), [entry("empty")]) == Written(1, 0, 0)
        assert store.counts() == Counts(1, 0)
        assert store.put(source(), [entry("empty")]) == Written(0, 0, 1)
        assert store.fingerprints("a.txt") == {"empty": ""}
        assert store.check() == []

    def test_finish_removes_what_the_source_no_longer_holds(self, store: Store) -> None:
        store.put(source(), [entry("a", "alpha"), entry("b", "beta")])
        store.put(source("other"), [entry("c", "gamma")])
        assert store.sources()["a.txt"].size != source().size  # not read to its end yet
        assert store.finish(source(), ["a"]) == 1
        assert store.sources()["a.txt"] == source()
        assert sorted(everything(store)) == ["a#0", "c#0"]
        assert store.fingerprints("a.txt") == {"a": "alpha"}

    def test_finish_keeps_why_a_source_gave_nothing(self, store: Store) -> None:
        store.finish(source(skipped="not text"), [])
        assert store.sources() == {"a.txt": source(skipped="not text")}

    def test_forget_and_remove(self, store: Store) -> None:
        store.put(source("a"), [entry("a1", "alpha"), entry("a2", "alef")])
        store.put(source("b"), [entry("b1", "beta")])
        assert store.forget(["a", "unknown"]) == 2
        assert list(store.sources()) == ["b"]
        assert store.remove(["b1", "b1", "unknown"]) == 1
        assert store.counts() == Counts(0, 0)
        assert len(store.dense(vector("alpha"), 5).keys) == len(store.lexical("alpha beta", 5).keys) == 0
        with pytest.raises(InputError):
            store.document("b1")
        assert store.check() == []

    def test_which_documents_and_fields_there_are(self, store: Store) -> None:
        assert (store.holds(["a"]), store.fields()) == (set(), [])
        store.put(source("a"), [entry("a", "word", own=[{"page": 1}], lang="en"), entry("empty", new=True)])
        store.put(source("b"), [entry("b", "word three", lang="de")])
        assert store.holds(["a", "b", "empty", "A", ""]) == {"a", "b", "empty"}
        assert store.fields() == ["document", "lang", "page", "source"]
        store.remove(["a"])
        assert store.holds(["a", "b", "b"]) == {"b"}
        assert store.fields() == ["document", "lang", "source"]

    def test_what_does_not_fit_is_refused(self, store: Store) -> None:
        good = entry("d", "words")
        with pytest.raises(EncoderMismatch):
            store.put(source(), [good._replace(pooled=np.ones((1, 3), np.float32))])
        with pytest.raises(EncoderMismatch):
            store.dense(np.ones(3, np.float32), 5)
        with pytest.raises(InputError):
            store.put(source(), [good._replace(tokens=None)])
        with pytest.raises(InputError):
            store.put(source(), [good._replace(pooled=good.pooled * np.float32("nan"))])
        with pytest.raises(InputError):
            store.dense(vector("x") * np.float32("nan"), 5)
        assert store.counts() == Counts(0, 0)

    def test_settings_and_content_are_kept(self, store: Store, reopen: Reopen) -> None:
        store.put(source(), [entry("a", "alpha words")])
        change = store.change
        again = reopen(store)
        assert dict(again.settings) == SETTINGS
        assert again.change == change
        assert ids(again, again.lexical("alpha", 5)) == ["a#0"]

    def test_without_token_matrices(self, make: Make) -> None:
        store = make({**SETTINGS, "token_format": "none"})
        store.put(source(), [entry("a", "alpha")._replace(tokens=None)])
        assert everything(store)["a#0"].tokens is None

    def test_dense_is_exact(self, store: Store) -> None:
        texts = [f"text {i}" for i in range(3000)]
        store.put(source(), [entry(f"d{i}", *texts[i : i + 100]) for i in range(0, 3000, 100)])
        matrix = np.array([vector(text) for text in texts])
        for question in ("one", "two", "three"):
            cosines = matrix @ vector(question)
            ranked = store.dense(vector(question) * 7, 50)
            expected = np.argsort(-cosines)[:50]
            found = [s.passage.text for s in store.fetch(ranked.keys, tokens=False)]
            assert found == [texts[i] for i in expected]
            np.testing.assert_allclose(ranked.scores, cosines[expected], atol=1e-5)

    def test_lexical_ranks_and_scores(self, store: Store) -> None:
        store.put(
            source(),
            [
                entry("a", "the cat sat on the mat and looked at the door for a long while"),
                entry("b", "cats and more cats"),
                entry("c", "nothing of the kind"),
                entry("names", "use shutil.copy2 or v1.2.3 when HTTP-404 meets max_tokens"),
                entry("parts", "shutil and copy2 and v1 2 3 and HTTP 404 and max tokens"),
            ],
        )
        ranked = store.lexical("cat", 5)
        assert ids(store, ranked) == ["b#0", "a#0"]
        assert (np.diff(ranked.scores) <= 0).all()
        assert ids(store, store.lexical("the", 1)) != []  # nothing but a stop word
        assert ids(store, store.lexical("about b", 1)) == ["b#0"]  # the title counts
        for name in ("shutil.copy2", "v1.2.3", "HTTP-404", "max_tokens"):
            assert ids(store, store.lexical(name, 5))[0] == "names#0", name
        assert len(store.lexical("", 5).keys) == len(store.lexical("?!", 5).keys) == 0
        keys = np.array([s.key for s in everything(store).values()])
        scores = dict(zip(ranked.keys.tolist(), ranked.scores.tolist(), strict=True))
        assert store.lexical_scores("cat", keys) == pytest.approx([scores.get(int(k), 0.0) for k in keys])

    def test_odd_queries_and_counts(self, store: Store) -> None:
        store.put(source(), [entry(f"d{i}", f"common number{i}") for i in range(5)])
        for k in (5, 6, 10**6, 2**31, 2**63, 10**30):
            assert len(store.dense(vector("x"), k).keys) == len(store.lexical("common", k).keys) == 5
        for k in (0, -1):
            assert len(store.dense(vector("x"), k).keys) == len(store.lexical("common", k).keys) == 0
        many = " ".join(f"word{i}" for i in range(10_000))
        assert ids(store, store.lexical(f"{many} number3", 9)) == ["d3#0"]
        assert ids(store, store.lexical("\ud800 number3", 9)) == ["d3#0"]  # as a shell may hand it over
        for text in ("", "?! ...", "\x00", "\U0001f600", "\u200b", "\ud800"):
            assert len(store.lexical(text, 9).keys) == 0

    def test_filters_by_field(self, store: Store) -> None:
        own = [{"page": 1}, {"page": 2, "lang": "de"}]
        store.put(source("a"), [entry("a", "word one", "word two", own=own, lang="en", new=True)])
        store.put(source("b"), [entry("b", "word three", price=1.5)])
        expected = {
            ("page", 2): ["a#1"], ("page", "2"): ["a#1"], ("lang", "de"): ["a#1"], ("lang", "en"): ["a#0"],
            ("new", True): ["a#0", "a#1"], ("new", "true"): ["a#0", "a#1"], ("new", False): [],
            ("price", 1.5): ["b#0"], ("document", "b"): ["b#0"], ("source", "a"): ["a#0", "a#1"],
            ("nothing", "x"): [], ("lang", "e"): [], ("lang", "EN"): [],
        }  # fmt: skip
        for (field, value), passages in expected.items():
            assert sorted(ids(store, store.dense(vector("q"), 9, {field: value}))) == passages
            assert sorted(ids(store, store.lexical("word", 9, {field: value}))) == passages
        assert ids(store, store.lexical("word", 9, {"lang": "en", "new": True, "source": "a"})) == ["a#0"]
        assert ids(store, store.dense(vector("q"), 9, {"lang": "en", "page": 2})) == []

    def test_filters_equal_brute_force(self, make: Make) -> None:
        @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
        @given(CORPUS, CORPUS, FIELDS)
        def holds(first: dict, second: dict, where: dict) -> None:
            store = make(SETTINGS)
            model: dict[str, dict] = {}
            for corpus in (first, second):
                for id, fields in corpus.items():
                    texts = [f"common {id} {i} {sorted(f.items())}" for i, f in enumerate(fields)]
                    store.put(source(id), [entry(id, *texts, own=fields)])
                    model = {k: v for k, v in model.items() if k.split("#")[0] != id}
                    model |= {f"{id}#{i}": f for i, f in enumerate(fields)}
            expected = sorted(k for k, f in model.items() if all(f.get(n) == v for n, v in where.items()))
            assert sorted(ids(store, store.dense(vector("q"), 99, where))) == expected
            assert sorted(ids(store, store.lexical("common", 99, where))) == expected
            assert store.check() == []
            store.close()

        holds()

    def test_near_duplicates_share_a_group(self, store: Store) -> None:
        words = " ".join(f"word{i}" for i in range(60))
        store.put(source("a"), [entry("a", words), entry("b", "something else entirely, of other words")])
        store.put(source("c"), [entry("c", words.upper(), words + " end")])
        found = everything(store)
        groups = {id: s.passage.group for id, s in found.items()}
        assert groups["a#0"] == groups["c#0"] == groups["c#1"] == found["a#0"].key
        assert groups["b#0"] == found["b#0"].key
        store.remove(["a"])  # the founder goes, the group goes on
        store.put(source("d"), [entry("d", words)])
        found = everything(store)
        assert {found[id].passage.group for id in ("c#0", "c#1", "d#0")} == {found["c#0"].key}
        assert store.check() == []

    def test_a_closed_store_says_so(self, store: Store) -> None:
        store.close()
        store.close()
        with pytest.raises(StoreError):
            store.counts()
