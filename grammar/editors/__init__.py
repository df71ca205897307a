"""Colours for `.mg` files: a lexer for Pygments, and a grammar for editors that read TextMate's."""
