"""Exact terms, and their normal form: whether two expressions are equal on every path."""
