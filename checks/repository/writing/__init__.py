"""From a change set to files, branches and diffs."""
