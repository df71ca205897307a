"""What a source means, read from its syntax tree alone."""
