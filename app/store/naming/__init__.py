"""What stays when a name changes, by GitHub's numbers: what each repository is and was called, and each account."""
