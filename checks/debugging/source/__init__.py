"""One file as detection and fixes see it: text, tree, scopes, edits, imports."""
