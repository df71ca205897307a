"""The numbers of a report: what CPython gets, what the derivative is, where it jumps."""
