"""Tables and JSON as they come: odd headers, quotes left open, half characters, ids that repeat."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from germane import Index
from germane.read import File, Skip, crawl, read
from germane.types import Document


def load(path: Path, content: str | bytes) -> list[Document | Skip]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (file,) = crawl([path])
    assert isinstance(file, File)
    return list(read(file))


def texts(path: Path, content: str | bytes) -> list[str]:
    items = load(path, content)
    assert not any(isinstance(item, Skip) for item in items), items
    return [item.text for item in items if isinstance(item, Document)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (",name,age\n0,Ann,3\n", ["column 1: 0\nname: Ann\nage: 3"]),
        ("a,b,a\n1,2,3\n", ["a: 1\nb: 2\na (column 3): 3"]),
        ("sep=;\nname;note\nx;y, z\n", ["name: x\nnote: y, z"]),
        ('"a, b, c";d\n1;2\n', ["a, b, c: 1\nd: 2"]),
        ("\n\nid;text\n1;first\n", ["first"]),
        ("The valve closes.,No header\n", ["column 1: The valve closes.\ncolumn 2: No header"]),
        ("1,one\n2,two\n", ["column 1: 1\ncolumn 2: one", "column 1: 2\ncolumn 2: two"]),
    ],
)
def test_headers_and_delimiters(tmp_path: Path, content: str, expected: list[str]) -> None:
    assert texts(tmp_path / "a.csv", content) == expected


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_a_quote_left_open_costs_one_row(tmp_path: Path, name: str) -> None:
    rows = [
        ["id", "text"],
        ["1", '"never closed'],
        ["2", "fine"],
        ["3", '"also"'],
        ["4", '"in\ntwo "" lines"'],
    ]
    mark = "," if name.endswith("csv") else "\t"
    content = "\n".join(mark.join(row) for row in rows)
    assert texts(tmp_path / name, content) == ['"never closed', "fine", "also", 'in\ntwo " lines']


def test_a_line_that_is_too_long_costs_itself_only(tmp_path: Path) -> None:
    first, second, skip = load(tmp_path / "a.csv", "id,text\n1,one\n2," + "x" * (5 * 2**20) + "\n3,three\n")
    assert [item.text for item in (first, second) if isinstance(item, Document)] == ["one", "three"]
    assert skip == Skip("a.csv", "1 record not read, at line 3: longer than 4 million characters: split it")


def test_accents_after_a_long_plain_beginning(tmp_path: Path) -> None:
    plain = "".join(f"{i},plain\n" for i in range(20_000))
    content = ("id,text\n" + plain + "x,Où est passé le café crème de l'été\n").encode("cp1252")
    assert texts(tmp_path / "a.csv", content)[-1] == "Où est passé le café crème de l'été"


def test_an_odd_byte_does_not_garble_a_table(tmp_path: Path) -> None:
    content = "id,text\n1,Où était l'été ?\n".encode() + b"2,caf\xe9\n"
    assert texts(tmp_path / "a.csv", content) == ["Où était l'été ?", "café"]


def test_half_a_character_at_the_end_of_utf16_is_one_line(tmp_path: Path) -> None:
    content = '{"text":"hello"}\n{"text":"more"}\n'.encode("utf-16")[:-1]
    first, *_ = load(tmp_path / "a.jsonl", content)
    assert isinstance(first, Document)
    assert first.text == "hello"


def test_a_given_id_never_meets_a_made_one(tmp_path: Path) -> None:
    records = [{"id": i, "text": "t"} for i in ("a", "a", "a~2", "a", "2")] + [{"text": "t"}, {"id": "6"}]
    items = load(tmp_path / "a.jsonl", "\n".join(json.dumps({"x": "y", **record}) for record in records))
    ids = [item.id for item in items if isinstance(item, Document)]
    assert len(ids) == len(set(ids)) == len(records)


def test_a_lone_surrogate_anywhere_does_not_end_the_run(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    odd = (
        '{"id":"a\\ud800","text":"one","tag":"x\\ud800","k\\ud800":"v","n":NaN,"big":1e999,"z":"a\\u0000b"}\n'
    )
    (tmp_path / "in/a.jsonl").write_text(odd)
    (tmp_path / "in/b.txt").write_text("Two.")
    with Index.make(tmp_path / "index") as index:
        report = index.add(tmp_path / "in")
    assert (report.documents, report.skipped) == (2, ())
    (document,) = load(tmp_path / "in/a.jsonl", odd)
    assert isinstance(document, Document)
    assert document.metadata["tag"] == "x?"
    assert all(math.isfinite(v) for v in document.metadata.values() if isinstance(v, float))


def test_fields_within_fields_are_read(tmp_path: Path) -> None:
    record = {"question": "Q", "answer": {"text": "A", "by": [{"name": "Ann"}, {"name": "Bob"}]}}
    assert texts(tmp_path / "a.jsonl", json.dumps(record)) == [
        "question: Q\nanswer.text: A\nanswer.by.name: Ann\nanswer.by.name: Bob"
    ]


def test_json_that_nests_as_deep_as_the_parser_allows_is_one_line(tmp_path: Path) -> None:
    for depth in (300, 500, 900, 990, 2000):
        items = load(tmp_path / "a.jsonl", '{"a":' * depth + '"x"' + "}" * depth + '\n{"text":"next"}\n')
        assert isinstance(items[-1], Document) or items[-1].reason.startswith(
            "1 record not read, at line 1: JSON"
        )
        assert "next" in [item.text for item in items if isinstance(item, Document)]


def test_json_lines_under_the_name_of_json(tmp_path: Path) -> None:
    assert texts(tmp_path / "a.json", '{"text":"one"}\n{"text":"two"}\n') == ["one", "two"]
    assert load(tmp_path / "b.json", '{"text":"one"}\n') == [
        Skip("b.json", "JSON is read when it is a list of objects")
    ]


def test_records_that_are_none_are_counted(tmp_path: Path) -> None:
    assert load(tmp_path / "a.json", "[" + "[]," * 200_000 + '{"x": []}]') == [
        Skip("a.json", "200,001 records not read, the first at item 1: not a JSON object")
    ]


def test_a_record_carries_so_many_fields(tmp_path: Path) -> None:
    names = [f"c{i}" for i in range(5000)]
    (document,) = load(tmp_path / "a.csv", ",".join(names) + "\n" + ",".join("x" for _ in names))
    assert isinstance(document, Document)
    assert document.metadata["c0"] == "x"
    assert len(document.metadata) <= 202
    assert document.text.endswith("c4999: x")
