"""Text -> syntax tree: the grammar of `.mg` files, its tree, its diagnostics and its formatter."""
