"""The whole of indexing, killed at random moments, and several processes on one index at once.

``benchmarks/safety.py`` does the same a hundred times over.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def safety() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "safety.py"
    spec = importlib.util.spec_from_file_location("safety", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_nothing_that_was_reported_is_lost(safety: ModuleType, tmp_path: Path) -> None:
    done = safety.kills(tmp_path, 6, files=400, longest=3)
    assert done["runs_that_lost_a_reported_document"] == 0
    assert done["runs_after_which_the_store_was_broken"] == 0
    assert done["runs_after_which_search_found_nothing"] == 0
    assert done["finished_with_all_documents"]
    assert done["search_works"]
    assert done["problems"] == []


def test_two_writers_and_four_readers(safety: ModuleType, tmp_path: Path) -> None:
    done = safety.crowd(tmp_path, 8, files=60)
    assert done["errors"] == []
    assert done["duplicates"] == 0
    assert done["documents"] == done["expected"]
    assert done["searches"] > 0
    assert done["problems"] == []
