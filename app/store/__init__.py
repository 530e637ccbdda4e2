"""Tables and queries, the audit chain, locks."""
