"""germane finds what is relevant to a query, not what merely resembles it."""

__version__ = "0.1.0"
