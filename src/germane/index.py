"""What a user holds: an index to add documents to and to search. It composes the rooms and owns
none of their logic."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast

import numpy as np

from germane.encode.load import SHIPPED_NAME, load_encoder
from germane.encode.protocol import Encoder, Tokens
from germane.errors import EncoderMismatch, InputError, MissingIndex
from germane.types import Document, Evidence, Hit, IndexReport, Query, Signals, Verdict

if TYPE_CHECKING:
    from germane.backtrace.cause import Backtrace
    from germane.encode.pack import Width
    from germane.indexing import Pipeline, Progress
    from germane.recall import Candidates, Mode
    from germane.store.protocol import Store, Where
    from germane.trace import Recorder
    from germane.verify.verification import Verification
    from germane.verify.verifier import Verifier

CANDIDATES = 100
EXPLAINED, TRIED = 5, 6
"""Hits of either list, the most similar ones, that are explained word by word; words tried of each."""
PASSAGE_SIZE = 900
NO_SIZE = "whole"


class Index:
    """An index in a folder on a local disk.

    >>> from germane import Index
    >>> index = Index.make("notes.index")          # doctest: +SKIP
    >>> index.add("notes/")                        # doctest: +SKIP
    >>> print(index.search("who may sign?"))       # doctest: +SKIP
    """

    def __init__(self, store: Store, encoder: Encoder | None = None) -> None:
        self.store = store
        self._encoder = encoder

    @classmethod
    def create(
        cls,
        folder: Path | str,
        *,
        encoder: str | Encoder = SHIPPED_NAME,
        passage_size: int | None = PASSAGE_SIZE,
        token_format: str = "int8",
    ) -> Index:
        """Make a new index. What is chosen here stays: ``encoder`` (the shipped one, a
        sentence-transformers model by name or folder, or any ``Encoder``), ``passage_size`` in
        characters (None: a document is one passage), ``token_format`` (``int8``, ``float16``, or
        ``none``: candidates are then encoded again at each query).

        Raises ``InputError`` where an index is there already, or a choice cannot be had.
        """
        from germane.store.embedded import EmbeddedStore

        if passage_size is not None and passage_size < 1:
            raise InputError("passage_size must be at least 1, or None for whole documents")
        chosen = load_encoder(encoder) if isinstance(encoder, str) else encoder
        settings = {
            "encoder": chosen.identity,
            "encoder_name": _name(encoder),
            "dimension": str(chosen.dimension),
            "token_encoder": load_encoder().identity,
            "token_dimension": str(load_encoder().token_dimension),
            "token_format": token_format,
            "passage_size": _size(passage_size),
        }
        return cls(EmbeddedStore.create(Path(folder), settings), chosen)

    @classmethod
    def open(cls, folder: Path | str, *, encoder: Encoder | None = None) -> Index:
        """Open an index that is there. ``encoder`` is needed only where the index was made with an
        ``Encoder`` object of one's own.

        Raises ``MissingIndex`` where there is none, ``StoreError`` where it is unusable,
        ``EncoderMismatch`` where ``encoder`` is not the one the index was made with.
        """
        from germane.store.embedded import EmbeddedStore

        index = cls(EmbeddedStore.open(Path(folder)), encoder)
        if encoder is not None and encoder.identity != index.store.settings["encoder"]:
            index.close()
            raise EncoderMismatch(
                f"the index was made with {index.store.settings['encoder']}, not {encoder.identity}",
                hint="open it with the encoder it was made with, or index again into a new folder",
            )
        return index

    @classmethod
    def make(cls, folder: Path | str, **choices: Any) -> Index:
        """Open the index in ``folder``, or create it with ``choices`` (see ``create``).

        Raises ``InputError`` where it is there and was made with other choices.
        """
        encoder = choices.get("encoder")
        own = None if isinstance(encoder, str) else encoder
        try:
            index = cls.open(folder, encoder=own)
        except MissingIndex:
            try:
                return cls.create(folder, **choices)
            except InputError as refused:
                try:
                    index = cls.open(folder, encoder=own)  # another process has made it meanwhile
                except MissingIndex:
                    raise refused from None
        given = {name: str(value) for name, value in choices.items()}
        if isinstance(encoder, str):
            given["encoder_name"] = _name(given.pop("encoder"))
        if "passage_size" in choices:
            given["passage_size"] = _size(choices["passage_size"])
        made = index.store.settings
        for name in sorted(given.keys() & made.keys() - {"encoder"}):
            if given[name] != made[name]:
                index.close()
                raise InputError(
                    f"the index in {folder} was made with {name} {made[name]}, not {given[name]}",
                    hint="leave that choice out, or index into a new folder",
                )
        return index

    @property
    def encoder(self) -> Encoder:
        """The encoder of the pooled vectors, loaded when first needed."""
        if self._encoder is None:
            name, identity = self.store.settings["encoder_name"], self.store.settings["encoder"]
            if not name:
                raise InputError(
                    f"the index was made with an encoder of your own ({identity})",
                    hint="pass it: Index.open(folder, encoder=...)",
                )
            encoder = load_encoder(name)
            if encoder.identity != identity:
                raise EncoderMismatch(
                    f"the index was made with {identity}, and {name} is now {encoder.identity}",
                    hint="index again into a new folder, or install the version it was made with",
                )
            self._encoder = encoder
        return self._encoder

    @cached_property
    def verifier(self) -> Verifier:
        from germane.verify.verifier import Verifier

        return Verifier.load()

    @property
    def keeps_tokens(self) -> bool:
        """Whether token matrices are stored, or made again at each query."""
        return self.store.settings["token_format"] != "none"

    def add(
        self,
        *paths: Path | str,
        exclude: Sequence[str] = (),
        progress: Callable[[Progress], None] | None = None,
    ) -> IndexReport:
        """Bring files and folders into the index; see ``germane.indexing.index_paths``."""
        from germane.indexing import index_paths, run

        if not paths:
            raise InputError("no path to index", hint="name at least one file or folder")
        return run(self._pipeline(progress), lambda p: index_paths(p, paths, exclude=exclude))

    def add_documents(
        self,
        documents: Iterable[Document],
        *,
        source: str = "documents",
        progress: Callable[[Progress], None] | None = None,
    ) -> IndexReport:
        """Make the documents of ``source`` just these: new and changed ones are written, others removed."""
        from germane.indexing import index_documents, run

        return run(self._pipeline(progress), lambda p: index_documents(p, documents, name=source))

    def remove(self, *documents: str) -> int:
        """Remove documents by id; returns how many were there."""
        removed = self.store.remove(documents)
        self.store.refresh()
        return removed

    def search(
        self,
        query: str | Query,
        k: int = 10,
        *,
        candidates: int = CANDIDATES,
        mode: Mode = "fused",
        verify: bool = True,
        explain: bool = False,
        where: Where | None = None,
    ) -> Evidence:
        """Recall ``candidates`` passages (at least ``k``), verify each, and return at most ``k`` results: the
        relevant ones, then those the verifier is unsure of, each by falling probability; ``rejected``
        holds the near-misses and what is off topic. Relevant and unsure hits that found no place among
        the ``k`` are in neither: the trace's step ``verify`` says how many, as ``beyond_k``. With
        ``verify=False`` the results are recall's, without a verdict. ``explain`` names the words that speak
        against the most similar hits, which takes a second look at each; else the reason is the verdict's.

        ``where`` takes only passages whose metadata fields equal the values given. Raises ``InputError``
        for an empty query, one that is not text, or a ``k`` that is no number from 1.
        """
        from germane.recall import recall, unit_vectors
        from germane.trace import Recorder

        asked = query if isinstance(query, Query) else Query(query)
        _check(asked, k, candidates)
        recorder = Recorder()
        with recorder.step("encode"):
            encoded = self.encoder.encode([_with_context(asked)], kind="query", tokens=verify)
            [vector] = unit_vectors(self.encoder, encoded.pooled, 1)
        found = recall(
            self.store,
            _with_context(asked),
            vector,
            max(k, candidates),
            mode=mode,
            where=where,
            tokens=verify,
            recorder=recorder,
        )
        if not verify:
            hits = tuple(_hit(found, i, None) for i in range(min(k, len(found.stored))))
            return Evidence(asked, hits, (), recorder.trace())
        reusable = self._verifier_encoder() is self.encoder and not asked.context.strip()
        own, tokens = self._tokens(asked.text, encoded.tokens[0] if reusable else None, found, recorder)
        with recorder.step("verify") as notes:
            encoder = self._verifier_encoder()
            self.verifier.calibration.require(encoder.identity)
            similarity = found.similarity
            if encoder is not self.encoder:  # the verifier learnt with the cosine of its own encoder
                texts = [stored.passage.text for stored in found.stored]
                [own_vector, *pooled] = encoder.encode([asked.text, *texts], tokens=False).pooled
                similarity = np.array([own_vector @ each for each in pooled])
            verified = self.verifier.verify(own, tokens, similarity, found.fused)
            results, rejected = _ordered([_hit(found, i, v) for i, v in enumerate(verified)])
            notes["beyond_k"] = max(0, len(results) - k)
        results = results[:k]
        if explain:
            with recorder.step("reasons"):
                said = {s.passage.id: t for s, t in zip(found.stored, tokens, strict=True)}
                results = self._with_reasons(asked.text, own, said, results)
                rejected = self._with_reasons(asked.text, own, said, rejected)
        return Evidence(asked, results, rejected, recorder.trace())

    def backtrace(
        self,
        query: str | Query,
        k: int = 5,
        *,
        domain: str = "",
        documents: int = 5,
        where: Where | None = None,
    ) -> Backtrace:
        """What caused ``query``, where the documents are sequences: the ``documents`` whose passages recall
        puts first, then the place in each (see ``germane.backtrace``). ``found`` is false where no place
        stands out.

        Raises ``InputError`` as ``search`` does, and for an unknown domain.
        """
        from germane.backtrace.operation import over_documents

        asked = query if isinstance(query, Query) else Query(query)
        held = self.search(asked, CANDIDATES, verify=False, where=where).results
        chosen = list(dict.fromkeys(hit.passage.place.document for hit in held))[:documents]
        texts = {name: self.store.document(name).text for name in chosen}
        return over_documents(asked, texts, domain, k, self._verifier_encoder())

    def _with_reasons(
        self, query: str, own: Tokens, said: dict[str, Tokens], hits: tuple[Hit, ...]
    ) -> tuple[Hit, ...]:
        """The hits, the most similar ``EXPLAINED`` of them with the words that speak against them."""
        from germane.verify.reasons import reason

        made = {
            hit.passage.id: reason(
                self.verifier, hit.verdict, (own, said[hit.passage.id]), (query, hit.passage.text),
                hit.signals.similarity or 0.0, quick=TRIED,
            )
            for hit in sorted(hits, key=lambda hit: -(hit.signals.similarity or 0.0))[:EXPLAINED]
            if hit.verdict is not None
        }  # fmt: skip
        return tuple(replace(hit, reason=made.get(hit.passage.id, hit.reason)) for hit in hits)

    def _tokens(
        self, text: str, query: Tokens | None, found: Candidates, recorder: Recorder
    ) -> tuple[Tokens, list[Tokens]]:
        """The token matrices of the query and of each candidate; what is not stored is encoded."""
        encoder = self._verifier_encoder()
        with recorder.step("tokens") as notes:
            query = query or encoder.encode([text], kind="query").tokens[0]
            missing = [stored.passage.text for stored in found.stored if stored.tokens is None]
            made = iter(encoder.encode(missing).tokens if missing else [])
            notes["encoded"] = len(missing)
            return query, [stored.tokens or next(made) for stored in found.stored]

    def _verifier_encoder(self) -> Encoder:
        """The shipped encoder, to which the verifier belongs; one pass serves both where it is also the
        index's. ``EncoderMismatch`` where token matrices are stored that another version of it made."""
        shipped = load_encoder()
        stored = self.store.settings.get("token_encoder", shipped.identity)
        if self.keeps_tokens and stored != shipped.identity:
            raise EncoderMismatch(
                f"the token matrices of the index were made with {stored}, not {shipped.identity}",
                hint="index again into a new folder, or install the version it was made with",
            )
        return self.encoder if self.encoder.identity == shipped.identity else shipped

    def _pipeline(self, progress: Callable[[Progress], None] | None) -> Pipeline:
        from germane.indexing import Pipeline

        size = self.store.settings["passage_size"]
        width = cast("Width", self.store.settings["token_format"]) if self.keeps_tokens else None
        return Pipeline(
            self.store,
            self.encoder,
            self._verifier_encoder(),
            width,
            None if size == NO_SIZE else int(size),
            progress,
        )

    def close(self) -> None:
        """Let go of the files; the index is complete without it."""
        self.store.close()

    def __len__(self) -> int:
        """The number of passages."""
        return self.store.counts().passages

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()


def _hit(found: Candidates, i: int, verified: Verification | None) -> Hit:
    passage, similarity = found.stored[i].passage, float(found.similarity[i])
    lexical = float(found.lexical[i])
    if verified is None:
        return Hit(passage, Signals(similarity, lexical))
    signals = Signals(similarity, lexical, verified.maxsim, verified.logit)
    return Hit(passage, signals, verified.probability, verified.verdict, verified.reason)


def _ordered(hits: Sequence[Hit]) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
    """Results (relevant, then unsure) and rejected, each by falling probability."""
    by_probability = sorted(hits, key=lambda hit: -(hit.probability or 0.0))
    relevant = [hit for hit in by_probability if hit.verdict is Verdict.RELEVANT]
    unsure = [hit for hit in by_probability if hit.verdict is Verdict.UNSURE]
    rejected = [h for h in by_probability if h.verdict in (Verdict.NEAR_MISS, Verdict.OFF_TOPIC)]
    return (*relevant, *unsure), tuple(rejected)


def _with_context(query: Query) -> str:
    """What recall looks for: the query after what came before it. Verification reads the query alone."""
    return f"{query.context}\n{query.text}" if query.context.strip() else query.text


def _check(query: Query, k: int, candidates: int) -> None:
    for text in (query.text, query.context):
        if not isinstance(text, str):
            raise InputError(f"a query is text, not {type(text).__name__}")
    if not query.text.strip():
        raise InputError("the query is empty", hint="ask with at least one word")
    if any(not isinstance(number, int) or number < 1 for number in (k, candidates)):
        raise InputError("k and candidates are whole numbers from 1")


def _size(passage_size: int | None) -> str:
    return NO_SIZE if passage_size is None else str(passage_size)


def _name(encoder: str | Encoder) -> str:
    if isinstance(encoder, str):
        local = Path(encoder)
        return str(local.resolve()) if encoder != SHIPPED_NAME and local.exists() else encoder
    return SHIPPED_NAME if encoder.identity == load_encoder().identity else ""
