"""What selfmod proposed, and what stops it."""
