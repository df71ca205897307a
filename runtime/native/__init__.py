"""Native execution: emitted C, built once, kept, and called like emitted Python."""
