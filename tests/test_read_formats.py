"""A reader test a format: text, headings, offsets, metadata."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from germane.read import File, Skip, crawl, read, split
from germane.types import Document

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
from broken_files import pdf


def load(path: Path, content: str | bytes) -> list[Document | Skip]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (file,) = crawl([path])
    assert isinstance(file, File)
    return list(read(file))


def one(path: Path, content: str | bytes) -> Document:
    (document,) = load(path, content)
    assert isinstance(document, Document), document
    end = 0
    for section in document.sections:  # sections cover the text in order
        assert section.start == end
        end = section.end
    assert end == len(document.text) or not document.sections
    return document


def outline(document: Document) -> list[tuple[tuple[str, ...], str]]:
    return [(s.headings, document.text[s.start : s.end].strip()) for s in document.sections]


def test_text(tmp_path: Path) -> None:
    document = one(tmp_path / "a.txt", b"\xef\xbb\xbfOne.\r\n\r\nTwo.\r")
    assert (document.id, document.title, document.text) == ("a.txt", "a", "One.\n\nTwo.")
    assert document.metadata == {"format": "text", "path": "a.txt"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = "Où êtes-vous allés cet été ? Le garçon a mangé des pâtes à la crème brûlée."
    assert one(tmp_path / "a.txt", text.encode(encoding)).text == text


def test_markdown(tmp_path: Path) -> None:
    document = one(
        tmp_path / "guide.md",
        "---\ntitle: The guide\n---\nIntro with *stress*.\n\n# Guide\n\n"
        "## Install\n\nRun `pip` [here](x).\n\n"
        "- one\n- two **bold**\n\n```python\nx = 1\n```\n\n## Use\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n# End\n\nDone.\n",
    )
    assert document.title == "The guide"
    assert outline(document) == [
        ((), "Intro with stress."),
        (("Guide", "Install"), "Guide\n\nInstall\n\nRun pip here.\n\none\ntwo bold\n\nx = 1"),
        (("Guide", "Use"), "Use\n\na | b\n1 | 2"),
        (("End",), "End\n\nDone."),
    ]
    assert [p.place.headings for p in split(document)] == [s.headings for s in document.sections]


def test_restructured_text(tmp_path: Path) -> None:
    document = one(
        tmp_path / "a.rst",
        "Title\n=====\n\nIntro to :py:func:`os.walk <x>` and ``code``.\n\n"
        ".. function:: walk(top)\n\n   Walks a tree.\n\n"
        "First\n-----\n\n* one\n* two\n\n.. toctree::\n\n   other\n\n"
        "Second\n------\n\n.. note:: Mind this.\n",
    )
    assert document.title == "Title"
    assert outline(document) == [
        (("Title",), "Title\n\nIntro to os.walk and code.\n\nwalk(top)\n\nWalks a tree."),
        (("Title", "First"), "First\n\none\ntwo"),
        (("Title", "Second"), "Second\n\nMind this."),
    ]


def test_restructured_text_includes_and_runs_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("the secret")
    document = one(
        tmp_path / "a.rst",
        ".. include:: secret.txt\n\n.. raw:: html\n   :file: secret.txt\n\n"
        ".. csv-table::\n   :file: secret.txt\n\n.. literalinclude:: secret.txt\n\nPlain.\n",
    )
    assert "the secret" not in document.text
    assert "Plain." in document.text


def test_html(tmp_path: Path) -> None:
    document = one(
        tmp_path / "a.html",
        "<html><head><title>The page</title><style>p{}</style></head><body><nav>menu</nav>"
        "<h1>Top <i>it</i></h1>"
        "<p>One\n  <b>two</b>.</p>tail<ul><li>x</li><li>y</li></ul>"
        "<h2>Sub</h2><div><p>a</p><p>b<br>c</p></div>"
        "<table><tr><th>k</th><th>v</th></tr><tr><td>1</td><td>2</td></tr></table><pre>  x\n    y</pre>"
        "<script>alert(1)</script><p hidden>no</p><footer>foot</footer></body></html>",
    )
    assert document.title == "The page"
    assert outline(document) == [
        (("Top it",), "Top it\n\nOne two.\n\ntail\n\nx\ny"),
        (("Top it", "Sub"), "Sub\n\na\n\nb c\n\nk | v\n1 | 2\n\n  x\n    y"),
    ]


def test_html_names_its_encoding(tmp_path: Path) -> None:
    page = '<meta charset="iso-8859-2"><p>Zażółć gęślą jaźń</p>'
    assert one(tmp_path / "a.html", page.encode("iso-8859-2")).text == "Zażółć gęślą jaźń"


def test_pdf(tmp_path: Path) -> None:
    document = one(tmp_path / "a.pdf", pdf("Valves close at two bar."))
    assert outline(document) == [(("page 1",), "Valves close at two bar.")]


def test_pdf_without_text(tmp_path: Path) -> None:
    assert load(tmp_path / "a.pdf", pdf("")) == [Skip("a.pdf", "PDF has no text layer: run OCR first")]


def test_docx(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    made = docx.Document()
    made.core_properties.title = "The report"
    made.add_paragraph("Before.")
    made.add_heading("Results", 1)
    made.add_heading("Valves", 2)
    made.add_paragraph("They close.")
    made.add_paragraph("one", style="List Bullet")
    made.add_paragraph("two", style="List Bullet")
    table = made.add_table(2, 2)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"c{number}"
    made.save(str(tmp_path / "a.docx"))
    document = one(tmp_path / "a.docx", (tmp_path / "a.docx").read_bytes())
    assert document.title == "The report"
    assert outline(document) == [
        ((), "Before."),
        (("Results", "Valves"), "Results\n\nValves\n\nThey close.\n\none\ntwo\nc0 | c1\nc2 | c3"),
    ]


def test_csv(tmp_path: Path) -> None:
    first, second = load(
        tmp_path / "a.csv", 'id;title;text;year\n7;Valves;"They\nclose.";2024\n;;Plain row.;\n'
    )
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.id, first.title, first.text) == ("a.csv#7", "Valves", "Valves\n\nThey\nclose.")
    assert first.metadata == {"id": "7", "title": "Valves", "year": "2024", "format": "csv", "path": "a.csv"}
    assert (second.id, second.text) == ("a.csv#2", "Plain row.")


def test_csv_without_a_text_column_gives_every_field(tmp_path: Path) -> None:
    documents = load(tmp_path / "a.tsv", "pump\tpressure\nA\t2\nB\t3\n")
    assert [d.text for d in documents if isinstance(d, Document)] == [
        "pump: A\npressure: 2",
        "pump: B\npressure: 3",
    ]


def test_json_lines(tmp_path: Path) -> None:
    lines = [
        {"id": "a", "title": "T", "text": "One.", "year": 2024, "ok": True, "tags": ["x"], "big": 2**70},
        {"id": "a", "text": "Same id."},
        {"text": "No id."},
        [1],
        {"pump": "A", "bars": [2, 3]},
    ]
    items = load(tmp_path / "a.jsonl", "\n".join(json.dumps(line) for line in lines) + '\n{"text": \n')
    documents = [item for item in items if isinstance(item, Document)]
    assert [d.id for d in documents] == ["a.jsonl#a", "a.jsonl#a~2", "a.jsonl#3", "a.jsonl#5"]
    assert [d.text for d in documents] == ["T\n\nOne.", "Same id.", "No id.", "pump: A\nbars: 2, 3"]
    assert dict(documents[0].metadata) == {
        "id": "a",
        "title": "T",
        "year": 2024,
        "ok": True,
        "big": str(2**70),
        "format": "jsonl",
        "path": "a.jsonl",
    }
    assert items[-1] == Skip("a.jsonl", "2 records not read, the first at line 4: not a JSON object")


def test_json_list(tmp_path: Path) -> None:
    documents = load(tmp_path / "a.json", '[{"_id": 3, "text": "x\\ud800y"}, "just text"]')
    assert [(d.id, d.text) for d in documents if isinstance(d, Document)] == [
        ("a.json#3", "x?y"),
        ("a.json#2", "just text"),
    ]


def test_beir(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text('{"_id": "7", "title": "T", "text": "Body.", "metadata": {}}\n')
    (tmp_path / "queries.jsonl").write_text('{"_id": "q", "text": "What?"}\n')
    (file,) = crawl([tmp_path])
    assert isinstance(file, File)
    (document,) = read(file)
    assert isinstance(document, Document)
    assert (document.id, document.text) == ("corpus.jsonl#7", "T\n\nBody.")
    assert document.metadata["_id"] == "7"


@pytest.mark.parametrize(
    ("name", "head", "point"), [("a.vtt", "WEBVTT\n\n", "."), ("a.srt", "", ",")], ids=["vtt", "srt"]
)
def test_subtitles(tmp_path: Path, name: str, head: str, point: str) -> None:
    cues = "".join(
        f"{i + 1}\n00:0{i // 6}:{i % 6}0{point}000 --> 00:0{i // 6}:{i % 6}9{point}500\n"
        f"<i>Cue number {i}</i> says a few words that make one sentence.\n\n"
        for i in range(30)
    )
    document = one(tmp_path / name, head + cues)
    assert document.metadata["seconds"] == 299.5
    spans = [section.headings[0] for section in document.sections]
    assert spans[0].startswith("00:00:00-00:0")
    assert spans[-1].endswith("-00:04:59")
    assert len(spans) == 3
    first = document.sections[0]
    assert "Cue number 0 says" in document.text[first.start : first.end]
    assert "<i>" not in document.text
    assert document.text.count("sentence.") == 30


def test_docstrings(tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack/__init__.py").write_text("raise SystemExit\n")
    path = tmp_path / "pack/pump.py"
    documents = load(
        path,
        '"""Pumps."""\nimport nowhere\n\nclass Pump:\n    """A pump.\n\n    It moves water.\n    """\n\n'
        '    async def start(self):\n        """Start it."""\n'
        '        def inner():\n            """Within."""\n\n'
        'if True:\n    def free():\n        "Free."\nelse:\n    def free():\n        "Free, again."\n',
    )
    assert [(d.id, d.title, d.text) for d in documents if isinstance(d, Document)] == [
        ("pump.py::pack.pump", "pack.pump", "pack.pump\n\nPumps."),
        ("pump.py::pack.pump.Pump", "pack.pump.Pump", "pack.pump.Pump\n\nA pump.\n\nIt moves water."),
        ("pump.py::pack.pump.Pump.start", "pack.pump.Pump.start", "pack.pump.Pump.start\n\nStart it."),
        (
            "pump.py::pack.pump.Pump.start.inner",
            "pack.pump.Pump.start.inner",
            "pack.pump.Pump.start.inner\n\nWithin.",
        ),
        ("pump.py::pack.pump.free", "pack.pump.free", "pack.pump.free\n\nFree."),
        ("pump.py::pack.pump.free~2", "pack.pump.free", "pack.pump.free\n\nFree, again."),
    ]
