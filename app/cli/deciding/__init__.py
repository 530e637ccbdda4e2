"""What is decided about proposals on a local repository."""
