"""What the command line prints for people: plain values to rich renderables.

Text that comes from documents is always a ``Text``, never markup: a passage cannot style the terminal
or smuggle in escape codes.
"""

from germane.show.demo import demo
from germane.show.guarded import guarded
from germane.show.hits import evidence, hit, likeliest
from germane.show.progress import indexing, training
from germane.show.tables import bench, doctor, report
from germane.show.traced import traced
from germane.show.trained import trained

__all__ = [
    "bench",
    "demo",
    "doctor",
    "evidence",
    "guarded",
    "hit",
    "indexing",
    "likeliest",
    "report",
    "traced",
    "trained",
    "training",
]
