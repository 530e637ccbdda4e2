"""The server as a process: what `selfmod serve` composes, runs and ends."""
