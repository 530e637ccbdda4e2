"""Reading a repository without running anything of it, and applying change sets to it."""
