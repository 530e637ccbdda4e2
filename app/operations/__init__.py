"""What an operator sees of the running server: logs without secrets, and figures."""
