"""GraphQL as far as a bot needs it to merge, to commit and to take back. Built on graphql-core."""
