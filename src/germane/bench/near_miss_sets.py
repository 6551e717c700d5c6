"""The pair sets of ``near_miss``: which pairs of a data set are right, and which merely look like it.

Test parts only. No system's own similarity picks the pairs: where near ones are wanted, they are near by
their words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from germane.bench.near_miss_intents import intent_pairs
from germane.bench.near_miss_pairs import Judged, PairSet
from germane.learn.written import written_answers, written_groups, written_questions
from germane.measure.claims import NLI, load_negation_nli, load_scifact_claims
from germane.measure.overlap import content_words, jaccard
from germane.measure.pairs import Pair, load_cannot, load_mrpc, load_paws, load_sick, load_stsb
from germane.measure.questions import load_clinc, load_condaqa, load_squad

CONTRADICTS, NEUTRAL = "A_contradicts_B B_contradicts_A", "A_neutral_B B_neutral_A"


def sick_contradiction(data: Path) -> Iterator[Judged]:
    pairs = _tested(load_sick(data / "sick"))
    return (_judged(pair) for pair in pairs if pair.same or pair.label == CONTRADICTS)


def sick_overlap(data: Path) -> Iterator[Judged]:
    pairs = _tested(load_sick(data / "sick"))
    neutral = [pair for pair in pairs if pair.label == NEUTRAL]
    # A tenth: with the upper third, whose lower end shares three words of ten, cosine alone reaches 0.92.
    neutral.sort(key=lambda pair: -jaccard(content_words(pair.first), content_words(pair.second)))
    return map(_judged, [*(pair for pair in pairs if pair.same), *neutral[: len(neutral) // 10]])


def mrpc(data: Path) -> Iterator[Judged]:
    return map(_judged, load_mrpc(data / "mrpc"))


def stsb(data: Path) -> Iterator[Judged]:
    for pair in load_stsb(data / "stsb"):
        score = pair.score or 0.0
        if score >= 4.5 or 1.5 <= score <= 3.5:
            yield Judged(pair.first, pair.second, score >= 4.5)


def paws(data: Path) -> Iterator[Judged]:
    return map(_judged, _tested(load_paws(data / "paws-wiki-dev")))


def semantoneg(data: Path) -> Iterator[Judged]:
    pairs = _tested(load_cannot(data / "cannot", ["semantoneg"]))
    return (_judged(pair)._replace(anchor=pair.first) for pair in pairs)


def wikifactcheck(data: Path) -> Iterator[Judged]:
    """It has no paraphrases of its own: MRPC's, prose of like length, are what must score higher."""
    yield from (pair for pair in mrpc(data) if pair.right)
    yield from map(_judged, _tested(load_cannot(data / "cannot", ["wikifactcheck"])))


def negation_nli(part: str, data: Path) -> Iterator[Judged]:
    for claim in load_negation_nli(data / "negation-nli", part):
        if claim.label != "neutral":
            yield Judged(claim.claim, claim.text, claim.label == "entailment", claim.unit)


def condaqa(data: Path) -> Iterator[Judged]:
    rows = [row for row in load_condaqa(data / "condaqa-dev") if row.split == "test"]
    rows = [row for row in rows if row.answer in ("YES", "NO")]
    said: dict[str, set[str]] = {}
    for row in rows:
        said.setdefault(f"{row.unit} {row.question_id}", set()).add(row.answer)
    for row in rows:
        anchor = f"{row.unit} {row.question_id}"
        if len(said[anchor]) == 2:
            yield Judged(row.question, row.passage, row.answer == "YES", anchor)


def squad(data: Path) -> Iterator[Judged]:
    for row in load_squad(data / "squad2"):
        if row.split == "test":
            yield Judged(row.question, row.passage, row.answerable, row.passage)


def scifact(data: Path) -> Iterator[Judged]:
    for claim in load_scifact_claims(data / "scifact"):
        yield Judged(claim.claim, claim.text, claim.label == "SUPPORT", claim.unit)


def clinc(data: Path) -> Iterator[Judged]:
    commands = [c for c in load_clinc(data / "clinc150") if c.split == "test" and c.intent != "oos"]
    return intent_pairs(commands)


def written(data: Path) -> Iterator[Judged]:
    """Texts of the test part that ships with the package, each with what says the same and what does not."""
    for group in written_groups("test"):
        for texts, right in ((group.same, True), (group.other, False)):
            yield from (Judged(group.text, text, right, group.text) for text, _ in texts)


def written_answered(data: Path) -> Iterator[Judged]:
    for row in written_answers("test"):
        for questions, right in ((row.answered, True), (row.not_answered, False)):
            yield from (Judged(question, row.passage, right, row.passage) for question in questions)


def written_yes_no(data: Path) -> Iterator[Judged]:
    for asked in written_questions("test"):
        anchor = f"{asked.question} {asked.yes}"
        yield Judged(asked.question, asked.yes, True, anchor)
        yield Judged(asked.question, asked.no, False, anchor)


def _tested(pairs: Iterable[Pair]) -> list[Pair]:
    return [pair for pair in pairs if pair.split == "test"]


def _judged(pair: Pair) -> Judged:
    return Judged(pair.first, pair.second, bool(pair.same))


def _alike(name: str, about: str, folders: str, read: Callable[[Path], Iterable[Judged]]) -> PairSet:
    return PairSet(name, about, tuple(folders.split()), "same", read)


def _claimed(name: str, about: str, folders: str, read: Callable[[Path], Iterable[Judged]]) -> PairSet:
    return PairSet(name, about, (folders,), "supports", read)


OVERLAP = "entailment both ways / neutral both ways, the tenth of it that shares most content words"
MIXED = "paraphrases of MRPC / a claim and its refutation, across sources as the set has no right pairs"
INTENTS = "same intent / nearest other intent (by tf-idf of its commands), the same command asked"

WRITTEN = "said in other words / a near-miss, written for this project, its test part"
ANSWERED = "question that the passage answers / only seems to answer, written for this project, its test part"
YES_NO = "passage that answers yes / an edit of it that answers no, written for this project, its test part"

SETS = (
    _alike("written", WRITTEN, "", written),
    _alike("sick-contradiction", "entailment / contradiction, both ways", "sick", sick_contradiction),
    _alike("sick-overlap", OVERLAP, "sick", sick_overlap),
    _alike("mrpc", "paraphrase / other", "mrpc", mrpc),
    _alike("stsb", "score of at least 4.5 / of 1.5 to 3.5", "stsb", stsb),
    _alike("paws-wiki", "paraphrase / same words in another role", "paws-wiki-dev", paws),
    _alike("semantoneg", "double negation by antonym / negation, same sentence", "cannot", semantoneg),
    _alike("wikifactcheck", MIXED, "cannot mrpc", wikifactcheck),
    _alike("clinc150", INTENTS, "clinc150", clinc),
    *(
        _claimed(
            f"negated-{part.lower()}",
            f"hypothesis that the text entails / {'does not entail' if part == 'RTE' else 'contradicts'}, "
            "varied by negations",
            "negation-nli",
            partial(negation_nli, part),
        )
        for part in NLI
    ),
    _claimed("condaqa", "passage that answers yes / an edit of it that answers no", "condaqa-dev", condaqa),
    PairSet("written-answers", ANSWERED, (), "answers", written_answered),
    PairSet("written-yes-no", YES_NO, (), "supports", written_yes_no),
    PairSet("squad2", "question that the passage answers / only seems to", ("squad2",), "answers", squad),
    _claimed("scifact-claims", "claim that the abstract supports / contradicts", "scifact", scifact),
)
