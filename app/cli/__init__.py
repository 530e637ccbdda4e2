"""The `selfmod` command: a file per verb, thin."""
