"""Runs emitted text on exact terms."""
