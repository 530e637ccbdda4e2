"""The emergency stop: what it refuses, how it is kept, and how it gets to what is open."""
