"""Puts the tables of ``results/`` into README.md and docs, so that no number is typed by hand.

    python benchmarks/render.py [--check]

A block between ``<!-- results/NAME.md -->`` and ``<!-- end -->`` is replaced by that file.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"(<!-- (results/[\w./-]+\.md) -->\n).*?(<!-- end -->)", re.DOTALL)


def rendered(text: str) -> str:
    """``text`` with its tables as they are. Raises ``FileNotFoundError`` for one that was not measured."""

    def filled(block: re.Match[str]) -> str:
        table = (ROOT / "benchmarks" / block[2]).read_text().strip()
        return f"{block[1]}{table}\n{block[3]}"

    return BLOCK.sub(filled, text)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="change nothing; fail where a table is stale")
    check = parser.parse_args().check
    stale = 0
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        text = path.read_text()
        new = rendered(text)
        if new != text:
            stale += 1
            print(f"{'stale' if check else 'rendered'}: {path.relative_to(ROOT)}")
            if not check:
                path.write_text(new)
    return stale if check else 0


if __name__ == "__main__":
    sys.exit(main())
