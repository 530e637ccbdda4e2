"""Frozen values of the application."""
