"""Graph -> graph: each pass makes a new graph and leaves the old one as it is."""
