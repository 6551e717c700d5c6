"""What indexing must not lose: what cannot be seen for a moment, and what another source has."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from germane import Document, Index
from germane.errors import InputError
from germane.types import IndexReport
from nobody import NOBODY, as_nobody

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
import broken_files


def ids(index: Index) -> list[str]:
    return sorted(id for id, _, _ in index.store.documents())


def failing(call: Callable[..., object], place: Path, *, after: int = 0) -> Callable[..., object]:
    """``call``, which fails for ``place`` as on a bad disk, once it has worked ``after`` times."""
    calls: list[Path] = []

    def called(path: Path, *rest: object, **named: object) -> object:
        calls.extend([path] if path == place else [])
        if path == place and len(calls) > after:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return call(path, *rest, **named)

    return called


def is_kept(found: IndexReport, source: str, why: str) -> bool:
    [skip] = found.skipped
    same = (found.documents, found.unchanged, found.removed) == (2, 2, 0)
    return same and skip == (source, f"{why}; what was indexed of it is kept")


def write_docs(home: Path) -> Path:
    (home / "docs/folder").mkdir(parents=True)
    (home / "docs/folder/a.txt").write_text("Text of a.")
    (home / "docs/b.txt").write_text("Text of b.")
    return home / "docs"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return write_docs(tmp_path)


@pytest.mark.parametrize("part", ["folder", "folder/a.txt"])
def test_what_a_bad_disk_does_not_show_is_kept(
    tmp_path: Path, docs: Path, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.create(tmp_path / "index") as index:
        index.add(docs)
        with monkeypatch.context() as broken:
            broken.setattr(os, "scandir", failing(os.scandir, docs / part))
            broken.setattr(Path, "open", failing(Path.open, docs / part))
            found = index.add(docs)
        assert is_kept(found, part, f"{'folder ' * (part == 'folder')}cannot be read: Input/output error")
        (docs / "folder/a.txt").unlink()
        assert index.add(docs).removed == 1


def test_a_file_that_fails_while_it_is_read_is_kept_and_read_again(
    tmp_path: Path, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.create(tmp_path / "index") as index:
        index.add(docs)
        (docs / "b.txt").write_text("New text of b.")
        with monkeypatch.context() as broken:
            broken.setattr(Path, "open", failing(Path.open, docs / "b.txt", after=1))
            assert is_kept(index.add(docs), "b.txt", "cannot be read: Input/output error")
        assert index.store.document("b.txt").text == "Text of b."
        assert index.add(docs).updated == 1


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that is there and fails")
@pytest.mark.parametrize("name", ["z.txt", "z.md", "z.docx", "z.pdf"])
def test_a_file_whose_disk_fails_meanwhile_is_not_taken_for_damaged(tmp_path: Path, name: str) -> None:
    """Whoever reads the first bytes of a process's memory is told of an input error, root too."""
    docs, file = tmp_path / "docs", tmp_path / "docs" / name
    docs.mkdir()
    file.write_bytes(whole(file.suffix))
    with Index.create(tmp_path / "index") as index:
        index.add(docs)
        (docs / "many.jsonl").write_text('{"text": "One of many."}\n' * 500)  # some batches before it
        file.touch()

        def fail(_: object) -> None:
            file.unlink(missing_ok=True)
            file.symlink_to("/proc/self/mem")

        found = index.add(docs, progress=fail)
        kept = (name, "cannot be read: Input/output error; what was indexed of it is kept")
        assert found.skipped == (kept,)
        assert name in ids(index)


def whole(suffix: str) -> bytes:
    """A small file of that kind."""
    if suffix == ".docx":
        return broken_files.docx(broken_files.document(broken_files.PARAGRAPH))
    return broken_files.pdf() if suffix == ".pdf" else b"Text of z."


@pytest.fixture
def nobodys() -> Iterator[tuple[Path, Index]]:
    """A folder of documents and an empty index that belong to nobody, as whom the test then goes on. What
    indexing imports is imported by then: nobody may not read it everywhere."""
    with TemporaryDirectory() as warm, Index.create(warm + "/index") as index:
        index.add(write_docs(Path(warm)))
    with TemporaryDirectory() as home:
        if os.geteuid() == 0:
            os.chown(home, NOBODY, NOBODY)
        with as_nobody(), Index.create(home + "/index") as index:
            yield write_docs(Path(home)), index


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs the permissions of POSIX")
@pytest.mark.parametrize(
    ("part", "mode", "skipped", "why"),
    [
        ("folder", 0o000, "folder", "folder cannot be read: Permission denied"),
        ("folder", 0o444, "folder/a.txt", "cannot be read: Permission denied"),  # its names, nothing more
        ("folder/a.txt", 0o000, "folder/a.txt", "cannot be read: Permission denied"),
    ],
)
def test_what_may_not_be_read_is_kept(
    nobodys: tuple[Path, Index], part: str, mode: int, skipped: str, why: str
) -> None:
    docs, index = nobodys
    index.add(docs)
    (docs / part).chmod(mode)
    found = index.add(docs)
    (docs / part).chmod(0o700)
    again = index.add(docs)
    assert is_kept(found, skipped, why)
    assert (again.unchanged, again.skipped) == (2, ())


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs the permissions of POSIX")
@pytest.mark.parametrize("link", [False, True])
def test_what_stands_in_a_folder_that_may_not_be_read_is_kept(
    nobodys: tuple[Path, Index], link: bool
) -> None:
    docs, index = nobodys
    named = docs / "folder"
    if link:
        named = docs.parent / "link"
        named.symlink_to(docs / "folder")
    index.add(docs, named)
    before = ids(index)
    docs.chmod(0o000)
    found = index.add(named)
    docs.chmod(0o700)
    assert (ids(index), found.removed) == (before, 0)
    assert [skip.reason.split(":")[0] for skip in found.skipped] == ["cannot be read"]


def test_a_document_that_another_source_took_comes_back(tmp_path: Path, docs: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        index.add(docs)
        index.add_documents([Document("b.txt", "Another text of b.")])
        assert index.store.document("b.txt").text == "Another text of b."
        index.add_documents([])
        assert ids(index) == ["folder/a.txt"]
        assert index.add(docs).added == 1
        assert index.store.document("b.txt").text == "Text of b."


@pytest.mark.parametrize("name", ["own.db", "b.txt"])
def test_documents_of_ones_own_do_not_go_with_a_folder_their_source_is_named_like(
    tmp_path: Path, docs: Path, name: str
) -> None:
    with Index.create(tmp_path / "index") as index:
        index.add_documents([Document("own", "Text of my own.")], source=str(docs / name))
        assert [index.add(docs).removed for _ in range(2)] == [0, 0]
        assert ids(index) == ["b.txt", "folder/a.txt", "own"]


def test_documents_of_ones_own_do_not_replace_a_file_of_their_sources_name(
    tmp_path: Path, docs: Path
) -> None:
    (docs / "documents").write_text("A file without a suffix.")
    with Index.create(tmp_path / "index") as index:
        index.add(docs)
        with pytest.raises(InputError, match="is a file of the index"):
            index.add_documents([Document("own", "Text of my own.")])
        assert "documents" in ids(index)


def test_a_file_that_was_named_stays_when_its_folder_is_indexed(tmp_path: Path, docs: Path) -> None:
    """Though no walk of a folder comes to hidden files, or reads those of an unknown kind."""
    (docs / ".own").mkdir()
    named = [docs / "notes.weird", docs / ".hidden.md", docs / ".own/plan.md"]
    for path in (*named, docs / "other.weird", docs / ".own/not named.md"):
        path.write_text(f"Text of {path.name}.")
    with Index.create(tmp_path / "index") as index:
        assert index.add(*named).added == 3
        for skipped in (["other.weird"], ["other.weird"]):
            done = index.add(docs)
            assert [skip.source for skip in done.skipped] == skipped
            assert ids(index) == [".hidden.md", "b.txt", "folder/a.txt", "notes.weird", "plan.md"]
        assert (done.added, done.removed, done.unchanged) == (0, 0, 5)
        index.add(docs, exclude=[".own"])
        named[0].unlink()
        assert index.add(docs).removed == 1
        assert ids(index) == [".hidden.md", "b.txt", "folder/a.txt"]


def test_a_folder_and_a_file_in_it_are_named_at_once(tmp_path: Path, docs: Path) -> None:
    (docs / "notes.weird").write_text("Text of a note.")
    with Index.create(tmp_path / "index") as index:
        done = index.add(docs, docs / "notes.weird")
        assert (done.added, done.skipped) == (3, ())


def test_files_of_one_name_in_folders_whose_names_are_no_text(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("plain", os.fsdecode(b"odd\xff"), "two\nlines")]
    try:
        for folder in folders:
            folder.mkdir()
            (folder / "a.txt").write_text("Text of a.")
    except OSError:
        pytest.skip("the file system takes only UTF-8 names")
    with Index.create(tmp_path / "index") as index:
        for added in (3, 0):
            done = index.add(*folders)
            assert (done.added, done.removed, done.unchanged) == (added, 0, 3 - added)
            assert ids(index) == ["a.txt", "odd\\xff/a.txt", "two\\x0alines/a.txt"]
