"""What a reader is told: the report as text, JSON and a page."""
