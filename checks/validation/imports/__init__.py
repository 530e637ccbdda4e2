"""What a change imports, and whether it is there."""
