"""The target C99."""
