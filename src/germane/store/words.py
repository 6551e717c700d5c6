"""How text becomes the terms of the lexical cache.

``body`` takes the runs of letters and digits, lower-cased and stemmed. ``names`` takes identifiers whole
(``shutil.copy2``, ``v1.2.3``, ``HTTP-404``, ``max_tokens``), so that one that is asked for by name
outranks text that merely holds its parts.

Stop words are indexed, and left out of a query that has other words: "to be or not to be" finds itself.
``no`` and ``not`` are not among them.
"""

from __future__ import annotations

from collections import Counter

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

# Lucene's English list, without "no" and "not".
_STOP = """a an and are as at be but by for if in into is it of on or such that the their then there these
they this to was will with"""
STOP_WORDS = frozenset(_STOP.split())
_LONGEST = 80  # characters of a term; what is longer is no word (base64 and its like)


def body() -> TextAnalyzer:
    """The analyser of words."""
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(_LONGEST))
    return builder.filter(Filter.lowercase()).filter(Filter.stemmer("english")).build()


def names() -> TextAnalyzer:
    """The analyser of identifiers: words joined by ``. _ : / -`` without a space."""
    builder = TextAnalyzerBuilder(Tokenizer.regex(r"\w+(?:[._:/\-]+\w+)+"))
    return builder.filter(Filter.remove_long(_LONGEST)).filter(Filter.lowercase()).build()


def terms(analyzer: TextAnalyzer, text: str) -> Counter[str]:
    """The terms of a query and how often it says each; stop words only where there is nothing else."""
    valid = text.encode("utf-8", "replace").decode("utf-8")  # a shell's argument may hold lone surrogates
    counts = Counter(analyzer.analyze(valid))
    rest = Counter({term: count for term, count in counts.items() if term not in STOP_WORDS})
    return rest or counts
