"""Routes of what git stores: refs, objects, commits, contents."""
