"""Grades a backward pass that was written by hand."""
