"""Loop nests -> the text of a module: what targets share; each target is a folder."""
