"""What people see of selfmod's own pull requests."""
