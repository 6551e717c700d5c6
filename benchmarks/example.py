"""Keeps what commands print, for the README: ``python benchmarks/example.py``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXAMPLES = {
    "verify-example": [
        ["verify", "--query", "export the contacts", "--passage", "To import contacts, open Settings."]
    ],
    "guard-example": [
        ["guard", "trains that leave Oslo before noon", "trains that arrive in Oslo before noon"],
        ["guard", "by what means can I reset my password?", "how do I reset my password"],
    ],
}


def printed(command: list[str]) -> list[str]:
    """The command as one would type it, and what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "germane", *command], capture_output=True, text=True, check=True
    )
    said = " ".join(f'"{part}"' if " " in part else part for part in command)
    return [f"$ germane {said}", *(line.rstrip() for line in done.stdout.rstrip().splitlines())]


def main() -> None:
    for name, commands in EXAMPLES.items():
        lines = [line for command in commands for line in printed(command)]
        text = "\n".join(["```", *lines, "```"])
        (Path(__file__).parent / "results" / f"{name}.md").write_text(text + "\n")


if __name__ == "__main__":
    main()
