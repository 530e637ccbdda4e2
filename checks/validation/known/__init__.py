"""What is known of the world outside a repository: the standard library, distributions, names that are mistaken."""
