"""Edits of text that change its meaning, and edits that keep it, each carrying its type."""
