"""Scripts that run inside a sandbox, before or instead of the command: standard library only, Python 3.8 or newer."""
