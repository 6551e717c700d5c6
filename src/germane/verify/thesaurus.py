"""What geometry cannot know of words: opposites lie near each other, as synonyms do, and kinds of one thing.

Tables over words, compiled from WordNet and hand-written pairs by ``learn/thesaurus.py``; a look-up by the
encoder's word pieces at run time. A word spelt with several pieces (``un ##mut ##e``) is known by all of
them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from germane.errors import MissingModel

SHIPPED = Path(__file__).parent.parent / "models" / "thesaurus"

FLAGS = ("number", "negation", "question", "quantifier", "direction", "stop", "continued", "mark", "noun",
         "verb", "adjective", "adverb")  # fmt: skip
RELATIONS = ("same", "synonym", "opposite", "other_number", "derived", "indirect", "broader", "sibling")
"""Code 0 is no relation known; code ``i + 1`` is ``RELATIONS[i]``. Same: one lemma. Other number: both are
numbers and they differ. Indirect: opposites by way of others (huge / tiny). Broader: one is a kind of the
other. Sibling: kinds of one thing, or adjectives akin to one."""
SAME, SYNONYM, OPPOSITE, OTHER_NUMBER, DERIVED, INDIRECT, BROADER, SIBLING = range(1, len(RELATIONS) + 1)
LEMMAS, SENSES, KINDS = 2, 4, 5
"""Of a word, at most."""

Ids = NDArray[np.int32]
_LONGEST = 16
_ODD = (np.arange(1, _LONGEST + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) | np.uint64(1)


def hashed(pieces: Sequence[int]) -> np.uint32:
    """The key of a word by its pieces."""
    ids = np.asarray(pieces, np.uint64) + np.uint64(1)
    places = np.minimum(np.arange(len(ids)), _LONGEST - 1)
    return np.uint32(_mixed((ids * _ODD[places]).sum(dtype=np.uint64)[None])[0])


def _mixed(sums: NDArray[np.uint64]) -> NDArray[np.uint32]:
    mixed = (sums ^ (sums >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    return ((mixed >> np.uint64(32)) ^ mixed).astype(np.uint32)


class Thesaurus:
    """Tables by word: ``features`` ``(words, flags + 1)``, the last one rarity, from 0 to 1.

    Raises ``MissingModel`` where ``folder`` holds none.
    """

    def __init__(self, folder: Path | str = SHIPPED) -> None:
        path = Path(folder) / "thesaurus.npz"
        if not path.is_file():
            raise MissingModel(f"{folder} has no {path.name}", hint="reinstall germane")
        with np.load(path, allow_pickle=False) as tables:
            self._hashes, self._spelt = tables["hashes"], tables["words"]
            self._lemma, self._senses, self._kinds = tables["lemma"], tables["senses"], tables["kinds"]
            flags, rarity = tables["flags"], tables["rarity"]
            self._related = {
                OPPOSITE: _by_first(tables["opposites"]),
                INDIRECT: _by_first(tables["indirect"]),
                DERIVED: _by_first(tables["derived"]),
            }
        self.features: NDArray[np.float32] = np.concatenate(
            [flags.astype(np.float32), rarity.astype(np.float32)[:, None]], axis=1
        )
        self._number = flags[:, FLAGS.index("number")] > 0
        self._continued = flags[:, FLAGS.index("continued")] > 0
        self._plain = (flags[:, FLAGS.index("stop")] > 0) | (flags[:, FLAGS.index("mark")] > 0)

    def words(self, ids: Ids) -> Ids:
        """The word that each piece belongs to, in the shape of ``ids`` (rows are texts): its own id, or that
        of a known word of several pieces."""
        flat = ids.reshape(-1)
        starts = ~self._continued[flat]
        starts.reshape(ids.shape)[..., :1] = True
        first = np.flatnonzero(starts)
        if len(first) == len(flat):
            return ids
        group = np.cumsum(starts) - 1
        places = np.minimum(np.arange(len(flat)) - first[group], _LONGEST - 1)
        sums = np.add.reduceat((flat.astype(np.uint64) + np.uint64(1)) * _ODD[places], first)
        keys = _mixed(sums)
        at = np.minimum(np.searchsorted(self._hashes, keys), len(self._hashes) - 1)
        several = np.diff(np.append(first, len(flat))) > 1
        known = several & (self._hashes[at] == keys)
        found = np.where(known[group], self._spelt[at][group], flat)
        return found.reshape(ids.shape).astype(np.int32)

    def described(self, ids: Ids) -> NDArray[np.float32]:
        """``features`` of the words that pieces belong to, ``(..., flags + 1)``; whether a piece continues a
        word is its own."""
        found = self.features[self.words(ids)]
        found[..., FLAGS.index("continued")] = self._continued[ids]
        return found

    def relations(self, query: Ids, passage: Ids) -> NDArray[np.int8]:
        """Codes of ``RELATIONS`` for query pieces ``(q,)`` against passage pieces of any shape (rows are
        texts): ``(q, ...)``."""
        asked, here = np.unique(self.words(query), return_inverse=True)
        said, there = np.unique(self.words(passage), return_inverse=True)
        table = np.zeros((len(asked), len(said)), np.int8)
        lemma, senses, kinds = self._lemma[said], self._senses[said], self._kinds[said]
        numbers = self._number[said]
        for row, word in enumerate(asked):
            codes = table[row]
            own = _known(self._lemma[word])
            if not self._plain[word]:
                own_senses, own_kinds = _known(self._senses[word]), _known(self._kinds[word])
                codes[_any(kinds, own_kinds)] = SIBLING
                codes[_any(kinds, own_senses) | _any(senses, own_kinds)] = BROADER
            for code in (INDIRECT, DERIVED):
                codes[self._among(lemma, own, code)] = code
            if not self._plain[word]:
                codes[_any(senses[:, :2], own_senses[:2])] = SYNONYM
            if self._number[word]:
                codes[numbers] = OTHER_NUMBER
            codes[self._among(lemma, own, OPPOSITE)] = OPPOSITE
            codes[_any(lemma, own)] = SAME
        codes_of: NDArray[np.int8] = table[here.reshape(-1)][:, there.reshape(-1)]
        return codes_of.reshape(len(query), *passage.shape)

    def _among(self, lemma: Ids, own: Ids, code: int) -> NDArray[np.bool_]:
        related = [self._related[code].get(int(form), _NONE) for form in own]
        others = np.concatenate(related) if related else _NONE
        return _any(lemma, others)


_NONE = np.zeros(0, np.int32)


def _any(rows: Ids, wanted: Ids) -> NDArray[np.bool_]:
    """Which rows hold one of ``wanted``."""
    return np.asarray(np.isin(rows, wanted).any(axis=1), np.bool_)


def _known(row: Ids) -> Ids:
    return row[row >= 0]


def _by_first(pairs: Ids) -> dict[int, Ids]:
    """Sorted pairs ``(n, 2)`` as second members by first."""
    firsts, starts = np.unique(pairs[:, 0], return_index=True)
    return dict(zip(firsts.tolist(), np.split(pairs[:, 1], starts[1:]), strict=True))


@lru_cache(maxsize=1)
def shipped() -> Thesaurus:
    """The thesaurus that ships with the package, read once."""
    return Thesaurus()
