"""What a local repository has no forge to keep."""
