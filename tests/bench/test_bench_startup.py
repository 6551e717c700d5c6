"""Timing of fresh processes."""

from __future__ import annotations

import pytest

from germane.bench.startup import import_seconds, peak_megabytes
from germane.errors import GermaneError


def test_import_time_leaves_the_interpreter_out():
    assert 0 < min(import_seconds("json", runs=2)) < 1


def test_memory_is_that_of_the_process_itself():
    small, large = peak_megabytes("pass"), peak_megabytes("x = bytearray(200_000_000); x[::4096] = x[::4096]")
    assert small < 60
    assert 180 < large - small < 260


def test_a_process_that_fails_says_so():
    with pytest.raises(GermaneError, match="no_such_module"):
        import_seconds("no_such_module", runs=1)
