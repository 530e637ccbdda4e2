"""Test files and their configuration, compared: what became weaker."""
