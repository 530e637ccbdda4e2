"""What a project declares about itself, read as data."""
