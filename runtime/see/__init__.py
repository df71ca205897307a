"""What a person sees of a function: its statements, a run of them, where each derivative comes from, and pictures."""
