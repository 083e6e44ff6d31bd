"""Dosel: an open, self-hosted system for watching and protecting a forest frontier."""

__version__ = "0.1.0"
