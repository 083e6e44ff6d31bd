"""One database behind one small interface."""
