"""What people do about it: which places come first, and why. Pure."""
