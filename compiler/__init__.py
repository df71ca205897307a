"""Syntax tree -> graph -> gradient -> loop nest -> text: one folder a stage, read off in order in `pipeline`."""
