"""Receives what GitHub tells, and says what is to be done about it."""
