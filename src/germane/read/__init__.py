"""Files and records to documents to passages.

``crawl`` finds files, ``read`` gives their documents, ``split`` their passages; ``near_duplicate``
says which passages are almost the same. Libraries of the formats are imported when a file needs them.
"""

from germane.read.files import crawl
from germane.read.found import File, Hidden, printable
from germane.read.passages import split
from germane.read.reader import read
from germane.types import Skip

__all__ = ["File", "Hidden", "Skip", "crawl", "printable", "read", "split"]
