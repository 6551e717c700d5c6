"""Bytes to text: odd bytes, mixtures, and encodings that East Asia uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from germane.read import File, crawl, read
from germane.types import Document


def text(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    (file,) = crawl([path])
    assert isinstance(file, File)
    (document,) = read(file)
    assert isinstance(document, Document), document
    return document.text


def test_one_stray_byte_does_not_garble_a_text(tmp_path: Path) -> None:
    french = "Où êtes-vous allés cet été ? " * 30
    assert text(tmp_path / "a.txt", french.encode() + b"\xe9. " + french.encode()) == (
        f"{french}é. {french}".strip()
    )
    assert text(tmp_path / "a.txt", b"\xef\xbb\xbf" + french.encode() + b"\xe9") == f"{french}é"


def test_two_encodings_in_one_file(tmp_path: Path) -> None:
    mixed = ("Où êtes-vous ?\n" * 9).encode() + ("garçon mangé\n" * 5).encode("cp1252")
    assert text(tmp_path / "a.txt", mixed) == ("Où êtes-vous ?\n" * 9 + "garçon mangé\n" * 5).strip()


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("gb18030", "这个文件说明了如何导出联系人，请先打开设置，然后选择导出。压力低于两巴时阀门关闭。"),
        ("big5", "這個文件說明了如何匯出聯絡人，請先打開設定，然後選擇匯出。"),
        ("shift_jis", "この文書は連絡先を書き出す方法を説明しています。設定を開いてください。"),
        ("euc_kr", "이 문서는 연락처를 내보내는 방법을 설명합니다. 먼저 설정을 여십시오."),
        ("cp1251", "Этот документ объясняет, как экспортировать контакты. Откройте настройки."),
        ("koi8_r", "Этот документ объясняет, как экспортировать контакты. Откройте настройки."),
    ],
)
def test_no_other_encoding_is_taken_for_utf8(tmp_path: Path, encoding: str, said: str) -> None:
    found = text(tmp_path / "a.html", f"<meta charset={encoding}><p>{said * 4}</p>".encode(encoding))
    assert found == said * 4


def test_soft_hyphens_do_not_part_words(tmp_path: Path) -> None:
    assert text(tmp_path / "a.txt", "infor\u00admation and infor\u00ad\nmation".encode()) == (
        "information and information"
    )
    assert text(tmp_path / "a.html", b"<p>infor&shy;mation</p>") == "information"
