"""Exact terms: what they are, their values, their derivatives."""
