"""Trains the verifier that tells whether two texts say the same: ``python -m germane.learn.same``."""
