"""Text to pooled vectors and token matrices."""
