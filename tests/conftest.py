"""Folders of real text that several tests read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from germane.index import Index

GUIDE = """# Contacts

## Import

To import contacts, open Settings and choose Import. The file must be a CSV of at most 5 MB.

## Export

To export contacts, open Settings and choose Export. The export does not contain pictures.
"""
LEAVE = """Annual leave in 2023 was 25 days. It had to be taken before the end of March.

Annual leave in 2024 is 27 days. It may be carried over without a limit.
"""
TRAINS = "City,Train,Minutes\nLeeds,express,45\nYork,local,80\n"


def write_corpus(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "guide.md").write_text(GUIDE)
    (folder / "leave.txt").write_text(LEAVE)
    (folder / "trains.csv").write_text(TRAINS)
    return folder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A fresh folder of a few small documents, free to change."""
    return write_corpus(tmp_path / "corpus")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of that corpus, made once; read it, do not change it."""
    home = tmp_path_factory.mktemp("built")
    with Index.create(home / "index") as index:
        index.add(write_corpus(home / "corpus"))
    return home / "index"


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of the benchmark data; the test is skipped where there is none."""
    folder = os.environ.get("GERMANE_DATA", "")
    if not folder:
        pytest.skip("GERMANE_DATA does not name the folder of the benchmark data")
    return Path(folder)
