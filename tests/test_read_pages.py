"""Markdown, HTML, reStructuredText, DOCX, PDF and subtitles as people's tools write them."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from germane.read import File, crawl, read, split
from germane.types import Document

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
from broken_files import document as word_body
from broken_files import docx


def one(path: Path, content: str | bytes) -> Document:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (file,) = crawl([path])
    assert isinstance(file, File)
    (document,) = read(file)
    assert isinstance(document, Document), document
    return document


def outline(document: Document) -> list[tuple[tuple[str, ...], str]]:
    return [(s.headings, document.text[s.start : s.end].strip()) for s in document.sections]


@pytest.mark.parametrize(
    ("content", "title", "text"),
    [
        ("---\n\nIntro, no metadata.\n\n---\n\nMore.\n", "a", "Intro, no metadata.\n\nMore."),
        ("---\n# comment\n\ntitle: T\ntags:\n  - x\n---\nText.\n", "T", "Text."),
        ('+++\ntitle = "T"\n+++\nText.\n', "T", "Text."),
        ("---\nno end of it\n", "a", "no end of it"),
    ],
)
def test_front_matter(tmp_path: Path, content: str, title: str, text: str) -> None:
    document = one(tmp_path / "a.md", content)
    assert (document.title, document.text) == (title, text)


def test_html_within_markdown(tmp_path: Path) -> None:
    document = one(
        tmp_path / "a.md",
        "# Head {#id .class}\n\n| a |\n|---|\n| one<br>two |\n\n<script>\nalert(1)\n</script>\n\n"
        "<style>p{}</style>\n\n<div>x &amp; y <!-- hidden\n</div>\n",
    )
    assert outline(document) == [(("Head",), "Head\n\na\none two\n\n x & y")]


def test_a_page_within_a_form_or_hidden_by_a_dialog(tmp_path: Path) -> None:
    document = one(
        tmp_path / "a.html",
        "<body aria-hidden=true><form><h1>Contacts</h1><p>Export them.<button>OK</button></form>"
        "<svg><title>icon</title></svg>",
    )
    assert (document.title, document.text) == ("Contacts", "Contacts\n\nExport them.")


def test_a_main_that_holds_navigation_only_is_passed_over(tmp_path: Path) -> None:
    page = "<main><nav>menu</nav></main><main><h2>Valves</h2><p>They close.</main><p>outside"
    assert one(tmp_path / "a.html", page).text == "Valves\n\nThey close."


def test_headings_lose_their_permalinks_and_cells_keep_to_their_row(tmp_path: Path) -> None:
    document = one(
        tmp_path / "a.html",
        "<h1>Install<a class=headerlink href='#install'>¶</a></h1><p>See <a href='#x'>below</a>."
        "<table><tr><td><p>k</p></td><td><div><p>v <b>w</b></p></div></td></tr>"
        "<tr><td>a<br>b</td><td>c</td></tr></table><pre>x<br>  y</pre>",
    )
    assert outline(document) == [
        (("Install",), "Install\n\nSee below.\n\nk | v w\na b | c\n\nx\n  y"),
    ]


def test_directives_with_options_and_code_of_sphinx(tmp_path: Path) -> None:
    document = one(
        tmp_path / "a.rst",
        "Title\n=====\n\nOnly one\n--------\n\n.. contents::\n\n.. function:: walk(top)\n   :noindex:\n\n"
        "   Walks a tree.\n\n   :param top: the *top*\n\n.. code-block:: python\n   :emphasize-lines: 3\n\n"
        "   def f(*args):\n\n       return a_ * b\n\n.. seealso:: `here <x>`_\n\n"
        ".. image:: a.png\n   :alt: A valve\n\nNote [1]_.\n\n.. [1] Foot.\n",
    )
    assert outline(document) == [
        (
            ("Title", "Only one"),
            "Title\n\nOnly one\n\nwalk(top)\n\nWalks a tree.\n\nparam top: the top\n\n"
            "def f(*args):\n\n    return a_ * b\n\nhere\n\nA valve\n\nNote 1.\n\nFoot.",
        ),
    ]


def paragraph(*runs: str, style: str = "") -> str:
    return f"<w:p>{style}{''.join(runs)}</w:p>"


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def test_word_text_in_controls_fields_insertions_and_boxes(tmp_path: Path) -> None:
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    box = f"<w:txbxContent>{paragraph(run('boxed'))}</w:txbxContent>"
    inner = "".join(
        [
            f"<w:sdt><w:sdtContent>{paragraph(run('control'))}</w:sdtContent></w:sdt>",
            paragraph(
                run("kept"),
                f"<w:ins>{run(' inserted')}</w:ins>",
                f"<w:moveFrom>{run(' moved')}</w:moveFrom>",
                "<w:del><w:r><w:delText> deleted</w:delText></w:r></w:del>",
                f"<w:fldSimple>{run(' field')}</w:fldSimple>",
                "<w:r><w:tab/><w:t>tab</w:t></w:r>",
            ),
            "<w:tbl><w:tr>",
            *(f"<w:tc>{paragraph(run(c))}</w:tc>" for c in ("a", "b")),
            f"</w:tr><w:tr><w:tc>{paragraph()}</w:tc><w:tc>{paragraph()}</w:tc></w:tr></w:tbl>",
            paragraph(
                f"<w:r><mc:AlternateContent {mc}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
                "</mc:AlternateContent></w:r>",
                run("around"),
            ),
        ]
    )
    document = one(tmp_path / "a.docx", docx(word_body(inner.encode())))
    assert document.title == "a"
    assert document.text == "control\n\nkept inserted field\ttab\n\na | b\n\naround\n\nboxed"


def test_word_headings_of_ones_own_style(tmp_path: Path) -> None:
    from docx import Document as new
    from docx.enum.style import WD_STYLE_TYPE

    made = new()
    made.styles.add_style("House Heading", WD_STYLE_TYPE.PARAGRAPH).base_style = made.styles["Heading 2"]
    made.add_heading("Part", 1)
    made.add_paragraph("Valves", style="House Heading")
    made.add_paragraph("They close.")
    buffer = io.BytesIO()
    made.save(buffer)
    assert outline(one(tmp_path / "a.docx", buffer.getvalue())) == [
        (("Part", "Valves"), "Part\n\nValves\n\nThey close.")
    ]


def pages(*texts: str) -> bytes:
    import matplotlib.pyplot as plt
    from matplotlib.backends.backend_pdf import PdfPages

    buffer = io.BytesIO()
    with PdfPages(buffer) as pdf:
        for text in texts:
            figure = plt.figure()
            figure.text(0.1, 0.5, text)
            pdf.savefig(figure)
            plt.close(figure)
    return buffer.getvalue()


def test_a_sentence_that_runs_over_a_page_is_whole(tmp_path: Path) -> None:
    document = one(
        tmp_path / "a.pdf",
        pages("One. The valve closes when", "the pressure falls. The naïve ﬁnal one.", "Third page"),
    )
    assert [(p.place.headings, p.text) for p in split(document)] == [
        (("page 1",), "One. The valve closes when\nthe pressure falls."),
        (("page 2",), "The naïve final one."),
        (("page 3",), "Third page"),
    ]


def test_captions_that_roll_are_read_once(tmp_path: Path) -> None:
    cue = "00:00:0{}.000 --> 00:00:0{}.000\n{}\n\n"
    shown = [
        "one<00:00:00.500><c> two</c>",
        "one two",
        "one two\nthree &amp; four",
        "three &amp; four\nfive",
        "five",
    ]
    cues = "".join(cue.format(i, i + 1, text) for i, text in enumerate(shown))
    assert one(tmp_path / "a.vtt", f"WEBVTT\n\n{cues}").text == "one two\nthree & four\nfive"
    again = "".join(cue.format(i, i + 1, text) for i, text in enumerate(["No.", "Yes.", "No."]))
    assert one(tmp_path / "a.vtt", f"WEBVTT\n\n{again}").text == "No.\nYes.\nNo."
