"""Serves the stand-in over HTTP: routes, permissions, git, pages."""
