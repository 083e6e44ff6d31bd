"""Per-pixel evidence: baseline, evidence, accumulate (the kernel), checkpoint -> PixelState."""
