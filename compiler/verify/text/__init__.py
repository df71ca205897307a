"""The emitted text that is verified: its functions, sizes and helpers."""
