"""The same line on a local repository: no account, no network."""
