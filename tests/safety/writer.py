"""A child process that writes documents until it is stopped, and says aloud what was committed.

    python writer.py FOLDER NAME FIRST COUNT REFRESH

Document ``i`` of writer ``NAME`` is put as ``NAME-i`` by source ``NAME-s``, ten documents a commit;
once a commit has returned, its number is printed. ``REFRESH``: bring the caches up every so many commits.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from contract_store import entry, source
from germane.store.embedded import EmbeddedStore

A_COMMIT = 10


def main(folder: str, name: str, first: int, count: int, refresh: int) -> None:
    with EmbeddedStore.open(folder) as store:
        for batch in range(first, first + count):
            numbers = range(batch * A_COMMIT, (batch + 1) * A_COMMIT)
            entries = [
                entry(f"{name}-{i}", f"common {name} first{i}", f"common {name} second{i}") for i in numbers
            ]
            store.put(source(f"{name}-s"), entries)
            sys.stdout.write(f"{batch}\n")
            sys.stdout.flush()
            if refresh and batch % refresh == 0:
                store.refresh()
        store.refresh()
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6]))
