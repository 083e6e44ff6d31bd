"""Reference layers: add, check, refresh, load."""
