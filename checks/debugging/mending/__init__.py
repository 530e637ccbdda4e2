"""From findings to changes that hold."""
