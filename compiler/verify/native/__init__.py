"""Emitted C: compiled, and called beside the emitted Python."""
