"""Files and records to documents to passages."""
