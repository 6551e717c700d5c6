"""Writes ``models/SHA256SUMS``, which ``germane doctor`` holds the shipped files to.

Usage: python -m germane.learn.checksums
"""

from __future__ import annotations

import hashlib

from germane.doctor import CHECKSUMS, MODELS


def checksums() -> str:
    """One line a shipped file, in the format of ``sha256sum``; model cards are left out."""
    files = [f for f in sorted(MODELS.rglob("*")) if f.is_file() and f != CHECKSUMS and f.suffix != ".md"]
    return "".join(
        f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.relative_to(MODELS).as_posix()}\n" for f in files
    )


if __name__ == "__main__":
    CHECKSUMS.write_text(checksums())
