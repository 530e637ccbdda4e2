"""A GitHub for tests and the demo, over real git repositories. Imports nothing of the house."""
