"""Opposites that a prefix or a suffix makes: those which WordNet has as words, and those it lacks.

WordNet knows *lock* and *unlock*, but neither *unmute* nor *unsubscribe*: what software is told to do.
"""

from __future__ import annotations

from collections.abc import Iterator

from germane.learn.wordnet import Pairs, WordNet

NEGATIVE = {"un": ("adj", "verb", "adv"), "non": ("adj", "noun"), "in": ("adj", "adv"), "im": ("adj", "adv"),
            "il": ("adj", "adv"), "ir": ("adj", "adv"), "dis": ("adj", "verb", "noun"), "de": ("verb",),
            "mis": ("verb",)}  # fmt: skip
CERTAIN = ("un", "non")
"""Prefixes that need no look at the gloss."""
OPPOSED = (("over", "under"), ("up", "down"), ("pre", "post"), ("hyper", "hypo"), ("macro", "micro"),
           ("inter", "intra"))  # fmt: skip
_SAYS_NOT = ("not ", "lack", "without", "opposite", "wrong", "badly", "incorrect", "remove", "reverse",
             "undo", "take away", "deprive", "refuse", "fail")  # fmt: skip


def known(wordnet: WordNet) -> Pairs:
    """Pairs of WordNet's own words, each once."""
    found = {*_negative(wordnet), *_opposed(wordnet)}
    adjectives = wordnet.words["adj"]
    found |= {(w[:-4] + "ful", w) for w in adjectives if w.endswith("less") and w[:-4] + "ful" in adjectives}
    nouns = wordnet.words["noun"]
    found |= {(w[:-2] + "er", w) for w in nouns if w.endswith("ee") and w[:-2] + "er" in nouns}
    return found


def _negative(wordnet: WordNet) -> Iterator[tuple[str, str]]:
    for prefix, kinds in NEGATIVE.items():
        for kind in kinds:
            words = wordnet.words[kind]
            for word in words:
                rest = word.removeprefix(prefix)
                if rest != word and len(rest) > 2 and rest in words and _denies(wordnet, prefix, word, rest):
                    yield rest, word


def _denies(wordnet: WordNet, prefix: str, word: str, rest: str) -> bool:
    if prefix in CERTAIN:
        return True
    glosses = [wordnet.glosses[s.synset] for s in wordnet.senses.get(word, [])[:2]]
    return any(cue in gloss for gloss in glosses for cue in (*_SAYS_NOT, rest))


def _opposed(wordnet: WordNet) -> Iterator[tuple[str, str]]:
    for words in wordnet.words.values():
        for one, other in OPPOSED:
            for word in words:
                rest = word.removeprefix(one)
                if rest != word and len(rest) > 2 and other + rest in words:
                    yield word, other + rest


def made(wordnet: WordNet, usual: set[str]) -> Pairs:
    """Verbs and adjectives of ``usual`` against what *un-*, *de-*, *dis-* and *non-* make of them where
    WordNet has no such word, so that it can be nothing else: mute / unmute."""
    everything = set[str]().union(*wordnet.words.values())
    prefixes = {"verb": ("un", "de", "dis"), "adj": ("un", "non")}
    return {
        (word, prefix + word)
        for kind, tried in prefixes.items()
        for word in wordnet.words[kind] & usual
        for prefix in tried
        if len(word) > 2 and prefix + word not in everything
    }
