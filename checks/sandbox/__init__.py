"""Runs code that nobody vouches for where it can reach nothing, and says what it did."""
