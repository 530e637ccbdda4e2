"""The `selfmod` command: a file per verb, each thin."""
