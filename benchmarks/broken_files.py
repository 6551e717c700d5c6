"""A corpus of broken files, and what reading them costs.

    python benchmarks/broken_files.py FOLDER          # make the corpus, the same on every run
    python benchmarks/broken_files.py FOLDER --check  # make it if need be, read all of it, print JSON

Every file is a thing that happens (cut-off downloads, wrong encodings, dangling links) or that someone
does on purpose (zip bombs, nesting bombs). ``--quick`` leaves out the few that take long or are large.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import threading
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

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
    yield "no-suffix", SENTENCE.encode()
    yield "picture.png", b"\x89PNG\r\n\x1a\n" + random_.randbytes(500)
    yield "picture-named.txt", b"\x89PNG\r\n\x1a\n" + random_.randbytes(500)
    yield "unreadable.txt", lambda path: (path.write_text(SENTENCE), path.chmod(0))[0] and None
    yield "device.txt", lambda path: path.symlink_to("/dev/zero")
    if hasattr(os, "mkfifo"):
        yield "pipe.txt", lambda path: os.mkfifo(path)
        yield "pipe.jsonl", lambda path: os.mkfifo(path)
    deep = "/".join("d" * 20 for _ in range(100))
    yield "deep-folder", lambda path: (path / deep).mkdir(parents=True)


def _write(name: bytes, data: bytes) -> None:
    with open(name, "wb") as stream:  # noqa: PTH123 (a name that is not UTF-8)
        stream.write(data)


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


class Memory:
    """Samples the resident memory of this process and its children in a thread."""

    def __init__(self) -> None:
        self.peak = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        import psutil

        me = psutil.Process()
        while not self._done.wait(0.02):
            total = 0
            for process in (me, *me.children(recursive=True)):
                try:
                    total += process.memory_info().rss
                except psutil.Error:
                    continue
            self.peak = max(self.peak, total)


def check(folder: Path) -> dict[str, object]:
    """Read the whole corpus: what came of it, how long the slowest file took, how much memory was used."""
    from germane.read import Skip, crawl, read, split

    files, documents, passages, tracebacks = 0, 0, 0, []
    skips: list[Skip] = []
    times: list[tuple[float, str]] = []
    with Memory() as memory:
        started = time.perf_counter()
        for file in crawl([folder]):
            if isinstance(file, Skip):
                skips.append(file)
                continue
            files += 1
            begin = time.perf_counter()
            try:
                for item in read(file):
                    if isinstance(item, Skip):
                        skips.append(item)
                    else:
                        documents += 1
                        passages += len(split(item))
            except Exception:
                tracebacks.append(f"{file.id}: {traceback.format_exc()}")
            times.append((time.perf_counter() - begin, file.id))
        seconds = time.perf_counter() - started
    sources = [skip.source for skip in skips]
    times.sort(reverse=True)
    return {
        "files": files,
        "documents": documents,
        "passages": passages,
        "skips": len(skips),
        "more_than_one_line": sorted({s for s in sources if sources.count(s) > 1}),
        "reasons_of_several_lines": [s for s in skips if "\n" in s.reason],
        "tracebacks": tracebacks,
        "seconds": round(seconds, 2),
        "slowest": [{"file": name, "seconds": round(taken, 2)} for taken, name in times[:8]],
        "peak_memory_mb": memory.peak // MB,
        "skipped": {skip.source: skip.reason for skip in skips},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--as-is", action="store_true", help="make nothing: check what is there")
    parser.add_argument("--out", type=Path, help="write the JSON here as well")
    options = parser.parse_args()
    made = 0 if options.as_is else make(options.folder, quick=options.quick)
    if not options.check:
        print(f"{made} files in {options.folder}")
        return
    report = {"made": made, **check(options.folder)}
    text = json.dumps(report, indent=1, ensure_ascii=True)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
