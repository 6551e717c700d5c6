"""More and less, most and least: comparatives and superlatives turned round."""

from __future__ import annotations

from random import Random
from typing import Any

from germane.edit.edit import Edit, pick
from germane.edit.lists import pairs
from germane.edit.opposites import word_set
from germane.edit.rewrite import rewrite, swap_word
from germane.edit.syntax import hyphened, named, near

_COMPARED = pairs(
    "higher lower|lower higher|larger smaller|smaller larger|bigger smaller|older younger|younger older|"
    "earlier later|"
    "later earlier|faster slower|slower faster|stronger weaker|weaker stronger|wider narrower|narrower "
    "wider|longer shorter|"
    "shorter longer|richer poorer|poorer richer|heavier lighter|lighter heavier|thicker thinner|thinner "
    "thicker|hotter colder|"
    "colder hotter|warmer cooler|cooler warmer|easier harder|harder easier|deeper shallower|greater "
    "smaller|taller shorter|"
    "newer older|quicker slower|better worse|worse better|broader narrower|fewer more|"
    "cheaper costlier|"
    "nearer farther|closer farther|safer riskier|inner outer"
)
_MOST = pairs(
    "highest lowest|lowest highest|largest smallest|smallest largest|biggest smallest|oldest newest|"
    "youngest oldest|"
    "earliest latest|latest earliest|fastest slowest|slowest fastest|strongest weakest|weakest strongest|"
    "widest narrowest|"
    "longest shortest|shortest longest|richest poorest|poorest richest|heaviest lightest|hottest coldest|"
    "coldest hottest|"
    "warmest coolest|easiest hardest|hardest easiest|deepest shallowest|greatest smallest|tallest "
    "shortest|newest oldest|"
    "best worst|worst best|cheapest costliest|nearest farthest|closest farthest|"
    "broadest narrowest|"
    "quickest slowest|first last|last first|northernmost southernmost|southernmost northernmost"
)
_NOT_FIRST = word_set(
    "name names lady year week month night time decade century class few amendment degree place person "
    "day couple hand line known said to of and or two three"
)


_AGED = word_set("people person man woman child brother sister son daughter student adult boy girl cousin be")


def comparative(doc: Any, rng: Random) -> Edit | None:
    """ "higher than" to "lower than", "more expensive" to "less expensive"."""
    found = []
    for token in doc:
        if hyphened(token) or named(token) or token.tag_ not in ("JJR", "RBR"):
            continue
        before, after = near(token, -1), near(token, 1)
        if (
            before in word_set("no any much or once than and the not or even ever known each")
            and before != "the"
        ) or after in ("or", "and"):
            continue
        if token.lower_ in _COMPARED and after not in ("on", "of", "education") and not _verbal(token):
            other = _COMPARED[token.lower_]
            if token.lower_ == "older" and token.head.lemma_ not in _AGED:
                other = "newer"
            if other not in {t.lower_ for t in doc} and near(token, -1) != "some":
                found.append(swap_word(token, other))
        elif token.lower_ in ("more", "less"):
            found += [swap_word(token, other) for other in _amount(token)]
    return pick([e for c in found if (e := rewrite(doc, [c], "comparative", keeps=False))], rng)


def _verbal(token: Any) -> bool:
    """Does the word mean a time or a rank rather than a degree ("later king", "lower class")?"""
    if token.lower_ in ("later", "earlier", "longer"):
        return token.tag_ != "RBR" or (token.lower_ == "longer" and near(token, 1) != "than")
    return bool(token.lower_ == "better" and near(token, 1) in ("known", "to", "off", "than"))


def _amount(token: Any) -> list[str]:
    if (
        near(token, 1)
        in (
            "than",
            "recent",
            "recently",
            "so",
            "specifically",
            "precisely",
            "importantly",
            "generally",
            "often",
        )
        or near(token, -1) == "some"
    ):
        return []
    if token.dep_ == "advmod" and token.head.pos_ in ("ADJ", "ADV") and token.head.i > token.i:
        return ["less" if token.lower_ == "more" else "more"]
    if (
        token.dep_ == "amod"
        and token.head.i > token.i
        and token.doc[token.i + 1].pos_ != "ADJ"
        and token.doc[token.i - 1].tag_ != "CD"
    ):
        return [("fewer" if token.head.tag_ == "NNS" else "less") if token.lower_ == "more" else "more"]
    return []


def superlative(doc: Any, rng: Random) -> Edit | None:
    """ "the largest" to "the smallest", "the most common" to "the least common"."""
    found = []
    for token in doc:
        word, before, after = token.lower_, near(token, -1), near(token, 1)
        if hyphened(token) or named(token) or before == "at":
            continue
        if (
            word in ("most", "least")
            and token.dep_ == "advmod"
            and token.head.pos_ in ("ADJ", "ADV")
            and token.head.i > token.i
        ):
            if after not in (
                "likely",
                "recent",
                "recently",
                "notably",
                "probably",
                "importantly",
                "commonly",
                "often",
            ):
                found.append(swap_word(token, "least" if word == "most" else "most"))
        elif word in ("first", "last"):
            if before == "the" and token.dep_ == "amod" and after not in _NOT_FIRST:
                found.append(swap_word(token, _MOST[word]))
        elif (
            word in _MOST
            and token.tag_ == "JJS"
            and after not in ("known", "of", "practices", "practice", "interest")
        ):
            plain = before in ("the", "its", "second", "third", "'s", "’s", "their", "s", "world")
            if plain and token.dep_ == "amod":
                found.append(swap_word(token, _MOST[word]))
    low = {t.lower_ for t in doc}
    found = [c for c in found if c[2].lower() not in low]
    return pick([e for c in found if (e := rewrite(doc, [c], "superlative", keeps=False))], rng)
