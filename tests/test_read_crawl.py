"""Crawling: order, ids, ignore patterns, and one line for whatever cannot be read."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from germane import Index
from germane.errors import InputError
from germane.read import File, Skip, crawl


def tree(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Some text.")
    return root


def ids(*paths: Path | str, exclude: tuple[str, ...] = ()) -> list[str]:
    return [item.id for item in crawl(paths, exclude=exclude) if isinstance(item, File)]


def skips(path: Path) -> dict[str, str]:
    return {item.source: item.reason for item in crawl([path]) if isinstance(item, Skip)}


def test_files_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    tree(tmp_path, "b.md", "a/z.txt", "a/b/c.md", "B.md", "c.txt")
    assert ids(tmp_path) == ["B.md", "a/b/c.md", "a/z.txt", "b.md", "c.txt"]


def test_ids_do_not_depend_on_where_we_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "docs/a.md", "docs/in/b.md")
    expected = list(crawl([tmp_path / "docs"]))
    monkeypatch.chdir(tmp_path)
    assert list(crawl(["docs"])) == expected
    monkeypatch.chdir(tmp_path / "docs")
    assert list(crawl(["."])) == expected
    assert [item.id for item in expected if isinstance(item, File)] == ["a.md", "in/b.md"]


def test_a_file_knows_its_size_time_root_and_format(tmp_path: Path) -> None:
    tree(tmp_path, "a.md")
    (file,) = crawl([tmp_path])
    assert isinstance(file, File)
    status = (tmp_path / "a.md").stat()
    assert (file.size, file.modified_ns) == (status.st_size, max(status.st_mtime_ns, status.st_ctime_ns))
    assert (file.root, file.format, file.path) == (str(tmp_path), "markdown", tmp_path / "a.md")


def test_ids_are_relative_to_the_root_that_was_named(tmp_path: Path) -> None:
    tree(tmp_path, "one/a.md", "two/in/a.md")
    assert ids(tmp_path / "one", tmp_path / "two") == ["a.md", "in/a.md"]


def test_files_come_once(tmp_path: Path) -> None:
    tree(tmp_path, "a.md", "b.md")
    assert ids(tmp_path / "b.md", tmp_path / "a.md", tmp_path) == ["b.md", "a.md"]


def test_ignore_files_and_excludes(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "a.md",
        "draft.md",
        "build/x.md",
        "in/draft.md",
        "in/keep.md",
        "in/deep/log.txt",
        ".git/c.md",
    )
    (tmp_path / ".gitignore").write_text("draft.md\nbuild/\n*.txt\n")
    (tmp_path / "in/.gitignore").write_text("!draft.md\n")
    assert ids(tmp_path) == ["a.md", "in/draft.md", "in/keep.md"]
    assert ids(tmp_path, exclude=("in/*",)) == ["a.md"]
    assert ids(tmp_path, exclude=("/a.md", "keep.*")) == ["in/draft.md"]
    assert skips(tmp_path) == {}


@pytest.mark.parametrize("wrong", ["!", "\\", "x[z-a]", "a\\"])
def test_a_line_that_is_no_pattern_leaves_the_others_in_force(tmp_path: Path, wrong: str) -> None:
    tree(tmp_path, "a.md", "draft.md")
    (tmp_path / ".gitignore").write_text(f"{wrong}\ndraft.md\n")
    assert ids(tmp_path) == ["a.md"]
    with pytest.raises(InputError, match="not an exclude pattern") as raised:
        ids(tmp_path, exclude=("a.md", wrong))
    assert repr(wrong) in str(raised.value)


def test_an_ignore_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    tree(tmp_path, "a.md", "draft.md")
    (tmp_path / ".gitignore").write_text("draft.md\n", encoding="utf-8-sig")
    assert ids(tmp_path) == ["a.md"]


def test_an_ignore_file_that_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    tree(tmp_path, "a.md", "in/b.md", "out/c.md")
    os.mkfifo(tmp_path / ".gitignore")
    (tmp_path / "in/.gitignore").symlink_to("/dev/zero")
    (tmp_path / "out/.gitignore").mkdir()
    assert ids(tmp_path) == ["a.md", "in/b.md", "out/c.md"]


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="gone") as raised:
        list(crawl([tmp_path / "gone"]))
    assert raised.value.hint


def test_odd_things_are_one_line_each(tmp_path: Path) -> None:
    tree(tmp_path, "a.md", "x.pdf/inside.md", "picture.png")
    (tmp_path / "loop").symlink_to(".")
    (tmp_path / "self.txt").symlink_to("self.txt")
    (tmp_path / "dangling.md").symlink_to("gone.md")
    os.mkfifo(tmp_path / "pipe.txt")
    assert ids(tmp_path) == ["a.md", "x.pdf/inside.md"]
    assert skips(tmp_path) == {
        "dangling.md": "link that leads nowhere or in a circle",
        "loop": "link to a folder: name the folder itself to read it",
        "picture.png": ".png files are not read",
        "pipe.txt": "not a file: a pipe, socket or device",
        "self.txt": "link that leads nowhere or in a circle",
    }


def test_a_named_file_of_unknown_kind_is_read_as_text(tmp_path: Path) -> None:
    tree(tmp_path, "notes.weird")
    (file,) = crawl([tmp_path / "notes.weird"])
    assert isinstance(file, File)
    assert file.format == "text"


def test_a_beir_folder_gives_its_corpus_without_what_is_asked_of_it(tmp_path: Path) -> None:
    tree(
        tmp_path, "set/qrels/test.tsv", "set/queries.jsonl", "set/readme.md", "set/more/queries.jsonl", "a.md"
    )
    (tmp_path / "set/corpus.jsonl").write_text('{"_id": "7", "title": "T", "text": "Body."}\n')
    found = [item for item in crawl([tmp_path]) if isinstance(item, File)]
    assert [(file.id, file.format) for file in found] == [
        ("a.md", "markdown"),
        ("set/corpus.jsonl", "beir"),
        ("set/more/queries.jsonl", "jsonl"),
        ("set/readme.md", "markdown"),
    ]
    assert ids(tmp_path, exclude=("corpus.jsonl",)) == ["a.md", "set/more/queries.jsonl", "set/readme.md"]


def test_a_name_that_is_not_utf8_gets_an_id_that_is(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"bad\xff.txt")).write_text("Text.")
    except OSError:
        pytest.skip("the file system takes only UTF-8 names")
    assert ids(tmp_path) == ["bad\\xff.txt"]


def test_an_id_is_one_line(tmp_path: Path) -> None:
    tree(tmp_path, "new\nline.txt", "\x1b[31mred.txt")
    assert ids(tmp_path) == ["\\x1b[31mred.txt", "new\\x0aline.txt"]


def test_a_file_that_was_replaced_or_became_readable_looks_changed(tmp_path: Path) -> None:
    tree(tmp_path, "a.md", "b.md")
    os.utime(tmp_path / "a.md", (1, 1))
    (before,) = crawl([tmp_path / "a.md"])
    time.sleep(0.02)  # the clock of a file system ticks every few milliseconds
    (tmp_path / "a.md").chmod(0o600)
    time.sleep(0.02)
    os.utime(tmp_path / "b.md", (1, 1))
    (permitted,) = crawl([tmp_path / "a.md"])
    (tmp_path / "b.md").replace(tmp_path / "a.md")  # as a copy that keeps the time does
    (replaced,) = crawl([tmp_path / "a.md"])
    assert before != permitted != replaced


def test_an_index_within_is_left_out_in_silence(tmp_path: Path) -> None:
    tree(tmp_path, "a.md")
    for _ in range(2):
        with Index.make(tmp_path / "my.index") as index:
            report = index.add(tmp_path)
        assert (report.documents, report.skipped) == (1, ())


def test_an_empty_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="empty"):
        list(crawl([""]))
