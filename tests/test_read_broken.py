"""Broken files end as one line each; a child that hangs, crashes or eats memory does not take us along."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from germane.read import File, Skip, crawl, read
from germane.read.isolate import Child
from germane.read.part import Unreadable

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
import broken_files


def reason(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    (file,) = crawl([path])
    assert isinstance(file, File)
    *_, last = read(file)
    assert isinstance(last, Skip)
    return last.reason


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", b"", "empty file"),
        ("a.txt", b" \n", "no text in it"),
        ("a.md", b"----\n\n" + b"*`_` " * 500, "no text in it"),
        ("a.txt", b"\0\1\2", "binary, not text"),
        ("a.pdf", broken_files.pdf()[:300], "PDF is damaged or cut short: export it again"),
        (
            "a.docx",
            broken_files.docx(b"junk"),
            "not a Word document, or a damaged one: save it again as .docx",
        ),
        ("a.docx", b"\xd0\xcf\x11\xe0" + b"x" * 500, "Word document with a password, or an old .doc"),
        (
            "a.docx",
            broken_files.docx(broken_files.document(b" " * 2**25)),
            "unpacks to 32 MB: looks like a zip bomb",
        ),
        ("a.jsonl", b"[" * 100_000 + b"\n", "1 record not read, at line 1: JSON nested too deep"),
        ("a.json", b"[" * 100_000 + b"]" * 100_000, "JSON nested too deep"),
        ("a.json", b'{"name": 1}', "JSON is read when it is a list of objects"),
        ("a.jsonl", b"x" * (5 * 2**20), "1 record not read, at line 1: longer than 4 million characters"),
        ("a.py", b"x = " + b"-" * 200_000 + b"1", ""),
        ("a.py", b"print 1\n", "not valid Python"),
        ("a.html", b"<div>" * 100_000 + b"x", "nested too deep"),
        ("a.txt", b"x" * (17 * 2**20), "larger than 16 MB: split it, or exclude it"),
    ],
)
def test_the_reason_is_short_and_says_what_to_do(
    tmp_path: Path, name: str, content: bytes, expected: str
) -> None:
    found = reason(tmp_path / name, content)
    assert found.startswith(expected)
    assert "\n" not in found
    assert len(found) < 160


def test_a_file_that_vanishes_is_one_line(tmp_path: Path) -> None:
    for name in ("a.txt", "a.md"):
        (tmp_path / name).write_text("Text.")
    files = [file for file in crawl([tmp_path]) if isinstance(file, File)]
    for file in files:
        file.path.unlink()
    assert [list(read(file)) for file in files] == [
        [Skip("a.md", "cannot be read: No such file or directory")],
        [Skip("a.txt", "cannot be read: No such file or directory")],
    ]


def test_a_child_that_takes_too_long_is_ended_and_the_next_file_is_read(tmp_path: Path) -> None:
    slow, good = tmp_path / "slow.md", tmp_path / "good.md"
    slow.write_bytes(b"|a" * 3000 + b"\n" + b"|-" * 3000 + b"\n" + (b"|a" * 3000 + b"\n") * 100)
    good.write_text("# Fine\n\nText.")
    child = Child(seconds=1.0)
    started = time.perf_counter()
    with pytest.raises(Unreadable, match="takes longer than 1 s"):
        list(child.parts("markdown", slow))
    assert time.perf_counter() - started < 4
    child._seconds = 20
    assert [part.text for part in child.parts("markdown", good)] == ["Fine\n\nText."]
    child.close()


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited on Linux")
def test_a_child_that_wants_too_much_memory_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "lists.py").write_bytes(b"x = [" + b"[]," * 2**20 + b"]")
    child = Child(memory=300 * 2**20)
    with pytest.raises(Unreadable, match=r"memory|crashes"):
        list(child.parts("python", tmp_path / "lists.py"))
    (tmp_path / "good.py").write_text('"""Doc."""')
    assert [part.key for part in child.parts("python", tmp_path / "good.py")] == ["::good"]
    child.close()


def test_a_module_lying_among_the_documents_is_not_imported(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("open('ran', 'w')\n")
    (tmp_path / "a.md").write_text("Text.")
    code = (
        "import sys; sys.path = [p for p in sys.path if p]\n"
        "from germane.read import crawl, read\n"
        "print([d.text for f in crawl(['a.md']) for d in read(f)])"
    )
    env = {**os.environ, "PYTHONSAFEPATH": "1"}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "['Text.']"
    assert not (tmp_path / "ran").exists()


def test_a_script_without_a_main_guard_can_read(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Text.")
    script = tmp_path / "script.py"
    script.write_text(
        "from germane.read import crawl, read\nprint('once')\n"
        "print([d.text for f in crawl([__file__.replace('script.py', 'a.md')]) for d in read(f)])\n"
    )
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert run.stdout.split("\n")[:2] == ["once", "['Text.']"]
    assert run.stderr == ""


def report_is_clean(folder: Path, *, each: bool = False) -> None:
    """Indexed in a process of its own, whose memory is measured with that of its children.

    ``benchmarks/broken_files.py`` indexes every file of the whole corpus alone as well, which takes minutes.
    """
    scratch = folder.parent / "scratch"
    scratch.mkdir()
    report = broken_files.check(folder, scratch, each=each)
    assert report["tracebacks"] == []
    assert report["more_than_one_line"] == []
    assert report["lines_that_are_broken"] == []
    assert report["neither_read_nor_a_line"] == []
    assert report["peak_memory_mb"] < 1024
    assert not each or report["slowest"][0]["seconds"] < 30


def test_some_of_the_broken_corpus(tmp_path: Path) -> None:
    home = tmp_path / "corpus" / "some"
    home.mkdir(parents=True)
    for name, content in (
        *broken_files.broken_pdfs(random.Random(1)),
        *broken_files.oddities(random.Random(1)),
    ):
        (home / name).write_bytes(content) if isinstance(content, bytes) else content(home / name)
    report_is_clean(home.parent)


@pytest.mark.slow
def test_each_of_a_few_broken_files_alone(tmp_path: Path) -> None:
    home = tmp_path / "corpus"
    home.mkdir()
    wanted = {
        "surrogates.jsonl",
        "cut-utf16.jsonl",
        "flat.json",
        "deep.rst",
        "bomb-that-lies.docx",
        "tags.vtt",
    }
    for kind in broken_files.KINDS[1:5]:
        for name, content in kind(random.Random(1)):
            if name in wanted and isinstance(content, bytes):
                (home / name).write_bytes(content)
    assert {path.name for path in home.iterdir()} == wanted
    report_is_clean(home, each=True)


@pytest.mark.slow
def test_the_whole_broken_corpus(tmp_path: Path) -> None:
    tmp_path = tmp_path / "corpus"
    assert broken_files.make(tmp_path) >= 200
    report_is_clean(tmp_path)
