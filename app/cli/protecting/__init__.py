"""`selfmod protect`: a branch comes to require the gate of this App."""
