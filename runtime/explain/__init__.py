"""A compiled function as a page: source, graph, code, mathematics, a run in steps, and what verify found."""
