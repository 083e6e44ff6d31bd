"""The frozen text of migrations that are too long to stand in a module: one statement a block."""
