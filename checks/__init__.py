"""The knowledge: pure engines and validation. Never imports `app`."""
