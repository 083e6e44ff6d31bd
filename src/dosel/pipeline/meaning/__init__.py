"""What a change means: facts, cause, who may act, convergence, blind spots."""
