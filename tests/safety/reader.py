"""A child process that searches for some seconds and fails on the first error or duplicate.

python reader.py FOLDER SECONDS
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from contract_store import vector
from germane.store.embedded import EmbeddedStore


def main(folder: str, seconds: float) -> None:
    end, asked, most = time.monotonic() + seconds, 0, 0
    with EmbeddedStore.open(folder, readonly=True) as store:
        while time.monotonic() < end:
            for ranked in (store.dense(vector(f"question {asked}"), 50), store.lexical("common first7", 50)):
                found = [stored.passage.id for stored in store.fetch(ranked.keys)]
                if len(set(found)) != len(found):
                    raise SystemExit(f"a passage twice: {sorted(found)}")
                most = max(most, len(found))
            asked += 1
    sys.stdout.write(f"{asked} {most}\n")


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
