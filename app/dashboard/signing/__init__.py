"""Signing in with GitHub: it says who somebody is, and opens no page by itself."""
