"""One factor a file: `NAME`, `STANDS` (whether it counts for a change that is proved to alter nothing too) and `weigh`,
which gives what it sees in the evidence. The docstrings are the documentation."""
