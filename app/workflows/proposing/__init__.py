"""How pull requests of selfmod's own come to be, are kept up with their base, and end."""
