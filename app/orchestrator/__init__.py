"""Pure policy: what is permitted, and who must agree."""
