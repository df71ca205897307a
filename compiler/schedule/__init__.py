"""Graph -> loop nest: where each value is computed, and what is stored."""
