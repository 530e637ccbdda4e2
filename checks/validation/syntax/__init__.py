"""Whether files can be read by what reads them: Python, and parsers of TOML, YAML and JSON."""
