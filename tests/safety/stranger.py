"""A child process that reads an index as somebody who may not write it.

python stranger.py FOLDER WARM: what reading imports is read from WARM while it still may be.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from contract_store import ids
from germane.store.embedded import EmbeddedStore
from nobody import NOBODY


def main(folder: str, warm: str) -> None:
    with EmbeddedStore.open(warm) as store:
        store.lexical("number1", 1)
    if os.geteuid() == 0:
        os.setuid(NOBODY)
    with EmbeddedStore.open(folder) as store:
        ranked = store.lexical("number1", 1)
        sys.stdout.write(f"{store.counts().documents} {ids(store, ranked)} {ranked.lag}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
