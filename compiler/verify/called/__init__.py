"""CPython first: both functions called on doubles, beside the function alone on numbers of fifty digits."""
