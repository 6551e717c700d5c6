"""Similarity maps, the verifier that reads them, its calibration, and the reasons it gives."""
