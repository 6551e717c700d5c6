"""The command line is a contract: envelopes, fields, exit codes, one clear line for each failure."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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
    assert [step["name"] for step in found["trace"]["steps"]][-1] == "verify"

    code, done = run("remove", "guide.md", "--index", tmp_path / "index")
    assert (code, done["removed"]) == (0, 1)
    code, done = run("remove", "guide.md", "--index", tmp_path / "index")
    assert (code, done["removed"]) == (0, 0)


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
def test_explain_writes_a_picture(run: Run, built: Path, tmp_path: Path, command: str) -> None:
    png = tmp_path / "map.png"
    asked = {
        "search": ["search", "export the contacts", "--index", built],
        "verify": ["verify", "--query", "export the contacts", "--passage", "import the contacts"],
    }
    code, done = run(*asked[command], "--explain", "--png", png)
    assert code == 0
    assert png.read_bytes().startswith(b"\x89PNG")
    assert done["explain"]["maps"][0]["png"] == str(png)


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


def test_help_is_instant() -> None:
    best = min(_seconds("-m", "germane", "--help") for _ in range(5))
    assert best < 0.6  # the bar is 0.3 s on idle cores; tests share theirs


def test_importing_is_instant() -> None:
    assert min(_seconds("-c", "import germane") for _ in range(5)) < 0.3  # the bar is 0.15 s


def _seconds(*arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - start
