"""Measurements of mgc beside its peers: `python -m benchmarks`."""
