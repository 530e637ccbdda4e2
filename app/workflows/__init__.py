"""The verbs of the App, as steps over a host and a store."""
