"""Data sets in their official layouts, measures, intervals and paired tests.

Loaders turn a folder into plain frozen values; measures are pure functions on arrays.
"""
