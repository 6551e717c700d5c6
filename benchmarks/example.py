"""Keeps what one command prints, for the README: ``python benchmarks/example.py``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

COMMAND = ["verify", "--query", "export the contacts", "--passage", "To import contacts, open Settings."]


def main() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "germane", *COMMAND], capture_output=True, text=True, check=True
    )
    said = " ".join(f'"{part}"' if " " in part else part for part in COMMAND)
    lines = [line.rstrip() for line in done.stdout.rstrip().splitlines()]
    text = "\n".join(["```", f"$ germane {said}", *lines, "```"])
    (Path(__file__).parent / "results" / "verify-example.md").write_text(text + "\n")


if __name__ == "__main__":
    main()
