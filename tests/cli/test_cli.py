"""The command line is a contract: envelopes, fields, exit codes, one clear line for each failure."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import germane
from germane import show
from germane.cli import main

Run = Callable[..., tuple[int, dict[str, Any]]]
SIGNALS = {"similarity", "lexical", "maxsim", "verification"}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command with ``--json``; gives the exit code and the one object on stdout."""

    def call(*arguments: object) -> tuple[int, dict[str, Any]]:
        with pytest.raises(SystemExit) as done:
            main([*map(str, arguments), "--json"])
        out = capsys.readouterr().out
        assert out.count("\n") == 1
        envelope = json.loads(out)
        assert envelope["schema"] == "germane/1"
        code = int(done.value.code or 0)
        assert envelope["ok"] is (code == 0)
        if code:
            assert set(envelope["error"]) == {"code", "message", "hint"}
        return code, envelope

    return call


@pytest.mark.parametrize("path", ["", "nowhere"])
def test_a_wrong_path_makes_no_index(run: Run, tmp_path: Path, path: str) -> None:
    code, _ = run("index", path, "--into", tmp_path / "index")
    assert code == 2
    assert not (tmp_path / "index").exists()


def test_index_search_remove(run: Run, tmp_path: Path, corpus: Path) -> None:
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.7 cut off")
    code, done = run("index", corpus, "--into", tmp_path / "index")
    assert code == 0
    assert done["command"] == "index"
    assert {"documents", "passages", "added", "updated", "removed", "unchanged", "seconds"} <= set(done)
    assert [Path(skip["source"]).name for skip in done["skipped"]] == ["broken.pdf"]
    assert all(skip["reason"] for skip in done["skipped"])

    code, found = run("search", "how do I export contacts?", "--index", tmp_path / "index", "-k", 2)
    assert code == 0
    assert found["query"] == "how do I export contacts?"
    assert isinstance(found["answered"], bool)
    assert len(found["results"]) <= 2
    hits = found["results"] + found["rejected"]
    assert hits
    for hit in hits:
        assert {"id", "document", "text", "place", "signals", "probability", "verdict", "reason"} <= set(hit)
        assert set(hit["signals"]) == SIGNALS
    assert [step["name"] for step in found["trace"]["steps"]][-2:] == ["verify", "reasons"]

    code, done = run("remove", "guide.md", "--index", tmp_path / "index")
    assert (code, done["removed"]) == (0, 1)


def test_remove_tells_what_was_not_there(run: Run, tmp_path: Path, corpus: Path) -> None:
    index = tmp_path / "index"
    run("index", corpus, "--into", index)
    code, done = run("remove", "guide.md", "nowhere.md", "nowhere.md", "--index", index)
    assert (code, done["removed"], done["unknown"]) == (0, 1, ["nowhere.md"])
    code, done = run("remove", "guide.md", "--index", index)
    assert (code, done["error"]["code"]) == (2, "bad_input")
    assert "guide.md" in done["error"]["message"]
    assert "#number" in done["error"]["hint"]


@pytest.mark.parametrize(
    "call",
    [
        ("search", "x", "--index"),
        ("remove", "x", "--index"),
        ("doctor", "--index"),
        ("index", "SELF", "--into"),
        ("demo", "--into"),
    ],
)
def test_an_index_without_a_name_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = run(*(__file__ if part == "SELF" else part for part in call), "")
    assert (code, said["command"]) == (2, call[0])
    assert "name a folder" in said["error"]["message"]
    assert not list(tmp_path.iterdir())


def test_a_field_that_nothing_has_is_named(run: Run, built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ("search", "contacts", "--index", str(built), "--where", "colour=red")
    _, found = run(*call)
    assert found["results"] == found["rejected"] == []
    notes = {name: value for step in found["trace"]["steps"] for name, value in step.items()}
    assert notes["unknown_fields"] == ["colour"]
    with pytest.raises(SystemExit):
        main([*call])
    assert "No passage has the field 'colour'." in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main(["--version"])
    assert not done.value.code
    assert capsys.readouterr().out == f"germane {germane.__version__}\n"


def test_people_see_how_many_were_rejected_and_a_twin_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("To export contacts, open Settings and choose Export.")
    (tmp_path / "b.txt").write_text("To export contacts, open  Settings\nand choose Export.")
    for i in range(8):
        (tmp_path / f"{i}.txt").write_text(
            f"Train {i}{i} to Leeds leaves the station at {i + 4} in the morning."
        )
    index = str(tmp_path / "my.index")
    for call in (("index", str(tmp_path), "--into", index), ("search", "export contacts", "--index", index)):
        with pytest.raises(SystemExit):
            main([*call])
    out = capsys.readouterr().out
    assert out.count("open Settings") == 1
    assert re.search(r"[ab]\.txt#0  same words as [ab]\.txt#0", out)
    assert re.search(r"Rejected \(\d+, the 5 most similar\):", out)


def test_people_see_both_of_two_passages_that_differ_in_a_number(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rest = (
        "is 25 days and may be taken by everybody who works here, in as many parts as they like, until the "
        "end of March of the year after; whoever leaves before is paid for the days that are left. This "
        "holds for those who work part of the week as well, by the share of the days they work. Days on "
        "which somebody was ill do not count, if a doctor says so within a week of the first of them."
    )
    for year in (2023, 2024):
        (tmp_path / f"{year}.txt").write_text(f"Annual leave in {year} {rest}")
    index = tmp_path / "my.index"
    run("index", tmp_path, "--into", index)
    _, found = run("search", "annual leave", "--index", index)
    assert len({hit["group"] for hit in found["results"]}) == 1 < len(found["results"])
    with pytest.raises(SystemExit):
        main(["search", "annual leave", "--index", str(index)])
    out = capsys.readouterr().out
    assert "leave in 2023" in out
    assert "leave in 2024" in out


def test_people_are_told_that_hits_are_only_possible(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["search", "import pictures", "--index", str(built), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert {hit["verdict"] for hit in found["results"]} == {"unsure"}
    with pytest.raises(SystemExit):
        main(["search", "import pictures", "--index", str(built)])
    assert capsys.readouterr().out.startswith("Nothing is surely relevant; these are possible:\n")


def test_an_empty_answer_is_done(run: Run, built: Path) -> None:
    code, found = run("search", "contacts", "--index", built, "--where", "format=nothing")
    assert code == 0
    assert found["answered"] is False
    assert found["results"] == found["rejected"] == []


def test_verify(run: Run) -> None:
    code, done = run("verify", "--query", "export the contacts", "--passage", "import the contacts")
    assert code == 0
    assert set(done["signals"]) == SIGNALS
    assert done["signals"]["lexical"] is None
    assert done["verdict"] in ("relevant", "near_miss", "off_topic", "unsure")
    assert isinstance(done["reason"], str)


@pytest.mark.parametrize("command", ["search", "verify"])
def test_a_named_picture_explains(run: Run, built: Path, tmp_path: Path, command: str) -> None:
    png = tmp_path / "map.png"
    asked: dict[str, list[object]] = {
        "search": ["search", "export the contacts", "--index", built],
        "verify": ["verify", "--query", "export the contacts", "--passage", "import the contacts"],
    }
    for _ in range(2):
        code, done = run(*asked[command], "--png", png)
        assert code == 0
        assert png.read_bytes().startswith(b"\x89PNG")
        assert done["explain"]["png"] == str(png)
        assert set(done["explain"]["maps"][0]) == {"id", "verdict", "against"}
        assert [path.name for path in tmp_path.iterdir()] == ["map.png"]
    code, done = run(*asked[command], "--png", tmp_path / "nowhere" / "map.png")
    assert (code, done["error"]["code"]) == (2, "bad_input")


def test_a_picture_replaces_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "germane-explain.png").write_text("mine")
    texts = ("verify", "--query", "export the contacts", "--passage", "Import the contacts of the office.")
    _, done = run(*texts, "--explain")
    assert done["explain"]["png"] == "germane-explain-2.png"
    assert (tmp_path / "germane-explain.png").read_text() == "mine"
    with pytest.raises(SystemExit):
        main([*texts, "--explain"])
    assert "germane-explain-3.png" in capsys.readouterr().out
    assert len(list(tmp_path.iterdir())) == 3


def test_nothing_found_is_no_picture(
    run: Run, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _, done = run("search", "x", "--index", built, "--where", "format=nothing", "--explain")
    assert done["explain"] == {"png": None, "maps": []}
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("width", [60, 80, 120, 400])
@pytest.mark.parametrize("count", [1, 4, 9])
def test_a_table_of_a_benchmark_fits_and_cuts_no_number(width: int, count: int) -> None:
    measures = {f"measure/{i}": 0.5678 for i in range(count)}
    systems = [
        {
            "name": name,
            "measures": {**measures, "bytes_a_passage": 24348.51},
            "interval": {name: [0.1234, 0.9876] for name in measures} | {"bytes_a_passage": [24348.51] * 2},
        }
        for name in ("bm25", "dense", "fusion", "maxsim", "germane/results")
    ]
    console = Console(width=width, file=StringIO(), record=True)
    console.print(show.bench({"systems": systems, "notes": ["cross-encoder left out"]}))
    out = console.export_text()
    assert out.count(" 0.568 [0.123, 0.988] ") == 5 * count
    assert out.count(" 24,349 ") == 5
    assert "cross-encoder left out" in out
    assert max(map(len, out.splitlines())) <= width


def test_doctor(run: Run, built: Path) -> None:
    code, done = run("doctor", "--index", built)
    assert code == 0
    assert done["problems"] == []
    assert {model["state"] for model in done["models"]} == {"ok"}
    assert done["index"]["passages"] > 0
    assert all(extra["install"].startswith("pip install 'germane[") for extra in done["extras"])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["search", "x"], 2),
        (["search", "", "--index", "BUILT"], 2),
        (["search", "x", "--index", "BUILT", "-k", "0"], 2),
        (["search", "x", "--index", "BUILT", "--where", "nonsense"], 2),
        (["search", "x", "--index", "BUILT", "--where", "format=md", "--where", "format=txt"], 2),
        (["nonsense"], 2),
        (["search", "x", "--index", "NOWHERE"], 3),
        (["remove", "x", "--index", "NOWHERE"], 3),
        (["doctor", "--index", "NOWHERE"], 3),
        (["index", "NOWHERE", "--into", "NEW"], 2),
        (["index", "CORPUS", "--into", "NEW", "--encoder", "NOWHERE/model"], 3),
        (["index", "CORPUS", "--into", "NEW", "--token-format", "int3"], 2),
        (["bench", "nonsense"], 2),
        (["bench", "scifact"], 2),
        (["bench", "scifact", "--data", "CORPUS"], 2),
        (["verify", "--query", "x"], 2),
    ],
)
def test_failures_have_a_line_a_hint_and_a_code(
    run: Run, built: Path, corpus: Path, tmp_path: Path, arguments: list[str], code: int
) -> None:
    places = {"BUILT": built, "CORPUS": corpus, "NOWHERE": tmp_path / "nowhere", "NEW": tmp_path / "new"}
    filled = [str(places.get(a, a)).replace("NOWHERE/", f"{tmp_path}/nowhere/") for a in arguments]
    found, done = run(*filled)
    assert found == code, done
    assert "\n" not in done["error"]["message"]
    assert "Traceback" not in done["error"]["message"]


def test_a_file_that_is_no_index_is_unusable(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    (folder / "germane.sqlite").write_bytes(b"this is no database" * 1000)
    code, done = run("search", "x", "--index", folder)
    assert (code, done["error"]["code"]) == (4, "store_unusable")


def test_people_get_one_line_on_stderr_and_nothing_on_stdout(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with pytest.raises(SystemExit) as done:
        main(["search", "x", "--index", str(tmp_path / "nowhere")])
    assert done.value.code == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "germane index" in said.err


def test_a_passage_cannot_style_or_command_the_terminal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "evil.txt").write_text("[bold red]contacts[/] \x1b]0;title\x07 \x1b[31mred\x1b[0m here")
    for arguments in (
        ["index", str(tmp_path / "evil.txt"), "--into", str(tmp_path / "index")],
        ["search", "contacts", "--index", str(tmp_path / "index")],
    ):
        with pytest.raises(SystemExit):
            main(arguments)
    out = capsys.readouterr().out
    assert "[bold red]contacts[/]" in out
    assert "\x1b" not in out
    assert "\x07" not in out


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("as_json", [True, False])
def test_an_interrupt_is_said(tmp_path: Path, as_json: bool) -> None:
    for i in range(400):
        (tmp_path / f"{i}.txt").write_text(f"Text {i} with words of its own. " * 60)
    call = [sys.executable, "-m", "germane", "index", str(tmp_path), "--into", str(tmp_path / "x.index")]
    process = subprocess.Popen(
        [*call, *(["--json"] if as_json else [])], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while not (tmp_path / "x.index/germane.sqlite").exists():
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    if as_json:
        assert json.loads(out)["error"]["message"] == "stopped"
    else:
        assert err.splitlines()[-1].startswith("germane: stopped")


def test_help_is_instant() -> None:
    best = min(_seconds("-m", "germane", "--help") for _ in range(5))
    assert best < 0.6  # the bar is 0.3 s on idle cores; tests share theirs


def test_importing_is_instant() -> None:
    assert min(_seconds("-c", "import germane") for _ in range(5)) < 0.3  # the bar is 0.15 s


def _seconds(*arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - start
