"""What is bundled of the world outside: well-known distributions, what is imported from them, the standard library."""
