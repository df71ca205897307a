"""A false derivative -> the statement that makes it so."""
