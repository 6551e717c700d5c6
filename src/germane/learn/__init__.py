"""Training and export: everything that makes the files in ``models/``. Needs the extra ``[train]``."""
