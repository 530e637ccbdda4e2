"""The emergency stop of who runs the server."""
