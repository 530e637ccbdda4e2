"""What keeps watch where there are no namespaces: Landlock, a system call filter, and a keeper of the process tree."""
