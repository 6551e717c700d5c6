"""Stage one: many candidates, cheaply. Dense, lexical, or both fused by reciprocal rank."""

from germane.recall.candidates import Candidates, Mode, recall
from germane.recall.fusion import reciprocal_rank_fusion
from germane.recall.vectors import unit_vectors

__all__ = ["Candidates", "Mode", "recall", "reciprocal_rank_fusion", "unit_vectors"]
