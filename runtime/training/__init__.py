"""Optimisers, data, checkpoints and the loop that trains."""
