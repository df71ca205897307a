"""Syntax tree -> graph -> gradient -> schedule -> text: the passes, the operations and the printers."""
