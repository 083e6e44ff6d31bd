"""What a change means: where it is in law and on the ground, what caused it, where we are blind. Pure."""
