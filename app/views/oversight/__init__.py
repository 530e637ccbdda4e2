"""The orchestrator's review as people and programs read it."""
