"""What others report: imports, incidents, fire events, airstrips, and the health of every feed."""
