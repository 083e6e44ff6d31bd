"""Out, under authority: every way out goes through :func:`dosel.share.release`."""
