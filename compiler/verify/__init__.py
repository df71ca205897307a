"""Proof that emitted text computes what its source says, and the derivative of that."""
