"""The GitHub Action: the same line inside a workflow."""
