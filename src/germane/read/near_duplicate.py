"""Which passages say the same words, almost: MinHash over shingles of four words.

The share of equal components of two signatures estimates the Jaccard index of their shingle sets
(Broder, "On the resemblance and containment of documents", 1997). Cutting a signature into bands and
looking up equal bands finds the pairs worth comparing (Leskovec et al., Mining of Massive Datasets,
3.4): with 16 bands of 8 rows a pair at 0.85 is found with probability 0.99, one at 0.5 with 0.06.

Near-duplicates are grouped, never dropped: one changed number is a small change of words and may be
the whole difference between the right passage and a near-miss.
"""

from __future__ import annotations

import re
import unicodedata
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

PERMUTATIONS = 128
BANDS = 16
WORDS = 4
THRESHOLD = 0.85

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_word = re.compile(r"\w+")


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64: spreads every input bit over the output, modulo 2**64."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


# One odd factor and one offset a permutation, the same in every process and version.
_counter = np.arange(1, 2 * PERMUTATIONS + 1, dtype=np.uint64) * _GOLDEN
_factors = _mix(_counter[:PERMUTATIONS]) | np.uint64(1)
_offsets = _mix(_counter[PERMUTATIONS:])
_rows = _mix(_counter[: PERMUTATIONS // BANDS]) | np.uint64(1)


def shingle(text: str) -> NDArray[np.uint64]:
    """Hashes of all runs of four words, case and punctuation aside; shape ``(shingles,)``, at least one.

    A text of fewer words is one shingle, so that such texts are alike only when they are equal.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = _word.findall(plain) or [plain.strip()]
    hashes = _mix(np.array([crc32(word.encode("utf-8", "replace")) for word in words], np.uint64) + _GOLDEN)
    width = min(WORDS, len(words))
    runs = np.full(len(words) - width + 1, width, np.uint64)
    for i in range(width):
        runs = _mix(runs * _GOLDEN + hashes[i : len(runs) + i])
    return runs


def minhash(shingles: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The least of the shingles under each permutation; ``(shingles,)`` -> ``(permutations,)``."""
    return np.asarray((shingles[:, None] * _factors + _offsets).min(axis=0), np.uint64)


def signature(text: str) -> NDArray[np.uint64]:
    """The MinHash signature of a text, shape ``(permutations,)``; equal in every process."""
    return minhash(shingle(text))


def bands(signature: NDArray[np.uint64]) -> list[int]:
    """One signed 64-bit key a band; two texts that share a key are worth comparing."""
    rows = signature.reshape(BANDS, -1)
    keys = _mix((rows * _rows).sum(axis=1, dtype=np.uint64) + np.arange(BANDS, dtype=np.uint64) * _GOLDEN)
    return [int(key) for key in keys.view(np.int64)]


def similar(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> float:
    """The estimated Jaccard index of two texts, 0 to 1 (standard error 0.03 at 0.85).

    From ``THRESHOLD`` on two passages belong to one group.
    """
    return float(np.mean(a == b))
