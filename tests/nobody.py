"""Doing as nobody what root, whom the tests may run as, is not refused."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

NOBODY = 65534


@contextmanager
def as_nobody() -> Iterator[None]:
    """With the permissions of nobody, where the tests run as root."""
    root = os.geteuid() == 0
    gc.collect()  # what other tests left is cleaned up by who made it,
    gc.disable()  # not by nobody, who may not
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        gc.enable()
