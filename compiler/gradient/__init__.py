"""Graph -> graph with adjoints: reverse mode."""
