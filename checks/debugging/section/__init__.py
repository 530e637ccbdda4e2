"""What a repository may say about finding faults and fixing them."""
