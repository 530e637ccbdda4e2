"""A stage a file; their order is the meaning."""
