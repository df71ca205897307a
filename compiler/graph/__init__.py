"""The IR: nodes, the builder that makes them, and what is known of integers and branches."""
