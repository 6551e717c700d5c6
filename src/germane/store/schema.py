"""The tables of the record of truth.

A passage's key is never used again (``AUTOINCREMENT``), and a passage is never changed in place: a
document that differs is removed and written anew. So a cache that knows the highest key it holds and
the change number it stands at needs just two things to catch up: the keys above, and the removed since.

``bands`` holds the near-duplicate bands of the first passage of each group only, so that a phrase that
stands on every page makes one group with 16 rows, not 16 rows a page. Rows of removed passages are
harmless (every look-up joins ``passages``) and go when ``removed`` is pruned.
"""

from __future__ import annotations

APPLICATION = 0x6765726D  # "germ", told to SQLite as the application id
VERSION = 1

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE sources (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE, path TEXT NOT NULL,
  size INTEGER NOT NULL, modified_ns INTEGER NOT NULL, skipped TEXT NOT NULL
);

CREATE TABLE documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source INTEGER NOT NULL REFERENCES sources(id) ON DELETE CASCADE,
  name TEXT NOT NULL UNIQUE, title TEXT NOT NULL, fingerprint TEXT NOT NULL, passages INTEGER NOT NULL,
  sections TEXT NOT NULL, metadata TEXT NOT NULL, text TEXT NOT NULL
);
CREATE INDEX documents_source ON documents(source);

CREATE TABLE passages (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  document INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
  place INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
  grp INTEGER NOT NULL,
  headings TEXT NOT NULL, metadata TEXT, text TEXT NOT NULL
);
CREATE INDEX passages_document ON passages(document);
CREATE INDEX passages_group ON passages(grp);

CREATE TABLE vectors (
  passage INTEGER PRIMARY KEY REFERENCES passages(key) ON DELETE CASCADE, pooled BLOB NOT NULL
);
CREATE TABLE tokens (
  passage INTEGER PRIMARY KEY REFERENCES passages(key) ON DELETE CASCADE, matrix BLOB NOT NULL
);

CREATE TABLE facets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  field TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (field, value)
);
CREATE TABLE labels (
  facet INTEGER NOT NULL REFERENCES facets(id),
  passage INTEGER NOT NULL REFERENCES passages(key) ON DELETE CASCADE,
  PRIMARY KEY (facet, passage)
) WITHOUT ROWID;
CREATE INDEX labels_passage ON labels(passage);

CREATE TABLE bands (
  band INTEGER NOT NULL, passage INTEGER NOT NULL, PRIMARY KEY (band, passage)
) WITHOUT ROWID;

CREATE TABLE removed (passage INTEGER PRIMARY KEY, change INTEGER NOT NULL);
CREATE INDEX removed_change ON removed(change);
"""

# meta: ``store`` a random name that caches carry, ``change`` the number of the newest change,
# ``pruned`` the change up to which ``removed`` has been forgotten.
START = "INSERT INTO meta VALUES ('store', ?), ('change', 0), ('pruned', 0)"
