"""Words that everybody shares: grid, time, codes, provenance, marking. Pure."""
