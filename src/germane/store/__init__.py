"""The record of truth and the recall primitives."""
