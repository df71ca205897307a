"""What a reader is told: blame, numbers, kinks, the report as text, JSON and a page."""
