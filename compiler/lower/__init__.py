"""Syntax tree -> graph: what each construct of the language means."""
