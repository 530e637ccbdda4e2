"""Commands that end in a pull request of selfmod's own."""
