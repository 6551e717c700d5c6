"""``python -m germane``."""

from germane.cli import main

main()
