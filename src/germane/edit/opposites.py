"""Words that turn a meaning round, and words that carry little of it.

``opposites.txt`` beside this file holds pairs of words that point opposite ways, written by hand:
directions, ends, bounds, switches. WordNet has antonyms of adjectives and of some verbs; it has few of the
pairs that commands, code and schedules turn on. Words are whole and lower-case; one may stand in several.
"""

from __future__ import annotations

from pathlib import Path


def _pairs(path: Path) -> tuple[tuple[str, str], ...]:
    rows = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    return tuple((left, right) for left, right in rows)


def word_set(text: str) -> frozenset[str]:
    """The words of ``text``, which are parted by blanks."""
    return frozenset(text.split())


PAIRS = _pairs(Path(__file__).with_suffix(".txt"))
NEGATIONS = word_set(
    "not no never none nor neither nobody nothing nowhere without cannot hardly scarcely barely rarely "
    "seldom n't t non lacks lack absent unable fails fail refuse refuses refused denied except unless"
)
QUESTION_WORDS = word_set("who whom whose what which when where why how")
QUANTIFIERS = word_set(
    "all every each any some most many few several both only always sometimes often usually mostly "
    "least more less must may might should can could would will shall"
)
NUMBER_WORDS = word_set(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred "
    "thousand million billion trillion dozen half twice"
)
STOP_WORDS = word_set(
    "a an the of to in on at by for with from as is are was were be been being it its this that these "
    "those and or but if then than so do does did has have had i you he she we they me my your his her "
    "their our them us there here about into what which who whom whose when where why how s t not no"
)
