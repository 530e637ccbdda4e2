"""Pages for a person who looks: an index, a repository, issues and pull requests, a file. Nothing can be done there."""
