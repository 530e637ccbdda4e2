"""What was found out about a change: for people, for programs, for GitHub."""
