"""A corpus of broken files, and what indexing them costs.

    python benchmarks/broken_files.py [--folder FOLDER]    # make it, index it, write results/broken_files.*
    python benchmarks/broken_files.py --folder FOLDER --make-only

Every file is a thing that happens (cut-off downloads, wrong encodings, dangling links) or that someone
does on purpose (zip bombs, nesting bombs). All of it goes through ``germane index --json`` in a process of
its own, once as one folder and then each file alone; the memory is that of the process and its children,
sampled fifty times a second, what they share counted twice. A file alone must give documents or
one line that says why not.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

MB = 2**20
SENTENCE = "The valve closes when the pressure falls below two bar. "
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
Content = bytes | Callable[[Path], None]


def pdf(text: str = "Hello from page one.") -> bytes:
    """A whole PDF of one page, by hand."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("latin-1")
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 6\n0000000000 65535 f \n" + table
    return out + head + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)


def docx(body: bytes, *, compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A DOCX whose ``word/document.xml`` is ``body``."""
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compress) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension='
            '"rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{relation}" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", body)
    return buffer.getvalue()


def document(inner: bytes) -> bytes:
    return b"<w:document %s><w:body>%s</w:body></w:document>" % (W.encode(), inner)


PARAGRAPH = f"<w:p><w:r><w:t>{SENTENCE}</w:t></w:r></w:p>".encode()


def lying_zip() -> bytes:
    """A bomb whose directory says that it is small."""
    data = bytearray(docx(document(b" " * (200 * MB) + PARAGRAPH)))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = -1
        while (place := data.find(signature, place + 1)) >= 0:
            data[place + offset : place + offset + 4] = (1000).to_bytes(4, "little")
    return bytes(data)


def broken_pdfs(random_: random.Random) -> Iterator[tuple[str, Content]]:
    whole = pdf()
    for i in range(25):
        yield f"cut{i}.pdf", whole[: len(whole) * i // 25 + 1]
    for i in range(25):
        data = bytearray(whole)
        for _ in range(3):
            data[random_.randrange(len(data))] = random_.randrange(256)
        yield f"flipped{i}.pdf", bytes(data)
    yield "no-text.pdf", whole.replace(b"Hello from page one.", b" " * 20)
    yield "a-loop-of-pages.pdf", whole.replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]")
    yield "many-pages.pdf", whole.replace(b"/Count 1>>", b"/Count 9>>")
    yield "not-a-pdf.pdf", b"<html>404 not found</html>"
    yield "random.pdf", b"%PDF-1.7\n" + random_.randbytes(200_000)
    yield "encrypted.pdf", whole.replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt<</Filter/Standard/V 9/R 9>>")


def broken_docx(random_: random.Random) -> Iterator[tuple[str, Content]]:
    whole = docx(document(PARAGRAPH * 50))
    for i in range(15):
        yield f"cut{i}.docx", whole[: len(whole) * i // 15 + 1]
    for i in range(15):
        data = bytearray(whole)
        for _ in range(30):
            data[random_.randrange(len(data))] = random_.randrange(256)
        yield f"flipped{i}.docx", bytes(data)
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">%s]>' % b"".join(
        b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)
    )
    yield "billion-laughs.docx", docx(entities + document(b"<w:p><w:r><w:t>&j;</w:t></w:r></w:p>"))
    outside = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    yield "outside-entity.docx", docx(outside + document(b"<w:p><w:r><w:t>&f;</w:t></w:r></w:p>"))
    yield "deep.docx", docx(document(b"<w:p>" * 50_000))
    yield "no-xml.docx", docx(b"\0\1\2 not xml at all")
    yield "empty-body.docx", docx(document(b""))
    yield "plain-zip.docx", _zip("a.txt", b"hello")
    yield "bomb-spaces.docx", docx(document(b" " * (300 * MB) + PARAGRAPH))
    yield "bomb-paragraphs.docx", docx(document(b"<w:p/>" * (40 * MB // 6)))
    yield "bomb-that-lies.docx", lying_zip()
    yield "nested.zip.docx", _zip("word/document.xml", whole)


def _zip(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


def broken_text(random_: random.Random) -> Iterator[tuple[str, Content]]:
    french = "Où êtes-vous allés cet été ? Le garçon a mangé des pâtes à la crème brûlée. " * 20
    for suffix in (
        "txt",
        "md",
        "rst",
        "html",
        "csv",
        "jsonl",
        "json",
        "srt",
        "vtt",
        "py",
        "pdf",
        "docx",
        "tsv",
    ):
        yield f"empty.{suffix}", b""
        yield f"blank.{suffix}", b" \n\t\n  \n"
        yield f"nul.{suffix}", b"\0" * 1000
        yield f"random.{suffix}", random_.randbytes(5000)
        yield f"high.{suffix}", bytes(random_.randrange(128, 256) for _ in range(3000))
        yield f"latin.{suffix}", french.encode("latin-1")
        yield f"utf16.{suffix}", french.encode("utf-16")
        yield f"marked-wrong.{suffix}", b"\xef\xbb\xbf" + french.encode("latin-1")
    yield "late-nul.txt", SENTENCE.encode() * 5000 + b"\0" + SENTENCE.encode()
    yield "mixed.txt", french.encode("utf-8") * 50 + french.encode("cp1252")
    yield "half-a-character.txt", "é".encode()[:1] * 3
    yield "utf16-odd.txt", french.encode("utf-16")[:-1]
    yield "utf7.txt", "Où êtes-vous".encode("utf-7")
    yield "quotes.txt", ("“a " * 100_000).encode()
    yield "newlines.txt", b"\n" * MB
    yield "combining.txt", ("a" + "\u0301" * 200_000).encode()
    yield "bidi.txt", ("\u202e\u2066abc" * 10_000).encode()
    yield "line-50mb.txt", b"x" * (50 * MB)
    yield "line-50mb.md", b"word " * (10 * MB)
    yield "line-50mb.rst", b"word " * (10 * MB)
    yield "line-50mb.html", b"<p>" + b"word " * (10 * MB)
    yield "line-50mb.json", b'["' + b"x" * (50 * MB) + b'"]'
    yield "line-50mb.py", b"x = '" + b"x" * (50 * MB) + b"'"


def broken_records(random_: random.Random) -> Iterator[tuple[str, Content]]:
    good = json.dumps({"id": "a", "text": SENTENCE}).encode() + b"\n"
    for depth in (1_000, 100_000, 1_000_000):
        yield f"deep-list{depth}.jsonl", good + b"[" * depth + b"]" * depth + b"\n" + good
        yield f"deep-object{depth}.jsonl", b'{"a":' * depth + b"1" + b"}" * depth
        yield f"deep{depth}.json", b"[" * depth + b"]" * depth
    yield "one-cut.jsonl", good * 3 + good[:20]
    yield "line-50mb.jsonl", good + b'{"text": "' + b"x" * (50 * MB) + b'"}\n' + good
    yield "bad-bytes.jsonl", good + b'{"text": "\xff\xfe"}\n' + good
    yield "lone-surrogate.jsonl", b'{"id": "s", "text": "broken \\ud800 half"}\n'
    yield "surrogates.jsonl", b'{"id": "\\ud800", "text": "t", "tag": "\\udfff", "k\\ud800": "\\u0000"}\n'
    yield "cut-utf16.jsonl", '{"text": "one"}\n{"text": "two"}\n'.encode("utf-16")[:-1]
    yield "cut-utf16.csv", "id,text\n1,one\n".encode("utf-16")[:-1]
    yield "flat.json", b"[[" + b'{"":0},' * (2 * MB) + b"1]]"
    yield "open-quotes.tsv", b"id\ttext\n" + b'1\t"open\n2\tfine\n' * 500
    yield "same-id.jsonl", good * 100
    yield "numbers.jsonl", b"1\n2\nnull\ntrue\n[]\n"
    yield "big-number.jsonl", b'{"text": "big", "n": ' + b"9" * 5000 + b"}\n"
    yield "wide-number.jsonl", b'{"text": "wide", "n": ' + b"9" * 30 + b', "f": NaN, "g": 1e999}\n'
    yield "no-text.jsonl", b"{}\n" * 100
    yield "object.json", b'{"name": "x"}'
    yield "mixed.json", b'[1, {"text": "one"}, null, "two"]'
    yield "many-empty.json", b"[" + b"[]," * (4 * MB) + b"1]"
    yield "open-quote.csv", b'id,text\n1,"never closed\n' + SENTENCE.encode() * 100_000
    yield "huge-field.csv", b"id,text\n1," + b"x" * (20 * MB) + b"\n2,fine\n"
    yield "line-50mb.csv", b"id,text\n1," + b"x" * (50 * MB)
    yield "ragged.csv", b"a,b,c\n1\n1,2,3,4,5\n,,,\n\n1,2"
    yield "many-columns.csv", b",".join(b"c%d" % i for i in range(20_000)) + b"\n" + b"1," * 20_000
    yield "nul-inside.csv", b"id,text\n" + SENTENCE.encode() * 2000 + b"\n\0\0\0,x\n"
    yield "only-header.csv", b"id,text\n"
    yield "quotes.csv", b'"' * 99_999


def bombs(random_: random.Random) -> Iterator[tuple[str, Content]]:
    yield "nested.html", b"<div>" * 100_000 + b"deep" + b"</div>" * 100_000 + b"<p>after</p>"
    yield "nested-inline.html", b"<b>" * 100_000 + b"deep"
    yield "nested-tables.html", b"<table><tr><td>" * 20_000 + b"deep"
    yield "unclosed.html", b"<p>some <a href='" + b"x" * MB
    yield "attributes.html", b"<p " + b" ".join(b"a%d=1" % i for i in range(100_000)) + b">text</p>"
    yield "entities.html", b"<p>" + b"&amp;&#0;&#xd800;&#x110000;" * 20_000
    yield "only-script.html", b"<script>alert(1)</script><nav>menu</nav>"
    yield "comments.html", b"<!-- " * 100_000
    yield "comments.md", b"<!-- " * 100_000
    yield "scripts.md", b"<script " * 100_000
    yield "rules.md", b"---\n" + b"#\n" * 100_000
    yield "links.html", b"<a href='#'>" * 20_000 + b"deep"
    yield "mains.html", b"<main>" * 200 + b"<nav>x</nav>" * 2000
    yield "cells.html", b"<table><tr>" + b"<td><p><p>" * 50_000
    yield "quotes.md", b">" * 50_000 + b"a"
    yield "brackets.md", b"[" * 50_000
    yield "links.md", b"[a](" * 50_000
    yield "images.md", b"![" * 50_000
    yield "stars.md", b"*a **a " * 50_000
    yield "under.md", b"a_" * 100_000
    yield "lists.md", b"".join(b"  " * i + b"- a\n" for i in range(1500))
    yield "ticks.md", b"".join(b"`" * i + b" " for i in range(1, 1200))
    yield "table.md", b"|a" * 3000 + b"\n" + b"|-" * 3000 + b"\n" + (b"|a" * 3000 + b"\n") * 200
    yield "references.md", b"".join(b"[%d]: x\n" % i for i in range(50_000)) + b"[1] " * 50_000
    yield "angle.md", b"<a " * 50_000
    yield "front.md", b"---\n" + b"a: b\n" * 100_000
    yield "include.rst", b".. include:: /etc/hostname\n\n.. raw:: html\n   :file: /etc/hostname\n\ntext\n"
    yield "csv-file.rst", b".. csv-table::\n   :file: /etc/passwd\n\ntext\n"
    yield "deep.rst", b"".join(b" " * i + b"* a\n\n" for i in range(0, 3000, 2))
    yield "quotes.rst", b"".join(b" " * i + b"a\n\n" for i in range(1500))
    yield "roles.rst", b":a:`" * 20_000
    yield "stars.rst", b"*a **a " * 50_000
    yield (
        "laughs.rst",
        b"".join(b".. |%c| replace:: %s\n" % (98 + i, b"|%c| " % (97 + i) * 10) for i in range(20)),
    )
    yield "titles.rst", b"".join(b"%c\n%c\n\n" % (97 + i % 26, 33 + i % 15) for i in range(3000))
    yield (
        "table.rst",
        b"+" + b"-+" * 2000 + b"\n" + (b"|" + b"a|" * 2000 + b"\n+" + b"-+" * 2000 + b"\n") * 30,
    )
    yield "parens.py", b"x = " + b"(" * 100_000 + b")" * 100_000
    yield "minus.py", b"x = " + b"-" * 1_000_000 + b"1"
    yield "plus.py", b'"""Documented."""\nx = ' + b"1+" * 300_000 + b"1"
    yield "dots.py", b"x = a" + b".a" * 300_000
    yield "indent.py", b"".join(b" " * i + b"if 1:\n" for i in range(500))
    yield "classes.py", b"".join(b" " * i + b"class A:\n" + b" " * i + b' "doc"\n' for i in range(95))
    yield "encoding.py", b"# -*- coding: no-such-thing -*-\n'''doc'''\n"
    yield "python2.py", b"print 'hello'\n"
    yield "lists.py", b"x = [" + b"[]," * (3 * MB) + b"]"
    yield "no-cues.srt", b"just words\nand more words\n"
    yield "times.srt", b"1\n99:99:99,999 --> 00:00:00,000\nbackwards\n\n" * 20_000
    yield "tags.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\n" + b"<b>" * 200_000
    yield "arrows.srt", b"--> " * 200_000
    yield "notes.vtt", b"WEBVTT\n\nNOTE " + b"x " * 500_000


def oddities(random_: random.Random) -> Iterator[tuple[str, Content]]:
    yield "loop", lambda path: path.symlink_to(".")
    yield "up", lambda path: path.symlink_to("..")
    yield "self.txt", lambda path: path.symlink_to("self.txt")
    yield "dangling.md", lambda path: path.symlink_to("gone.md")
    yield "folder.pdf", lambda path: path.mkdir()
    yield "not-utf8-name", lambda path: _write(os.fsencode(path) + b"\xff.txt", SENTENCE.encode())
    yield "new\nline.txt", SENTENCE.encode()
    yield "red\x1b[31m.bin", b"?"
    yield "no-suffix", SENTENCE.encode()
    yield "picture.png", b"\x89PNG\r\n\x1a\n" + random_.randbytes(500)
    yield "picture-named.txt", b"\x89PNG\r\n\x1a\n" + random_.randbytes(500)
    yield "unreadable.txt", lambda path: (path.write_text(SENTENCE), path.chmod(0))[0] and None
    yield "device.txt", lambda path: path.symlink_to("/dev/zero")
    if hasattr(os, "mkfifo"):
        yield "pipe.txt", lambda path: os.mkfifo(path)
        yield "pipe.jsonl", lambda path: os.mkfifo(path)
        yield "piped/.gitignore", lambda path: (path.parent.mkdir(exist_ok=True), os.mkfifo(path))[1]
    yield "no-patterns/.gitignore", lambda path: _in_folder(path, b"x[z-a]\n!\n\\\n[[:x:]]\n")
    yield (
        "endless/.gitignore",
        lambda path: (
            path.parent.mkdir(exist_ok=True),
            path.symlink_to("/dev/zero"),
        )[1],
    )
    deep = "/".join("d" * 20 for _ in range(100))
    yield "deep-folder", lambda path: (path / deep).mkdir(parents=True)


def _write(name: bytes, data: bytes) -> None:
    with open(name, "wb") as stream:  # noqa: PTH123 (a name that is not UTF-8)
        stream.write(data)


def _in_folder(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    (path.parent / "x.txt").write_text(SENTENCE)


KINDS = (broken_pdfs, broken_docx, broken_text, broken_records, bombs, oddities)
LARGE = 4 * MB


def make(folder: Path, *, quick: bool = False, seed: int = 7) -> int:
    """Write the corpus into ``folder``, a folder a kind. Returns how many files there are."""
    count = 0
    for kind in KINDS:
        home = folder / kind.__name__
        home.mkdir(parents=True, exist_ok=True)
        for name, content in kind(random.Random(seed)):
            if isinstance(content, bytes) and quick and (len(content) > LARGE or name.startswith("bomb")):
                continue
            count += 1
            path = home / name
            if os.path.lexists(path):
                continue
            try:
                path.write_bytes(content) if isinstance(content, bytes) else content(path)
            except OSError:
                count -= 1  # a file system that cannot hold this one
    return count


class Run(NamedTuple):
    """One ``germane index``: its envelope (empty if there was none), what it cost, what went to stderr.

    ``cpu`` is the processor's time for it in seconds, which other work on the machine does not lengthen.
    """

    envelope: dict[str, Any]
    seconds: float
    cpu: float
    peak: int
    errors: str

    @property
    def lines(self) -> list[dict[str, str]]:
        skipped: list[dict[str, str]] = self.envelope.get("skipped", [])
        return skipped

    @property
    def clean(self) -> bool:
        return bool(self.envelope.get("ok")) and "Traceback" not in self.errors


def germane_index(path: Path, into: Path) -> Run:
    """Index ``path`` in a process of its own."""
    import psutil

    begin, before, peak = time.perf_counter(), os.times(), 0
    command = [sys.executable, "-m", "germane", "index", str(path), "--into", str(into), "--json"]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(command, stdout=out, stderr=err)
        root, done = psutil.Process(process.pid), threading.Event()

        def watch() -> None:
            nonlocal peak
            while not done.wait(0.02):
                peak = max(peak, _resident(root))

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        process.wait()
        done.set()
        thread.join()
        seconds, after = time.perf_counter() - begin, os.times()
        out.seek(0)
        err.seek(0)
        said, errors = out.read(), err.read().decode("utf-8", "replace")
    try:
        envelope = json.loads(said)
    except ValueError:
        envelope = {}
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(envelope, seconds, cpu, peak, errors)


def _resident(root: Any) -> int:
    """Bytes of a process and all below it."""
    import psutil

    total = 0
    try:
        for process in (root, *root.children(recursive=True)):
            try:
                total += process.memory_info().rss
            except psutil.Error:
                continue
    except psutil.Error:
        pass
    return total


def check(folder: Path, scratch: Path, *, each: bool = True) -> dict[str, Any]:
    """Index the whole corpus at once and, if ``each``, every file of it alone."""
    whole = germane_index(folder, scratch / "whole.index")
    lines = [(line["source"], line["reason"]) for line in whole.lines]
    sources = [source for source, _ in lines]
    report: dict[str, Any] = {
        "files": sum(len(files) for _, _, files in os.walk(folder)),
        "documents": whole.envelope.get("documents"),
        "passages": whole.envelope.get("passages"),
        "lines": len(lines),
        "more_than_one_line": sorted({source for source in sources if sources.count(source) > 1}),
        "lines_that_are_broken": [line for line in lines if len("".join(line).splitlines()) != 1],
        "tracebacks": [] if whole.clean else [f"{folder.name}: {whole.envelope} {whole.errors}"],
        "neither_read_nor_a_line": [],
        "seconds": round(whole.seconds, 2),
        "peak_memory_mb": whole.peak // MB,
    }
    alone: list[tuple[str, Run]] = []
    for path in sorted(folder.rglob("*")) if each else ():
        if path.is_dir() or path.name == ".gitignore":
            continue
        name = os.fsencode(path.relative_to(folder)).decode("utf-8", "backslashreplace")
        run = germane_index(path, scratch / f"{len(alone)}.index")
        alone.append((name, run))
        if not run.clean:
            report["tracebacks"].append(f"{name}: {run.envelope} {run.errors}")
        if len(run.lines) > 1:
            report["more_than_one_line"].append(name)
        if not run.lines and not run.envelope.get("documents"):
            report["neither_read_nor_a_line"].append(name)
        if sys.stderr.isatty():
            print(f"\r{len(alone)} files", end="", file=sys.stderr)
    if alone:
        slowest = sorted(alone, key=lambda item: -item[1].seconds)[:8]
        largest = sorted(alone, key=lambda item: -item[1].peak)[:8]
        report |= {
            "files_alone": len(alone),
            "slowest": [
                {"file": name, "seconds": round(run.seconds, 2), "cpu_seconds": round(run.cpu, 2)}
                for name, run in slowest
            ],
            "largest": [{"file": name, "peak_memory_mb": run.peak // MB} for name, run in largest],
            "peak_memory_mb": max(report["peak_memory_mb"], largest[0][1].peak // MB),
        }
    report["load"] = [round(load, 2) for load in os.getloadavg()]
    return {**report, "skipped": dict(lines)}


def table(report: dict[str, Any]) -> str:
    """What is asked and what was measured, as Markdown."""
    slowest, many = report["slowest"][0], len(report["more_than_one_line"])
    broken = len(report["lines_that_are_broken"]) + len(report["neither_read_nor_a_line"])
    rows = [
        ("files", "at least 200", report["files"]),
        ("one line each for what is not read: lines", "", report["lines"]),
        ("files with more than one line, without any, or with one that is broken", "0", many + broken),
        ("tracebacks", "0", len(report["tracebacks"])),
        ("peak memory, all processes (MB)", "at most 1,024", f"{report['peak_memory_mb']:,}"),
        (
            "slowest file alone, start-up counted (s)",
            "at most 30",
            f"{slowest['seconds']} ({slowest['file']})",
        ),
        ("the processor's time for that file (s)", "", slowest["cpu_seconds"]),
        ("load of the machine meanwhile (1 minute)", "", report["load"][0]),
        ("the whole corpus at once (s)", "", report["seconds"]),
    ]
    lines = [f"| {name} | {bar} | {measured} |" for name, bar, measured in rows]
    return "\n".join(["| broken files | bar | measured |", "| --- | --- | ---: |", *lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--folder", type=Path, help="where the corpus is, or is made; else a temporary one")
    parser.add_argument("--make-only", action="store_true")
    parser.add_argument("--quick", action="store_true", help="without the few that take long or are large")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "broken_files.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="germane-broken-") as scratch:
        folder = options.folder or Path(scratch) / "corpus"
        made = make(folder, quick=options.quick)
        if options.make_only:
            print(f"{made} files in {folder}")
            return
        report = check(folder, Path(scratch))
    options.out.write_text(json.dumps(report, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")
    options.out.with_suffix(".md").write_text(table(report), encoding="utf-8")
    print(table(report))


if __name__ == "__main__":
    main()
