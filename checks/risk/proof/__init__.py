"""What a proof that nothing can behave differently is made of."""
