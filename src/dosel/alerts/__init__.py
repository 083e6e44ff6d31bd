"""Change as things with an identity: polygonize, confirm, track -> Alert."""
