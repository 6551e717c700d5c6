"""What a user holds: an index to add documents to and to search. It composes the rooms and owns
none of their logic."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast

from germane.encode.load import SHIPPED_NAME, load_encoder
from germane.encode.protocol import Encoder, Tokens
from germane.errors import EncoderMismatch, InputError, MissingIndex
from germane.types import Document, Evidence, Hit, IndexReport, Query, Signals, Verdict

if TYPE_CHECKING:
    from germane.encode.pack import Width
    from germane.indexing import Pipeline, Progress
    from germane.recall import Candidates, Mode
    from germane.store.protocol import Store, Where
    from germane.trace import Recorder
    from germane.verify.verification import Verification
    from germane.verify.verifier import Verifier

CANDIDATES = 100
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

        Raises ``InputError`` where an index is there already.
        """
        from germane.store.embedded import EmbeddedStore

        chosen = load_encoder(encoder) if isinstance(encoder, str) else encoder
        settings = {
            "encoder": chosen.identity,
            "encoder_name": _name(encoder),
            "dimension": str(chosen.dimension),
            "token_dimension": str(load_encoder().token_dimension),
            "token_format": token_format,
            "passage_size": NO_SIZE if passage_size is None else str(passage_size),
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
        """Open the index in ``folder``, or create it with ``choices`` (see ``create``)."""
        try:
            return cls.open(folder)
        except MissingIndex:
            return cls.create(folder, **choices)

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
        where: Where | None = None,
    ) -> Evidence:
        """Recall ``candidates`` passages, verify each, and return at most ``k`` results: the relevant
        ones, then those the verifier is unsure of; ``rejected`` holds the others. With
        ``verify=False`` the results are recall's, without a verdict.

        Raises ``InputError`` for an empty query, a ``k`` below 1, or a query that is not text.
        """
        from germane.recall import recall
        from germane.trace import Recorder

        asked = query if isinstance(query, Query) else Query(query)
        _check(asked, k, candidates)
        recorder = Recorder()
        with recorder.step("encode"):
            encoded = self.encoder.encode([_with_context(asked)], kind="query", tokens=verify)
        found = recall(
            self.store,
            _with_context(asked),
            encoded.pooled[0],
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
        verified = self._verify(asked.text, encoded.tokens[0] if reusable else None, found, recorder)
        results, rejected = _ordered([_hit(found, i, v) for i, v in enumerate(verified)])
        return Evidence(asked, results[:k], rejected, recorder.trace())

    def _verify(
        self, text: str, query: Tokens | None, found: Candidates, recorder: Recorder
    ) -> list[Verification]:
        encoder = self._verifier_encoder()
        texts = [stored.passage.text for stored in found.stored]
        with recorder.step("tokens") as notes:
            query = query or encoder.encode([text], kind="query").tokens[0]
            tokens = [stored.tokens for stored in found.stored]
            missing = [i for i, matrix in enumerate(tokens) if matrix is None]
            made = encoder.encode([texts[i] for i in missing]).tokens if missing else []
            for i, matrix in zip(missing, made, strict=True):
                tokens[i] = matrix
            notes["encoded"] = len(missing)
        with recorder.step("verify"):
            matrices: list[Tokens] = [matrix for matrix in tokens if matrix is not None]
            return self.verifier.verify(
                query, text, matrices, texts, similarity=found.similarity, fused=found.fused
            )

    def _verifier_encoder(self) -> Encoder:
        """The shipped encoder, to which the verifier belongs; one pass serves both where it is also the
        index's."""
        shipped = load_encoder()
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
    if not isinstance(query.text, str):
        raise InputError(f"a query is text, not {type(query.text).__name__}")
    if not query.text.strip():
        raise InputError("the query is empty", hint="ask with at least one word")
    if k < 1 or candidates < 1:
        raise InputError("k and candidates must be at least 1")


def _name(encoder: str | Encoder) -> str:
    if isinstance(encoder, str):
        local = Path(encoder)
        return str(local.resolve()) if encoder != SHIPPED_NAME and local.exists() else encoder
    return SHIPPED_NAME if encoder.identity == load_encoder().identity else ""
