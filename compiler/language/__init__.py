"""The operations and definitions of the language, and how a program is collected from its files."""
