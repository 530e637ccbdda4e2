"""GitHub with the token of a workflow, instead of an App's credentials."""
