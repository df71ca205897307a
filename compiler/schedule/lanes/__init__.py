"""Several turns of a loop at once, one a lane."""
