"""The index as a user holds it: add, add again, search, remove."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest

from germane import Index, Query, Verdict
from germane.encode.load import load_encoder
from germane.encode.protocol import Encoded, Kind
from germane.errors import EncoderMismatch, InputError, MissingIndex
from germane.types import Document


def test_three_lines(tmp_path: Path, corpus: Path) -> None:
    index = Index.make(tmp_path / "index")
    index.add(corpus)
    found = index.search("how do I get my contacts out of the app?")
    every = [hit.passage.place.document for hit in (*found.results, *found.rejected)]
    assert "guide.md" in every
    assert str(found).startswith("how do I get")


def test_indexing_again_takes_only_what_changed(tmp_path: Path, corpus: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        first = index.add(corpus)
        assert (first.added, first.updated, first.removed, first.unchanged) == (first.documents, 0, 0, 0)
        again = index.add(corpus)
        assert (again.added, again.updated, again.removed) == (0, 0, 0)
        assert again.unchanged == first.documents
        (corpus / "leave.txt").write_text("Annual leave in 2025 is 30 days.")
        (corpus / "guide.md").unlink()
        (corpus / "new.md").write_text("# New\n\nThe office in Leeds opens at nine.")
        third = index.add(corpus)
        assert (third.added, third.updated, third.removed) == (1, 1, 1)
        texts = [hit.passage.text for hit in index.search("annual leave", verify=False).results]
        assert any("2025" in text for text in texts)
        assert not any("2024" in text for text in texts)
        assert "guide.md" not in [id for id, _, _ in index.store.documents()]


def test_a_touched_file_with_the_same_words_is_unchanged(tmp_path: Path, corpus: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        first = index.add(corpus)
        os.utime(corpus / "leave.txt", (1, 1))
        again = index.add(corpus)
        assert (again.added, again.updated, again.unchanged) == (0, 0, first.documents)


def test_two_folders_with_files_of_one_name_are_both_kept(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "readme.md").write_text(f"# Read me\n\nThis is folder {name}.")
    with Index.create(tmp_path / "index") as index:
        index.add(tmp_path / "a")
        index.add(tmp_path / "b")
        assert sorted(id for id, _, _ in index.store.documents()) == ["b/readme.md", "readme.md"]
        again = index.add(tmp_path / "b")
        assert (again.added, again.removed, again.unchanged) == (0, 0, 1)


def test_folders_named_at_once_are_told_apart_and_stay_so(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two", tmp_path / "other" / "one"]
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "a.md").write_text(f"# A\n\nThis stands in {folder.parent.name}, {folder.name}.")
    with Index.create(tmp_path / "index") as index:
        for _ in range(2):
            done = index.add(*folders)
            assert sorted(id for id, _, _ in index.store.documents()) == ["a.md", "one/a.md", "two/a.md"]
        assert (done.added, done.removed, done.unchanged) == (0, 0, 3)


@pytest.mark.parametrize("attempt", range(3))
def test_two_processes_index_folders_with_files_of_one_name(tmp_path: Path, attempt: int) -> None:
    """Neither takes the other's ids, whoever is first."""
    del attempt
    for folder in ("A", "B"):
        (tmp_path / folder).mkdir()
        for i in range(6):
            (tmp_path / folder / f"f{i}.md").write_text(f"Text {i} of folder {folder}.")
    with Index.create(tmp_path / "index"):
        pass
    call = [sys.executable, "-m", "germane", "index", "--into", str(tmp_path / "index")]
    both = [subprocess.Popen([*call, str(tmp_path / folder)], stdout=subprocess.PIPE) for folder in "AB"]
    said = [process.communicate()[0].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert all("6 added" in line for line in said)
    with Index.open(tmp_path / "index") as index:
        names = [id for id, _, _ in index.store.documents()]
        texts = {index.store.document(id).text for id in names}
        assert len(names) == len(texts) == 12
        again = index.add(tmp_path / "A", tmp_path / "B")
        assert (again.added, again.updated, again.removed, again.unchanged) == (0, 0, 0, 12)


def test_a_file_keeps_its_id_when_a_folder_of_its_folder_is_indexed(tmp_path: Path) -> None:
    inside = tmp_path / "docs/guide"
    inside.mkdir(parents=True)
    (inside / "a.md").write_text("Text of a.")
    with Index.create(tmp_path / "index") as index:
        index.add(tmp_path / "docs")
        again = index.add(inside)
        assert (again.added, again.removed, again.unchanged) == (0, 0, 1)
        assert [id for id, _, _ in index.store.documents()] == ["guide/a.md"]


def test_many_small_files_are_a_few_commits(tmp_path: Path) -> None:
    """A commit waits for the disk: one a file would take longer than the encoder."""
    (tmp_path / "many").mkdir()
    for i in range(60):
        (tmp_path / "many" / f"{i}.txt").write_text(f"File {i}.")
    with Index.create(tmp_path / "index") as index:
        commits: list[str] = []
        index.store._session.connection.set_trace_callback(  # type: ignore[attr-defined]
            lambda said: commits.append(said) if said == "COMMIT" else None
        )
        assert index.add(tmp_path / "many").added == 60
        assert len(commits) < 8


def test_what_is_skipped_is_said_each_time(tmp_path: Path, corpus: Path) -> None:
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (corpus / "noise.txt").write_bytes(bytes(range(256)) * 8)
    with Index.create(tmp_path / "index") as index:
        for _ in range(2):
            skipped = {Path(skip.source).name for skip in index.add(corpus).skipped}
            assert skipped == {"broken.pdf", "noise.txt"}


def test_results_and_rejected_hold_each_candidate_once_with_all_signals(built: Path) -> None:
    with Index.open(built) as index:
        found = index.search("how many days of leave in 2024?", k=50)
        hits = [*found.results, *found.rejected]
        assert len({hit.passage.id for hit in hits}) == len(hits) == len(index)
        for hit in hits:
            assert hit.verdict is not None
            assert 0 <= (hit.probability or 0.0) <= 1
            assert None not in hit.signals.to_dict().values()
        assert all(hit.verdict in (Verdict.RELEVANT, Verdict.UNSURE) for hit in found.results)
        assert all(hit.verdict in (Verdict.NEAR_MISS, Verdict.OFF_TOPIC) for hit in found.rejected)
        assert [step.name for step in found.trace.steps] == [
            "encode", "dense", "lexical", "fetch", "tokens", "verify",
        ]  # fmt: skip


def test_what_has_no_place_among_k_is_counted(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Index.open(built) as index:
        verify, verdicts = index.verifier.verify, [Verdict.UNSURE, Verdict.RELEVANT, Verdict.NEAR_MISS]

        def judge(*args, **kwargs):
            each = verify(*args, **kwargs)
            return [replace(v, verdict=verdicts[i % 3]) for i, v in enumerate(each)]

        monkeypatch.setattr(index.verifier, "verify", judge)
        every, few = index.search("leave", k=50), index.search("leave", k=1)
        assert len(every.results) + len(every.rejected) == len(index)
        assert every.trace.steps[-1].notes["beyond_k"] == 0
        assert few.results == every.results[:1]
        assert few.results[0].verdict is Verdict.RELEVANT
        assert few.rejected == every.rejected
        assert few.trace.steps[-1].notes["beyond_k"] == len(every.results) - 1 > 0


def test_places_point_into_the_document(built: Path) -> None:
    with Index.open(built) as index:
        for hit in index.search("export contacts", verify=False).results:
            place = hit.passage.place
            assert index.store.document(place.document).text[place.start : place.end] == hit.passage.text
        [export] = [
            h for h in index.search("export", verify=False).results if h.passage.text.startswith("## Export")
            or "choose Export" in h.passage.text
        ]  # fmt: skip
        assert "Export" in export.passage.place.headings


@pytest.mark.parametrize("mode", ["dense", "lexical", "fused"])
def test_each_recall_stands_alone(built: Path, mode: str) -> None:
    with Index.open(built) as index:
        found = index.search("express train to Leeds", mode=mode, verify=False)  # type: ignore[arg-type]
        assert found.results[0].passage.place.document.startswith("trains.csv")


def test_filters_are_exact(built: Path) -> None:
    with Index.open(built) as index:
        everything = index.search("contacts", k=50, verify=False)
        formats = {hit.passage.metadata["format"] for hit in everything.results}
        assert len(formats) > 1
        for name in formats:
            found = index.search("contacts", k=50, verify=False, where={"format": name})
            assert {hit.passage.metadata["format"] for hit in found.results} == {name}
        assert not index.search("contacts", where={"format": "no such"}).results


def test_without_stored_tokens_the_verdicts_are_the_same(tmp_path: Path, corpus: Path, built: Path) -> None:
    with Index.create(tmp_path / "index", token_format="none") as light, Index.open(built) as full:
        light.add(corpus)
        query = "how many days of leave in 2024?"
        ours = {h.passage.text: h for h in light.search(query, k=50).results}
        for hit in full.search(query, k=50).results:
            assert ours[hit.passage.text].probability == pytest.approx(hit.probability, abs=0.03)


def test_remove(tmp_path: Path, corpus: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        index.add(corpus)
        assert index.remove("guide.md", "no such document") == 1
        found = index.search("export contacts", verify=False)
        assert all(hit.passage.place.document != "guide.md" for hit in found.results)


def test_what_was_removed_comes_back_when_its_file_is_indexed_again(tmp_path: Path, corpus: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        first = index.add(corpus)
        index.remove("guide.md")
        again = index.add(corpus / "guide.md")
        assert (again.added, again.documents) == (1, first.documents)
        assert index.add(corpus).added == 0


def test_equal_passages_are_encoded_once_and_all_are_found(tmp_path: Path) -> None:
    asked: list[str] = []

    class Counting:
        def __init__(self) -> None:
            self.inner = load_encoder()
            self.identity, self.dimension = "counting", self.inner.dimension
            self.token_dimension = self.inner.token_dimension

        def encode(self, texts: Sequence[str], *, kind: Kind = "passage", tokens: bool = True) -> Encoded:
            asked.extend(texts)
            return self.inner.encode(texts, kind=kind, tokens=tokens)

    texts = ("The office in Leeds opens at nine.", "Annual leave is 30 days.")
    with Index.create(tmp_path / "index", encoder=Counting()) as index:
        index.add_documents(Document(f"{i}", texts[i % 2]) for i in range(40))
        assert sorted(asked) == sorted(texts)
        hits = index.search("When does the office open?", k=40, candidates=40, verify=False).results
        assert len(hits) == 40
        similarities = {(hit.passage.text, round(hit.signals.similarity or 0.0, 5)) for hit in hits}
        assert len(similarities) == 2


def test_documents_of_ones_own(tmp_path: Path) -> None:
    with Index.create(tmp_path / "index", passage_size=None) as index:
        text = "A sentence of some length stands here. " * 100
        done = index.add_documents([Document("one", text, metadata={"year": 2024})])
        assert (done.documents, done.passages) == (1, 1)
        assert index.add_documents([Document("two", "Another text.")]).removed == 1


class Own:
    """An encoder of one's own, of another dimension than the shipped one; ``change`` spoils its vectors."""

    identity, dimension, token_dimension = "own", 8, 8

    def __init__(self, change: Callable[[np.ndarray], object] = lambda vectors: vectors) -> None:
        self.change = change

    def encode(self, texts: Sequence[str], *, kind: Kind = "passage", tokens: bool = True) -> Encoded:
        rows = [np.random.default_rng(crc32(t.encode())).normal(size=8) for t in texts]
        pooled = np.array(rows, np.float32).reshape(len(texts), 8)
        unit = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return Encoded(self.change(unit), [])  # type: ignore[arg-type]


def test_an_encoder_of_ones_own(tmp_path: Path, corpus: Path) -> None:
    with Index.create(tmp_path / "index", encoder=Own()) as index:
        index.add(corpus)
        assert index.search("how many days of leave in 2024?").trace.steps
    with Index.open(tmp_path / "index") as index, pytest.raises(InputError, match="encoder of your own"):
        index.search("anything")
    with Index.open(tmp_path / "index", encoder=Own()) as index:
        assert index.search("contacts", verify=False).results
    with Index.make(tmp_path / "index", encoder=Own()) as index:
        assert index.search("contacts", verify=False).results
    with pytest.raises(EncoderMismatch):
        Index.open(tmp_path / "index", encoder=load_encoder())


@pytest.mark.parametrize("change", [lambda v: 7 * v, lambda v: 1e30 * v, lambda v: v.astype(float).tolist()])
def test_vectors_of_any_length_and_type_are_brought_to_norm_1(tmp_path: Path, corpus: Path, change) -> None:
    with Index.create(tmp_path / "index", encoder=Own(change)) as index:
        index.add(corpus)
        [text] = [d.text for d in [index.store.document("leave.txt")]]
        best = index.search(text, 1, mode="dense", verify=False).results[0]
        assert best.signals.similarity == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    "change", [lambda v: v * np.nan, lambda v: v[:-1], lambda v: v[:, :4], lambda v: v.reshape(-1)]
)
@pytest.mark.filterwarnings("error")
def test_vectors_that_are_none_are_refused(tmp_path: Path, corpus: Path, change) -> None:
    encoder = Own(change)
    with Index.create(tmp_path / "index", encoder=encoder) as index:
        with pytest.raises(InputError, match="the encoder own gave"):
            index.add(corpus)
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("germane-index")]
        encoder.change = lambda v: v
        index.add(corpus)
        encoder.change = change
        with pytest.raises(InputError, match="the encoder own gave"):
            index.search("contacts")


def test_token_matrices_of_another_encoder_are_not_used(tmp_path: Path, corpus: Path) -> None:
    with Index.create(tmp_path / "index", encoder=Own()) as index:
        index.add(corpus)
    connection = sqlite3.connect(tmp_path / "index" / "germane.sqlite")
    with connection:
        connection.execute("UPDATE settings SET value = 'older' WHERE name = 'token_encoder'")
    connection.close()
    with Index.open(tmp_path / "index", encoder=Own()) as index:
        assert index.search("contacts", verify=False).results
        for use in (lambda: index.search("contacts"), lambda: index.add(corpus)):
            with pytest.raises(EncoderMismatch, match="older"):
                use()


def test_an_index_is_not_made_again_with_other_choices(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "index")
    same = {"encoder": "shipped", "token_format": "int8", "passage_size": 900}
    Index.make(tmp_path / "index", **same).close()
    for other in ({"token_format": "none"}, {"passage_size": None}, {"encoder": str(tmp_path)}):
        with pytest.raises(InputError, match="was made with"):
            Index.make(tmp_path / "index", **other)
    with pytest.raises(InputError):
        Index.create(tmp_path / "new", passage_size=0)
    assert not (tmp_path / "new").exists()


def test_an_index_that_another_makes_meanwhile_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = Index.create

    def slower(folder: Path, **choices) -> Index:
        create(folder, **choices).close()
        return create(folder, **choices)

    monkeypatch.setattr(Index, "create", slower)
    with Index.make(tmp_path / "index") as index:
        assert len(index) == 0
    with pytest.raises(InputError, match="token_format"):
        Index.make(tmp_path / "other", token_format="int3")


def test_two_documents_of_one_id(tmp_path: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        twins = [Document("a", "The first one."), Document("a", "The second one."), Document("b", "Another.")]
        for added in (2, 0):
            done = index.add_documents(twins)
            assert (done.added, done.updated, done.documents) == (added, 0, 2)
            assert [skip.source for skip in done.skipped] == ["a"]
        assert index.store.document("a").text == "The first one."


@pytest.mark.parametrize("wrong", ["text", Document("a", None), Document("a", "x", metadata={"f": [1]})])  # type: ignore[arg-type]
def test_what_is_no_document_is_refused(tmp_path: Path, wrong) -> None:
    with Index.create(tmp_path / "index") as index:
        with pytest.raises(InputError):
            index.add_documents([Document("good", "A good one."), wrong])
        assert index.store.counts().documents == 0


@pytest.mark.parametrize(
    "wrong", [Document("b\ud800", "x"), Document("b", "x \ud800"), Document("b", "x", "\ud800")]
)
def test_a_document_that_is_no_unicode_is_named(tmp_path: Path, wrong: Document) -> None:
    with Index.create(tmp_path / "index") as index:
        with pytest.raises(InputError, match=r"'b.*not valid Unicode"):
            index.add_documents([Document("a", "A good one."), wrong])
        assert index.add_documents([Document("a", "A good one.")]).added == 1


def test_an_empty_index_answers(tmp_path: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        for verify in (True, False):
            found = index.search("anything", verify=verify)
            assert (found.results, found.rejected, found.answered) == ((), (), False)


@pytest.mark.parametrize(
    "query", ["the of and", "?!", "\U0001f600", 'AND NOT (a:b)^2 "x"~3 [1 TO 5] *', "\x00"]
)
def test_odd_questions_are_answered(built: Path, query: str) -> None:
    with Index.open(built) as index:
        found = index.search(query, k=10**30)
        assert len(found.results) + len(found.rejected) == len(index)
        assert index.search(query + "\ud800", where={"nowhere": 1}).results == ()


def test_context_serves_recall(built: Path) -> None:
    with Index.open(built) as index:
        found = index.search(Query("and how long does it take?", "the express train to Leeds"), verify=False)
        assert found.results[0].passage.place.document.startswith("trains.csv")


def test_bad_questions_are_refused(built: Path) -> None:
    with Index.open(built) as index:
        for query in ("", "  \n"):
            with pytest.raises(InputError, match="empty"):
                index.search(query)
        with pytest.raises(InputError):
            index.search("x", k=0)
        for k in (2.5, "3", None):
            with pytest.raises(InputError):
                index.search("x", k=k)  # type: ignore[arg-type]
        with pytest.raises(InputError):
            index.search(Query("x", None))  # type: ignore[arg-type]
        with pytest.raises(InputError, match="mode"):
            index.search("x", mode="both")  # type: ignore[arg-type]
        with pytest.raises(InputError):
            index.add()


def test_a_huge_query_is_answered(built: Path) -> None:
    with Index.open(built) as index:
        assert index.search("leave " * 200_000, k=1).trace.steps


def test_no_index_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(MissingIndex) as raised:
        Index.open(tmp_path / "nothing")
    assert "germane index" in raised.value.hint
    assert not (tmp_path / "nothing").exists()


def test_creating_twice_is_refused(built: Path) -> None:
    with pytest.raises(InputError):
        Index.create(built)
