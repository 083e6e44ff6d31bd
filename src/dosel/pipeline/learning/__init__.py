"""What a history teaches: baselines, thresholds, what silence is worth."""
