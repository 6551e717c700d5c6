"""The record of truth and the recall primitives. ``germane.store.embedded`` holds the default store."""
