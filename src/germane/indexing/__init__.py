"""Documents into a store: read, split, encode, write, in one pipeline."""

from germane.indexing.paths import index_paths
from germane.indexing.pipeline import Pipeline, Progress
from germane.indexing.run import index_documents, run

__all__ = ["Pipeline", "Progress", "index_documents", "index_paths", "run"]
