"""What is dangerous in what a change adds: a table of patterns, and a file for each kind of looking."""
