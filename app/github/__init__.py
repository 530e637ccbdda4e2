"""GitHub, a file of functions for each resource."""
