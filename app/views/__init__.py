"""Text for people: pure functions of values."""
