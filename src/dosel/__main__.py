"""``python -m dosel``."""

from dosel.cli import main

main()
