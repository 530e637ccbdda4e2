"""What a branch would be without a modification that is in it, and the commit that makes it so."""
