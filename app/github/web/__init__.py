"""What begins on a page of GitHub's and ends with a code that is exchanged here, once."""
