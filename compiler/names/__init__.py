"""Loop nest -> names for all that is in it."""
