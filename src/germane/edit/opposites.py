"""Pairs of words that point opposite ways, written by hand: directions, ends, bounds, switches.

WordNet has antonyms of adjectives and of some verbs; it has few of the pairs that commands, code and
schedules turn on. Each word is a whole lower-case word; a word may stand in several pairs.
"""

from __future__ import annotations

PAIRS: tuple[tuple[str, str], ...] = tuple(
    (left, right)
    for left, _, right in (
        line.partition("/")
        for line in """
start/end starts/ends starting/ending first/last leading/trailing left/right lowest/highest lower/upper
low/high smallest/largest smaller/larger small/large minimum/maximum min/max least/most fewer/more less/more
before/after earlier/later earliest/latest previous/next prior/subsequent forward/backward forwards/backwards
ascending/descending ascend/descend increase/decrease increases/decreases increasing/decreasing
increased/decreased rise/fall rises/falls rose/fell grow/shrink growth/decline import/export imports/exports
imported/exported importing/exporting with/without include/exclude includes/excludes including/excluding
included/excluded above/below over/under up/down upward/downward inside/outside into/from to/from in/out
input/output inner/outer internal/external front/back top/bottom head/tail begin/finish begins/finishes
beginning/end open/close opens/closes opened/closed opening/closing enable/disable enabled/disabled
enables/disables on/off add/remove adds/removes added/removed adding/removing insert/delete append/prepend
push/pop create/destroy create/delete creates/deletes read/write reads/writes reading/writing encode/decode
encodes/decodes encoded/decoded encoding/decoding encrypt/decrypt compress/decompress pack/unpack lock/unlock
locks/unlocks locked/unlocked mute/unmute load/unload upload/download uploads/downloads send/receive
sends/receives sent/received buy/sell buys/sells bought/sold borrow/lend give/take accept/reject accepts/rejects
accepted/rejected allow/forbid allows/forbids allowed/forbidden permit/prohibit grant/revoke attach/detach
connect/disconnect connected/disconnected show/hide shows/hides visible/hidden expand/collapse zoom/shrink
maximize/minimize raise/lower raises/lowers push/pull pushes/pulls enter/leave enters/leaves arrive/depart
arrives/departs arrival/departure arrive/leave come/go always/never all/none every/no everyone/nobody any/no both/neither
and/or true/false yes/no same/different equal/unequal positive/negative even/odd row/column rows/columns
horizontal/vertical horizontally/vertically width/height north/south northern/southern east/west eastern/western
parent/child client/server source/target sender/receiver win/lose wins/loses won/lost winner/loser success/failure
succeed/fail pass/fail early/late fast/slow faster/slower new/old newest/oldest newer/older long/short longer/shorter
longest/shortest hot/cold warm/cool strong/weak stronger/weaker heavy/light rich/poor cheap/expensive safe/dangerous
public/private mutable/immutable global/local absolute/relative signed/unsigned recursive/iterative synchronous/asynchronous
shallow/deep static/dynamic valid/invalid empty/full major/minor majority/minority male/female man/woman husband/wife
father/mother brother/sister king/queen day/night morning/evening summer/winter sunrise/sunset victory/defeat
attack/defend ally/enemy friend/enemy love/hate like/dislike agree/disagree support/oppose supports/opposes
supported/opposed confirm/deny confirms/denies remember/forget credit/debit deposit/withdraw profit/loss income/expense
""".split()
    )
)

NEGATIONS: frozenset[str] = frozenset(
    "not no never none nor neither nobody nothing nowhere without cannot hardly scarcely barely rarely seldom "
    "n't t non lacks lack absent unable fails fail refuse refuses refused denied except unless".split()
)
QUESTION_WORDS: frozenset[str] = frozenset(
    "who whom whose what which when where why how".split()
)
QUANTIFIERS: frozenset[str] = frozenset(
    "all every each any some most many few several both only always sometimes often usually mostly least more "
    "less must may might should can could would will shall".split()
)
NUMBER_WORDS: frozenset[str] = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand "
    "million billion trillion dozen half twice".split()
)
STOP_WORDS: frozenset[str] = frozenset(
    "a an the of to in on at by for with from as is are was were be been being it its this that these those and "
    "or but if then than so do does did has have had i you he she we they me my your his her their our them us "
    "there here about into what which who whom whose when where why how s t not no".split()
)
