"""Limits that hold for a whole tree of processes, and its end."""
