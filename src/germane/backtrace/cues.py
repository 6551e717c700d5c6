"""Discourse cues: what in the wording of a turn invites a question, and what in a query tells its aim."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_OF_TURN = {
    "defines": r"\b(?:is|are|was|be) (?:called|known|named|defined)|\b(?:we|i|they|you) call|\bdefin"
    r"|\bmeans?\b|\bso[- ]called|\bthat is\b|\bi\.e\.",
    "claims": r"\b(?:must|always|never|every|all|only|clearly|obviously|of course|in fact|turns out|therefore"
    r"|claim\w*|said|says|told|announc\w+)\b",
    "number": r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million|billion"
    r"|half|percent)\b|%",
    "unfinished": r"\b(?:come back to|later|won't|will not|skip|for now|leave (?:it|that)"
    r"|next time|in a (?:minute|moment)|not going to|exercise|trust me|somehow|and so on)\b"
    r"|(?:\.\.\.|…|--)\s*$",
    "asks": r"\?\s*$",
    "slips": r"\b(?:oops|sorry|wait|i mean|mistake|wrong|whoops|correction|no,)\b",
    "fails": r"\b(?:error|fail\w*|fatal|exception|refused|timeout|timed out|warn\w*|denied|unable|cannot"
    r"|lost|broke\w*|die[ds]?|kill\w*|full|exceed\w*)\b",
    "changes": r"\b(?:start\w*|stop\w*|deploy\w*|restart\w*|updat\w*|upgrad\w*|chang\w*|remov\w*|add\w*|set"
    r"|new|open\w*|clos\w*|release\w*|merg\w*|switch\w*)\b",
    "feels": r"\b(?:love|hate|afraid|fear|angry|happy|sad|glad|great|terrible|awful|wonderful|died|won|lost"
    r"|married|birthday|surprise|stole\w*|broke\w*|fired|hurt|sick|hospital)\b|!",
    "name": r"(?<=[a-z,] )[A-Z][a-z]+",
    "quotes": r"[\"“”]",
}
_OF_QUERY = {
    "asks why": r"\bwhy\b|\bhow come\b|\breason\b",
    "asks how": r"\bhow\b",
    "asks who": r"\bwho\b|\bwhose\b|\bwhich (?:person|people|company)\b",
    "asks what": r"\bwhat\b|\bwhich\b",
    "asks when": r"\bwhen\b|\bhow long\b|\byear\b|\bdate\b",
    "asks number": r"\bhow (?:much|many|long|often|big|far)\b|\bpercent|\bamount\b|\bnumber\b|\d",
    "doubts": r"\b(?:shouldn't|should be|isn't|wrong|mistake|error|typo|correct|minus|not)\b",
    "points": r"\b(?:this|that|these|those|it|they|he|she|there|here)\b",
    "exclaims": r"!",
}
CUES = (*_OF_TURN, *_OF_QUERY)
_turn = [re.compile(p, re.IGNORECASE if n != "name" else 0) for n, p in _OF_TURN.items()]
_query = [re.compile(p, re.IGNORECASE) for p in _OF_QUERY.values()]
READ = 2000
"""Characters of a text that are looked at."""


def of_turns(texts: Sequence[str]) -> NDArray[np.float32]:
    """Of each text, which cues of turns are in it, ``(texts, cues of turns)``."""
    found = [[bool(p.search(text[:READ])) for p in _turn] for text in texts]
    return np.array(found, np.float32).reshape(len(texts), len(_turn))


def of_query(query: str) -> NDArray[np.float32]:
    """Which cues of queries are in it, ``(cues of queries,)``."""
    return np.array([bool(p.search(query[:READ])) for p in _query], np.float32)
