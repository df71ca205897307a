"""The target Python: one file that runs alone."""
