"""A file of any kind as a sequence of turns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from germane.backtrace.reading import plain, read_turns
from germane.backtrace.turns import Turn
from germane.errors import InputError

SRT = """1
00:00:01,000 --> 00:00:03,000
The projection is linear. It keeps

2
00:00:03,000 --> 00:00:06,500
what lies in the plane. Any questions?
"""


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("Anna: hi\nBob: how are you?\nAnna: fine\nand you", [("hi", "Anna", ""), ("how are you?", "Bob", ""),
                                                              ("fine and you", "Anna", "")]),
        ("[10:32] <anna> hi\n[10:33] <bob> hello", [("hi", "anna", "10:32"), ("hello", "bob", "10:33")]),
        ("12/03/24, 10:32 - Anna Lee: hi\n12/03/24, 10:33 - Bob: yes\n12/03/24, 10:34 - Bob: no",
         [("hi", "Anna Lee", "12/03/24, 10:32"), ("yes", "Bob", "12/03/24, 10:33"),
          ("no", "Bob", "12/03/24, 10:34")]),
        ("2026-03-01T10:32:11Z disk full\n2026-03-01T10:32:12.5Z write failed\n  at line 3\n"
         "2026-03-01T10:33:00Z stopped",
         [("2026-03-01T10:32:11Z disk full", "", "2026-03-01T10:32:11Z"),
          ("2026-03-01T10:32:12.5Z write failed at line 3", "", "2026-03-01T10:32:12.5Z"),
          ("2026-03-01T10:33:00Z stopped", "", "2026-03-01T10:33:00Z")]),
        ("14:05 Anna: the restart gave an ERROR again\n14:06 Bob: try once more\n14:07 Anna: done",
         [("the restart gave an ERROR again", "Anna", "14:05"), ("try once more", "Bob", "14:06"),
          ("done", "Anna", "14:07")]),
        ("1/2/24, 9:05\u202fPM - Anna: hi\n1/2/24, 9:06\u202fPM - Bob: yes",
         [("hi", "Anna", "1/2/24, 9:05\u202fPM"), ("yes", "Bob", "1/2/24, 9:06\u202fPM")]),
        ("Nov 25 10:00:01 host kernel: oom\nNov 25 10:00:02 host sshd: closed",
         [("Nov 25 10:00:01 host kernel: oom", "", "Nov 25 10:00:01"),
          ("Nov 25 10:00:02 host sshd: closed", "", "Nov 25 10:00:02")]),
        ("The cat sat. It slept\nuntil noon.\n\nNote: it was warm.",
         [("The cat sat.", "", ""), ("It slept until noon.", "", ""), ("Note: it was warm.", "", "")]),
    ],
)  # fmt: skip
def test_plain_text_is_read_as_what_it_looks_like(text: str, turns: list[tuple[str, str, str]]) -> None:
    assert list(plain(text)) == [Turn(*turn) for turn in turns]


def test_subtitles_become_sentences_with_the_time_at_which_they_begin(tmp_path: Path) -> None:
    path = tmp_path / "talk.srt"
    path.write_text(SRT)
    assert read_turns(path) == [
        Turn("The projection is linear.", "", "00:00:01"),
        Turn("It keeps what lies in the plane.", "", "00:00:01"),
        Turn("Any questions?", "", "00:00:03"),
    ]


def test_captions_without_full_stops_are_turns_by_the_cue(tmp_path: Path) -> None:
    cues = [
        f"{i}\n00:00:{i:02},000 --> 00:00:{i + 1:02},000\n{f'so we go on to {i} ' * 4}\n"
        for i in range(1, 50)
    ]
    path = tmp_path / "auto.srt"
    path.write_text("\n".join(cues))
    assert len(read_turns(path)) == 49


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("list.json", json.dumps(["One.", "Two."])),
        ("objects.json", json.dumps([{"speaker": "", "content": "One."}, {"text": "Two."}])),
        ("whisper.json", json.dumps({"segments": [{"start": "", "text": " One."}, {"text": "Two."}]})),
        ("calls.json", json.dumps([{"content": "One."}, {"content": None, "tool": 1}, {"content": "Two."}])),
        ("mark.jsonl", '{"text": "One."}\n{"text": "Two.\u2028"}\n'),
        ("lines.jsonl", '{"text": "One."}\n{"text": "Two."}\n'),
        ("page.md", "# One.\n\nTwo.\n"),
        ("page.html", "<p>One.</p><p>Two.</p>"),
    ],
)
def test_every_kind_of_file_gives_its_turns(tmp_path: Path, name: str, held: str) -> None:
    path = tmp_path / name
    path.write_text(held)
    assert [turn.text for turn in read_turns(path)] == ["One.", "Two."]


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("empty.txt", b""), ("blank.txt", b" \n \n"), ("binary.txt", bytes(range(256)) * 40),
        ("broken.json", b"[1, "), ("number.json", b"[1, 2]"), ("nothing.json", b'{"a": 1}'),
        ("broken.pdf", b"%PDF-1.4 nothing"), ("damaged.srt", b"no cue at all"),
        ("deep.json", b"[" * 100_000), ("page.docx", b"PK no zip"),
    ],
)  # fmt: skip
def test_bad_input_is_one_error_with_a_hint(tmp_path: Path, name: str, held: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(held)
    with pytest.raises(InputError) as raised:
        read_turns(path)
    assert name in raised.value.message
    assert raised.value.hint


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(InputError, match="no file"):
            read_turns(path)


@given(st.text(max_size=400))
def test_no_word_of_plain_text_is_lost(text: str) -> None:
    kept = "".join("".join(turn) for turn in plain(text))
    letters = [c for c in text if c.isalnum()]
    assert [c for c in kept if c.isalnum()] == letters or sorted(c for c in kept if c.isalnum()) == sorted(
        letters
    )
