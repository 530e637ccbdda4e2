"""How risky a change is, from named and weighted factors."""
