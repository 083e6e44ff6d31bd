"""Observations on one grid: plan (no pixels), read (the only module that opens rasters), optical, radar."""
