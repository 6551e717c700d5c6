"""A document on its way, and the batch of them as the store takes it: encoded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from germane.encode.pack import Width, pack
from germane.encode.protocol import Encoder
from germane.errors import InputError
from germane.recall.vectors import unit_vectors
from germane.store.protocol import Entry, Source
from germane.types import Document, Passage

PASSAGES_A_BATCH = 192


class Work(NamedTuple):
    """A document that has to be encoded and written."""

    source: Source
    document: Document
    fingerprint: str
    passages: list[Passage]


class Encoding(NamedTuple):
    """What makes vectors of passages: the encoder of the index, and the one whose token matrices are kept,
    packed to ``token_width`` (None: none are)."""

    encoder: Encoder
    token_encoder: Encoder
    token_width: Width | None

    def entries(self, batch: Sequence[Work]) -> list[Entry]:
        """Encode a batch, each distinct text once: records and boilerplate repeat themselves."""
        texts = dict.fromkeys(passage.text for work in batch for passage in work.passages)
        place = {text: i for i, text in enumerate(texts)}
        pooled, packed = self._vectors(list(place))
        entries = []
        for work in batch:
            rows = [place[passage.text] for passage in work.passages]
            own = None if packed is None else [packed[row] for row in rows]
            entries.append(Entry(work.document, work.fingerprint, work.passages, pooled[rows], own))
        return entries

    def _vectors(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], list[bytes] | None]:
        """Pooled vectors ``(texts, dimension)`` and packed token matrices, slice by slice: a long document
        may have thousands of passages."""
        pooled, packed = np.empty((len(texts), self.encoder.dimension), np.float32), list[bytes]()
        same = self.token_width is not None and self.token_encoder is self.encoder
        for start in range(0, len(texts), PASSAGES_A_BATCH):
            some = texts[start : start + PASSAGES_A_BATCH]
            encoded = self.encoder.encode(some, tokens=same)
            pooled[start : start + len(some)] = unit_vectors(self.encoder, encoded.pooled, len(some))
            if self.token_width is not None:
                matrices = encoded.tokens if same else self.token_encoder.encode(some).tokens
                packed += [pack(matrix, self.token_width) for matrix in matrices]
        return pooled, None if self.token_width is None else packed


def fingerprint(document: Document) -> str:
    """A digest of all that a document says and carries: equal digests need no new reading.

    Raises ``InputError`` where a part of it is not what ``Document`` says.
    """
    if not isinstance(document, Document):
        raise InputError(f"not a Document: {document!r:.80}")
    for text in (document.id, document.title, document.text):
        if not isinstance(text, str):
            raise InputError(f"not a Document with text: {document!r:.80}")
        if not _is_unicode(text):
            raise InputError(
                f"{document.id!r}: text that is not valid Unicode",
                hint="replace lone surrogates before indexing",
            )
    for name, value in document.metadata.items():
        if not isinstance(value, str | int | float):
            raise InputError(
                f"{document.id}: the field {name} is {type(value).__name__}",
                hint="text, a number or a boolean",
            )
    said = json.dumps(
        [document.title, document.text, document.sections, dict(document.metadata)], sort_keys=True
    )
    return hashlib.sha256(said.encode()).hexdigest()


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
